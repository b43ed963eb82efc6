"""Public checks of decomposition_derivation for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import expect_derivation, expect_ends, expect_uses, of_notebook

OK_FORMAT = False
name = "decomposition_derivation"
points = None
HALF = np.array([0.5, 0.5])
QUARTER = np.array([0.25, 0.75])
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


def of_components(q, p, q_marginals, p_marginals):  # type: ignore[no-untyped-def]
    """The right side of the claim."""
    total = 0.0
    for q_i, p_i in zip(q_marginals, p_marginals, strict=True):
        total += np.sum(q_i * (np.log(q_i) - np.log(p_i)))
    return total


@test_case(name="Every link of your derivation holds, and together they prove the equality")
def decomposition_derivation__links(env):
    global a2
    a2 = of_notebook(env)
    expect_derivation(a2.decomposition_derivation, CASES[:2], claim="=")


@test_case(name="Begins and ends with the two sides of the claim, also where q is no product")
def decomposition_derivation__ends(env):
    global a2
    a2 = of_notebook(env)
    left = ("sum q log(q / p)", lambda q, p, *_: np.sum(q * (np.log(q) - np.log(p))))
    right = ("sum_i sum q_i log(q_i / p_i)", of_components)
    expect_ends(a2.decomposition_derivation, CASES, first=left, last=right)


@test_case(name="Uses that q and p are the products of their marginals")
def decomposition_derivation__uses_the_products(env):
    global a2
    a2 = of_notebook(env)
    expect_uses(a2.decomposition_derivation, CASES[2:], that="q and p are the products of their marginals")
