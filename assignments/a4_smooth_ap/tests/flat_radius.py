"""Public checks of flat_radius for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import expect, of_notebook

OK_FORMAT = False
name = "flat_radius"
points = None
D_POS = np.array([0.5, 2.0])
D_NEG = np.array([1.0, 3.0, 0.25])
NONE = np.zeros(0)


@test_case(name="Is half the smallest distance of a positive from any other example")
def flat_radius__by_hand(env):
    global a4
    a4 = of_notebook(env)
    expect(a4.flat_radius, D_POS, D_NEG, gives=0.125, because="0.5 and 0.25 are closest: half of 0.25")
    why = "1 and 1.5 are closest, two positives; the two negatives are closer, but (2) never compares two of them"
    expect(a4.flat_radius, np.array([1.0, 1.5]), np.array([4.0, 4.25]), gives=0.25, because=why)
    expect(a4.flat_radius, np.array([1.0]), NONE, gives=np.inf, because="there is no other example")
