"""Naming the mistake behind a failed function: known ones, relations, and when nothing may be said."""

from typing import Any

import numpy as np
import pytest

from autograder.judging import diagnosis
from autograder.judging.diagnosis import (
    NOTHING,
    TOO_MUCH,
    Diagnosis,
    KnownMistake,
    Names,
    Observed,
    agrees,
    diagnose,
)
from autograder.judging.finding import Finding
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Ended, Missing, Raised, Returned, Unreadable
from tests.values import changeable

TOLERANCE = Tolerance(1e-9, 0.0)
RAISES = Raised(("ValueError", "Exception"), "bad")
MEMORY, LATE, FULL = Raised(("MemoryError",), ""), Ended("timeout", ""), Ended("memory", "")
nan = np.nan


def seen(answer: Any, expected: Any = 1.0, arguments: tuple[Any, ...] = (), **given: Any) -> Observed:
    answer = answer if isinstance(answer, Raised | Ended | Returned | Missing | Unreadable) else Returned(answer)
    return Observed(arguments, answer, expected, given.pop("tolerance", TOLERANCE), **given)


@pytest.mark.parametrize(
    ("values", "cases", "same"),
    [
        ([2.0, 3.0], [seen(2.0), seen(3.0)], True),
        ([2.0, 1.0], [seen(2.0), seen(1.0)], True),
        ([2.0, 3.0], [seen(2.0), seen(3.1)], False),
        ([2.0, 3.0], [seen(2.1), seen(3.0)], False),
        ([1.0, 1.0], [seen(1.0), seen(1.0)], False),
        ([2.0, NOTHING], [seen(2.0), seen(RAISES)], True),
        ([2.0, NOTHING], [seen(2.0), seen(Missing())], True),
        ([2.0, NOTHING], [seen(2.0), seen(Unreadable(""))], True),
        ([2.0, NOTHING], [seen(2.0), seen(3.0)], False),
        ([2.0, 3.0], [seen(2.0), seen(RAISES)], False),
        ([NOTHING], [seen(RAISES, NOTHING)], False),
        ([NOTHING], [seen(RAISES)], True),
        ([2.0], [seen(2.0, NOTHING)], True),
        ([nan, 2.0], [seen(nan), seen(2.0)], True),
        ([nan, 2.0], [seen(1.0), seen(2.0)], False),
        ([np.array([nan, 2.0])], [seen(np.array([nan, 2.0]), np.ones(2))], True),
        ([np.array([nan, 2.0])], [seen(np.array([2.0, nan]), np.ones(2))], False),
        ([(nan, np.array([2.0, nan]))], [seen((nan, [2.0, nan]), (1.0, np.ones(2)))], True),
        ([(nan, np.array([2.0, nan]))], [seen((nan, [2.0, 2.0]), (1.0, np.ones(2)))], False),
        ([{"a": nan, "b": (nan, 2.0)}], [seen({"a": nan, "b": (nan, 2.0)}, {"a": 1.0, "b": (1.0, 1.0)})], True),
        ([{"a": nan}], [seen({"a": 2.0}, {"a": 1.0})], False),
        ([nan], [seen("text")], False),
        ([(nan, 1.0)], [seen((nan, "text"), (1.0, 1.0))], False),
        ([np.array([nan, nan])], [seen([nan, nan], np.ones(2))], True),
        ([], [], False),
    ],
)
def test_a_mistake_agrees_on_every_case_and_is_wrong_on_some(
    values: list[Any], cases: list[Observed], same: bool
) -> None:
    assert agrees(values, cases) is same, f"{values} and {cases}"


@pytest.mark.parametrize(
    ("values", "cases", "same"),
    [
        ([TOO_MUCH, 2.0], [seen(MEMORY), seen(2.0)], True),
        ([TOO_MUCH, 2.0], [seen(LATE), seen(2.0)], True),
        ([TOO_MUCH, 2.0], [seen(FULL), seen(2.0)], True),
        ([TOO_MUCH, 1.0], [seen(FULL), seen(1.0)], True),
        ([TOO_MUCH, 1.0], [seen(1.0), seen(1.0)], False),
        ([3.0, 1.0], [seen(MEMORY), seen(1.0)], False),
        ([3.0, 2.0], [seen(MEMORY), seen(2.0)], True),
        ([3.0, 2.0], [seen(LATE), seen(2.0)], True),
        ([TOO_MUCH, 2.0], [seen(3.0), seen(2.0)], True),
        ([TOO_MUCH, 3.0], [seen(3.0), seen(2.0)], False),
        ([TOO_MUCH], [seen(MEMORY)], False),
        ([TOO_MUCH, 1.0, TOO_MUCH], [seen(MEMORY), seen(1.0), seen(2.0)], True),
        ([3.0, 2.0], [seen(Ended("crashed", "")), seen(2.0)], False),
        ([NOTHING, 2.0], [seen(Ended("output", "")), seen(2.0)], True),
    ],
)
def test_what_runs_out_of_memory_or_time_says_little(values: list[Any], cases: list[Observed], same: bool) -> None:
    assert agrees(values, cases) is same, f"on another machine it may be the other way round: {values} and {cases}"


