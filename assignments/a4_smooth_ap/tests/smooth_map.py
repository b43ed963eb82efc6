"""Public checks of smooth_map for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import call, expect, expect_error, of_notebook

OK_FORMAT = False
name = "smooth_map"
points = None
EMBEDDINGS = np.array([[0.0, 1.0], [1.0, 0.5], [-1.0, 0.25], [0.5, -1.0], [2.0, 2.0]])


@test_case(name="Is 1 where there is no negative")
def smooth_map__two_rows(env):
    global a4
    a4 = of_notebook(env)
    expect(a4.smooth_map, EMBEDDINGS[:2], np.array([3, 3]), 0.5, gives=1.0, because="both rows have one positive only")


@test_case(name="Is the mean of your smooth_ap over the rows that have a partner")
def smooth_map__is_a_mean(env):
    global a4
    a4 = of_notebook(env)
    labels = np.array([0, 0, 1, 2, 3])
    d = [np.sqrt(((EMBEDDINGS - EMBEDDINGS[i]) ** 2).sum(axis=1)) for i in range(2)]
    galleries = ((d[0][1:2], d[0][2:]), (d[1][:1], d[1][2:]))
    value = sum(call(a4.smooth_ap, *gallery, 0.5, like=0.0) for gallery in galleries) / 2.0
    why = "only the first two rows share a label; the other rows are their negatives"
    expect(a4.smooth_map, EMBEDDINGS, labels, 0.5, gives=value, because=why)


@test_case(name="Raises ValueError where no row has a partner")
def smooth_map__no_partner(env):
    global a4
    a4 = of_notebook(env)
    expect_error(a4.smooth_map, EMBEDDINGS, np.arange(5), 0.5, error=ValueError, because="all labels differ")
