"""Public checks of kl_factorized for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import call, expect, expect_error, of_notebook

OK_FORMAT = False
name = "kl_factorized"
points = None
HALF = np.array([0.5, 0.5])
QUARTER = np.array([0.25, 0.75])
TWO_COMPONENTS = {
    "q_marginals": [HALF, np.ones(3) / 3.0],
    "p_marginals": [QUARTER, np.array([0.5, 0.25, 0.25])],
}


def kl_of_joints(q_marginals, p_marginals):  # type: ignore[no-untyped-def]
    """Your kl of your joints, as two long vectors."""
    shape = np.zeros([len(marginal) for marginal in q_marginals])
    q, p = (call(a2.joint, marginals, like=shape) for marginals in (q_marginals, p_marginals))
    return call(a2.kl, q.ravel(), p.ravel(), like=0.0)


@test_case(name="Agrees with your kl of your joints, where these are small")
def kl_factorized__is_the_kl_of_the_joints(env):
    global a2
    a2 = of_notebook(env)
    value = kl_of_joints(*TWO_COMPONENTS.values())
    expect(a2.kl_factorized, *TWO_COMPONENTS.values(), gives=value, because="this is your own kl of your two joints")


@test_case(name="Counts 0 log 0 as 0 in each component")
def kl_factorized__zeros(env):
    global a2
    a2 = of_notebook(env)
    value = np.log(2.0) + 0.5 * np.log(2.0) + 0.5 * np.log(2.0 / 3.0)
    sure = np.array([1.0, 0.0])
    why = "log 2 of the first component, where the excluded value counts 0, and the kl of the second"
    expect(a2.kl_factorized, [sure, HALF], [HALF, QUARTER], gives=value, because=why)


@test_case(name="Handles 200 components")
def kl_factorized__many_components(env):
    global a2
    a2 = of_notebook(env)
    value = 200.0 * (0.5 * np.log(2.0) + 0.5 * np.log(2.0 / 3.0))
    expect(a2.kl_factorized, [HALF] * 200, [QUARTER] * 200, gives=value, because="200 times the value of one component")


@test_case(name="Raises ValueError where the numbers of components differ")
def kl_factorized__lengths(env):
    global a2
    a2 = of_notebook(env)
    why = "q has two components and p has one"
    expect_error(a2.kl_factorized, [HALF, HALF], [HALF], error=ValueError, because=why)
