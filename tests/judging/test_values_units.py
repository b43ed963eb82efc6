"""Comparing, finding by finding: the codes, and what each holds of the case."""

from typing import Any

import numpy as np
import pytest

from autograder.judging import values
from autograder.judging.finding import Finding, Plain
from autograder.judging.tolerance import Tolerance
from autograder.judging.value_kinds import kind_of
from autograder.judging.values import (
    _clearly_right,
    allowed_error,
    compare,
    in_form,
    right_numbers,
    wrong_type,
)
from autograder.judging.verdicts import Verdict
from autograder.sandbox.inside.wire import Opaque

TOLERANCE = Tolerance(relative=0.25, absolute=0.5)
EXACT = Tolerance(0.0, 0.0)
FAILED, WRONG_TYPE = Verdict.FAILED, Verdict.WRONG_TYPE
inf, nan = np.inf, np.nan


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "none"),
        (Opaque("x"), "object"),
        ("x", "text"),
        (b"x", "text"),
        ({}, "dict"),
        ((), "tuple"),
        ([], "list"),
        (np.zeros(1), "array"),
        (1.0, "number"),
        (np.float64(1.0), "number"),
    ],
)
def test_a_value_is_called_what_it_is(value: object, kind: str) -> None:
    assert kind_of(value) == kind, f"{value!r}: {kind_of(value)}"


@pytest.mark.parametrize(
    ("expected", "wanted"),
    [
        ((1.0, 2.0), {"wanted": "tuple", "parts": 2}),
        ({"b": 1.0, "a": 2.0}, {"wanted": "dict", "keys": ["a", "b"]}),
        (np.zeros(2), {"wanted": "array"}),
        (1.0, {"wanted": "number"}),
    ],
)
def test_a_wrong_type_tells_what_is_asked_for(expected: Any, wanted: dict[str, Any]) -> None:
    found = wrong_type("x", expected)
    assert found == Finding(WRONG_TYPE, "wrong_type", {"kind": "text", **wanted}, {"got": "'x'"}), f"{found}"
    assert compare("x", expected, TOLERANCE) == found, "and compare finds it"


def test_the_allowed_error_is_absolute_and_relative_or_of_a_scale() -> None:
    want = np.array([0.0, -4.0, 8.0])
    assert allowed_error(want, TOLERANCE).tolist() == [0.5, 1.5, 2.5], "absolute, and a share of the number"
    scale = np.array([2.0, 2.0, 2.0])
    assert allowed_error(want, TOLERANCE, scale).tolist() == [0.5, 1.0, 2.0], "a share of the larger of both"


def test_numbers_are_right_within_the_allowed_error_and_no_further() -> None:
    want = np.array([4.0, 4.0, 4.0, 4.0, inf, inf, inf, -inf, 4.0, 4.0])
    have = np.array([5.5, 2.5, 5.5001, 2.4999, inf, -inf, 1.0, -inf, inf, nan])
    right = [True, True, False, False, True, False, False, True, False, False]
    assert right_numbers(have, want, TOLERANCE).tolist() == right, "number by number"
    scale = np.full(10, 8.0)
    with_scale = right_numbers(np.full(10, 6.0), np.full(10, 4.0), TOLERANCE, scale)
    assert with_scale.all(), "2 is a quarter of 8"
    assert not right_numbers(np.full(10, 6.0001), np.full(10, 4.0), TOLERANCE, scale).any(), "and no more"
    for got, expected, good in zip(have, want, right, strict=True):
        found = compare(float(got), float(expected), TOLERANCE)
        assert (found is None) == good, f"{got} for {expected}, alone: {found}"
        found = compare(np.array([got]), np.array([expected]), TOLERANCE)
        assert (found is None) == good, f"{got} for {expected}, in an array: {found}"


