"""Public checks of mlp_objective for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import call, expect_gradient, of_notebook

OK_FORMAT = False
name = "mlp_objective"
points = None
LOG_3 = np.log(3.0)
PLUS = np.array([1])
LABELS = np.array([1, 1, -1])
PARAMS = {
    "W": np.array([[0.5, -1.0], [0.25, 0.75]]),
    "b": np.array([0.1, -0.2]),
    "v": np.array([1.0, -0.5]),
    "c": 0.3,
}
X = np.array([[1.0, 0.5], [-0.5, 2.0], [0.0, -1.0]])


@test_case(name="Is the log-likelihood of the network's logits")
def mlp_objective__value(env):
    global a1
    a1 = of_notebook(env)
    params = {**PARAMS, "v": np.zeros(2), "c": LOG_3}
    value, _ = call(a1.mlp_objective, params, X[:1], PLUS, 0.25, like=(0.0, params))
    assert abs(value - np.log(10.0 / 16.0)) < 1e-9, f"with v = 0 every logit is c = log 3: log(10/16), not {value}"


@test_case(name="Its gradient is that of its own value, by every parameter")
def mlp_objective__differences(env):
    global a1
    a1 = of_notebook(env)
    names = ["params", "x", "labels", "eps"]
    expect_gradient(
        a1.mlp_objective,
        *(PARAMS, X, LABELS, 0.2),
        of=a1.mlp_objective,
        wrt=["params"],
        names=names,
        pick=lambda result: result[0],
        pick_gradient=lambda result: result[1],
    )
