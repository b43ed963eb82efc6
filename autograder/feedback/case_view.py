"""One case on which a check fails, as pages and every other format show it: a hidden one, or a counterexample."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from autograder.feedback import figures
from autograder.feedback.messages import brief
from autograder.judging.evidence import Chain, Element, Evidence, Number
from autograder.judging.judgement import SmallestCase
from autograder.records.record import CheckResult

MOST_ROWS = 12
MOST_DIGITS = 17
# A case on one line is shown beside other text only if it is no longer.
MOST_OF_A_LINE = 160
SMALLEST = "The smallest case on which it fails"
FRESH = "A case on which it fails (none of the hidden ones)"


class Row(NamedTuple):
    """One number of an answer, as text."""

    place: str
    got: str
    expected: str
    error: str
    right: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case.

    Args:
        label: what sort of case it is.
        code: makes it, ready to paste.
        line: the call in one line.
        got: what came back, as NumPy code, or in words; empty where `told` says it.
        expected: what is right; empty where it may not be seen, or is what came back.
        told: what is wrong, in a sentence, where the numbers do not say it.
        rows: the numbers of the answer, those that are shown.
        count: how many there are.
        bars: a picture of them.
        chain: a derivation, line by line.
    """

    label: str
    code: str
    line: str
    got: str = ""
    expected: str = ""
    told: str = ""
    rows: Sequence[Row] = ()
    count: int = 0
    bars: Markup | None = None
    chain: Chain | None = None

    @property
    def left_out(self) -> int:
        """Numbers that are not shown."""
        return self.count - len(self.rows)

    @property
    def sentence(self) -> str:
        """All of it in one sentence; empty where that would be too long to read."""
        if not self.got or not self.expected or self.chain is not None:
            found = self.told and f"{self.line}: {self.told}"
        elif self.rows or not self.told:
            found = f"{self.line} gives {self.got}; {self.expected} is right."
        else:
            found = f"{self.line}: {self.told}"
        return found if len(found) <= MOST_OF_A_LINE else ""


def two_numbers(got: Number, expected: Number) -> tuple[str, str]:
    """Two numbers with as few digits as tell them apart, but no fewer than six."""
    if isinstance(got, str) or isinstance(expected, str):
        return one_number(got), one_number(expected)
    for digits in range(6, MOST_DIGITS + 1):
        pair = f"{got:.{digits}g}", f"{expected:.{digits}g}"
        if got == expected or pair[0] != pair[1]:
            return pair
    return repr(got), repr(expected)


def one_number(value: Number) -> str:
    """A number of which only the size matters to a reader."""
    return value if isinstance(value, str) else f"{value:.6g}"


def _row(element: Element) -> Row:
    if element.expected is None:
        return Row(element.place, one_number(element.got), "", "", element.right)
    # Of a right number, nobody looks for the digit in which it differs.
    got, expected = (
        (one_number(element.got), one_number(element.expected))
        if element.right
        else two_numbers(element.got, element.expected)
    )
    error = ""
    if isinstance(element.got, int | float) and isinstance(element.expected, int | float):
        error = f"{abs(element.got - element.expected):.3g}"
    return Row(element.place, got, expected, error, element.right)


def _rows(elements: Sequence[Element]) -> list[Row]:
    """The wrong numbers first to be shown, in the order in which they stand in the answer."""
    if len(elements) > MOST_ROWS:
        chosen = sorted(range(len(elements)), key=lambda i: (elements[i].right, i))[:MOST_ROWS]
        elements = [elements[i] for i in sorted(chosen)]
    return [_row(element) for element in elements]


def _view(function: str, check: CheckResult, label: str, case: SmallestCase, evidence: Evidence | None) -> CaseView:
    elements = evidence.elements if evidence else ()
    drawn = None
    if any(element.expected is not None for element in elements):
        drawn = figures.bars(
            elements, f"{function}: your {len(elements)} numbers beside the right ones; the table has them"
        )
    line = case.arguments if check.kind == "derivation" else f"{function}({case.arguments})"
    return CaseView(
        label=label,
        code=evidence.code if evidence and evidence.code else line,
        line=line,
        got=case.got,
        expected=case.expected or "",
        rows=_rows(elements),
        count=evidence.count if evidence else 0,
        bars=drawn,
        chain=evidence.chain if evidence else None,
    )


def hidden_case(function: str, check: CheckResult) -> CaseView | None:
    """The smallest hidden case on which a check fails, as far as it may be seen."""
    return None if check.case is None else _view(function, check, SMALLEST, check.case, check.evidence)


def fresh_case(function: str, check: CheckResult) -> CaseView | None:
    """A check's counterexample; None where it has none."""
    example = check.example
    if example is None or example.case is None:
        return None
    view = _view(function, check, FRESH, example.case, example.evidence)
    told = "" if view.rows else example.case.error or ""
    # The numbers, or the words for what came instead of them, say it already.
    told = "" if told in (view.got, "" if view.chain is None else check.brief) else told
    got, expected = ("", "") if view.got == view.expected else (view.got, view.expected)
    return CaseView(view.label, view.code, view.line, got, expected, told, view.rows, view.count, view.bars, view.chain)


def why_none(check: CheckResult) -> str:
    """Why a check has no counterexample, in a sentence; empty where it has one, or needs none."""
    example = check.example
    return "" if example is None or example.case is not None else brief(example.finding)
