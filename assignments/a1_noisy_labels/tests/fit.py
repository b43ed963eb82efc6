"""Public checks of fit for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import call, of_notebook

OK_FORMAT = False
name = "fit"
points = None
LABELS = np.array([1, 1, -1])
X = np.array([[1.0, 0.5], [-0.5, 2.0], [0.0, -1.0]])
FOUR_HIDDEN = {"W": np.zeros((4, 2)), "b": np.zeros(4), "v": np.zeros(4), "c": 0.0}


@test_case(name="Returns the parameters of mlp_objective, the same for the same seed")
def fit__shapes_and_seed(env):
    global a1
    a1 = of_notebook(env)
    one, two = (call(a1.fit, X, LABELS, 0.2, 4, 3, 0.1, 5, like=FOUR_HIDDEN) for _ in range(2))
    assert all(np.array_equal(one[key], two[key]) for key in one), "two calls with seed 5 gave different parameters"


@test_case(name="More steps reach a higher likelihood")
def fit__climbs(env):
    global a1
    a1 = of_notebook(env)
    few, many = (call(a1.fit, X, LABELS, 0.1, 4, steps, 0.2, 5, like=FOUR_HIDDEN) for steps in (1, 200))
    reached = (0.0, FOUR_HIDDEN)
    before, after = (call(a1.mlp_objective, params, X, LABELS, 0.1, like=reached)[0] for params in (few, many))
    assert after > before, f"200 steps reach {after}, one step reaches {before}: do they go uphill?"
