"""What is asked in Assignment 3, on which cases, for how many points. Staff only."""

from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.authoring import Arguments, Assignment, Assumption

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


def log_density(x: Any, mu: float, sigma: float) -> Any:
    return -((x - mu) ** 2) / (2.0 * sigma**2) - np.log(sigma) - np.log(2.0 * np.pi) / 2.0


def closed_form(mu_q: float, sigma_q: float, mu_p: float, sigma_p: float) -> float:
    return float(np.log(sigma_p / sigma_q) + (sigma_q**2 + (mu_q - mu_p) ** 2) / (2.0 * sigma_p**2) - 0.5)


def standard_nodes(rng: Generator, count: int) -> tuple[Any, Any]:
    """Points and weights with total 1, mean 0 and variance 1, and nothing else in common with a normal distribution."""
    z, w = rng.normal(size=count), rng.dirichlet(np.full(count, 3.0))
    if count == 2:
        z, w = np.array([-1.0, 1.0]), np.array([0.5, 0.5])
    z = z - w @ z
    return z / np.sqrt(w @ z**2), w


def two_normals(rng: Generator, size: int) -> tuple[float, float, float, float]:
    mu_q, mu_p = rng.uniform(-2.0, 2.0, 2)
    sigma_q, sigma_p = 2.0 ** rng.uniform(-2.0, 2.0, 2)
    if size % 3 == 0:
        # Of the same mean, or of the same spread.
        if rng.random() < 0.5:
            mu_p = mu_q
        else:
            sigma_p = sigma_q
    return float(mu_q), float(sigma_q), float(mu_p), float(sigma_p)


def with_moments(rng: Generator, size: int) -> Arguments:
    """Leads from one side of the equality to the other, line by line"""
    mu_q, sigma_q, mu_p, sigma_p = two_normals(rng, size)
    z, w = standard_nodes(rng, size + 1)
    x = mu_q + sigma_q * z
    densities = log_density(x, mu_q, sigma_q), log_density(x, mu_p, sigma_p)
    return x, w, *densities, mu_q, sigma_q, mu_p, sigma_p


def not_normal(rng: Generator, size: int) -> Arguments:
    """Densities that are not normal: q's, p's, or both."""
    x, w, log_q, log_p, *parameters = with_moments(rng, size)
    which, other = rng.integers(0, 3), rng.normal(0.0, rng.uniform(0.1, 1.5), (2, len(x)))
    if which != 1:
        log_q = log_q + other[0]
    if which != 0:
        log_p = log_p + other[1]
    return x, w, log_q, log_p, *parameters


def other_moments(rng: Generator, size: int) -> Arguments:
    """Weights of another total, mean or variance."""
    mu_q, sigma_q, mu_p, sigma_p = two_normals(rng, 1)
    z, w = standard_nodes(rng, size + 1)
    which = rng.integers(0, 3)
    if which == 0:
        w = w * rng.choice([rng.uniform(0.5, 0.9), rng.uniform(1.1, 1.6)])
    x = mu_q + sigma_q * (z + (rng.choice([-1.0, 1.0]) * rng.uniform(0.2, 1.0) if which == 1 else 0.0))
    if which == 2:
        x = mu_q + sigma_q * z * rng.choice([rng.uniform(0.5, 0.9), rng.uniform(1.1, 1.6)])
    densities = log_density(x, mu_q, sigma_q), log_density(x, mu_p, sigma_p)
    return x, w, *densities, mu_q, sigma_q, mu_p, sigma_p


def are_normal(
    x: Any, w: Any, log_q: Any, log_p: Any, mu_q: float, sigma_q: float, mu_p: float, sigma_p: float
) -> bool:
    pairs = ((log_q, log_density(x, mu_q, sigma_q)), (log_p, log_density(x, mu_p, sigma_p)))
    return all(np.allclose(one, other, rtol=1e-9, atol=1e-9) for one, other in pairs)


def have_moments(x: Any, w: Any, log_q: Any, log_p: Any, mu_q: float, sigma_q: float, *_: float) -> bool:
    z = (x - mu_q) / sigma_q
    return np.allclose([w.sum(), w @ z, w @ z**2], [1.0, 0.0, 1.0], rtol=0.0, atol=1e-9)


a3.derivation(
    "kl_normal_derivation",
    ingredients=("x", "w", "log_q", "log_p", "mu_q", "sigma_q", "mu_p", "sigma_p"),
    sides=(
        lambda x, w, log_q, log_p, *parameters: w @ (log_q - log_p),
        lambda x, w, log_q, log_p, *parameters: closed_form(*parameters),
    ),
    claim="=",
    assumptions=[
        Assumption(
            "the densities are normal",
            fails=not_normal,
            holds=are_normal,
            hint="Put the two densities in, and leave the sum over x as it is while you do that.",
        ),
        Assumption(
            "the weights have the moments of q (total 1, mean mu_q, variance sigma_q^2)",
            fails=other_moments,
            holds=have_moments,
            hint="What is left under the expectation is a polynomial in x: which of its moments do you know?",
        ),
    ],
    points=4,
)(with_moments)


# --- what was asked, once more, for feedback --------------------------------------------------------------------------

a3.formula(
    "kl_normal",
    r"$D_{KL}(\mathcal{N}(\mu_q, \sigma_q^2) \Vert \mathcal{N}(\mu_p, \sigma_p^2))$, element by element, "
    r"stable for $\sigma$ from $10^{-200}$ to $10^{200}$.",
)
a3.formula("kl_normal_grad", r"The derivatives of `kl_normal` by $\mu_q$, $\sigma_q$, $\mu_p$ and $\sigma_p$.")
