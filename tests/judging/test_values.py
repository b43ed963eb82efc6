"""What counts as right: shape and type first, then every number, by a stated tolerance and a stated policy on inf."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.feedback.messages import brief, detail
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import _clearly_right, compare, right_numbers
from autograder.judging.verdicts import Verdict
from autograder.sandbox.inside.wire import Opaque

TOLERANCE = Tolerance(relative=1e-9, absolute=1e-12)
inf, nan = np.inf, np.nan
VECTOR = np.array([1.0, -2.0, 3.0])

RIGHT: list[tuple[Any, Any]] = [
    (1.0, 1.0),
    (1, 1.0),
    (True, 1.0),
    (np.float32(0.5), 0.5),
    (np.array(2.0), 2.0),
    (1.0 + 9e-10, 1.0),
    (9e-13, 0.0),
    (inf, inf),
    (np.array([inf, 1.0]), np.array([inf, 1.0])),
    ([1, -2, 3], VECTOR),
    ((1.0, -2.0, 3.0), VECTOR),
    ([[1.0], [2.0]], np.array([[1.0], [2.0]])),
    ([], np.zeros(0)),
    ([VECTOR, 1.0], (VECTOR, 1.0)),
    ({"b": [1.0], "a": 2}, {"a": 2.0, "b": np.array([1.0])}),
]


@pytest.mark.parametrize(("got", "expected"), RIGHT)
def test_right_values_pass(got: Any, expected: Any) -> None:
    wrong = compare(got, expected, TOLERANCE)
    assert wrong is None, f"{got!r} is right for {expected!r}, but: {wrong}"


WRONG: list[tuple[Any, Any, Verdict, str]] = [
    (1.0 + 2e-9, 1.0, Verdict.FAILED, "error"),
    (2e-12, 0.0, Verdict.FAILED, "error"),
    (-1.0, 1.0, Verdict.FAILED, "2.0"),
    (inf, 1.0, Verdict.FAILED, "inf"),
    (-inf, inf, Verdict.FAILED, "inf"),
    (1e308, inf, Verdict.FAILED, "inf"),
    (nan, 1.0, Verdict.WRONG_TYPE, "nan"),
    (nan, inf, Verdict.WRONG_TYPE, "nan"),
    (np.array([1.0, nan, 3.0]), VECTOR, Verdict.WRONG_TYPE, "index 1"),
    (VECTOR[:, None], VECTOR, Verdict.WRONG_TYPE, "(3, 1)"),
    (np.array([1.0]), 1.0, Verdict.WRONG_TYPE, "(1,)"),
    (np.ones((3, 1)), 1.0, Verdict.WRONG_TYPE, "(3, 1)"),
    (1.0, VECTOR, Verdict.WRONG_TYPE, "(3,)"),
    (None, 1.0, Verdict.WRONG_TYPE, "None"),
    ("1.0", 1.0, Verdict.WRONG_TYPE, "1.0"),
    (Opaque("Fraction: 1/2"), 0.5, Verdict.WRONG_TYPE, "Fraction"),
    (1.0 + 0j, 1.0, Verdict.WRONG_TYPE, "1+0j"),
    ([[1.0], [2.0, 3.0]], VECTOR, Verdict.WRONG_TYPE, "2.0, 3.0"),
    (10**400, 1.0, Verdict.WRONG_TYPE, "1000"),
    ({"a": 1.0}, 1.0, Verdict.WRONG_TYPE, "a"),
    (VECTOR, (VECTOR, VECTOR), Verdict.WRONG_TYPE, "3 parts"),
    (1.0, (1.0, 2.0), Verdict.WRONG_TYPE, "1.0"),
    ((1.0, 3.0), (1.0, 2.0), Verdict.FAILED, "part 2"),
    ({"a": 1.0}, {"a": 1.0, "b": 2.0}, Verdict.WRONG_TYPE, "'b'"),
    ({"a": 1.0, "b": 3.0}, {"a": 1.0, "b": 2.0}, Verdict.FAILED, "'b'"),
]


@pytest.mark.parametrize(("got", "expected", "verdict", "told"), WRONG)
def test_wrong_values_fail_and_say_why(got: Any, expected: Any, verdict: Verdict, told: str) -> None:
    wrong = compare(got, expected, TOLERANCE)
    assert wrong is not None, f"{got!r} is wrong for {expected!r}"
    assert wrong.verdict is verdict, f"{got!r} for {expected!r} should be {verdict}: {wrong}"
    assert told in detail(wrong), f"{told!r} must be told of {got!r}: {detail(wrong)}"


def test_the_largest_error_and_its_place_are_named() -> None:
    got = np.zeros((3, 4))
    got[1, 2], got[2, 0] = 0.25, 1e-3
    wrong = compare(got, np.zeros((3, 4)), TOLERANCE)
    assert wrong is not None, "two numbers are wrong"
    assert "2 of 12 numbers" in detail(wrong), f"the count must be told: {detail(wrong)}"
    assert "0.25 at index (1, 2)" in detail(wrong), f"the largest error must be placed: {detail(wrong)}"


def test_the_brief_holds_no_number_of_the_case() -> None:
    secret = np.array([0.123456789, 7.0])
    for got in (secret + 1.0, secret * nan, secret[:, None], 0.123456789, Opaque("0.123456789"), [0.123456789] * 3):
        wrong = compare(got, secret, TOLERANCE)
        assert wrong is not None, f"{got!r} is wrong"
        assert not any(digit in brief(wrong) for digit in "123456789"), f"a hidden number must not show: {brief(wrong)}"


def test_a_scale_replaces_the_absolute_allowance() -> None:
    assert compare(1e-13, 0.0, TOLERANCE) is None, "within the absolute allowance"
    assert compare(1e-13, 0.0, TOLERANCE, scale=1e-20) is not None, "with a scale there is no absolute allowance"
    assert compare(1e90, 0.0, TOLERANCE, scale=1e100) is None, "the error is measured against the scale"
    assert compare(1e92, 0.0, TOLERANCE, scale=1e100) is not None, "1e-8 of the scale is too much"


@given(st.data())
def test_what_is_clearly_right_is_right_number_by_number(data: st.DataObject) -> None:
    numbers = hnp.arrays(np.float64, 3, elements=st.sampled_from([0.0, 1.0, 1.0 + 1e-9, -2.0, 1e308, inf, -inf, nan]))
    have, want, scale = data.draw(numbers), data.draw(numbers), data.draw(st.none() | numbers)
    tolerance = data.draw(st.sampled_from([Tolerance(1e-6, 1e-9), Tolerance(0.0, 0.0), Tolerance(0.0, 1e300)]))
    if _clearly_right(have, want, tolerance, scale):
        assert right_numbers(have, want, tolerance, scale).all(), "the short way must not say more than the long one"
        assert np.isfinite(want).all() and np.isfinite(have).all(), "what is not finite is left to the long way"