def test_a_tolerance_of_everything_is_no_excuse_for_what_is_not_finite() -> None:
    wide = Tolerance(0.0, inf)
    for got, expected in ((nan, 1.0), (1.0, inf), (nan, inf), (-inf, inf)):
        assert compare(got, expected, wide) is not None, f"{got} is not {expected}"
        assert compare(np.array([got]), np.array([expected]), wide) is not None, f"{got} is not {expected}, in an array"


def test_most_answers_are_found_right_in_a_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    have, want = np.array([5.5, 4.0]), np.array([4.0, 4.0])
    assert _clearly_right(have, want, TOLERANCE, None), "at the very edge, too"
    assert _clearly_right(have, want, Tolerance(0.25, 0.0), np.array([6.0, 6.0])), "also with a scale"
    assert not _clearly_right(np.array([4.0, 9.0]), want, TOLERANCE, None), "one wrong number is wrong"
    assert not _clearly_right(np.array([inf, 4.0]), np.array([inf, 4.0]), TOLERANCE, None), "inf takes the long way"

    def long_way(value: object) -> None:
        raise AssertionError("one right number must not take the long way")

    monkeypatch.setattr(values, "as_floats", long_way)
    for got in (4.0, 5.5, 2.5, np.float64(5.5)):
        assert compare(got, 4.0, TOLERANCE) is None, f"{got} is right"
    monkeypatch.setattr(values, "as_floats", np.asarray)
    monkeypatch.setattr(values, "right_numbers", lambda *_: long_way(None))
    assert compare(have, want, TOLERANCE) is None, "nor must an array"


@pytest.mark.parametrize(
    ("got", "expected", "code", "shapes"),
    [
        (1.0, np.zeros(3), "one_number", ("()", "(3,)")),
        (np.zeros(2), np.zeros(3), "wrong_shape", ("(2,)", "(3,)")),
        (np.zeros((3, 1)), np.zeros(3), "wrong_shape", ("(3, 1)", "(3,)")),
        (np.zeros(1), 1.0, "no_single_number", ("(1,)", "()")),
        (np.zeros(2), 1.0, "no_single_number", ("(2,)", "()")),
    ],
)
def test_a_wrong_shape_is_told_with_both_shapes(got: Any, expected: Any, code: str, shapes: tuple[str, str]) -> None:
    found = compare(got, expected, TOLERANCE)
    # One number in an array is told as that.
    about: dict[str, Plain] = {"one": True} if np.shape(got) == (1,) else {}
    wanted = Finding(WRONG_TYPE, code, about, {"got": shapes[0], "expected": shapes[1]})
    assert found == wanted, f"{got!r} for {expected!r}: {found}"


def test_the_first_nan_is_placed() -> None:
    got = np.array([[0.0, 1.0, nan], [nan, 0.0, 0.0]])
    assert compare(got, np.zeros((2, 3)), EXACT) == Finding(WRONG_TYPE, "nan", {}, {"at": [0, 2]}), "the first"
    got = np.array([[0.0, 0.0, 0.0], [0.0, nan, 0.0]])
    assert compare(got, np.zeros((2, 3)), EXACT) == Finding(WRONG_TYPE, "nan", {}, {"at": [1, 1]}), "wherever"
    assert compare(nan, 1.0, EXACT) == Finding(WRONG_TYPE, "nan", {}, {"at": []}), "one number has no place"


def test_a_wrong_number_is_told_with_its_error() -> None:
    assert compare(1.0, 4.0, EXACT) == Finding(FAILED, "wrong_value", {}, {"error": "3.0"}), "one number"
    assert compare(inf, 4.0, EXACT) == Finding(FAILED, "infinite", {}, {"error": "np.inf"}), "one that is infinite"
    assert compare(4.0, inf, EXACT) == Finding(FAILED, "wrong_value", {}, {"error": "np.inf"}), "one that should be"
    assert compare(-inf, inf, EXACT) == Finding(FAILED, "wrong_value", {}, {"error": "np.inf"}), "of the other sign"


