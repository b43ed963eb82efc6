"""Public checks of surrogate_derivation for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import call, expect_derivation, expect_ends, of_notebook

OK_FORMAT = False
name = "surrogate_derivation"
points = None
D_POS = np.array([0.5, 2.0])
D_NEG = np.array([1.0, 3.0, 0.25])
NONE = np.zeros(0)
PAIRS = [{"d_pos": D_POS, "d_neg": d_neg, "margin": 0.5} for d_neg in (NONE, D_POS, D_NEG)]


@test_case(
    name="Every link of your derivation holds, also at ties and without negatives, and together they prove the bound"
)
def surrogate_derivation__links(env):
    global a4
    a4 = of_notebook(env)
    expect_derivation(a4.surrogate_derivation, PAIRS, claim="<=")


@test_case(name="Begins with your pair_loss, and ends with your triplet_loss / margin")
def surrogate_derivation__ends(env):
    global a4
    a4 = of_notebook(env)
    first = ("your pair_loss", lambda d_pos, d_neg, _: call(a4.pair_loss, d_pos, d_neg, like=0.0))
    last = ("your triplet_loss / margin", lambda *case: call(a4.triplet_loss, *case, like=0.0) / case[-1])
    expect_ends(a4.surrogate_derivation, PAIRS, first=first, last=last)
