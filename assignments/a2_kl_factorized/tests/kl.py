"""Public checks of kl for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import expect, expect_error, expect_untouched, of_notebook

OK_FORMAT = False
name = "kl"
points = None
HALF = np.array([0.5, 0.5])
QUARTER = np.array([0.25, 0.75])


@test_case(name="Is the expectation under q, not under p")
def kl__by_hand(env):
    global a2
    a2 = of_notebook(env)
    value = 0.5 * np.log(2.0) + 0.5 * np.log(2.0 / 3.0)
    expect(a2.kl, HALF, QUARTER, gives=value, because="1/2 log(1/2 / 1/4) + 1/2 log(1/2 / 3/4)")


@test_case(name="Is 0 for a distribution and itself")
def kl__itself(env):
    global a2
    a2 = of_notebook(env)
    expect(a2.kl, QUARTER, QUARTER.copy(), gives=0.0, because="every quotient is 1")


@test_case(name="Counts 0 log 0 as 0, and is inf where q allows what p excludes")
def kl__zeros(env):
    global a2
    a2 = of_notebook(env)
    sure = np.array([1.0, 0.0])
    expect(a2.kl, sure, HALF, gives=np.log(2.0), because="1 log(1 / 1/2), and the value that q excludes counts 0")
    expect(a2.kl, HALF, sure, gives=np.inf, because="q gives 1/2 to a value that p excludes")


@test_case(name="Raises ValueError where the lengths differ")
def kl__lengths(env):
    global a2
    a2 = of_notebook(env)
    expect_error(a2.kl, HALF, np.ones(3) / 3.0, error=ValueError, because="the two have 2 and 3 values")
    expect_error(
        a2.kl, HALF, np.ones(1), error=ValueError, because="the two have 2 and 1 values; NumPy would stretch one"
    )


@test_case(name="Leaves its arguments as they were")
def kl__leaves_arguments(env):
    global a2
    a2 = of_notebook(env)
    expect_untouched(a2.kl, np.array([0.0, 1.0]), HALF.copy())
