"""Public checks of Assignment 1: run `pytest` in this folder. Small cases, worked by hand; hidden checks follow."""

import noisy_labels as a1
import numpy as np

from autograder.public import call, expect, expect_derivation, expect_ends, expect_gradient, expect_untouched

# sigma(log 3) = 3/4, which makes values by hand easy.
LOG_3 = np.log(3.0)
PLUS = np.array([1])
LOGITS = np.array([0.5, -1.0, 2.0])
LABELS = np.array([1, 1, -1])


def test_log_likelihood__undecided_network() -> None:
    """A logit of 0 makes both labels equally likely, whatever the noise"""
    why = "each of the two labels has probability 1/2"
    expect(a1.log_likelihood, np.zeros(2), np.array([1, -1]), 0.2, gives=2.0 * np.log(0.5), because=why)


def test_log_likelihood__by_hand() -> None:
    """Sums over what the true class may have been"""
    why = "3/4 of class +1 labelled right (3/4), plus 1/4 of class -1 labelled wrong (1/4), is 10/16"
    expect(a1.log_likelihood, np.array([LOG_3]), PLUS, 0.25, gives=np.log(10.0 / 16.0), because=why)
    value = np.log(10.0 / 16.0) + np.log(6.0 / 16.0)
    why = "the first label, +1, has probability 10/16; the second, -1, has 6/16 at the same logit"
    expect(a1.log_likelihood, np.full(2, LOG_3), np.array([1, -1]), 0.25, gives=value, because=why)


# The sigmoid of -1000 is 0 for a computer, and its logarithm is -1000 all the same.
LARGE, MINUS = np.array([1000.0]), np.array([-1])


def test_log_likelihood__large_logit() -> None:
    """Stays right for a large logit"""
    expect(a1.log_likelihood, LARGE, MINUS, 0.0, gives=-1000.0, because="log sigma(-1000) is -1000 to 400 digits")


def test_log_likelihood__leaves_arguments() -> None:
    """Leaves its arguments as they were"""
    expect_untouched(a1.log_likelihood, LOGITS.copy(), LABELS.copy(), 0.2)


def test_log_likelihood_grad__differences() -> None:
    """Is the gradient of your log_likelihood"""
    names = ["logits", "labels", "eps"]
    expect_gradient(a1.log_likelihood_grad, LOGITS, LABELS, 0.2, of=a1.log_likelihood, wrt=["logits"], names=names)


def test_log_likelihood_grad__pure_noise() -> None:
    """Is 0 where labels say nothing (eps = 1/2)"""
    why = "at eps = 1/2 a label has probability 1/2, whatever the logit"
    expect(a1.log_likelihood_grad, LOGITS, LABELS, 0.5, gives=np.zeros(3), because=why)


def test_log_likelihood_grad__large_logit() -> None:
    """Stays right for a large logit"""
    why = "the derivative of log sigma(-a) is -sigma(a), here -1"
    expect(a1.log_likelihood_grad, LARGE, MINUS, 0.0, gives=np.array([-1.0]), because=why)


def test_posterior__undecided_network() -> None:
    """With a logit of 0 only the label speaks"""
    why = "the label is right with probability 1 - eps = 4/5"
    expect(a1.posterior, np.zeros(2), np.array([1, -1]), 0.2, gives=np.array([0.8, 0.2]), because=why)


def test_posterior__pure_noise() -> None:
    """At eps = 1/2 only the network speaks"""
    why = "the label says nothing, so that sigma(log 3) = 3/4 remains"
    expect(a1.posterior, np.array([LOG_3]), PLUS, 0.5, gives=np.array([0.75]), because=why)


def test_soft_cross_entropy__by_hand() -> None:
    """Weighs both classes by the softened label, and is positive"""
    value = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    why = "the softened label (3/4, 1/4) meets the prediction (3/4, 1/4)"
    expect(a1.soft_cross_entropy, np.array([LOG_3]), PLUS, 0.25, gives=value, because=why)


def test_soft_cross_entropy__is_a_sum() -> None:
    """Is a sum over the examples, not a mean"""
    why = "each of the three examples costs log 2"
    expect(a1.soft_cross_entropy, np.zeros(3), LABELS, 0.3, gives=3.0 * np.log(2.0), because=why)


def test_soft_cross_entropy__large_logit() -> None:
    """Stays right for a large logit"""
    expect(a1.soft_cross_entropy, LARGE, MINUS, 0.25, gives=750.0, because="3/4 of 1000, and 1/4 of 0")


