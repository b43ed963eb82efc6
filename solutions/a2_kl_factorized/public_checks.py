"""Public checks of Assignment 2: run `pytest` in this folder. Small cases, worked by hand; hidden checks follow."""

import kl_factorized as a2
import numpy as np

from autograder.public import call, expect, expect_derivation, expect_error, expect_untouched

HALF = np.array([0.5, 0.5])
QUARTER = np.array([0.25, 0.75])


def test_kl__by_hand() -> None:
    """Is the expectation under q, not under p"""
    value = 0.5 * np.log(2.0) + 0.5 * np.log(2.0 / 3.0)
    expect(a2.kl, HALF, QUARTER, gives=value, because="1/2 log(1/2 / 1/4) + 1/2 log(1/2 / 3/4)")


def test_kl__itself() -> None:
    """Is 0 for a distribution and itself"""
    expect(a2.kl, QUARTER, QUARTER.copy(), gives=0.0, because="every quotient is 1")


def test_kl__zeros() -> None:
    """Counts 0 log 0 as 0, and is inf where q allows what p excludes"""
    sure = np.array([1.0, 0.0])
    expect(a2.kl, sure, HALF, gives=np.log(2.0), because="1 log(1 / 1/2), and the value that q excludes counts 0")
    expect(a2.kl, HALF, sure, gives=np.inf, because="q gives 1/2 to a value that p excludes")


def test_kl__lengths() -> None:
    """Raises ValueError where the lengths differ"""
    expect_error(a2.kl, HALF, np.ones(3) / 3.0, error=ValueError, because="the two have 2 and 3 values")


def test_kl__leaves_arguments() -> None:
    """Leaves its arguments as they were"""
    expect_untouched(a2.kl, np.array([0.0, 1.0]), HALF.copy())


def test_joint__by_hand() -> None:
    """Is the product of the marginals"""
    value = np.array([[0.125, 0.375], [0.125, 0.375]])
    expect(a2.joint, [HALF, QUARTER], gives=value, because="the entry (i, j) is HALF[i] * QUARTER[j]")


def test_joint__shape_and_sum() -> None:
    """Has an axis for each component, and sums to 1"""
    table = np.asarray(call(a2.joint, [HALF, np.ones(3) / 3.0, QUARTER, np.ones(1)]))
    assert table.shape == (2, 3, 2, 1), (
        f"marginals of lengths 2, 3, 2, 1 make the shape (2, 3, 2, 1), not {table.shape}"
    )
    assert abs(table.sum() - 1.0) < 1e-12, f"the probabilities sum to {table.sum()}, not to 1"


def test_kl_factorized__is_the_kl_of_the_joints() -> None:
    """Agrees with your kl of your joints, where these are small"""
    q, p = [HALF, np.ones(3) / 3.0], [QUARTER, np.array([0.5, 0.25, 0.25])]
    value = call(a2.kl, np.ravel(call(a2.joint, q)), np.ravel(call(a2.joint, p)))
    expect(a2.kl_factorized, q, p, gives=float(value), because="this is your own kl of the two joints")


def test_kl_factorized__many_components() -> None:
    """Handles 200 components"""
    value = 200.0 * (0.5 * np.log(2.0) + 0.5 * np.log(2.0 / 3.0))
    expect(a2.kl_factorized, [HALF] * 200, [QUARTER] * 200, gives=value, because="200 times the value of one component")


def test_kl_factorized__lengths() -> None:
    """Raises ValueError where the numbers of components differ"""
    why = "q has two components and p has one"
    expect_error(a2.kl_factorized, [HALF, HALF], [HALF], error=ValueError, because=why)


def test_decomposition_derivation__links() -> None:
    """Every link of your derivation holds"""
    cases = [
        {"q_marginals": [HALF], "p_marginals": [QUARTER]},
        {"q_marginals": [HALF, np.ones(3) / 3.0], "p_marginals": [QUARTER, np.array([0.5, 0.25, 0.25])]},
    ]
    expect_derivation(call(a2.decomposition_derivation), cases)
