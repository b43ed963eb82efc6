"""Public checks of smooth_ap_grad for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import FunctionArgument, expect, expect_gradient, of_notebook

OK_FORMAT = False
name = "smooth_ap_grad"
points = None
D_POS = np.array([0.5, 2.0])
D_NEG = np.array([1.0, 3.0, 0.25])
NONE = np.zeros(0)
POSITIVE_PART = FunctionArgument("lambda u: np.maximum(u, 0.0)")
PAIRS = [{"d_pos": D_POS, "d_neg": d_neg, "margin": 0.5, "hinge": POSITIVE_PART} for d_neg in (NONE, D_POS, D_NEG)]


@test_case(name="Is the gradient of your smooth_ap")
def smooth_ap_grad__differences(env):
    global a4
    a4 = of_notebook(env)
    names = ["d_pos", "d_neg", "tau"]
    for d_neg in (D_NEG, D_NEG[:1]):
        expect_gradient(a4.smooth_ap_grad, D_POS, d_neg, 0.5, of=a4.smooth_ap, wrt=names[:2], names=names)


@test_case(name="Is 0 where there is no negative")
def smooth_ap_grad__no_negative(env):
    global a4
    a4 = of_notebook(env)
    expect(a4.smooth_ap_grad, D_POS, NONE, 0.5, gives=(np.zeros(2), NONE), because="Smooth-AP is then always 1")
