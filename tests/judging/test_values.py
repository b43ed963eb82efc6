"""What counts as right: shape and type first, then every number, by a stated tolerance and a stated policy on inf."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.feedback.messages import brief, detail
from autograder.feedback.value_words import KINDS
from autograder.judging.diagnosis import Observed, agrees
from autograder.judging.literals import show
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import _clearly_right, compare, in_form, right_numbers
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Returned
from autograder.sandbox.inside.wire import Opaque, pack, unpack

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


def graded(value: Any) -> Any:
    """A value as it comes from the sandbox."""
    return unpack(pack(value))


# What comes back, what is asked for, and what must be told without a number of the case.
KINDS_TOLD: list[tuple[Any, Any, str]] = [
    (None, 1.0, "None (is a `return` missing?)"),
    ("0.5", 0.5, "a text (give back numbers, not str of them)"),
    (1 + 0j, 1.0, "a complex number"),
    (np.complex128(1.0), 1.0, "a complex number"),
    (VECTOR.astype(complex), VECTOR, "an array of complex numbers"),
    ([1j, 2.0, 3.0], VECTOR, "a list of complex numbers"),
    (Fraction(1, 2), 0.5, "a Fraction"),
    ([Fraction(1, 2)] * 3, VECTOR, "Fractions"),
    (Decimal("0.5"), 0.5, "a Decimal"),
    (np.array([Decimal(1)] * 3), VECTOR, "Decimals"),
    (np.ma.masked, 0.0, "a masked array"),
    (np.ma.masked_array(VECTOR, [True, False, False]), VECTOR, "masked values are no numbers"),
    (VECTOR.astype(str), VECTOR, "an array of texts"),
    (["1.0", "-2.0", "3.0"], VECTOR, "a list that holds texts"),
    ([1.0, None, 3.0], VECTOR, "a list that holds None"),
    ([1.0, {}, 3.0], VECTOR, "a list that does not hold numbers alone"),
    ([[1.0], [2.0, 3.0]], VECTOR, "a list whose rows differ in length"),
    (np.array([None, 1.0]), VECTOR, "an array that holds None"),
    (np.array([object()]), VECTOR, "an array of objects that are not numbers"),
    (np.array([(1.0,)], dtype=[("x", float)]), VECTOR, "a structured array"),
    ((x for x in VECTOR), VECTOR, "a generator"),
    (map(float, VECTOR), VECTOR, "what map, filter or zip gives"),
    ({1.0: 2.0}.values(), VECTOR, "the keys, values or items of a dict"),
    ({1.0, 2.0}, VECTOR, "a set"),
    (np.linalg.norm, 1.0, "a function"),
    (lambda: 1.0, 1.0, "a function (are the brackets () of its call missing?)"),
    (int, 1.0, "a class"),
    (..., 1.0, "is the function written to its end?"),
    ([0.5], 0.5, "an array with one number in it (take it out: x.item())"),
    (np.array([[0.5]]), 0.5, "an array with one number in it"),
    (np.float32(0.3), 0.3, "float32, which keeps about 7 digits"),
    (np.array([0.1, 0.3], np.float16), np.array([0.1, 0.3]), "float16, which keeps about 3 digits"),
]


@pytest.mark.parametrize(("value", "expected", "words"), KINDS_TOLD, ids=[words[:30] for _, _, words in KINDS_TOLD])
def test_what_came_is_told_in_a_beginners_words(value: Any, expected: Any, words: str) -> None:
    wrong = compare(graded(value), expected, TOLERANCE)
    assert wrong is not None, f"{value!r} is wrong for {expected!r}"
    assert words in brief(wrong), f"{words!r} must be told of {value!r}: {brief(wrong)}"


def test_no_kind_is_told_in_the_words_of_what_is_asked_for() -> None:
    for kind, words in KINDS.items():
        if kind in ("array", "number", "list", "dict", "tuple"):
            continue
        assert words not in ("an array", "a number", "one real number"), f"{kind} would be told as what is asked for"


def test_another_error_is_not_put_down_to_short_floats() -> None:
    wrong = compare(np.float32(1.5), 1.0, TOLERANCE)
    assert wrong is not None and "float32" not in brief(wrong), f"half of the value is no rounding: {wrong}"


def test_integers_of_more_than_64_bits_are_numbers() -> None:
    assert compare(2**70, 2.0**70, TOLERANCE) is None, "it is the right number"
    assert compare([2**70, 1], np.array([2.0**70, 1.0]), TOLERANCE) is None, "in a list, too"
    wrong = compare(2**70, 1.0, TOLERANCE)
    assert wrong is not None and wrong.code == "wrong_value", f"a wrong value, and no wrong type: {wrong}"


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


@pytest.mark.parametrize("got", [1j, VECTOR.astype(complex), 10**400, "1.0", [1.0], np.array([1.0]), None])
def test_what_is_no_real_number_has_no_form_and_gives_no_warning(got: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        in_form(got, 1.0)


def test_diagnosis_reads_no_other_numbers_than_judging() -> None:
    asked = [Observed((float(i),), Returned(value), 1.0, TOLERANCE) for i, value in enumerate([1j, 10**400, "2.0"])]
    assert not agrees([1.0, 2.0, 2.0], asked), "none of these is the number that a mistake gives"


def test_a_matrix_is_shown_as_the_array_that_it_is() -> None:
    rows = np.ones((2, 2)).view(np.matrix)
    assert show(rows) == "np.array([[1.0, 1.0], [1.0, 1.0]])", "a row of a matrix is a matrix, without end"
