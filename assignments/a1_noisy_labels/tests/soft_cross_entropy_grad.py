"""Public checks of soft_cross_entropy_grad for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import expect_gradient, of_notebook

OK_FORMAT = False
name = "soft_cross_entropy_grad"
points = None
LOGITS = np.array([0.5, -1.0, 2.0])
LABELS = np.array([1, 1, -1])


@test_case(name="Is the gradient of your soft_cross_entropy")
def soft_cross_entropy_grad__differences(env):
    global a1
    a1 = of_notebook(env)
    names = ["logits", "labels", "eps"]
    gradient = a1.soft_cross_entropy_grad
    expect_gradient(gradient, LOGITS, LABELS, 0.2, of=a1.soft_cross_entropy, wrt=["logits"], names=names)
