"""Public checks of posterior for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import expect, of_notebook

OK_FORMAT = False
name = "posterior"
points = None
LOG_3 = np.log(3.0)
PLUS = np.array([1])


@test_case(name="With a logit of 0 only the label speaks")
def posterior__undecided_network(env):
    global a1
    a1 = of_notebook(env)
    why = "the label is right with probability 1 - eps = 4/5"
    expect(a1.posterior, np.zeros(2), np.array([1, -1]), 0.2, gives=np.array([0.8, 0.2]), because=why)


@test_case(name="At eps = 1/2 only the network speaks")
def posterior__pure_noise(env):
    global a1
    a1 = of_notebook(env)
    why = "the label says nothing, so that sigma(log 3) = 3/4 remains"
    expect(a1.posterior, np.array([LOG_3]), PLUS, 0.5, gives=np.array([0.75]), because=why)
