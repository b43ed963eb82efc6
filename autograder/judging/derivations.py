"""Judges a derivation: a list of lines, each a function that was evaluated on every case.

On ordinary cases every assumption of the claim holds, and the chain must prove the claim. On each further case one
assumption alone fails: a link that breaks there uses it. `assumptions.py` says what follows from that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograder.judging.finding import Finding, Plain
from autograder.judging.literals import show
from autograder.judging.numbers import Floats, as_floats
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict

Relation = Literal["=", "<=", ">="]
RELATIONS = ("=", "<=", ">=")
# What is meant is plain.
SPELLINGS = {"≤": "<=", "≥": ">=", "==": "=", "=<": "<=", "⩽": "<=", "⩾": ">="}
# The same claim, read from its right side to its left.
TURNED: dict[Relation, Relation] = {"=": "=", "<=": ">=", ">=": "<="}
# The relations that a chain of them may consist of, to prove a claim.
PROVES: dict[str, frozenset[str]] = {
    "=": frozenset({"="}),
    "<=": frozenset({"=", "<="}),
    ">=": frozenset({"=", ">="}),
}
# Lines that differ by less, for their size, but by more than they may, are computed too coarsely, and not false.
COARSE = 1e-4


@dataclass(frozen=True, slots=True)
class Claim:
    """What is to be proved, on cases in order of size.

    Args:
        relation: of the left side to the right.
        sides: on each case.
        fails: on each case the number of the assumption that fails there; None on an ordinary one.
        is_turned: whether it is led from its right side to its left.
    """

    relation: Relation
    sides: tuple[tuple[Floats, Floats], ...]
    fails: tuple[int | None, ...]
    is_turned: bool = False

    @property
    def ordinary(self) -> list[int]:
        """The cases on which every assumption holds."""
        return [case for case, fails in enumerate(self.fails) if fails is None]

    @property
    def further(self) -> list[int]:
        """The others."""
        return [case for case, fails in enumerate(self.fails) if fails is not None]

    def turned(self) -> "Claim":
        """The same, led from its right side to its left."""
        other_sides = tuple((right, left) for left, right in self.sides)
        return Claim(TURNED[self.relation], other_sides, self.fails, not self.is_turned)


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a derivation does not prove its claim; `case` is the index of the smallest ordinary case that shows it.

    `left` and `right` are the values of the two sides there. `at` is the number of the line that is wrong, from 1;
    where `link` is true, the link from the line before to it breaks. `index` is the place where, in a table.
    """

    finding: Finding
    case: int | None = None
    left: float | None = None
    right: float | None = None
    at: int | None = None
    link: bool = False
    index: tuple[int, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """How the check ended by it."""
        return self.finding.verdict


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its relation to the line before, and its value on each case, or None with the reason."""

    relation: str
    values: tuple[Floats | None, ...]
    reasons: tuple[str, ...]


def broken(
    code: str,
    about: dict[str, Plain],
    *,
    verdict: Verdict = Verdict.FAILED,
    case: int | None = None,
    at: int | None = None,
    link: bool = False,
) -> Broken:
    """A derivation that is wrong by no two numbers."""
    return Broken(Finding(verdict, code, about), case, at=at, link=link)


def _apart(code: str, about: dict[str, Plain], difference: "Difference", at: int, *, link: bool) -> Broken:
    """A derivation that is wrong by two values that should agree."""
    left, right = difference.left, difference.right
    values: dict[str, Plain] = {"left": show(left), "right": show(right)}
    finding = Finding(Verdict.FAILED, code, about, values)
    return Broken(finding, difference.case, left, right, at, link, difference.index)


def relation_of(text: str) -> str:
    """A relation as it is meant: blanks aside, and in another spelling; else the text itself.

    >>> relation_of(" ≤ "), relation_of("=="), relation_of("<")
    ('<=', '=', '<')
    """
    plain = text.strip()
    return "start" if plain.lower() == "start" else SPELLINGS.get(plain, plain)


def _value(value: Any) -> tuple[Floats | None, str]:
    array = as_floats(value)
    if array is None:
        return None, "no_number"
    return (None, "nan") if np.isnan(array).any() else (array, "")


def read_lines(value: Any, cases: int) -> list[Line] | Broken:
    """The lines that the sandbox evaluated, or why they are not lines."""
    malformed = broken("no_lines", {}, verdict=Verdict.WRONG_TYPE)
    if not isinstance(value, list) or not value:
        return malformed
    lines = []
    for item in value:
        if not (isinstance(item, list) and len(item) == 2 and isinstance(item[0], str) and isinstance(item[1], list)):
            return malformed
        relation, evaluated = item
        if len(evaluated) != cases:
            return malformed
        values: list[Floats | None] = []
        reasons = []
        for entry in evaluated:
            # Asked of an array, whether it equals a text is no yes or no.
            if not (isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], str)):
                return malformed
            if entry[0] == "ok":
                number, reason = _value(entry[1])
            else:
                kinds = entry[1].get("types") if isinstance(entry[1], dict) else None
                name = kinds[0] if isinstance(kinds, list) and kinds and isinstance(kinds[0], str) else ""
                number, reason = None, f"raises {name}".strip()
            values.append(number)
            reasons.append(reason)
        lines.append(Line(relation_of(relation), tuple(values), tuple(reasons)))
    return lines


def agree(left: Floats, right: Floats, tolerance: Tolerance) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Where two lines of one shape agree; infinities agree with themselves."""
    finite = np.isfinite(left) & np.isfinite(right)
    with np.errstate(invalid="ignore"):
        near = np.abs(left - right) <= tolerance.absolute + tolerance.relative * np.maximum(np.abs(left), np.abs(right))
    return np.asarray((left == right) | (finite & near))


def holding(relation: str, left: Floats, right: Floats, tolerance: Tolerance) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Where `left relation right`, up to the tolerance."""
    beyond = {"<=": left < right, ">=": left > right}.get(relation, False)
    return np.asarray(agree(left, right, tolerance) | beyond)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two values differ that should not: on which case, at which place, and by how much for their size."""

    case: int
    index: tuple[int, ...]
    left: float
    right: float
    largest: float


def _difference(
    left: Line | Sequence[Floats], right: Line | Sequence[Floats], relation: str, cases: Sequence[int], close: Tolerance
) -> Difference | None:
    """The first place at which a relation does not hold, with the largest difference anywhere."""
    first: tuple[int, tuple[int, ...], float, float] | None = None
    largest = 0.0
    for case in cases:
        one = left.values[case] if isinstance(left, Line) else left[case]
        other = right.values[case] if isinstance(right, Line) else right[case]
        assert one is not None
        assert other is not None
        wrong = ~holding(relation, one, other, close)
        if not wrong.any():
            continue
        with np.errstate(invalid="ignore", divide="ignore"):
            apart = np.abs(one - other) / np.maximum(np.abs(one), np.abs(other))
        largest = max(largest, float(np.where(np.isfinite(apart), apart, np.inf)[wrong].max()))
        if first is None:
            index = tuple(int(place) for place in np.argwhere(wrong)[0])
            first = case, index, float(one[index]), float(other[index])
    return None if first is None else Difference(*first, largest)


def _form(lines: Sequence[Line], claim: Claim) -> Broken | None:
    """What is wrong with the relations, before any number is looked at."""
    if lines[0].relation != "start":
        return broken("first_is_not_start", {}, verdict=Verdict.WRONG_TYPE, at=1)
    for number, line in enumerate(lines[1:], start=2):
        if line.relation not in RELATIONS:
            return broken("no_relation", {"line": number}, verdict=Verdict.WRONG_TYPE, at=number, link=True)
    if len(lines) == 1:
        return broken("one_line", {})
    used = {line.relation for line in lines[1:]} - {"="}
    if used <= PROVES[claim.relation]:
        return None
    if len(used) == 2:
        return broken("both_relations", {})
    return broken("other_claim", {"shows": used.pop(), "asked": claim.relation})


def _without_value(lines: Sequence[Line], claim: Claim, cases: Sequence[int]) -> Broken | None:
    """The first line that gives no numbers of the right shape on one of these cases."""
    for number, line in enumerate(lines, start=1):
        for case in cases:
            value, reason = line.values[case], line.reasons[case]
            if value is not None:
                shape = claim.sides[case][0].shape
                if value.shape == shape:
                    continue
                reason = "no_number" if not shape else "shape"
            verdict = Verdict.RAISED if reason.startswith("raises") else Verdict.WRONG_TYPE
            shown = case if claim.fails[case] is None else None
            return broken(
                "line_reason" if shown is not None else "no_formula",
                {"line": number, "reason": reason},
                verdict=verdict,
                case=shown,
                at=number,
            )
    return None


def _wrong_end(lines: Sequence[Line], claim: Claim, cases: Sequence[int], close: Tolerance) -> Broken | None:
    """The end of the chain that is not its side of the claim."""
    for number, side, name in ((1, 0, "first"), (len(lines), 1, "last")):
        found = _difference(lines[number - 1], [pair[side] for pair in claim.sides], "=", cases, close)
        if found is not None and found.largest < COARSE:
            return _apart("coarse_line", {"line": number, "by": f"{found.largest:.0e}"}, found, number, link=False)
        if found is not None:
            side_of = "left" if (name == "first") != claim.is_turned else "right"
            return _apart("wrong_end", {"end": name, "side": side_of}, found, number, link=False)
    return None


def _broken_link(lines: Sequence[Line], claim: Claim, close: Tolerance) -> Broken | None:
    """The first link between two lines that does not hold on some ordinary case."""
    for number in range(1, len(lines)):
        relation = lines[number].relation
        found = _difference(lines[number - 1], lines[number], relation, claim.ordinary, close)
        if found is not None:
            about: dict[str, Plain] = {"line": number, "relation": relation}
            if found.largest < COARSE:
                return _apart("coarse_link", {**about, "by": f"{found.largest:.0e}"}, found, number + 1, link=True)
            return _apart("broken_link", about, found, number + 1, link=True)
    return None


def led(lines: Sequence[Line], claim: Claim, close: Tolerance) -> Claim:
    """The claim from the side at which a chain begins: from its right side only where that is plain to see."""

    def begins(at: Claim) -> int:
        count = 0
        for case, sides in enumerate(at.sides):
            for line, side in ((lines[0], sides[0]), (lines[-1], sides[1])):
                value = line.values[case]
                count += value is not None and value.shape == side.shape and bool(agree(value, side, close).all())
        return count

    other = claim.turned()
    return other if begins(other) > begins(claim) else claim


def judge_lines(lines: Sequence[Line], claim: Claim, tolerance: Tolerance) -> Broken | None:
    """The first thing that is wrong with a derivation on ordinary cases, or None.

    Args:
        lines: as read from the sandbox.
        claim: that is to be proved, from the side at which the chain begins (`led`).
        tolerance: how close two lines must be to count as equal.
    """
    return (
        _without_value(lines, claim, claim.ordinary)
        or _wrong_end(lines, claim, claim.ordinary, tolerance)
        or _form(lines, claim)
        or _broken_link(lines, claim, tolerance)
    )


def judge_formulas(lines: Sequence[Line], claim: Claim, tolerance: Tolerance) -> Broken | None:
    """The first line that is no formula in the ingredients, or None: seen where an assumption fails.

    No case is told: which ones there are is nobody's business.
    """
    wrong = _without_value(lines, claim, claim.further)
    if wrong is not None:
        return wrong
    found = _wrong_end(lines, claim, claim.further, tolerance)
    if found is None or found.at is None:
        return None
    return broken("end_no_formula", {"end": "first" if found.at == 1 else "last"}, at=found.at)