def test_the_largest_error_among_wrong_numbers_is_placed() -> None:
    got = np.array([[1.0, 2.0, 3.0], [4.0, 5.75, 6.5]])
    want = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert compare(got, want, EXACT) == Finding(
        FAILED,
        "wrong_value",
        {},
        {"wrong": 2, "numbers": 6, "error": "0.75", "at": [1, 1], "got": "5.75", "expected": "5.0"},
    ), "of two wrong numbers the worse"
    near = compare(np.array([101.0, 1.5]), np.array([100.0, 1.0]), Tolerance(0.25, 0.0))
    assert near is not None and near.case["at"] == [1], f"a right number is not the worst, however far off: {near}"
    both = compare(np.array([inf, 1.0, inf]), np.array([inf, 2.0, 3.0]), EXACT)
    assert both is not None and (both.code, both.case["at"], both.case["wrong"]) == ("infinite", [2], 2), f"{both}"
    met = compare(np.array([inf, 1.0]), np.array([inf, 2.0]), EXACT)
    assert met is not None and (met.code, met.case["at"]) == ("wrong_value", [1]), f"an inf that is right: {met}"
    missed = compare(np.array([7.0, 1.0]), np.array([inf, 2.0]), EXACT)
    assert missed is not None and missed.case["at"] == [0], f"an inf that is missed is the worst: {missed}"
    some = compare(np.array([inf, inf]), np.array([inf, 1.0]), EXACT)
    assert some is not None and some.code == "infinite", f"one inf too many: {some}"
    first = compare(np.array([2.0, 2.0]), np.array([1.0, 1.0]), EXACT)
    assert first is not None and first.case["at"] == [0], f"of equal ones the first: {first}"


def test_parts_are_compared_one_by_one() -> None:
    assert compare([1.0, np.zeros(2)], (1.0, np.zeros(2)), EXACT) is None, "a list for a tuple"
    assert compare(np.array([1.0, 2.0]), (1.0, 2.0), EXACT) is None, "or an array"
    inner = Finding(FAILED, "wrong_value", {}, {"error": "1.0"})
    assert compare((1.0, 3.0), (1.0, 2.0), EXACT) == Finding(FAILED, "in_part", {"part": 2}, part=inner), "from 1"
    assert compare((2.0, 3.0), (1.0, 2.0), EXACT) == Finding(FAILED, "in_part", {"part": 1}, part=inner), "the first"
    typed = compare((1.0, "x"), (1.0, 2.0), EXACT)
    assert typed is not None and typed.verdict is WRONG_TYPE, f"the part's verdict: {typed}"
    few = compare((1.0,), (1.0, 2.0), EXACT)
    assert few == Finding(WRONG_TYPE, "wrong_parts", {}, {"got": 1, "expected": 2}), f"too few: {few}"
    many = compare((1.0, 2.0, 3.0), (1.0, 2.0), EXACT)
    assert many == Finding(WRONG_TYPE, "wrong_parts", {}, {"got": 3, "expected": 2}), f"too many: {many}"
    for got in (1.0, np.array(1.0), {"a": 1.0}, "ab"):
        found = compare(got, (1.0, 2.0), EXACT)
        assert found == wrong_type(got, (1.0, 2.0)), f"{got!r} has no parts: {found}"


def test_entries_are_compared_by_key() -> None:
    right = {"a": 1.0, "b": np.zeros(2)}
    assert compare({"b": [0.0, 0.0], "a": 1}, right, EXACT) is None, "in any order"
    inner = Finding(FAILED, "wrong_value", {}, {"error": "1.0"})
    found = compare({"a": 2.0, "b": np.zeros(2)}, right, EXACT)
    assert found == Finding(FAILED, "in_part", {"entry": "a"}, part=inner), f"by name: {found}"
    for got, told in (({"a": 1.0}, "['a']"), ({"a": 1.0, "b": 1.0, "c": 1.0}, "['a', 'b', 'c']")):
        found = compare(got, right, EXACT)
        wanted = Finding(WRONG_TYPE, "wrong_keys", {}, {"got": told, "expected": "['a', 'b']"})
        assert found == wanted, f"other keys: {found}"
    assert compare([1.0, 2.0], right, EXACT) == wrong_type([1.0, 2.0], right), "a list has no keys"
    first = compare({"a": 2.0, "b": np.ones(2)}, right, EXACT)
    assert first is not None and first.about == {"entry": "a"}, f"the first in order: {first}"


