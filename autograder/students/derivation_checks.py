"""What the public checks of derivations are written with: the form, the links, the ends, and one assumption.

The sides of a claim stand in its docstring, so they are no secret. Which further cases there are when work is graded
is one: here are only those that a check writes down.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.feedback.messages import brief
from autograder.judging.assumptions import uses_of
from autograder.judging.derivations import TURNED, Claim, Line, Relation, agree, judge_lines, relation_of
from autograder.judging.literals import show, show_arguments
from autograder.judging.numbers import Floats, as_floats
from autograder.judging.tolerance import Tolerance
from autograder.students.public_checks import as_read, call, name_of

LINES = Tolerance(relative=1e-8, absolute=1e-10)

Derived = Callable[..., Any]
Ingredients = Mapping[str, Any]


def _shown(case: Ingredients) -> str:
    return show_arguments(tuple(case), tuple(case.values()))


def _lines(derivation: Derived, cases: Sequence[Ingredients]) -> list[Line]:
    """The derivation, every line evaluated on every case."""
    __tracebackhide__ = True
    pairs = call(derivation)
    form = f"{name_of(derivation)} must return a list of (relation, step) pairs"
    if not isinstance(pairs, list | tuple) or not pairs:
        hint = " (is a `return` missing?)" if pairs is None else ""
        raise AssertionError(f"{form}; it returned {show(pairs)}{hint}")
    lines = []
    for number, pair in enumerate(pairs, start=1):
        if not (isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[0], str) and callable(pair[1])):
            raise AssertionError(f"{form}, a text and a function; line {number} is {show(pair)}")
        values: list[Floats] = []
        for case in cases:
            value = call(pair[1], *case.values())
            array = as_floats(as_read(value, f"line {number} of {name_of(derivation)}"))
            if array is None or not np.isfinite(array).all():
                told = f"line {number} gives {show(value)} for {_shown(case)}; it must give finite numbers"
                raise AssertionError(f"{name_of(derivation)}: {told}")
            values.append(array)
        lines.append(Line(relation_of(pair[0]), tuple(values), ("",) * len(cases)))
    return lines


def _ends_as_given(lines: Sequence[Line], claim: Relation) -> Claim:
    """The claim with the chain's own ends as its sides."""
    ends = zip(lines[0].values, lines[-1].values, strict=True)
    sides = tuple((left, right) for left, right in ends if left is not None and right is not None)
    return Claim(claim, sides, (None,) * len(sides))


def expect_derivation(derivation: Derived, cases: Sequence[Ingredients], *, claim: Relation) -> None:
    """A list of (relation, step) pairs, each link true on every case, that proves the claim.

    Args:
        derivation: the student's function.
        cases: the ingredients, by name, with which every assumption holds; the smallest first.
        claim: the relation of the left side to the right that is to be proved.

    Raises:
        AssertionError: it is not.
    """
    __tracebackhide__ = True
    lines = _lines(derivation, cases)
    # The ends are taken as they are; `expect_ends` looks at them, and a chain may lead from either side.
    found = judge_lines(lines, _ends_as_given(lines, claim), LINES)
    if found is not None and judge_lines(lines, _ends_as_given(lines, TURNED[claim]), LINES) is None:
        found = None
    if found is None:
        return
    where = ""
    if found.case is not None and found.left is not None:
        place = f" at index {found.index}" if found.index else ""
        where = f"\n  For {_shown(cases[found.case])} the one is {show(found.left)}"
        where += f" and the other {show(found.right)}{place}."
    raise AssertionError(f"{name_of(derivation)}: {brief(found.finding)}{where}")


def expect_ends(
    derivation: Derived,
    cases: Sequence[Ingredients],
    *,
    first: tuple[str, Callable[..., Any]],
    last: tuple[str, Callable[..., Any]],
) -> None:
    """A derivation must begin and end with the two sides of its claim, from either of them, whatever the ingredients.

    Args:
        derivation: the student's function.
        cases: the ingredients, by name; also such as break an assumption.
        first: one side: in words, and as a function of a case.
        last: the other.

    Raises:
        AssertionError: it does not.
    """
    __tracebackhide__ = True
    lines = _lines(derivation, cases)
    wrong = [_wrong_end(derivation, lines, cases, sides) for sides in ((first, last), (last, first))]
    if all(wrong):
        raise AssertionError(wrong[0])


def _wrong_end(
    derivation: Derived,
    lines: Sequence[Line],
    cases: Sequence[Ingredients],
    sides: tuple[tuple[str, Callable[..., Any]], tuple[str, Callable[..., Any]]],
) -> str:
    for line, which, (words, function) in ((lines[0], "first", sides[0]), (lines[-1], "last", sides[1])):
        for case, value in zip(cases, line.values, strict=True):
            wanted = np.asarray(function(*case.values()), dtype=np.float64)
            if value is None or value.shape != wanted.shape or not agree(value, wanted, LINES).all():
                return (
                    f"{name_of(derivation)}: the {which} line must be {words}.\n  For {_shown(case)}"
                    f" it gives {show(value)}; right is {show(wanted)}."
                )
    return ""


def expect_uses(derivation: Derived, cases: Sequence[Ingredients], *, that: str) -> None:
    """A fact must be used: with ingredients for which it is not so, some link must break.

    Args:
        derivation: the student's function.
        cases: ingredients, by name, for which the fact alone does not hold.
        that: the fact, in words.

    Raises:
        AssertionError: every link holds all the same.
    """
    __tracebackhide__ = True
    lines = _lines(derivation, cases)
    claim = Claim("=", _ends_as_given(lines, "=").sides, (0,) * len(cases))
    if not any(uses_of(lines, claim, LINES)):
        raise AssertionError(
            f"{name_of(derivation)}: nowhere is it used that {that}.\n  Every link holds also for "
            f"{_shown(cases[0])}, where it is not so: which step of your proof needs it?"
        )
