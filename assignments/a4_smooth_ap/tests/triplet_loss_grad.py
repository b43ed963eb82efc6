"""Public checks of triplet_loss_grad for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import expect, expect_gradient, of_notebook

OK_FORMAT = False
name = "triplet_loss_grad"
points = None
D_POS = np.array([0.5, 2.0])
D_NEG = np.array([1.0, 3.0, 0.25])


@test_case(name="Is the gradient of your triplet_loss")
def triplet_loss_grad__differences(env):
    global a4
    a4 = of_notebook(env)
    names = ["d_pos", "d_neg", "margin"]
    arguments = (D_POS, D_NEG, 0.3125)
    expect_gradient(a4.triplet_loss_grad, *arguments, of=a4.triplet_loss, wrt=names[:2], names=names)


@test_case(name="Is 0 at the kink")
def triplet_loss_grad__kink(env):
    global a4
    a4 = of_notebook(env)
    why = "d_p - d_n + margin is exactly 0"
    gives = (np.zeros(1), np.zeros(1))
    expect(a4.triplet_loss_grad, np.array([1.0]), np.array([1.5]), 0.5, gives=gives, because=why)
