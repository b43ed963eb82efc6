"""Simpler numbers in a case: nicer to read, and the same case in all that could have been promised of it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

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
