"""Judges a derivation: a list of lines, each a function that was evaluated on every case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.authoring.declarations import Relation
from autograder.judging.numbers import as_floats
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict

RELATIONS = ("=", "<=", ">=")
FEWEST_BETWEEN = 2
# The relations that a chain of them may consist of, to prove a claim.
PROVES: dict[str, frozenset[str]] = {
    "=": frozenset({"="}),
    "<=": frozenset({"=", "<="}),
    ">=": frozenset({"=", ">="}),
}
BOUND = {"<=": "an upper bound", ">=": "a lower bound", "=": "an equality"}


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a derivation does not prove its claim; `case` is the index of the smallest case that shows it.

    `left` and `right` are the values of the two sides there. `at` is the number of the line that is wrong, from 1;
    where `link` is true, the link from the line before to it breaks.
    """

    verdict: Verdict
    brief: str
    detail: str
    case: int | None = None
    left: float | None = None
    right: float | None = None
    at: int | None = None
    link: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its relation to the line before, and its value on each case, or None with the reason."""

    relation: str
    values: tuple[float | None, ...]
    reasons: tuple[str, ...]


def _one_number(value: Any) -> tuple[float | None, str]:
    array = as_floats(value)
    if array is None or array.ndim:
        return None, "does not give one number"
    if np.isnan(array):
        return None, "gives nan"
    return float(array), ""


def read_lines(value: Any, cases: int) -> list[Line] | Broken:
    """The lines that the sandbox evaluated, or why they are not lines."""
    malformed = Broken(
        Verdict.WRONG_TYPE, "Is not a list of (relation, step) pairs.", "It must be a list of (relation, step) pairs."
    )
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
                name = kinds[0] if isinstance(kinds, list) and kinds and isinstance(kinds[0], str) else "an error"
                number, reason = None, f"raises {name}"
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
        text = 'The first relation must be "start".'
        return Broken(Verdict.WRONG_TYPE, 'The first relation is not "start".', text, at=1)
    for number, line in enumerate(lines[1:], start=2):
        if line.relation not in RELATIONS:
            text = f'The relation of line {number} is none of "=", "<=", ">=".'
            return Broken(Verdict.WRONG_TYPE, text, text, at=number, link=True)
    between = len(lines) - 2
    if between < FEWEST_BETWEEN:
        count = max(between, 0)
        text = f"There are {count} lines between the first and the last; at least {FEWEST_BETWEEN} are asked for."
        return Broken(Verdict.FAILED, text, text)
    used = {line.relation for line in lines[1:]} - {"="}
    if used <= PROVES[claim]:
        return None
    if len(used) == 2:
        text = 'A chain with both "<=" and ">=" proves neither.'
    elif claim == "=":
        text = f"This shows {BOUND[used.pop()]}; an equality is asked for."
    else:
        text = f"This shows {BOUND[used.pop()]}; {BOUND[claim]} is asked for."
    return Broken(Verdict.FAILED, text, text)


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
    last = len(lines)
    for number, line in enumerate(lines, start=1):
        for case, (value, reason) in enumerate(zip(line.values, line.reasons, strict=True)):
            if value is None:
                verdict = Verdict.RAISED if reason.startswith("raises") else Verdict.WRONG_TYPE
                return Broken(verdict, f"Line {number} {reason}.", f"Line {number} {reason}.", case, at=number)
    for number, side, name in ((1, 0, "left-hand side"), (last, 1, "right-hand side")):
        for case, pair in enumerate(ends):
            value = lines[number - 1].values[case]
            assert value is not None
            if not close(value, pair[side], tolerance):
                what = "first" if side == 0 else "last"
                text = f"The {what} line is not the {name} of the claim."
                return Broken(Verdict.FAILED, text, text, case, value, pair[side], number)
    form = _form(lines, claim)
    if form is not None:
        return form
    for number in range(1, last):
        relation = lines[number].relation
        for case in range(len(ends)):
            left, right = lines[number - 1].values[case], lines[number].values[case]
            assert left is not None
            assert right is not None
            if not holds(relation, left, right, tolerance):
                text = f'The link from line {number} to line {number + 1} breaks: "{relation}" does not hold.'
                return Broken(Verdict.FAILED, text, text, case, left, right, number + 1, link=True)
    return None
