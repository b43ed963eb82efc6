"""Public checks of log_likelihood_grad for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import expect, expect_gradient, of_notebook

OK_FORMAT = False
name = "log_likelihood_grad"
points = None
LOGITS = np.array([0.5, -1.0, 2.0])
LABELS = np.array([1, 1, -1])
LARGE, MINUS = np.array([1000.0]), np.array([-1])


@test_case(name="Is the gradient of your log_likelihood")
def log_likelihood_grad__differences(env):
    global a1
    a1 = of_notebook(env)
    names = ["logits", "labels", "eps"]
    expect_gradient(a1.log_likelihood_grad, LOGITS, LABELS, 0.2, of=a1.log_likelihood, wrt=["logits"], names=names)


@test_case(name="Is 0 where labels say nothing (eps = 1/2)")
def log_likelihood_grad__pure_noise(env):
    global a1
    a1 = of_notebook(env)
    why = "at eps = 1/2 a label has probability 1/2, whatever the logit"
    expect(a1.log_likelihood_grad, LOGITS, LABELS, 0.5, gives=np.zeros(3), because=why)


@test_case(name="Stays right for a large logit")
def log_likelihood_grad__large_logit(env):
    global a1
    a1 = of_notebook(env)
    why = "the derivative of log sigma(-a) is -sigma(a), here -1"
    expect(a1.log_likelihood_grad, LARGE, MINUS, 0.0, gives=np.array([-1.0]), because=why)
