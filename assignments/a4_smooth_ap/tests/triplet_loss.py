"""Public checks of triplet_loss for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import expect, of_notebook

OK_FORMAT = False
name = "triplet_loss"
points = None
D_POS = np.array([0.5, 2.0])
D_NEG = np.array([1.0, 3.0, 0.25])


@test_case(name="Sums the hinges of all pairs")
def triplet_loss__by_hand(env):
    global a4
    a4 = of_notebook(env)
    # 0.5: 0 (from 1), 0 (from 3), 0.75 (from 0.25); 2: 1.5, 0, 2.25.
    expect(a4.triplet_loss, D_POS, D_NEG, 0.5, gives=4.5, because="0 + 0 + 0.75 + 1.5 + 0 + 2.25")
