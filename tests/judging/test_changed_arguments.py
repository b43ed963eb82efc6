"""Asking a function again with changed arguments: which cases, which changes, and when one is told."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.judging import changed_arguments
from autograder.judging.changed_arguments import (
    MOST_CHANGES,
    Change,
    changes,
    doubting,
    matching,
    telling,
)
from autograder.judging.diagnosis import NOTHING, Observed
from autograder.judging.finding import Finding
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Raised, Returned
from tests.values import changeable

TOLERANCE = Tolerance(0.0, 0.0)
SIGNS = [np.array([1, -1]), np.array([1, 1]), np.array([-1, -1, 1]), np.array([1])]
FLOATS = [np.array([0.5, n]) for n in (1.0, 2.0, 3.0, 4.0)]
SCALARS = [0.25, 0.5, 4.0, 9.0]


def observed(*columns: Any, got: Any = 0.0) -> list[Observed]:
    return [Observed(arguments, Returned(got), 1.0, TOLERANCE) for arguments in zip(*columns, strict=True)]


def found(*columns: Any, names: tuple[str, ...] = ("a", "b", "c")) -> dict[tuple[str, str], Change]:
    """The changes by code and what they are about."""
    return {(c.code, " ".join(map(str, c.about.values()))): c for c in changes(observed(*columns), names)}


def test_labels_of_plus_and_minus_one_may_be_meant_otherwise() -> None:
    made = found(SIGNS)
    assert list(made) == [("labels_as_0_1", "a"), ("labels_turned", "a")], f"as 0 and 1, or turned: {list(made)}"
    as_bits = made["labels_as_0_1", "a"].on(observed(SIGNS))
    assert [arguments[0].tolist() for arguments in as_bits] == [[1, 0], [1, 1], [0, 0, 1], [1]], f"{as_bits}"
    assert all(x.dtype.kind == "i" for (x,) in as_bits), "and stay integers"
    turned = made["labels_turned", "a"].on(observed(SIGNS))
    assert [arguments[0].tolist() for arguments in turned] == [[-1, 1], [-1, -1], [1, 1, -1], [-1]], f"{turned}"


@pytest.mark.parametrize(
    "column",
    [
        [np.array([1, 1])] * 4,
        [*SIGNS[:3], np.array([1, 2])],
        [*SIGNS[:3], np.array([0, -1])],
        [signs > 0 for signs in SIGNS],
        [signs.astype(float) for signs in SIGNS],
        [*SIGNS[:3], -1],
    ],
)
def test_what_is_no_label_is_not_taken_for_one(column: Any) -> None:
    assert not any(code.startswith("labels") for code, _ in found(column)), f"{column}"


def test_two_arguments_of_one_form_may_be_exchanged() -> None:
    other = [array + 9.0 for array in FLOATS]
    made = found(FLOATS, [0, 1, 2, 3], other)
    key = ("exchanged", "['a', 'c']")
    assert key in made, f"the first and the third: {list(made)}"
    exchanged = made[key].on(observed(FLOATS, [0, 1, 2, 3], other))
    for (first, middle, last), mine, yours, number in zip(exchanged, FLOATS, other, range(4), strict=True):
        assert first is yours and last is mine and middle == number, "each in the other's place, and no other"


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        (FLOATS, FLOATS, True),
        (SCALARS, SCALARS, True),
        ([[1, 2]] * 4, [[3, 4]] * 4, True),
        ([[1, 2]] * 4, [[3]] * 4, False),
        ([[3]] * 4, [[1, 2]] * 4, False),
        ([[1, 2]] * 4, [(1, 2)] * 4, False),
        (FLOATS, [array[:1] for array in FLOATS], False),
        ([array[:1] for array in FLOATS], FLOATS, False),
        (FLOATS, [array.astype(np.float32) for array in FLOATS], False),
        ([array.astype(np.float32) for array in FLOATS], FLOATS, False),
        (FLOATS, [array.astype(int) for array in FLOATS], False),
        (FLOATS, [list(array) for array in FLOATS], False),
        ([1, 2, 3, 4], [5, 6, 7, 8], False),
        (SCALARS, [1, 2, 3, 4], False),
        ([1, 2, 3, 4], SCALARS, False),
        (FLOATS, [*FLOATS[:3], FLOATS[3][:1]], False),
        (["x"] * 4, ["y"] * 4, False),
    ],
)
def test_arguments_of_other_forms_are_not_exchanged(one: Any, other: Any, may: bool) -> None:
    assert any(code == "exchanged" for code, _ in found(one, other)) is may, f"{one} and {other}"


def test_a_positive_number_may_be_taken_for_another() -> None:
    made = found(SCALARS)
    forms = {
        "{} / 2": [0.5, 1.0, 8.0, 18.0],
        "2 {}": [0.125, 0.25, 2.0, 4.5],
        "the square root of {}": [0.0625, 0.25, 16.0, 81.0],
        "{}²": [0.5, 0.5**0.5, 2.0, 3.0],
        "1 / {}": [4.0, 2.0, 0.25, 1 / 9],
        "1 - {}": [0.75, 0.5, -3.0, -8.0],
    }
    assert list(made) == [("argument_taken_for", f"a {form}") for form in forms], f"what it takes it for: {list(made)}"
    assert len(found([0.25, 0.5, 4.0, 4.0])) == len(forms), "three different ones are enough"
    for form, numbers in forms.items():
        asked = [x for (x,) in made["argument_taken_for", f"a {form}"].on(observed(SCALARS))]
        assert asked == numbers, f"a function that takes a for {form} is right for {numbers}: {asked}"


@pytest.mark.parametrize(
    "column", [[0.5, 0.5, 4.0, 4.0], [0.5] * 4, [*SCALARS[:3], 0.0], [*SCALARS[:3], -1.0], [1, 2, 3, 4]]
)
def test_what_is_no_changing_positive_number_is_not_taken_for_another(column: Any) -> None:
    assert found(column) == {}, f"{column}: {found(column)}"


def test_an_array_of_numbers_may_be_negated() -> None:
    made = found(FLOATS)
    assert list(made) == [("argument_negated", "a")], f"{list(made)}"
    asked = made["argument_negated", "a"].on(observed(FLOATS))
    assert all(np.array_equal(x, -given) for (x,), given in zip(asked, FLOATS, strict=True)), f"{asked}"
    for column in (
        [*FLOATS[:3], np.zeros(0)],
        [array.astype(int) for array in FLOATS],
        [list(a) for a in FLOATS],
        [a > 1 for a in FLOATS],
    ):
        assert not any(code == "argument_negated" for code, _ in found(column)), f"{column} is none"
    assert FLOATS[0].tolist() == [0.5, 1.0], "the case itself is left alone"


def test_the_likeliest_changes_come_first_and_not_too_many() -> None:
    columns = (FLOATS, SIGNS, FLOATS, SCALARS, SCALARS, SCALARS, SCALARS)
    made = changes(observed(*columns), tuple("abcdefg"))
    codes = list(dict.fromkeys(change.code for change in made))
    assert codes == ["labels_as_0_1", "labels_turned", "exchanged", "argument_negated", "argument_taken_for"], (
        f"{codes}"
    )
    assert len(made) == MOST_CHANGES == 24, f"each is a call: {len(made)}"
    assert [change.about for change in made[:3]] == [{"argument": "b"}, {"argument": "b"}, {"arguments": ["a", "c"]}]
    assert changes(observed(SIGNS[:3]), ("a",)) == [], "three cases could agree by chance"
    assert len(changes(observed(SIGNS), ("a",))) == 2, "four are enough"
    assert len(changes(observed([*SIGNS, SIGNS[0]]), ("a",))) == 2, "and five no fewer"
    labels = changes(observed(SIGNS, SCALARS, FLOATS), ("a", "b", "c"))[0].on(observed(SIGNS, SCALARS, FLOATS))
    assert all(b is mine and c is yours for (_, b, c), mine, yours in zip(labels, SCALARS, FLOATS, strict=True)), (
        "what is not changed stays as it is"
    )


def case(size: int, answer: Any = None, expected: Any = 1.0) -> Observed:
    return Observed((np.zeros(size), 2.0), answer or Returned(0.0), expected, TOLERANCE)


def test_the_smallest_wrong_cases_are_asked_again() -> None:
    sizes = [9, 3, 12, 5, 1, 8, 2, 7, 6, 4]
    asked = telling([case(size) for size in sizes])
    assert [len(each.arguments[0]) for each in asked] == [1, 2, 3, 4, 5, 6, 7, 8], "eight, the smallest first"
    right = [case(1, Returned(1.0)), case(2, Raised(("ValueError",), "")), case(3, expected=NOTHING), case(4)]
    assert telling(right) == [right[3]], "of which a value came back that is not right"
    listed = [Observed(([0] * 99, {"a": 1}), Returned(0.0), 1.0, TOLERANCE), case(1)]
    assert telling(listed) == listed, "lists and dicts are of no size"
    two = [Observed((np.zeros(2), np.zeros(2)), Returned(0.0), 1.0, TOLERANCE), case(2)]
    assert telling(two) == [two[1], two[0]], "all arrays count"


def test_a_change_is_told_where_it_is_right_on_every_case() -> None:
    cases = observed(SIGNS)
    change = Change("labels_turned", {"argument": "a"}, lambda arguments: arguments)
    right = [Returned(1.0)] * 4
    told = Finding(Verdict.FAILED, "labels_turned", {"argument": "a", "cases": 4})
    assert matching(cases, change, right) == told, "what it is about, and on how many cases"
    for place in range(4):
        for other in (Returned(0.0), Raised(("ValueError",), "")):
            answers: list[Any] = [*right]
            answers[place] = other
            assert matching(cases, change, answers) is None, f"on case {place} {other} refutes it"


def test_values_do_not_change() -> None:
    assert changeable(changed_arguments) == [], "a value that can change is no fact"


def test_a_change_makes_new_arguments() -> None:
    made: Callable[[Any], Any] = changes(observed(SIGNS), ("a",))[0].make
    arguments = (SIGNS[0],)
    assert made(arguments) is not arguments and arguments[0].tolist() == [1, -1], "those of the case stay"


def test_right_cases_of_the_same_form_may_refute_what_explains_the_wrong_ones() -> None:
    asked = [case(2), Observed((np.zeros(2), "text"), Returned(0.0), 1.0, TOLERANCE)]
    right = [case(size, Returned(1.0)) for size in (9, 3, 7, 1, 5)]
    others = [
        case(4),
        Observed((np.zeros(2), "text"), Returned(1.0), 1.0, TOLERANCE),
        Observed((np.zeros(2), 0.0), Returned(1.0), 1.0, TOLERANCE),
        Observed((np.zeros(0), 2.0), Returned(1.0), 1.0, TOLERANCE),
        Observed((np.array([1, -1]), 2.0), Returned(1.0), 1.0, TOLERANCE),
        Observed(([0.0, 0.0], 2.0), Returned(1.0), 1.0, TOLERANCE),
    ]
    found = doubting([*right, *others], asked)
    sizes = [len(each.arguments[0]) for each in found]
    assert sizes == [1, 3, 5, 7], f"right, of the first one's form, the four smallest: {sizes}"
    lists = [Observed((list(range(n)), 2.0), Returned(1.0), 1.0, TOLERANCE) for n in (2, 3, 2)]
    same = doubting(lists, [Observed(([5, 6], 2.0), Returned(0.0), 1.0, TOLERANCE)])
    assert [each.arguments[0] for each in same] == [[0, 1], [0, 1]], f"lists of one length: {same}"


def test_signs_are_integers_by_type() -> None:
    for kind in (np.uint8, np.float64, np.complex128):
        column = [np.ones(2, kind)] * 3 + [np.ones(1, kind)]
        assert not any(code.startswith("labels") for code, _ in found(column)), f"{kind} are no labels"
