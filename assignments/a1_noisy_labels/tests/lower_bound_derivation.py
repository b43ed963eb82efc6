"""Public checks of lower_bound_derivation for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import call, expect_derivation, expect_ends, of_notebook

OK_FORMAT = False
name = "lower_bound_derivation"
points = None
CASES = [{"logit": 0.0, "label": 1, "eps": 0.25}, {"logit": -1.5, "label": -1, "eps": 0.125}]


def of_one(function, logit, label, eps):  # type: ignore[no-untyped-def]
    """One of your sums, of one example."""
    return call(function, np.array([logit]), np.array([label]), eps, like=0.0)


@test_case(name="Every link of your derivation holds, and together they prove the bound")
def lower_bound_derivation__links(env):
    global a1
    a1 = of_notebook(env)
    expect_derivation(a1.lower_bound_derivation, CASES, claim=">=")


@test_case(name="Begins and ends with your own functions, of one example")
def lower_bound_derivation__ends(env):
    global a1
    a1 = of_notebook(env)
    first = ("your log_likelihood", lambda *case: of_one(a1.log_likelihood, *case))
    last = ("minus your soft_cross_entropy", lambda *case: -of_one(a1.soft_cross_entropy, *case))
    expect_ends(a1.lower_bound_derivation, CASES, first=first, last=last)
