"""The receipt in words: what is graded, what a person reads, what is left out. The page and the students' commands say
the same."""

from collections.abc import Iterable

from autograder.feedback.places import place
from autograder.submissions.receipt import FunctionPlace, Receipt


def place_words(one: FunctionPlace) -> str:
    """Where a function stands, or that it was not found."""
    if one.passed_over and not one.written:
        return f"stands in {one.passed_over}: it is not run"
    if not one.file:
        return "not found"
    return place(one.file, one.line) if one.written else f"{place(one.file, one.line)}: not written yet"


def answers_words(receipt: Receipt) -> str:
    """Which written answers have text; empty where no sheet was read."""
    if not receipt.answers:
        return ""
    written = [one.answer for one in receipt.answers if one.written]
    empty = [one.answer for one in receipt.answers if not one.written]
    told = [f"with text: {_listed(written)}"] if written else []
    told += [f"nothing is written below: {_listed(empty)}"] if empty else []
    return f"{', '.join(receipt.sheets)}: {'; '.join(told)}"


def _listed(headings: Iterable[str]) -> str:
    return ", ".join(heading.partition(". ")[0] or "the text" for heading in headings)


def left_out_words(receipt: Receipt) -> list[str]:
    """What does not count, each with the reason."""
    told = [f"{one.path} {one.why}" for one in receipt.left_out]
    return [*told, f"{receipt.more_left_out:,} more files"] if receipt.more_left_out else told
