"""Public checks of pair_loss for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import expect, of_notebook

OK_FORMAT = False
name = "pair_loss"
points = None
D_POS = np.array([0.5, 2.0])
D_NEG = np.array([1.0, 3.0, 0.25])


@test_case(name="Counts the pairs in the wrong order")
def pair_loss__by_hand(env):
    global a4
    a4 = of_notebook(env)
    expect(a4.pair_loss, D_POS, D_NEG, gives=3, because="0.25 < 0.5, 0.25 < 2 and 1 < 2")
    why = "1 and 0.5 are closer than 2, and all three are closer than 4"
    expect(a4.pair_loss, np.array([2.0, 4.0]), np.array([1.0, 3.0, 0.5]), gives=5, because=why)
    expect(a4.pair_loss, np.array([1.0]), np.array([1.0]), gives=0, because="a tie is not in the wrong order")
