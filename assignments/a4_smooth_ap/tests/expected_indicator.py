"""Public checks of expected_indicator for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import call, expect, of_notebook

OK_FORMAT = False
name = "expected_indicator"
points = None


@test_case(name="Is 1/2 at a tie, and 3/4 where the negative is log 3 scales closer")
def expected_indicator__by_hand(env):
    global a4
    a4 = of_notebook(env)
    expect(a4.expected_indicator, 1.0, 1.0, 0.5, gives=0.5, because="the noise is as often above 0 as below")
    why = "the logistic distribution function at log 3 is 3/4"
    expect(a4.expected_indicator, 0.0, 2.0 * np.log(3.0), 2.0, gives=0.75, because=why)


@test_case(name="The two orders of a pair have probabilities that sum to 1")
def expected_indicator__symmetry(env):
    global a4
    a4 = of_notebook(env)
    d_n, d_p = np.array([[0.0], [1.0]]), np.array([0.5, 2.0, -3.0])
    # A column of 2 against a row of 3 makes the shape (2, 3).
    one, other = (call(a4.expected_indicator, *pair, 0.7, like=np.zeros((2, 3))) for pair in ((d_n, d_p), (d_p, d_n)))
    total = one + other
    assert np.allclose(total, 1.0, rtol=0.0, atol=1e-12), f"the sums must be 1: {total}"
