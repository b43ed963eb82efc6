"""Gauss-Hermite quadrature instead of the closed form: log q - log p is quadratic in x, for which it is exact."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# E f(z) = sum_i WEIGHTS_i f(NODES_i) for a standard normal z, exactly for polynomials of degree below 8.
NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(4)
WEIGHTS = _WEIGHTS / np.sum(_WEIGHTS)


def _check(sigma: npt.ArrayLike) -> Floats:
    sigma = np.asarray(sigma, dtype=np.float64)
    if np.isnan(sigma).any() or (sigma <= 0).any():
        raise ValueError("standard deviations are positive numbers")
    return sigma


def kl_normal(mu_q: npt.ArrayLike, sigma_q: npt.ArrayLike, mu_p: npt.ArrayLike, sigma_p: npt.ArrayLike) -> Floats:
    sigma_q, sigma_p = _check(sigma_q), _check(sigma_p)
    half_shift = (np.asarray(mu_q) / 2 - np.asarray(mu_p) / 2) / sigma_p
    half_ratio = sigma_q / 2 / sigma_p
    total = np.log(sigma_p) - np.log(sigma_q) - 0.5
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        # Half of (x - mu_p) / sigma_p at x = mu_q + sigma_q * node; the weight first, against overflow.
        u = half_shift + half_ratio * node
        total = total + 2 * weight * u * u
    return np.asarray(total)


def kl_normal_grad(
    mu_q: npt.ArrayLike, sigma_q: npt.ArrayLike, mu_p: npt.ArrayLike, sigma_p: npt.ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    sigma_q, sigma_p = _check(sigma_q), _check(sigma_p)
    shift = 2 * ((np.asarray(mu_q) / 2 - np.asarray(mu_p) / 2) / sigma_p)
    ratio = sigma_q / sigma_p
    zero = np.zeros(np.broadcast_shapes(np.shape(mu_q), sigma_q.shape, np.shape(mu_p), sigma_p.shape))
    by_mu = zero + shift / sigma_p
    # (r^2 - 1) / sigma_q as (r - 1)(1 / sigma_p + 1 / sigma_q), and (1 - r^2) / sigma_p as a product too
    by_sigma_q = zero + (ratio - 1) * (1 / sigma_p + 1 / sigma_q)
    by_sigma_p = zero + (1 - ratio) * (1 + ratio) / sigma_p - shift * by_mu
    return by_mu, by_sigma_q, -by_mu, by_sigma_p


def kl_normal_derivation() -> list[tuple[str, Callable[..., float]]]:
    def log_density(x: Any, mu: float, sigma: float) -> Any:
        return -(((x - mu) / sigma) ** 2) / 2 - np.log(sigma * np.sqrt(2 * np.pi))

    def definition(x: Any, w: Any, log_q: Any, log_p: Any, *_: float) -> float:
        return float(np.sum(w * (log_q - log_p)))

    def densities(x: Any, w: Any, log_q: Any, log_p: Any, *of: float) -> float:
        return float(np.sum(w * (log_density(x, *of[:2]) - log_density(x, *of[2:]))))

    def at_the_nodes(x: Any, w: Any, log_q: Any, log_p: Any, *of: float) -> float:
        # Only the first two moments matter, and a rule of our own has the same.
        nodes = of[0] + of[1] * NODES
        return float(WEIGHTS @ (log_density(nodes, *of[:2]) - log_density(nodes, *of[2:])))

    def two_nodes(x: Any, w: Any, log_q: Any, log_p: Any, *of: float) -> float:
        # z = -1 and z = 1 with weight 1/2 have the moments 0 and 1 of a standard normal already.
        mu_q, sigma_q, mu_p, sigma_p = of
        low, high = ((mu_q - mu_p + z * sigma_q) ** 2 / (2 * sigma_p**2) - 0.5 for z in (-1.0, 1.0))
        return float(np.log(sigma_p) - np.log(sigma_q) + (low + high) / 2)

    def closed_form(x: Any, w: Any, log_q: Any, log_p: Any, *of: float) -> float:
        mu_q, sigma_q, mu_p, sigma_p = of
        return float(np.log(sigma_p / sigma_q) + (sigma_q**2 + (mu_q - mu_p) ** 2) / (2 * sigma_p**2) - 0.5)

    return [("start", definition), ("=", densities), ("=", at_the_nodes), ("=", two_nodes), ("=", closed_form)]
