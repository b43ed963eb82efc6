"""Simpler numbers in a case: nicer to read, and the same case in all that could have been promised of it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograder.authoring.kinds import simpler as module
from autograder.authoring.kinds.simpler import floats_in, same_pattern, simpler

NUMBERS = st.floats(-1e3, 1e3, allow_nan=False).map(lambda x: round(x, 7))
ARRAYS = arrays(np.float64, st.integers(0, 5), elements=NUMBERS)


@given(st.tuples(ARRAYS, ARRAYS, NUMBERS, st.integers(-3, 3)))
def test_order_signs_zeros_and_ties_stay(case: tuple[Any, ...]) -> None:
    before = list(floats_in(case))
    for made in simpler(case):
        after = list(floats_in(made))
        assert same_pattern(before, after), f"{case} became {made}"
        assert [type(value) for value in made] == [type(value) for value in case], f"types changed: {made}"
        assert [np.shape(value) for value in made] == [np.shape(value) for value in case], f"shapes changed: {made}"
        assert made[3] == case[3], "integers by type are left: they may be labels"


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ([1.0, 2.0], [10.0, 20.0], True),
        ([1.0, 2.0], [20.0, 10.0], False),
        ([1.0, 1.0], [1.0, 2.0], False),
        ([1.0, 2.0], [1.0, 1.0], False),
        ([0.0, 2.0], [0.5, 2.0], False),
        ([-1.0, 2.0], [1.0, 2.0], False),
        ([1.0, -2.0], [1.0, 2.0], False),
        ([1.0, -2.0], [1.0, 0.0], False),
        ([1.0, 0.0], [1.0, -2.0], False),
        ([1.0, 0.0], [-1.0, 0.0], False),
        ([1.0, -0.5], [1.0, 0.0], False),
        ([1.0, -0.5], [1.0, -2.0], True),
        ([2.0, 2.0], [3.0, 1.0], False),
        ([1.0, 2.0, 3.0], [2.0, 1.0, 3.0], False),
        ([-1.0, -2.0], [-2.0, -1.0], False),
        ([], [], True),
    ],
)
def test_what_counts_as_the_same_pattern(before: list[float], after: list[float], same: bool) -> None:
    placed = [[(number, True) for number in numbers] for numbers in (before, after)]
    assert same_pattern(*placed) is same, f"{before} and {after}"


def test_numbers_in_arrays_and_outside_are_ordered_each_by_themselves() -> None:
    made = list(simpler((np.array([1.911, 0.122, 2.441]), 0.437)))
    arrays_ = [(value.tolist(), number) for value, number in made]
    assert ([2.0, 1.0, 3.0], 0.5) in arrays_, f"places in place of distances, beside a rounded width: {arrays_}"


@given(st.integers(2, 6), st.integers(0, 1000))
def test_what_sums_to_one_still_does(length: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    q, p = rng.dirichlet(np.full(length, 2.0)), rng.dirichlet(np.full((3, length)[1], 2.0), 3)
    for made in simpler((q, p)):
        for value in made:
            assert np.allclose(value.sum(axis=-1), 1.0, atol=1e-12), f"no distribution any more: {value}"
            assert (value > 0).all(), f"an outcome became impossible: {value}"


def test_the_simplest_comes_first_and_nothing_twice() -> None:
    case = (np.array([0.518605, -1.331, 2.018]),)
    texts = [str(made) for made in simpler(case)]
    assert texts[0] == str((np.array([1.0, -1.0, 2.0]),)), f"places come first: {texts[0]}"
    assert len(texts) == len(set(texts)), "each is a case of its own"
    assert str(case) not in texts, "and none the one before"


def test_what_is_no_number_is_left_alone() -> None:
    case = (np.array([True, False]), "text", None, {"a": [0.25, np.nan, np.inf]}, np.array([1, 2]))
    for made in simpler(case):
        assert made[1:3] == case[1:3] and made[0].tolist() == [True, False], f"{made}"
        assert np.isnan(made[3]["a"][1]) and made[3]["a"][2] == np.inf, f"what is not finite stays: {made}"
        assert made[4].dtype == case[4].dtype and made[4].tolist() == [1, 2], f"integers stay: {made}"


def plain(case: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """What becomes of a case, in order, arrays as lists."""
    return [tuple(x.tolist() if isinstance(x, np.ndarray) else x for x in made) for made in simpler(case)]


ROW = np.array([0.2137, 0.3263, 0.46])


@pytest.mark.parametrize(
    ("case", "wanted"),
    [
        # Its place, halves, tenths, a digit, what is simplest of all, two decimals.
        ((2.4371829,), [(1.0,), (2.5,), (2.4,), (2.0,), (0.5,), (2.44,)]),
        ((-0.4371829,), [(-1.0,), (-0.5,), (-0.4,), (-0.44,), (-0.437,), (-2.0,)]),
        ((np.array([-34.561]),), [([x],) for x in (-1.0, -0.5, -35.0, -34.5, -30.0, -34.6, -34.56, -2.0)]),
        # Both at once from the coarsest on, then the one and the other alone.
        (
            (np.array([1.26, -0.73]),),
            [
                *(([x, y],) for x, y in ((1.0, -1.0), (0.5, -0.5), (1.5, -0.5), (1.25, -0.75), (1.0, -0.7))),
                *(([x, y],) for x, y in ((1.3, -0.7), (1.3, -0.73))),
                *(([1.26, y],) for y in (-1.0, -2.0, -0.5, -0.7)),
                *(([x, -0.73],) for x in (1.0, 2.0, 0.5)),
            ],
        ),
        # Rows stay of sum 1, which the largest number sees to.
        ((ROW,), [([0.2, 0.3, 0.5],), ([0.21, 0.33, 0.46],), ([0.214, 0.326, 0.46],), ([0.2, 0.3263, 0.4737],),
                  ([0.2137, 0.3, 0.4863],)]),
        # Places inside beside rounded numbers outside.
        (
            (np.array([0.26]), 1.3714),
            [
                *(([x], y) for x in (1.0, 0.5) for y in (1.5, 1.4)),
                *(([x], y) for x, y in ((0.5, 1.0), (0.25, 1.25), (0.3, 1.0), (0.3, 1.4), (0.26, 1.37), (0.26, 1.4))),
                *(([x], 1.3714) for x in (1.0, 2.0, 0.5, 0.3)),
                *(([0.26], y) for y in (1.0, 2.0, 0.5)),
            ],
        ),
        ((np.array([3, 4]), "x", [np.inf]), []),
        # Zeros stay zeros, and numbers below 0 are counted from 0 down.
        ((np.array([0.0, -7.77, -3.33]),), None),
    ],
)  # fmt: skip
def test_what_becomes_of_a_case_in_order(case: tuple[Any, ...], wanted: list[tuple[Any, ...]] | None) -> None:
    made = plain(case)
    if wanted is None:
        assert made[:2] == [([0.0, -2.0, -1.0],), ([0.0, -1.0, -0.5],)], f"by places: {made}"
    else:
        assert made == wanted, f"{made}"


def test_every_row_sums_to_one_by_its_own_largest_number() -> None:
    rows = np.array([[0.3, 0.35, 0.31], [0.5, 0.25, 0.2]])
    found = module._summing_to_one(rows.reshape(1, 2, 3))
    assert found.tolist() == [[[0.3, 0.39, 0.31], [0.55, 0.25, 0.2]]], f"whatever the axes before: {found}"
    exact = module._summing_to_one(np.array([[1e-12, 1e-13, 0.9]]))
    assert exact[0, 2] == 0.999999999999 - 0.0, f"to twelve decimals: {exact[0, 2]!r}"


def test_arrays_that_sum_to_nearly_one_are_no_distributions() -> None:
    made = [x for (x,) in plain((np.array([0.2137, 0.3263, 0.46 + 3e-9]),))]
    assert [1.0, 2.0, 3.0] in made, f"their places are taken: {made}"


def test_only_floats_of_an_array_are_numbers() -> None:
    for kind in (np.int64, np.bool_, np.complex128, np.uint8):
        assert list(floats_in(np.ones(2, kind))) == [], f"{kind} stays"
    assert list(floats_in(np.ones(1, np.float32))) == [(1.0, True)], "any float counts"
