"""What is asked in Assignment 1, on which cases, for how many points. Staff only."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.authoring import Arguments, Assignment, Assumption, FunctionArgument

from . import noisy_labels as reference

a1 = Assignment("a1_noisy_labels", module="noisy_labels", title="Learning with noisy labels")

# --- cases -----------------------------------------------------------------------------------------------------------


def labels_of(rng: Generator, size: int) -> Any:
    return rng.choice([-1, 1], size)


def ordinary(rng: Generator, size: int) -> Arguments:
    """Is right on ordinary logits and noise"""
    return rng.normal(0.0, 2.0, size), labels_of(rng, size), float(rng.uniform(0.05, 0.45))


def heavy_noise(rng: Generator, size: int) -> Arguments:
    """Is right where most labels are wrong (eps above 1/2)"""
    return rng.normal(0.0, 2.0, size), labels_of(rng, size), float(rng.uniform(0.55, 0.95))


def no_noise(rng: Generator, size: int) -> Arguments:
    """Is right at eps = 0 and at eps = 1"""
    return rng.normal(0.0, 3.0, size), labels_of(rng, size), float(rng.integers(0, 2))


def huge_logits(rng: Generator, size: int) -> Arguments:
    """Is stable for logits up to 10,000 in size, for eps close to 0 too"""
    # Both labels at both ends of the range, and logits of all sizes between.
    logits = rng.choice([-1.0, 1.0], size) * 10.0 ** rng.uniform(1.0, 4.0, size)
    logits[0] = rng.choice([-1e4, 1e4])
    eps = float(rng.choice([1e-300, 1e-12, 0.3, 1.0 - 1e-12]))
    return logits, labels_of(rng, size), eps


def huge_at_ends(rng: Generator, size: int) -> Arguments:
    """Is stable for logits up to 10,000 in size at eps = 0 and eps = 1"""
    logits, labels, _ = huge_logits(rng, size)
    return logits, labels, float(rng.integers(0, 2))


def declare(function: str, *, main: float, gradient_of: str | None = None) -> None:
    """The checks that every function of (logits, labels, eps) has."""
    if gradient_of is None:
        a1.same(function, ordinary, points=main)
    else:
        a1.gradient(
            function,
            of=gradient_of,
            wrt=["logits"],
            like=ordinary,
            points=main,
            title=f"Is the gradient of {gradient_of}",
        )
    a1.same(function, heavy_noise, points=0.5)
    a1.same(function, no_noise, points=0.5)
    a1.same(function, huge_logits, points=1, cases=20)
    a1.same(function, huge_at_ends, points=0.5, cases=12)
    a1.quiet(function, points=0.25, like=huge_at_ends, cases=10)
    a1.untouched(function, points=0.25, like=ordinary)


declare("log_likelihood", main=2)
declare("log_likelihood_grad", main=2, gradient_of="log_likelihood")
declare("posterior", main=1)
declare("soft_cross_entropy", main=1)
declare("soft_cross_entropy_grad", main=1, gradient_of="soft_cross_entropy")
declare("jensen_gap", main=1)


# --- the network -----------------------------------------------------------------------------------------------------


def network(rng: Generator, size: int) -> Arguments:
    """Is the log-likelihood of the network, and its gradient by every parameter"""
    n, d, h = size, 1 + size % 3, 1 + size % 4
    params = {
        "W": rng.normal(0.0, 0.7, (h, d)),
        "b": rng.normal(0.0, 0.5, h),
        "v": rng.normal(0.0, 1.0, h),
        "c": float(rng.normal()),
    }
    return params, rng.normal(0.0, 1.0, (n, d)), labels_of(rng, n), float(rng.uniform(0.05, 0.45))


def value_of(result: Any) -> Any:
    return result[0]


def gradient_of(result: Any) -> Any:
    return result[1]


a1.builds_on("mlp_objective", "log_likelihood", "log_likelihood_grad")
a1.gradient(
    "mlp_objective",
    of="mlp_objective",
    wrt=["params"],
    like=network,
    points=5,
    pick=value_of,
    pick_gradient=gradient_of,
)


@a1.check("mlp_objective", points=1, cases=4)
def network_without_noise(rng: Generator, size: int) -> Arguments:
    """Is right at eps = 0 and at eps = 1"""
    params, x, labels, _ = network(rng, size)
    return params, x, labels, float(size % 2)


a1.untouched("mlp_objective", points=0.5, like=network)


# --- training --------------------------------------------------------------------------------------------------------
# Two classes that a line almost separates, balanced, with exactly a quarter of each labelled wrong: left to chance,
# both counts would move the result more than what is to be measured. Over 40 draws and four ways to start, training
# with the right noise model came within 0.008 of the best expected log-likelihood of a fresh noisy label, and a network
# that takes the labels as clean stayed 0.033 below it: the limit lies between.

SHORT_OF_THE_BEST = 0.0215
FEWEST_RIGHT = 0.93
# A third of the steps on a quarter of the examples: enough to tell a training from none.
RIGHT_OF_A_SHORT_TRAINING = 0.8


def sample(rng: Generator, n: int, direction: Any) -> tuple[Any, Any]:
    """(n, 2) examples about +2 or -2 in a direction, and their (n,) clean labels, half of them +1."""
    clean = rng.permutation(np.repeat([-1, 1], n // 2))
    return 2.0 * clean[:, None] * direction + rng.normal(0.0, 0.7, (n, 2)), clean


def clusters(rng: Generator, n: int, steps: int) -> Arguments:
    """A training on n examples, and as facts fresh ones."""
    eps, angle = 0.25, rng.uniform(0.0, 2.0 * np.pi)
    direction = np.array([np.cos(angle), np.sin(angle)])
    x, clean = sample(rng, n, direction)
    labels = clean.copy()
    for k in (-1, 1):
        members = np.flatnonzero(clean == k)
        labels[rng.choice(members, round(eps * len(members)), replace=False)] = -k
    return (x, labels, eps, 6, steps, 0.5, int(rng.integers(1000))), sample(rng, 1000, direction)


def noisy_clusters(rng: Generator, size: int) -> Arguments:
    """Learns the clean labels from noisy ones, as well as the noise model allows"""
    return clusters(rng, 400, 300)


def margins_of(params: Mapping[str, Any], x: Any, clean: Any) -> Any:
    """(n,) the logits of the clean labels: above 0 where the network is right."""
    hidden = np.tanh(x @ params["W"].T + params["b"])
    return clean * (hidden @ params["v"] + params["c"])


def judge_predictions(facts: Any, params: Mapping[str, Any], fewest: float) -> str | None:
    """The accuracy on fresh examples."""
    if np.mean(margins_of(params, *facts) > 0.0) < fewest:
        return "The trained network predicts the clean labels of fresh examples badly."
    return None


def judge_training(arguments: Arguments, facts: Any, values: Sequence[Mapping[str, Any]]) -> str | None:
    """The accuracy and the expected log-likelihood on fresh examples, of the first parameters."""
    problem = judge_predictions(facts, values[0], FEWEST_RIGHT)
    if problem is not None:
        return problem
    eps, margins = arguments[2], margins_of(values[0], *facts)
    ones = np.ones(len(margins), dtype=int)
    right, wrong = (reference.log_likelihood(margins, label * ones, eps) / len(margins) for label in (1, -1))
    reached = (1.0 - eps) * right + eps * wrong
    best = (1.0 - eps) * np.log1p(-eps) + eps * np.log(eps)
    if reached < best - SHORT_OF_THE_BEST:
        return "The trained network explains fresh noisy labels worse than training with this noise does."
    return None


def judge_repeated(arguments: Arguments, facts: Any, values: Sequence[Mapping[str, Any]]) -> str | None:
    """The same parameters for the same seed, from a training that learns something."""
    problem = judge_predictions(facts, values[0], RIGHT_OF_A_SHORT_TRAINING)
    if problem is None and any(np.any(values[0][key] != values[1][key]) for key in values[0]):
        return "Gives other parameters for the same seed."
    return problem


a1.training("fit", judge=judge_training, points=4, repeats=1)(noisy_clusters)


@a1.training("fit", judge=judge_repeated, points=1, cases=1)
def same_seed(rng: Generator, size: int) -> Arguments:
    """Gives the same parameters for the same seed"""
    return clusters(rng, 100, 100)


@a1.training("fit", judge=lambda arguments, facts, values: None, points=0.5, cases=1, repeats=1, untouched=True)
def a_few_steps(rng: Generator, size: int) -> Arguments:
    """Leaves its arguments as they were"""
    x, labels = sample(rng, 20, np.array([1.0, 0.0]))
    return (x, labels, 0.25, 2, 3, 0.5, int(rng.integers(1000))), None


# --- the proof, line by line -----------------------------------------------------------------------------------------


def log_of_mean(noise: Any, soft: Any, q: Any, log: Any) -> float:
    return float(log(noise @ q))


def mean_of_log(noise: Any, soft: Any, q: Any, log: Any) -> float:
    return float(soft @ log(q))


LOGARITHM = FunctionArgument("np.log")


def shares(rng: Generator, size: int) -> Any:
    """Numbers above 0 that sum to 1; now and then all alike, or some tiny."""
    if rng.random() < 0.2:
        return np.full(size, 1.0 / size)
    weights = rng.dirichlet(np.full(size, 2.0)) + 1e-3
    if rng.random() < 0.3:
        weights[0] *= 1e-5
    return weights / weights.sum()


def is_logarithm(log: Any) -> bool:
    at = np.array([0.125, 1.0, 3.0])
    return np.allclose(log(at), np.log(at))


def one_example(rng: Generator, size: int) -> Arguments:
    """Leads from one side of the bound to the other, line by line, for one example"""
    soft, q = shares(rng, size + 1), shares(rng, size + 1)
    if size % 2 == 0:
        # A label that is nearly sure, of a class that is nearly excluded.
        soft[0], q[0] = soft[0] + rng.uniform(50.0, 500.0), q[0] * 10.0 ** rng.uniform(-9.0, -4.0)
        soft, q = soft / soft.sum(), q / q.sum()
    return soft, soft.copy(), q, LOGARITHM


def other_labels(rng: Generator, size: int) -> Arguments:
    """Soft labels that are not the noise: by little, by much, either way."""
    noise, q = shares(rng, size + 1), shares(rng, size + 1)
    away = rng.dirichlet(np.full(size + 1, 0.4)) + 1e-3
    share = rng.uniform(0.1, 1.0)
    soft = (1.0 - share) * noise + share * away / away.sum()
    # The bound breaks where the soft labels prefer what is likely, the noise what is not.
    best, worst = int(np.argmax(q)), int(np.argmin(q))
    if rng.random() < 0.7 and best != worst:
        noise, soft = (1.0 - share) * noise, (1.0 - share) * noise
        noise[worst] += share
        soft[best] += share
    return noise, soft, q, LOGARITHM


def no_jensen(rng: Generator, size: int) -> Arguments:
    """Labels that do not sum to 1, or a function that is not the logarithm."""
    soft, q, log = shares(rng, size + 1), shares(rng, size + 1), LOGARITHM
    # Neither is constant, so that a mean differs from a middle one.
    soft[0], q[0] = soft[0] + 0.2, q[0] + 0.3
    soft, q = soft / soft.sum(), q / q.sum()
    turn = rng.integers(0, 3)
    if turn == 0:
        soft = soft * rng.choice([rng.uniform(0.2, 0.8), rng.uniform(1.3, 2.5)])
    else:
        scale = float(rng.uniform(0.2, 3.0))
        log = FunctionArgument(
            f"lambda u: {scale!r} * np.exp(u)" if turn == 1 else f"lambda u: {scale!r} * np.square(u) - 1.0"
        )
    return soft, soft.copy(), q, log


a1.derivation(
    "lower_bound_derivation",
    ingredients=("noise", "soft", "q", "log"),
    sides=(log_of_mean, mean_of_log),
    claim=">=",
    assumptions=[
        Assumption(
            "the soft labels are the noise model",
            fails=other_labels,
            holds=lambda noise, soft, q, log: np.allclose(noise, soft, rtol=1e-12, atol=0.0),
            hint="The sum over the classes has p(t | k) in it, and (1) has p_i(k): when are these the same numbers? "
            "Say so in a line of its own.",
        ),
        Assumption(
            "Jensen's inequality holds (the soft labels sum to 1, and log is the logarithm, which is concave)",
            fails=no_jensen,
            holds=lambda noise, soft, q, log: is_logarithm(log) and abs(np.sum(soft) - 1.0) < 1e-9,
            hint="Read the soft labels as probabilities: which side is a function of a mean, and which the mean of a "
            "function?",
        ),
    ],
    points=4,
)(one_example)


# --- what was asked, once more, for feedback --------------------------------------------------------------------------

a1.formula(
    "log_likelihood",
    r"$\sum_i \log \sum_k p(t_i \mid k) q(k \mid x_i)$ with $q(k \mid x_i) = \sigma(k a_i)$, "
    r"stable for logits up to 10,000 in size.",
)
a1.formula("log_likelihood_grad", r"The gradient of `log_likelihood` by every logit $a_i$.")
a1.formula("posterior", r"The posterior probability of the true class, $p(k_i = +1 \mid t_i, x_i)$.")
a1.formula(
    "soft_cross_entropy",
    r"Equation (1): $-\sum_i \sum_k p_i(k) \log q(k \mid x_i)$ "
    r"with $p_i(t_i) = 1 - \varepsilon$ and $p_i(-t_i) = \varepsilon$.",
)
a1.formula("soft_cross_entropy_grad", r"The gradient of `soft_cross_entropy` by every logit $a_i$.")
a1.formula(
    "jensen_gap",
    r"By how much $\log p(t_i \mid x_i)$ is larger than $\sum_k p_i(k) \log q(k \mid x_i)$, for every $i$.",
)
