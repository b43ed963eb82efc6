"""Public checks of joint for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import call, expect, of_notebook

OK_FORMAT = False
name = "joint"
points = None
HALF = np.array([0.5, 0.5])
QUARTER = np.array([0.25, 0.75])


@test_case(name="Is the product of the marginals")
def joint__by_hand(env):
    global a2
    a2 = of_notebook(env)
    value = np.array([[0.125, 0.375], [0.125, 0.375]])
    expect(a2.joint, [HALF, QUARTER], gives=value, because="the entry (i, j) is HALF[i] * QUARTER[j]")


@test_case(name="Has an axis for each component, and sums to 1")
def joint__shape_and_sum(env):
    global a2
    a2 = of_notebook(env)
    marginals = [HALF, np.ones(3) / 3.0, QUARTER, np.ones(1)]
    table = call(a2.joint, marginals, like=np.zeros((2, 3, 2, 1)))
    assert abs(table.sum() - 1.0) < 1e-12, f"the probabilities sum to {table.sum()}, not to 1"
