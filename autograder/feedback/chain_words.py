"""What stands beside a line of a derivation: what is wrong there, which assumptions the link to it uses, or neither."""

from autograder.judging.evidence import Chain, ChainLine


def mark_of(chain: Chain, number: int) -> str:
    """What is wrong at a line, by its number from 1; empty where nothing is."""
    if number != chain.at:
        return ""
    if not chain.link:
        return "✗ this line"
    # A long chain is cut, and then the line that is wrong may not be among those that are kept.
    uses = chain.lines[number - 1].uses if number <= len(chain.lines) else ()
    return "✗ too much in one step" if len(uses) > 1 else "✗ breaks here"


def note_of(line: ChainLine) -> str:
    """What the link to a line uses; or that it is the line before, once more."""
    if line.uses:
        return "uses that " + ", and that ".join(line.uses)
    return "says the same as the line before" if line.same else ""