def test_a_scale_is_of_each_part() -> None:
    assert compare((1.5, 3.0), (1.0, 2.0), Tolerance(0.25, 0.0), (2.0, 4.0)) is None, "each its own"
    found = compare((1.5, 3.0), (1.0, 2.0), Tolerance(0.25, 0.0), (2.0, 2.0))
    assert found is not None and found.about == {"part": 2}, f"1 is more than a quarter of 2: {found}"
    assert compare({"a": 1.5}, {"a": 1.0}, Tolerance(0.25, 0.0), {"a": 2.0}) is None, "also by key"
    row = compare(np.array([1.5, 1.5]), np.array([1.0, 1.0]), Tolerance(0.25, 0.0), np.array([2.0, 1.0]))
    assert row is not None and (row.case["wrong"], row.case["at"]) == (1, [1]), f"and by place: {row}"
    assert compare(2.0, 1.0, Tolerance(0.25, 9.0), 2.0) is not None, "with a scale there is no absolute allowance"


def test_a_right_value_takes_the_form_of_what_is_expected() -> None:
    found = in_form([1, [2, 3], {"b": [4], "a": 5}], (1.0, np.zeros(2), {"a": 1.0, "b": np.zeros(1)}))
    number, row, entries = found
    assert type(number) is float and number == 1.0, f"a number is a float: {found}"
    assert row.dtype == np.float64 and row.tolist() == [2.0, 3.0], f"a list is an array: {found}"
    assert type(entries["a"]) is float and entries["b"].tolist() == [4.0], f"entry by entry: {found}"
    assert list(entries) == ["a", "b"] and isinstance(found, tuple), f"in the order of what is expected: {found}"


EPS32, EPS16 = float(np.finfo(np.float32).eps), float(np.finfo(np.float16).eps)


@pytest.mark.parametrize(
    ("kind", "off", "told"),
    [
        (np.float32, 60 * EPS32, "float32"),
        (np.float32, 128 * EPS32, None),
        (np.float16, 60 * EPS16, "float16"),
        (np.float16, 128 * EPS16, None),
        (np.float64, 60 * EPS32, None),
    ],
)
@pytest.mark.parametrize("right", [0.25, 1.0, 8.0])
def test_few_digits_may_come_from_a_short_type(kind: Any, off: float, told: str | None, right: float) -> None:
    # Against 1 where a number is smaller, as sums of such numbers are.
    size = max(right, 1.0)
    got = np.array([right + size * off, right], kind)
    finding = compare(got, np.array([right, right]), EXACT)
    assert finding is not None and finding.about.get("dtype") == told, f"{finding}"


def test_every_number_must_be_explained_by_the_type() -> None:
    finding = compare(np.array([1.0 + 60 * EPS32, 2.0], np.float32), np.ones(2), EXACT)
    assert finding is not None and "dtype" not in finding.about, f"one is off by 1: {finding}"


def test_the_worst_of_the_wrong_numbers_is_shown() -> None:
    finding = compare(np.array([5.0, 1.0, 3.0]), np.array([5.0, 2.0, 3.0]), EXACT)
    assert finding is not None and finding.case["at"] == [1], f"where it is: {finding}"


def test_no_number_takes_no_form() -> None:
    for got, expected in (("x", 1.0), (None, np.zeros(1)), ([1.0, 2.0], 1.0)):
        with pytest.raises(TypeError, match="no real numbers"):
            in_form(got, expected)