CASES = [seen(2.0 * n, float(n), (np.ones(n + 1),)) for n in range(1, 7)]
TWICE = Finding(Verdict.FAILED, "times", {"cases": 6, "factor": "2"})


def known(name: str, hint: str, *values: float) -> KnownMistake:
    return KnownMistake(name, hint, values or tuple(2.0 * n for n in range(1, 7)))


def test_all_known_mistakes_that_agree_are_named() -> None:
    doubles, other = known("doubles", "Look."), known("other", "No.", *[0.0] * 6)
    found = diagnose(CASES, [other, doubles])
    assert found == Diagnosis(Finding(Verdict.FAILED, "known_mistake", {"hints": ["Look."]}), ("doubles",)), f"{found}"
    same = diagnose(CASES, [doubles, known("twice", "Look."), known("two", "See.")])
    assert same == Diagnosis(
        Finding(Verdict.FAILED, "known_mistake", {"hints": ["Look.", "See."]}), ("doubles", "twice", "two")
    ), f"a hint that two have is told once: {same}"
    assert diagnose(CASES, [other]) == Diagnosis(TWICE), "where none agrees, a relation"
    assert diagnose([], [KnownMistake("none", "None.", ())]) is None, "of no case nothing is said"


def test_a_relation_needs_a_value_on_every_case() -> None:
    assert diagnose([*CASES, seen(RAISES)], []) is None, "an exception is no value"
    assert diagnose([*CASES, seen(RAISES, NOTHING)], []) == Diagnosis(TWICE), (
        "where one is right, it is none to compare"
    )
    assert diagnose([seen(3.0, NOTHING)] * 4, []) is None, "without any value there is no relation"


def test_the_loosest_tolerance_decides() -> None:
    near = [seen(2.0 * n * (1 + 1e-5), float(n), (np.ones(n + 1),)) for n in range(1, 6)]
    loose = seen(12.0 * (1 + 1e-5), 6.0, (np.ones(7),), tolerance=Tolerance(1e-4, 0.0))
    assert diagnose(near, []) is None, "to nine digits it does not hold"
    assert diagnose([*near, loose], []) == Diagnosis(TWICE), "to the loosest it does"
    assert diagnose([loose, *near], []) == Diagnosis(TWICE), "wherever that stands"


def test_scales_are_those_of_the_cases() -> None:
    near = [
        seen(np.array([2.0 * n + 1e-4, 1.0]), np.array([1.0 * n, 0.5]), (np.ones(n + 1),), scale=np.full(2, 1e6))
        for n in range(1, 7)
    ]
    found = diagnose(near, [])
    assert found == Diagnosis(TWICE), f"the error is measured against the scale: {found}"


def extreme(count: int = 1) -> list[Observed]:
    return [seen(nan, 1.0, (np.full(2, 1e-300),))] * count


def test_the_plain_check_may_tell_where_all_do_not() -> None:
    assert diagnose([*CASES, *extreme()], []) is None, "on all cases it does not hold"
    assert diagnose([*CASES, *extreme()], [], plain=6) == Diagnosis(TWICE), "on those of the first check it does"
    assert diagnose([*CASES[:5], *extreme()], [], plain=5) == Diagnosis(
        Finding(Verdict.FAILED, "times", {"cases": 5, "factor": "2"})
    )
    assert diagnose([*CASES[:4], *extreme()], [], plain=4) is None, "four could agree by chance"
    assert diagnose([*CASES, *extreme()], [], plain=7) is None, "its own cases, and no other"
    assert diagnose(CASES, [], plain=5) == Diagnosis(TWICE), "where all tell, all are counted"
    near = [seen(n * (1 + 0.5e-7), 1.0 * n, (np.ones(n + 1),)) for n in range(1, 7)]
    digits = Diagnosis(Finding(Verdict.FAILED, "few_digits", {"cases": 6, "digits": 7}))
    assert diagnose(near, [], plain=5) == digits, "whatever they tell"


