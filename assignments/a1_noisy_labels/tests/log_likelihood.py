"""Public checks of log_likelihood for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import expect, expect_untouched, of_notebook

OK_FORMAT = False
name = "log_likelihood"
points = None
LOG_3 = np.log(3.0)
PLUS = np.array([1])
LOGITS = np.array([0.5, -1.0, 2.0])
LABELS = np.array([1, 1, -1])
LARGE, MINUS = np.array([1000.0]), np.array([-1])


@test_case(name="A logit of 0 makes both labels equally likely, whatever the noise")
def log_likelihood__undecided_network(env):
    global a1
    a1 = of_notebook(env)
    why = "each of the two labels has probability 1/2"
    expect(a1.log_likelihood, np.zeros(2), np.array([1, -1]), 0.2, gives=2.0 * np.log(0.5), because=why)


@test_case(name="Sums over what the true class may have been")
def log_likelihood__by_hand(env):
    global a1
    a1 = of_notebook(env)
    why = "3/4 of class +1 labelled right (3/4), plus 1/4 of class -1 labelled wrong (1/4), is 10/16"
    expect(a1.log_likelihood, np.array([LOG_3]), PLUS, 0.25, gives=np.log(10.0 / 16.0), because=why)
    value = np.log(10.0 / 16.0) + np.log(6.0 / 16.0)
    why = "the first label, +1, has probability 10/16; the second, -1, has 6/16 at the same logit"
    expect(a1.log_likelihood, np.full(2, LOG_3), np.array([1, -1]), 0.25, gives=value, because=why)


@test_case(name="Stays right for a large logit")
def log_likelihood__large_logit(env):
    global a1
    a1 = of_notebook(env)
    expect(a1.log_likelihood, LARGE, MINUS, 0.0, gives=-1000.0, because="log sigma(-1000) is -1000 to 400 digits")


@test_case(name="Leaves its arguments as they were")
def log_likelihood__leaves_arguments(env):
    global a1
    a1 = of_notebook(env)
    expect_untouched(a1.log_likelihood, LOGITS.copy(), LABELS.copy(), 0.2)
