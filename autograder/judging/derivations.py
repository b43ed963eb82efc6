"""Judges a derivation: a list of lines, each a function that was evaluated on every case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograder.judging.finding import Finding, Plain
from autograder.judging.literals import show
from autograder.judging.numbers import as_floats
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict

Relation = Literal["=", "<=", ">="]
RELATIONS = ("=", "<=", ">=")
FEWEST_BETWEEN = 2
# The relations that a chain of them may consist of, to prove a claim.
PROVES: dict[str, frozenset[str]] = {
    "=": frozenset({"="}),
    "<=": frozenset({"=", "<="}),
    ">=": frozenset({"=", ">="}),
}


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a derivation does not prove its claim; `case` is the index of the smallest case that shows it.

    `left` and `right` are the values of the two sides there. `at` is the number of the line that is wrong, from 1;
    where `link` is true, the link from the line before to it breaks.
    """

    finding: Finding
    case: int | None = None
    left: float | None = None
    right: float | None = None
    at: int | None = None
    link: bool = False

    @property
    def verdict(self) -> Verdict:
        """How the check ended by it."""
        return self.finding.verdict


def _broken(
    code: str,
    about: dict[str, Plain],
    *,
    verdict: Verdict = Verdict.FAILED,
    case: int | None = None,
    sides: tuple[float, float] | None = None,
    at: int | None = None,
    link: bool = False,
) -> Broken:
    values: dict[str, Plain] = {} if sides is None else {"left": show(sides[0]), "right": show(sides[1])}
    left, right = (None, None) if sides is None else sides
    return Broken(Finding(verdict, code, about, values), case, left, right, at, link)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its relation to the line before, and its value on each case, or None with the reason."""

    relation: str
    values: tuple[float | None, ...]
    reasons: tuple[str, ...]


def _one_number(value: Any) -> tuple[float | None, str]:
    array = as_floats(value)
    if array is None or array.ndim:
        return None, "no_number"
    if np.isnan(array):
        return None, "nan"
    return float(array), ""


def read_lines(value: Any, cases: int) -> list[Line] | Broken:
    """The lines that the sandbox evaluated, or why they are not lines."""
    malformed = _broken("no_lines", {}, verdict=Verdict.WRONG_TYPE)
    if not isinstance(value, list) or not value:
        return malformed
    lines = []
    for item in value:
        if not (isinstance(item, list) and len(item) == 2 and isinstance(item[0], str) and isinstance(item[1], list)):
            return malformed
        relation, evaluated = item
        if len(evaluated) != cases:
            return malformed
        values: list[float | None] = []
        reasons = []
        for entry in evaluated:
            # Asked of an array, whether it equals a text is no yes or no.
            if not (isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], str)):
                return malformed
            if entry[0] == "ok":
                number, reason = _one_number(entry[1])
            else:
                kinds = entry[1].get("types") if isinstance(entry[1], dict) else None
                name = kinds[0] if isinstance(kinds, list) and kinds and isinstance(kinds[0], str) else ""
                number, reason = None, f"raises {name}".strip()
            values.append(number)
            reasons.append(reason)
        lines.append(Line(relation, tuple(values), tuple(reasons)))
    return lines


def close(left: float, right: float, tolerance: Tolerance) -> bool:
    """Whether two lines agree on a case; infinities agree with themselves."""
    if left == right:
        return True
    if not (np.isfinite(left) and np.isfinite(right)):
        return False
    return abs(left - right) <= tolerance.absolute + tolerance.relative * max(abs(left), abs(right))


def holds(relation: str, left: float, right: float, tolerance: Tolerance) -> bool:
    """Whether `left relation right`, up to the tolerance."""
    if close(left, right, tolerance):
        return True
    return {"=": False, "<=": left < right, ">=": left > right}[relation]


def _form(lines: Sequence[Line], claim: Relation) -> Broken | None:
    """What is wrong with the relations, before any number is looked at."""
    if lines[0].relation != "start":
        return _broken("first_is_not_start", {}, verdict=Verdict.WRONG_TYPE, at=1)
    for number, line in enumerate(lines[1:], start=2):
        if line.relation not in RELATIONS:
            return _broken("no_relation", {"line": number}, verdict=Verdict.WRONG_TYPE, at=number, link=True)
    between = len(lines) - 2
    if between < FEWEST_BETWEEN:
        return _broken("too_few_lines", {"between": max(between, 0), "fewest": FEWEST_BETWEEN})
    used = {line.relation for line in lines[1:]} - {"="}
    if used <= PROVES[claim]:
        return None
    if len(used) == 2:
        return _broken("both_relations", {})
    return _broken("other_claim", {"shows": used.pop(), "asked": claim})


def _first_without_number(lines: Sequence[Line]) -> Broken | None:
    """The first line that gives no number on some case."""
    for number, line in enumerate(lines, start=1):
        for case, (value, reason) in enumerate(zip(line.values, line.reasons, strict=True)):
            if value is None:
                verdict = Verdict.RAISED if reason.startswith("raises") else Verdict.WRONG_TYPE
                return _broken("line_reason", {"line": number, "reason": reason}, verdict=verdict, case=case, at=number)
    return None


def _wrong_end(lines: Sequence[Line], ends: Sequence[tuple[float, float]], tolerance: Tolerance) -> Broken | None:
    """The end of the chain that is not its side of the claim."""
    for number, side, name in ((1, 0, "first"), (len(lines), 1, "last")):
        for case, pair in enumerate(ends):
            value = lines[number - 1].values[case]
            assert value is not None
            if not close(value, pair[side], tolerance):
                return _broken("wrong_end", {"end": name}, case=case, sides=(value, pair[side]), at=number)
    return None


def _broken_link(lines: Sequence[Line], cases: int, tolerance: Tolerance) -> Broken | None:
    """The first link between two lines that does not hold on some case."""
    for number in range(1, len(lines)):
        relation = lines[number].relation
        for case in range(cases):
            left, right = lines[number - 1].values[case], lines[number].values[case]
            assert left is not None
            assert right is not None
            if not holds(relation, left, right, tolerance):
                about: dict[str, Plain] = {"line": number, "relation": relation}
                return _broken("broken_link", about, case=case, sides=(left, right), at=number + 1, link=True)
    return None


def judge_lines(
    lines: Sequence[Line], ends: Sequence[tuple[float, float]], claim: Relation, tolerance: Tolerance
) -> Broken | None:
    """The first thing that is wrong with a derivation, or None.

    Args:
        lines: as read from the sandbox.
        ends: the two sides of the claim on each case, smallest case first.
        claim: the relation between them that is to be proved.
        tolerance: how close two lines must be to count as equal.
    """
    return (
        _first_without_number(lines)
        or _wrong_end(lines, ends, tolerance)
        or _form(lines, claim)
        or _broken_link(lines, len(ends), tolerance)
    )
