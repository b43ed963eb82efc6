"""Public checks of average_precision for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import expect, of_notebook

OK_FORMAT = False
name = "average_precision"
points = None
D_POS = np.array([0.5, 2.0])
D_NEG = np.array([1.0, 3.0, 0.25])
NONE = np.zeros(0)


@test_case(name="Is 1 where every positive comes first")
def average_precision__perfect(env):
    global a4
    a4 = of_notebook(env)
    expect(a4.average_precision, np.array([1.0, 2.0]), np.array([3.0]), gives=1.0, because="no negative is closer")
    expect(a4.average_precision, D_POS, NONE, gives=1.0, because="there is no negative")


@test_case(name="Discounts mistakes by the position in the list")
def average_precision__by_hand(env):
    global a4
    a4 = of_notebook(env)
    # In order: 0.5 (p), 1.0 (n), 2.0 (p), 3.0 (n): positions 1 and 3, with 0 and 1 negatives before them.
    why = "1 - 1/2 (0/1 + 1/3)"
    expect(a4.average_precision, D_POS, D_NEG[:2], gives=5.0 / 6.0, because=why)
    # In order: 0.25 (n), 0.5 (p), 1.0 (n), 2.0 (p), 3.0 (n): positions 2 and 4, with 1 and 2 negatives before them.
    expect(a4.average_precision, D_POS, D_NEG, gives=0.5, because="1 - 1/2 (1/2 + 2/4)")


@test_case(name="Counts a tie in the position, not as a mistake")
def average_precision__tie(env):
    global a4
    a4 = of_notebook(env)
    why = "the negative is not closer than the positive of its distance; it is closer than the other, at position 3"
    expect(a4.average_precision, np.array([1.0, 2.0]), np.array([1.0]), gives=1.0 - (1.0 / 3.0) / 2.0, because=why)
    why = "one negative is closer than the positive, which stands at position 3: <= counts the other negative, too"
    expect(a4.average_precision, np.array([2.0]), np.array([1.0, 2.0]), gives=1.0 - 1.0 / 3.0, because=why)