def pair(first: float, second: float, n: int) -> Observed:
    return seen((first, second), (float(n), 1.0 + n), (np.ones(n + 1),))


def test_parts_that_hold_on_all_cases_stand_above_the_plain_check() -> None:
    names = Names(("x",), ("p", "q"))
    twice = [pair(1.0 * n, 2.0 + 2.0 * n, n) for n in range(1, 7)]
    whole = diagnose(twice, [], names, plain=6)
    assert whole is not None and whole.hint.code == "parts" and whole.hint.part is not None, f"{whole}"
    assert whole.hint.about["right"] == ["p"], f"by the names of the parts: {whole}"
    odd = pair(7.0, 3.0, 7)
    only = diagnose([*twice, pair(7.0, 5.0, 7)], [], names)
    assert only is not None and only.hint.code == "parts" and only.hint.part is None, f"one part is right: {only}"
    better = diagnose([*twice, pair(7.0, 5.0, 7)], [], names, plain=6)
    assert better is not None and better.hint.part is not None, f"on the plain check it is known how: {better}"
    none = diagnose([*[pair(3.0 * n, 5.0 + n**2, n) for n in range(1, 6)], odd], [], names, plain=5)
    assert none is None, f"where nothing holds, nothing is said: {none}"
    kept = diagnose([*twice[:5], pair(7.0, 5.0, 7)], [], names, plain=4)
    assert kept is not None and kept.hint.part is None, (
        f"what holds on all is kept where the plain check is small: {kept}"
    )
    apart = [pair(1.0 * n, 5.0 + n**2, n) for n in range(1, 7)]
    same = diagnose(apart, [], names, plain=5)
    assert same is not None and same.hint.about["cases"] == 5, f"as far as the plain check tells: {same}"


def test_digits_of_a_gradient_are_of_differences() -> None:
    near = [seen(n * (1 + 0.5e-7), 1.0 * n, (np.ones(n + 1),)) for n in range(1, 7)]
    plain, gradient = diagnose(near, []), diagnose(near, [], Names(("x",), ("x",)))
    assert plain == Diagnosis(Finding(Verdict.FAILED, "few_digits", {"cases": 6, "digits": 7})), f"{plain}"
    assert gradient == Diagnosis(Finding(Verdict.FAILED, "by_differences", {"cases": 6, "digits": 7})), f"{gradient}"
    assert diagnose(CASES, [], Names(("x",), ("x",))) == Diagnosis(TWICE), "another relation stays what it is"
    same = [seen(7.25, 1.0 * n, (np.ones(n + 1),)) for n in range(1, 7)]
    constant = Finding(Verdict.FAILED, "constant", {"cases": 6})
    assert diagnose(same, [], Names(("x",), ("x",))) == Diagnosis(constant), "whatever it is called"
    low = [seen(np.float32(n * (1 + 1e-6)), 1.0 * n, (np.ones(n + 1),)) for n in range(1, 7)]
    single = diagnose(low, [], Names(("x",), ("x",)))
    assert single is not None and single.hint.code == "single_precision", f"nor is it of single precision: {single}"


def test_a_factor_of_an_argument_is_named() -> None:
    made = [seen(x * n, 1.0 * n, (x,)) for n, x in enumerate((2.0, 3.0, 5.0, 7.0), start=1)]
    found = diagnose(made, [], Names(("tau",)))
    assert found is not None and found.hint.about["argument"] == "tau", f"by the names of the arguments: {found}"
    assert diagnose(made, []) is None, "without names there is none to tell"


def test_the_situation_is_the_last_that_is_looked_for() -> None:
    zeros = [seen(9.0 + n, 1.0, (np.array([0.0, n]),)) for n in (1.0, 2.0, 3.0)]
    fine = [seen(1.0, 1.0, (np.array([1.0, n]),)) for n in (2.0, 3.0, 4.0, 5.0, 6.0)]
    found = diagnose([*zeros, *fine], [])
    assert found == Diagnosis(Finding(Verdict.FAILED, "only_where", {"where": "zeros", "cases": 3, "right": 5})), (
        f"all that fail have zeros: {found}"
    )
    raising = [seen(RAISES, NOTHING, (np.array([0.0, 1.0]),))]
    assert diagnose([*zeros, *fine, *raising], []) is None, "an exception that is right is right"


def test_values_do_not_change() -> None:
    assert changeable(diagnosis) == [], "a value that can change is no fact"