def test_soft_cross_entropy_grad__differences() -> None:
    """Is the gradient of your soft_cross_entropy"""
    names = ["logits", "labels", "eps"]
    gradient = a1.soft_cross_entropy_grad
    expect_gradient(gradient, LOGITS, LABELS, 0.2, of=a1.soft_cross_entropy, wrt=["logits"], names=names)


def test_jensen_gap__no_noise() -> None:
    """Is 0 where there is no noise"""
    why = "at eps = 0 the loss is the negative log-likelihood"
    expect(a1.jensen_gap, LOGITS, LABELS, 0.0, gives=np.zeros(3), because=why)


def test_jensen_gap__by_hand() -> None:
    """Is the difference of the log-likelihood and the bound, for each example"""
    value = np.log(0.5) - (np.log(0.75) + np.log(0.25)) / 2.0
    why = "log p(t | x) is log 1/2, and the bound the mean of log 3/4 and log 1/4"
    expect(a1.jensen_gap, np.array([LOG_3]), PLUS, 0.5, gives=np.array([value]), because=why)


def test_jensen_gap__large_logit() -> None:
    """Stays right for a large logit"""
    why = "log p(t | x) is log 1/4, and the bound is -3/4 of 1000"
    expect(a1.jensen_gap, LARGE, MINUS, 0.25, gives=np.array([np.log(0.25) + 750.0]), because=why)


PARAMS = {
    "W": np.array([[0.5, -1.0], [0.25, 0.75]]),
    "b": np.array([0.1, -0.2]),
    "v": np.array([1.0, -0.5]),
    "c": 0.3,
}
X = np.array([[1.0, 0.5], [-0.5, 2.0], [0.0, -1.0]])


def test_mlp_objective__value() -> None:
    """Is the log-likelihood of the network's logits"""
    params = {**PARAMS, "v": np.zeros(2), "c": LOG_3}
    value, _ = call(a1.mlp_objective, params, X[:1], PLUS, 0.25, like=(0.0, params))
    assert abs(value - np.log(10.0 / 16.0)) < 1e-9, f"with v = 0 every logit is c = log 3: log(10/16), not {value}"


def test_mlp_objective__differences() -> None:
    """Its gradient is that of its own value, by every parameter"""
    names = ["params", "x", "labels", "eps"]
    expect_gradient(
        a1.mlp_objective,
        *(PARAMS, X, LABELS, 0.2),
        of=a1.mlp_objective,
        wrt=["params"],
        names=names,
        pick=lambda result: result[0],
        pick_gradient=lambda result: result[1],
    )


# The parameters of a network with 4 hidden units and 2 inputs have these shapes.
FOUR_HIDDEN = {"W": np.zeros((4, 2)), "b": np.zeros(4), "v": np.zeros(4), "c": 0.0}


def test_fit__shapes_and_seed() -> None:
    """Returns the parameters of mlp_objective, the same for the same seed"""
    one, two = (call(a1.fit, X, LABELS, 0.2, 4, 3, 0.1, 5, like=FOUR_HIDDEN) for _ in range(2))
    assert all(np.array_equal(one[key], two[key]) for key in one), "two calls with seed 5 gave different parameters"


def test_fit__climbs() -> None:
    """More steps reach a higher likelihood"""
    few, many = (call(a1.fit, X, LABELS, 0.1, 4, steps, 0.2, 5, like=FOUR_HIDDEN) for steps in (1, 200))
    reached = (0.0, FOUR_HIDDEN)
    before, after = (call(a1.mlp_objective, params, X, LABELS, 0.1, like=reached)[0] for params in (few, many))
    assert after > before, f"200 steps reach {after}, one step reaches {before}: do they go uphill?"


CASES = [{"logit": 0.0, "label": 1, "eps": 0.25}, {"logit": -1.5, "label": -1, "eps": 0.125}]


def test_lower_bound_derivation__links() -> None:
    """Every link of your derivation holds, and together they prove the bound"""
    expect_derivation(a1.lower_bound_derivation, CASES, claim=">=")


def of_one(function, logit, label, eps):  # type: ignore[no-untyped-def]
    """One of your sums, of one example."""
    return call(function, np.array([logit]), np.array([label]), eps, like=0.0)


def test_lower_bound_derivation__ends() -> None:
    """Begins and ends with your own functions, of one example"""
    first = ("your log_likelihood", lambda *case: of_one(a1.log_likelihood, *case))
    last = ("minus your soft_cross_entropy", lambda *case: -of_one(a1.soft_cross_entropy, *case))
    expect_ends(a1.lower_bound_derivation, CASES, first=first, last=last)
