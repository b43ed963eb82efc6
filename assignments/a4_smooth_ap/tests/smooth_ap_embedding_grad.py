"""Public checks of smooth_ap_embedding_grad for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import call, expect_gradient, of_notebook

OK_FORMAT = False
name = "smooth_ap_embedding_grad"
points = None
EMBEDDINGS = np.array([[0.0, 1.0], [1.0, 0.5], [-1.0, 0.25], [0.5, -1.0], [2.0, 2.0]])


def to_distances(anchor, positives, negatives, tau):  # type: ignore[no-untyped-def]
    """The arguments of smooth_ap for these embeddings."""
    lengths = [np.sqrt(((rows - anchor) ** 2).sum(axis=1)) for rows in (positives, negatives)]
    return (*lengths, tau)


@test_case(name="Is the gradient of your smooth_ap through the distances")
def smooth_ap_embedding_grad__differences(env):
    global a4
    a4 = of_notebook(env)
    names = ["anchor", "positives", "negatives", "tau"]
    arguments = (EMBEDDINGS[0], EMBEDDINGS[1:3], EMBEDDINGS[3:], 0.5)
    gradient = a4.smooth_ap_embedding_grad
    expect_gradient(gradient, *arguments, of=a4.smooth_ap, wrt=names[:3], names=names, through=to_distances)


@test_case(name="Takes the subgradient 0 where an example lies on the anchor")
def smooth_ap_embedding_grad__zero_distance(env):
    global a4
    a4 = of_notebook(env)
    arguments = (EMBEDDINGS[0], EMBEDDINGS[:2], EMBEDDINGS[2:])
    _, g_positives, _ = call(a4.smooth_ap_embedding_grad, *arguments, 0.5, like=arguments)
    assert np.all(g_positives[0] == 0.0), f"the first positive is the anchor: {g_positives[0]} must be 0"
