"""Public checks of Assignment 2: run `pytest` in this folder. Small cases, worked by hand; hidden checks follow."""

import kl_factorized as a2
import numpy as np

from autograder.public import (
    call,
    expect,
    expect_derivation,
    expect_ends,
    expect_error,
    expect_untouched,
    expect_uses,
)

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
    expect_error(
        a2.kl, HALF, np.ones(1), error=ValueError, because="the two have 2 and 1 values; NumPy would stretch one"
    )


def test_kl__leaves_arguments() -> None:
    """Leaves its arguments as they were"""
    expect_untouched(a2.kl, np.array([0.0, 1.0]), HALF.copy())


def test_joint__by_hand() -> None:
    """Is the product of the marginals"""
    value = np.array([[0.125, 0.375], [0.125, 0.375]])
    expect(a2.joint, [HALF, QUARTER], gives=value, because="the entry (i, j) is HALF[i] * QUARTER[j]")


def test_joint__shape_and_sum() -> None:
    """Has an axis for each component, and sums to 1"""
    marginals = [HALF, np.ones(3) / 3.0, QUARTER, np.ones(1)]
    table = call(a2.joint, marginals, like=np.zeros((2, 3, 2, 1)))
    assert abs(table.sum() - 1.0) < 1e-12, f"the probabilities sum to {table.sum()}, not to 1"


TWO_COMPONENTS = {
    "q_marginals": [HALF, np.ones(3) / 3.0],
    "p_marginals": [QUARTER, np.array([0.5, 0.25, 0.25])],
}


def kl_of_joints(q_marginals, p_marginals):  # type: ignore[no-untyped-def]
    """Your kl of your joints, as two long vectors."""
    shape = np.zeros([len(marginal) for marginal in q_marginals])
    q, p = (call(a2.joint, marginals, like=shape) for marginals in (q_marginals, p_marginals))
    return call(a2.kl, q.ravel(), p.ravel(), like=0.0)


def test_kl_factorized__is_the_kl_of_the_joints() -> None:
    """Agrees with your kl of your joints, where these are small"""
    value = kl_of_joints(*TWO_COMPONENTS.values())
    expect(a2.kl_factorized, *TWO_COMPONENTS.values(), gives=value, because="this is your own kl of your two joints")


def test_kl_factorized__zeros() -> None:
    """Counts 0 log 0 as 0 in each component"""
    value = np.log(2.0) + 0.5 * np.log(2.0) + 0.5 * np.log(2.0 / 3.0)
    sure = np.array([1.0, 0.0])
    why = "log 2 of the first component, where the excluded value counts 0, and the kl of the second"
    expect(a2.kl_factorized, [sure, HALF], [HALF, QUARTER], gives=value, because=why)


def test_kl_factorized__many_components() -> None:
    """Handles 200 components"""
    value = 200.0 * (0.5 * np.log(2.0) + 0.5 * np.log(2.0 / 3.0))
    expect(a2.kl_factorized, [HALF] * 200, [QUARTER] * 200, gives=value, because="200 times the value of one component")


def test_kl_factorized__lengths() -> None:
    """Raises ValueError where the numbers of components differ"""
    why = "q has two components and p has one"
    expect_error(a2.kl_factorized, [HALF, HALF], [HALF], error=ValueError, because=why)


# In the last case the two components of q depend on each other; in the others both assumptions hold.
DEPENDENT = np.array([[0.5, 0.125], [0.125, 0.25]])
OTHER = np.array([0.625, 0.375])
CASES = [
    {"q": HALF, "p": QUARTER, "q_marginals": [HALF], "p_marginals": [QUARTER]},
    {
        "q": np.outer(HALF, QUARTER),
        "p": np.outer(QUARTER, QUARTER),
        "q_marginals": [HALF, QUARTER],
        "p_marginals": [QUARTER, QUARTER],
    },
    {
        "q": DEPENDENT,
        "p": np.outer(HALF, QUARTER),
        "q_marginals": [OTHER, OTHER],
        "p_marginals": [HALF, QUARTER],
    },
]


def test_decomposition_derivation__links() -> None:
    """Every link of your derivation holds, and together they prove the equality"""
    expect_derivation(a2.decomposition_derivation, CASES[:2], claim="=")


def of_components(q, p, q_marginals, p_marginals):  # type: ignore[no-untyped-def]
    """The right side of the claim."""
    total = 0.0
    for q_i, p_i in zip(q_marginals, p_marginals, strict=True):
        total += np.sum(q_i * (np.log(q_i) - np.log(p_i)))
    return total


def test_decomposition_derivation__ends() -> None:
    """Begins and ends with the two sides of the claim, also where q is no product"""
    left = ("sum q log(q / p)", lambda q, p, *_: np.sum(q * (np.log(q) - np.log(p))))
    right = ("sum_i sum q_i log(q_i / p_i)", of_components)
    expect_ends(a2.decomposition_derivation, CASES, first=left, last=right)


def test_decomposition_derivation__uses_the_products() -> None:
    """Uses that q and p are the products of their marginals"""
    expect_uses(a2.decomposition_derivation, CASES[2:], that="q and p are the products of their marginals")
