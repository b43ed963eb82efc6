"""Public checks of soft_cross_entropy for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import expect, of_notebook

OK_FORMAT = False
name = "soft_cross_entropy"
points = None
LOG_3 = np.log(3.0)
PLUS = np.array([1])
LABELS = np.array([1, 1, -1])
LARGE, MINUS = np.array([1000.0]), np.array([-1])


@test_case(name="Weighs both classes by the softened label, and is positive")
def soft_cross_entropy__by_hand(env):
    global a1
    a1 = of_notebook(env)
    value = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    why = "the softened label (3/4, 1/4) meets the prediction (3/4, 1/4)"
    expect(a1.soft_cross_entropy, np.array([LOG_3]), PLUS, 0.25, gives=value, because=why)


@test_case(name="Is a sum over the examples, not a mean")
def soft_cross_entropy__is_a_sum(env):
    global a1
    a1 = of_notebook(env)
    why = "each of the three examples costs log 2"
    expect(a1.soft_cross_entropy, np.zeros(3), LABELS, 0.3, gives=3.0 * np.log(2.0), because=why)


@test_case(name="Stays right for a large logit")
def soft_cross_entropy__large_logit(env):
    global a1
    a1 = of_notebook(env)
    expect(a1.soft_cross_entropy, LARGE, MINUS, 0.25, gives=750.0, because="3/4 of 1000, and 1/4 of 0")
