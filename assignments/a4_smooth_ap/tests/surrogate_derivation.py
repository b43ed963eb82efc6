"""Public checks of surrogate_derivation for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import FunctionArgument, expect_derivation, expect_ends, expect_uses, of_notebook

OK_FORMAT = False
name = "surrogate_derivation"
points = None
D_POS = np.array([0.5, 2.0])
D_NEG = np.array([1.0, 3.0, 0.25])
NONE = np.zeros(0)
POSITIVE_PART = FunctionArgument("lambda u: np.maximum(u, 0.0)")
PAIRS = [{"d_pos": D_POS, "d_neg": d_neg, "margin": 0.5, "hinge": POSITIVE_PART} for d_neg in (NONE, D_POS, D_NEG)]
BELOW_0 = {"d_pos": D_POS, "d_neg": D_POS + 2.0, "margin": 0.5, "hinge": FunctionArgument("lambda u: u")}


@test_case(
    name="Every link of your derivation holds, also at ties and without negatives, and together they prove the bound"
)
def surrogate_derivation__links(env):
    global a4
    a4 = of_notebook(env)
    expect_derivation(a4.surrogate_derivation, PAIRS, claim="<=")


@test_case(name="Begins and ends with the two sides of the claim, pair by pair, also where the hinge is below 0")
def surrogate_derivation__ends(env):
    global a4
    a4 = of_notebook(env)

    def loss(d_pos, d_neg, margin, hinge):  # type: ignore[no-untyped-def]
        return (1.0 / margin) * hinge(margin + d_pos[:, None] - d_neg)

    left = ("[[d_n < d_p]] of each pair", lambda d_pos, d_neg, *_: d_neg < d_pos[:, None])
    right = ("hinge(d_p - d_n + margin) / margin of each pair", loss)
    expect_ends(a4.surrogate_derivation, [*PAIRS, BELOW_0], first=left, last=right)


@test_case(name="Uses that the hinge is never below 0")
def surrogate_derivation__uses_the_hinge(env):
    global a4
    a4 = of_notebook(env)
    expect_uses(a4.surrogate_derivation, [BELOW_0], that="the hinge is never below 0")
