"""Which assumptions of a claim the links of a derivation use: by that, a proof is told from its claim written twice.

A link that breaks on a case on which one assumption alone fails uses that assumption. Every assumption must be used,
and no link may use two.
"""

from collections.abc import Sequence
from itertools import pairwise

from autograder.judging.derivations import Broken, Claim, Line, broken, holding
from autograder.judging.finding import Finding, Plain
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict

Uses = tuple[frozenset[int], ...]


def uses_of(lines: Sequence[Line], claim: Claim, tolerance: Tolerance) -> Uses:
    """For each link, from the second line on, the numbers of the assumptions that it uses.

    Args:
        lines: each with a value of the right shape on every case.
        claim: with the cases.
        tolerance: of the check.
    """
    found = []
    for before, line in pairwise(lines):
        used = set()
        for case in claim.further:
            fails = claim.fails[case]
            left, right = before.values[case], line.values[case]
            assert fails is not None
            assert left is not None
            assert right is not None
            if fails not in used and not holding(line.relation, left, right, tolerance).all():
                used.add(fails)
        found.append(frozenset(used))
    return tuple(found)


def equal_lines(lines: Sequence[Line], claim: Claim, tolerance: Tolerance) -> tuple[int, ...]:
    """The numbers of the lines, from 1, that say on every case what the line before says: no step was made."""
    found = []
    for number, (before, line) in enumerate(pairwise(lines), start=2):
        pairs = [(before.values[case], line.values[case]) for case in range(len(claim.fails))]
        if all(
            left is not None and right is not None and holding("=", left, right, tolerance).all()
            for left, right in pairs
        ):
            found.append(number)
    return tuple(found)


def judge_uses(uses: Uses, sentences: Sequence[str]) -> Broken | None:
    """The first link that uses two assumptions, or the assumptions that no link uses; None where all is well.

    Args:
        uses: of each link.
        sentences: what each assumption says.
    """
    for number, used in enumerate(uses, start=1):
        if len(used) > 1:
            about: dict[str, Plain] = {"line": number, "facts": [sentences[each] for each in sorted(used)]}
            return Broken(Finding(Verdict.FAILED, "facts_at_once", about), at=number + 1, link=True)
    unused = [sentence for number, sentence in enumerate(sentences) if not any(number in used for used in uses)]
    return broken("facts_unused", {"facts": unused}) if unused else None
