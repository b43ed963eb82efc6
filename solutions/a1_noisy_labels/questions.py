"""What is asked in Assignment 1, on which cases, for how many points. Staff only."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.authoring import Arguments, Assignment

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
    """Is stable for logits up to 10,000 in size, for every eps"""
    # Both labels at both ends of the range, and logits of all sizes between.
    logits = rng.choice([-1.0, 1.0], size) * 10.0 ** rng.uniform(1.0, 4.0, size)
    logits[0] = rng.choice([-1e4, 1e4])
    eps = float(rng.choice([0.0, 1.0, 1e-300, 1e-12, 0.3]))
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
    a1.quiet(function, points=0.25, like=huge_logits, cases=10)
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


def noisy_problem(rng: Generator, n: int, eps: float) -> tuple[Any, Any, Any]:
    """Two classes that a line does not separate, labels flipped with probability eps: x, noisy labels, clean labels."""
    x = rng.normal(0.0, 1.0, (n, 2))
    clean = np.where(x[:, 0] * 1.5 + np.sin(2.0 * x[:, 1]) > 0.0, 1, -1)
    flipped = rng.random(n) < eps
    return x, np.where(flipped, -clean, clean), clean


def logits_of(params: Mapping[str, Any], x: Any) -> Any:
    hidden = np.tanh(x @ np.asarray(params["W"], dtype=float).T + np.asarray(params["b"], dtype=float))
    return hidden @ np.asarray(params["v"], dtype=float) + float(params["c"])
