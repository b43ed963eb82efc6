"""Public checks of decomposition_derivation for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import call, expect_derivation, expect_ends, of_notebook

OK_FORMAT = False
name = "decomposition_derivation"
points = None
HALF = np.array([0.5, 0.5])
QUARTER = np.array([0.25, 0.75])
TWO_COMPONENTS = {
    "q_marginals": [HALF, np.ones(3) / 3.0],
    "p_marginals": [QUARTER, np.array([0.5, 0.25, 0.25])],
}
CASES = [{"q_marginals": [HALF], "p_marginals": [QUARTER]}, TWO_COMPONENTS]


def kl_of_joints(q_marginals, p_marginals):  # type: ignore[no-untyped-def]
    """Your kl of your joints, as two long vectors."""
    shape = np.zeros([len(marginal) for marginal in q_marginals])
    q, p = (call(a2.joint, marginals, like=shape) for marginals in (q_marginals, p_marginals))
    return call(a2.kl, q.ravel(), p.ravel(), like=0.0)


@test_case(name="Every link of your derivation holds, and together they prove the equality")
def decomposition_derivation__links(env):
    global a2
    a2 = of_notebook(env)
    expect_derivation(a2.decomposition_derivation, CASES, claim="=")


@test_case(name="Begins with your kl of your joints, and ends with your kl_factorized")
def decomposition_derivation__ends(env):
    global a2
    a2 = of_notebook(env)
    first = ("your kl of your joints", kl_of_joints)
    last = ("your kl_factorized", lambda q, p: call(a2.kl_factorized, q, p, like=0.0))
    expect_ends(a2.decomposition_derivation, CASES, first=first, last=last)
