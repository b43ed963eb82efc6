"""What is asked in Assignment 3, on which cases, for how many points. Staff only."""

from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.authoring import Arguments, Assignment

from . import kl_normal as reference

a3 = Assignment("a3_kl_normal", module="kl_normal", title="KL-divergence of two normal distributions")

PARAMETERS = ("mu_q", "sigma_q", "mu_p", "sigma_p")


def scalars(rng: Generator, size: int) -> Arguments:
    """Is right for four numbers"""
    mu_q, mu_p = rng.normal(0.0, 0.5 * size, 2)
    sigma_q, sigma_p = np.exp(rng.normal(0.0, 0.7, 2))
    return float(mu_q), float(sigma_q), float(mu_p), float(sigma_p)


def arrays(rng: Generator, size: int) -> Arguments:
    """Works element by element on arrays of one shape"""
    mu_q, mu_p = rng.normal(0.0, 1.5, (2, size))
    sigma_q, sigma_p = np.exp(rng.normal(0.0, 0.7, (2, size)))
    return mu_q, sigma_q, mu_p, sigma_p


def broadcast(rng: Generator, size: int) -> Arguments:
    """Broadcasts its arguments"""
    # Rows against columns, numbers against arrays: each argument takes each part in turn.
    shapes = [(size, 1), (1, 3), (3,), ()]
    turn = int(rng.integers(4))
    drawn = [rng.normal(0.0, 1.0, shapes[(i + turn) % 4]) for i in range(4)]
    mu_q, sigma_q, mu_p, sigma_p = drawn
    return mu_q, np.exp(sigma_q), mu_p, np.exp(sigma_p)


def equal_sigmas(rng: Generator, size: int) -> Arguments:
    """Is right where the standard deviations agree, or nearly"""
    mu_q, sigma_q, mu_p, _ = arrays(rng, size)
    nearly = 1.0 + rng.choice([0.0, 1e-15, 1e-9, 1e-5, 1e-2], size)
    return mu_q, sigma_q, mu_p, sigma_q * nearly


def of_itself(rng: Generator, size: int) -> Arguments:
    """Is 0 for a distribution and itself"""
    mu_q, sigma_q, _, _ = arrays(rng, size)
    return mu_q, sigma_q, mu_q.copy(), sigma_q.copy()


def extremes(rng: Generator, size: int, most: float, ratio: float) -> Arguments:
    """Standard deviations from 10^-most to 10^most, sigma_q / sigma_p at most 10^ratio, so the result is finite."""
    power_p = rng.uniform(-most, most, size)
    power_q = np.clip(power_p + rng.uniform(-2.0 * most, ratio, size), -most, most)
    # The very ends of the range, both ways where the result is finite.
    power_p[0], power_q[0] = rng.choice([-most, most], 1)[0], -most
    sigma_q, sigma_p = 10.0**power_q, 10.0**power_p
    mu_p = np.zeros(size)
    mu_q = mu_p + sigma_p * rng.normal(0.0, 2.0, size)
    return mu_q, sigma_q, mu_p, sigma_p


def extreme_sigmas(rng: Generator, size: int) -> Arguments:
    """Is stable for standard deviations from 1e-200 to 1e200"""
    return extremes(rng, size, 200.0, 100.0)


def extreme_sigmas_of_gradient(rng: Generator, size: int) -> Arguments:
    """Is stable for standard deviations from 1e-100 to 1e100"""
    return extremes(rng, size, 100.0, 40.0)


def bad_sigma(rng: Generator, size: int) -> Arguments:
    """Raises ValueError where a standard deviation is 0, negative or nan"""
    arguments = list(arrays(rng, size) if size % 2 else scalars(rng, size))
    which = int(rng.choice([1, 3]))
    bad = float(rng.choice([0.0, -1.0, np.nan]))
    if isinstance(arguments[which], float):
        arguments[which] = bad
    else:
        arguments[which][int(rng.integers(size))] = bad
    return tuple(arguments)


def sizes_of_terms(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> tuple[Any, ...]:
    """The terms of the gradient are as large as 1/sigma; where the sigmas agree they cancel."""
    of_q, of_p, *_ = np.broadcast_arrays(1.0 / np.asarray(sigma_q), 1.0 / np.asarray(sigma_p), mu_q, mu_p)
    return of_p, of_q, of_p, of_p


a3.same("kl_normal", scalars, points=2)
a3.same("kl_normal", arrays, points=1)
a3.same("kl_normal", broadcast, points=1, largest=4)
a3.same("kl_normal", equal_sigmas, points=0.5)
a3.same("kl_normal", of_itself, points=0.5)
a3.same("kl_normal", extreme_sigmas, points=1.5, cases=20)
a3.raises("kl_normal", ValueError, points=0.5, unless=scalars, cases=8)(bad_sigma)
a3.quiet("kl_normal", points=0.25, like=extreme_sigmas)
a3.untouched("kl_normal", points=0.25, like=arrays)

a3.gradient(
    "kl_normal_grad",
    of="kl_normal",
    wrt=PARAMETERS,
    like=scalars,
    points=2,
    elementwise=True,
    scale=sizes_of_terms,
    title="Is the gradient of kl_normal for four numbers",
)
a3.gradient(
    "kl_normal_grad",
    of="kl_normal",
    wrt=PARAMETERS,
    like=broadcast,
    points=1.5,
    largest=4,
    elementwise=True,
    scale=sizes_of_terms,
    title="Is the gradient element by element, in the broadcast shape",
)
a3.same(
    "kl_normal_grad",
    equal_sigmas,
    points=0.5,
    scale=sizes_of_terms,
)
a3.same(
    "kl_normal_grad",
    extreme_sigmas_of_gradient,
    points=1.5,
    cases=20,
    scale=sizes_of_terms,
)
a3.raises("kl_normal_grad", ValueError, points=0.5, unless=scalars, cases=8)(bad_sigma)
a3.untouched("kl_normal_grad", points=0.25, like=arrays)


# --- the computation, line by line -----------------------------------------------------------------------------------


def divergence(mu_q: float, sigma_q: float, mu_p: float, sigma_p: float) -> float:
    return float(reference.kl_normal(mu_q, sigma_q, mu_p, sigma_p))


@a3.derivation("kl_normal_derivation", start=divergence, end=divergence, claim="=", points=4)
def moderate(rng: Generator, size: int) -> Arguments:
    """Leads from the KL-divergence to its closed form, line by line"""
    mu_q, mu_p = rng.uniform(-1.5, 1.5, 2)
    sigma_q, sigma_p = rng.uniform(0.5, 2.0, 2)
    return float(mu_q), float(sigma_q), float(mu_p), float(sigma_p)


# --- what was asked, once more, for feedback --------------------------------------------------------------------------

a3.formula(
    "kl_normal",
    r"$D_{KL}(\mathcal{N}(\mu_q, \sigma_q^2) \Vert \mathcal{N}(\mu_p, \sigma_p^2))$, element by element, "
    r"stable for $\sigma$ from $10^{-200}$ to $10^{200}$.",
)
a3.formula("kl_normal_grad", r"The derivatives of `kl_normal` by $\mu_q$, $\sigma_q$, $\mu_p$ and $\sigma_p$.")
