"""Public checks of smooth_map_grad for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import expect_error, expect_gradient, of_notebook

OK_FORMAT = False
name = "smooth_map_grad"
points = None
EMBEDDINGS = np.array([[0.0, 1.0], [1.0, 0.5], [-1.0, 0.25], [0.5, -1.0], [2.0, 2.0]])
LABELS = np.array([0, 0, 1, 0, 1])


@test_case(name="Is the gradient of your smooth_map")
def smooth_map_grad__differences(env):
    global a4
    a4 = of_notebook(env)
    names = ["embeddings", "labels", "tau"]
    # In the second, only the first two rows have a partner.
    for labels in (LABELS, np.array([0, 0, 1, 2, 3])):
        expect_gradient(a4.smooth_map_grad, EMBEDDINGS, labels, 0.5, of=a4.smooth_map, wrt=names[:1], names=names)


@test_case(name="Raises ValueError where no row has a partner")
def smooth_map_grad__no_partner(env):
    global a4
    a4 = of_notebook(env)
    expect_error(a4.smooth_map_grad, EMBEDDINGS, np.arange(5), 0.5, error=ValueError, because="all labels differ")
