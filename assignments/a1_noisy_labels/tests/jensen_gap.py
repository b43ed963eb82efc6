"""Public checks of jensen_gap for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import expect, of_notebook

OK_FORMAT = False
name = "jensen_gap"
points = None
LOG_3 = np.log(3.0)
PLUS = np.array([1])
LOGITS = np.array([0.5, -1.0, 2.0])
LABELS = np.array([1, 1, -1])
LARGE, MINUS = np.array([1000.0]), np.array([-1])


@test_case(name="Is 0 where there is no noise")
def jensen_gap__no_noise(env):
    global a1
    a1 = of_notebook(env)
    why = "at eps = 0 the loss is the negative log-likelihood"
    expect(a1.jensen_gap, LOGITS, LABELS, 0.0, gives=np.zeros(3), because=why)


@test_case(name="Is the difference of the log-likelihood and the bound, for each example")
def jensen_gap__by_hand(env):
    global a1
    a1 = of_notebook(env)
    value = np.log(0.5) - (np.log(0.75) + np.log(0.25)) / 2.0
    why = "log p(t | x) is log 1/2, and the bound the mean of log 3/4 and log 1/4"
    expect(a1.jensen_gap, np.array([LOG_3]), PLUS, 0.5, gives=np.array([value]), because=why)


@test_case(name="Stays right for a large logit")
def jensen_gap__large_logit(env):
    global a1
    a1 = of_notebook(env)
    why = "log p(t | x) is log 1/4, and the bound is -3/4 of 1000"
    expect(a1.jensen_gap, LARGE, MINUS, 0.25, gives=np.array([np.log(0.25) + 750.0]), because=why)
