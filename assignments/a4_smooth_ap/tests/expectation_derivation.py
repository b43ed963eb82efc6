"""Public checks of expectation_derivation for otter-grader, made from test_*.py; hidden checks follow."""

import numpy as np
from otter.test_files import test_case

from autograder.public import FunctionArgument, call, expect_derivation, expect_ends, expect_uses, of_notebook

OK_FORMAT = False
name = "expectation_derivation"
points = None


def noise(d_n, d_p, tau, scale):  # type: ignore[no-untyped-def]
    """The ingredients, with three values of a noise that is logistic with this scale."""
    cdf = FunctionArgument(f"lambda u: 0.5 + 0.5 * np.tanh(u / {2.0 * scale})")
    below = cdf(d_p - d_n)
    z = d_p - d_n + np.array([-1.0, 1.0, -0.5])
    w = np.array([0.25 * below, 1.0 - below, 0.75 * below])
    return {"d_n": d_n, "d_p": d_p, "tau": tau, "z": z, "w": w, "cdf": cdf}


def noises():  # type: ignore[no-untyped-def]
    """Noise of the scale tau: at a tie, and for both orders of a pair."""
    return [noise(1.0, 1.0, 0.5, 0.5), noise(0.25, 1.5, 0.75, 0.75), noise(1.5, 0.25, 2.0, 2.0)]


def other_scale():  # type: ignore[no-untyped-def]
    """The noise is logistic, but its scale is not tau."""
    return noise(0.25, 1.5, 0.75, 1.5)


@test_case(name="Every link of your derivation holds, and together they prove the equality")
def expectation_derivation__links(env):
    global a4
    a4 = of_notebook(env)
    expect_derivation(a4.expectation_derivation, noises(), claim="=")


@test_case(name="Begins and ends with the sum and your expected_indicator, also where the noise has another scale")
def expectation_derivation__ends(env):
    global a4
    a4 = of_notebook(env)
    left = ("sum w [[d_n - d_p + z < 0]]", lambda d_n, d_p, tau, z, w, cdf: np.sum(w * (d_n - d_p + z < 0)))
    right = ("your expected_indicator", lambda *case: call(a4.expected_indicator, *case[:3], like=0.0))
    expect_ends(a4.expectation_derivation, [*noises(), other_scale()], first=left, last=right)


@test_case(name="Uses that the noise is logistic with scale tau")
def expectation_derivation__uses_the_scale(env):
    global a4
    a4 = of_notebook(env)
    expect_uses(a4.expectation_derivation, [other_scale()], that="the noise is logistic with scale tau")
