"""Public checks of lower_bound_derivation for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import FunctionArgument, expect_derivation, expect_ends, expect_uses, of_notebook

OK_FORMAT = False
name = "lower_bound_derivation"
points = None
HALF, THIRDS = np.array([0.5, 0.5]), np.array([0.25, 0.25, 0.5])
Q, LOG = np.array([0.125, 0.375, 0.5]), FunctionArgument("np.log")
CASES = [
    {"noise": HALF, "soft": HALF, "q": Q[:2], "log": LOG},
    {"noise": THIRDS, "soft": THIRDS, "q": Q, "log": LOG},
    {"noise": Q[::-1].copy(), "soft": Q[::-1].copy(), "q": Q, "log": LOG},
    {"noise": THIRDS, "soft": Q, "q": Q, "log": LOG},
]


@test_case(name="Every link of your derivation holds, and together they prove the bound")
def lower_bound_derivation__links(env):
    global a1
    a1 = of_notebook(env)
    expect_derivation(a1.lower_bound_derivation, CASES[:3], claim=">=")


@test_case(name="Begins and ends with the two sides of the claim, also where the soft labels are not the noise")
def lower_bound_derivation__ends(env):
    global a1
    a1 = of_notebook(env)
    left = ("log(sum noise q)", lambda noise, soft, q, log: log(np.sum(noise * q)))
    right = ("sum soft log(q)", lambda noise, soft, q, log: np.sum(soft * log(q)))
    expect_ends(a1.lower_bound_derivation, CASES, first=left, last=right)


@test_case(name="Uses that the soft labels are the noise model")
def lower_bound_derivation__uses_the_noise_model(env):
    global a1
    a1 = of_notebook(env)
    expect_uses(a1.lower_bound_derivation, CASES[3:], that="the soft labels are the noise model")
