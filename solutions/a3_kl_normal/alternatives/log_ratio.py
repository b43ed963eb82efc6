"""Hyperbolic functions of t = log(sigma_q / sigma_p), so that no ratio is formed; the proof through moments of q."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def _prepare(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> tuple[Floats, ...]:
    sigma_q, sigma_p = np.array(sigma_q, dtype=float), np.array(sigma_p, dtype=float)
    if np.any(np.isnan(sigma_q) | (sigma_q <= 0)) or np.any(np.isnan(sigma_p) | (sigma_p <= 0)):
        raise ValueError("every standard deviation has to be > 0")
    t = np.log(sigma_q) - np.log(sigma_p)
    # Half of the standardised difference of the means.
    h = (np.asarray(mu_q) / 2 - np.asarray(mu_p) / 2) / sigma_p
    t, h, sigma_q, sigma_p = np.broadcast_arrays(t, h, sigma_q, sigma_p)
    return t, h, sigma_q, sigma_p


def _half_excess(t: Floats) -> Floats:
    # (exp(2t) - 1) / 2; as exp(t) sinh(t) for t > 0 it overflows only where it is itself too large.
    up, down = np.maximum(t, 0), np.minimum(t, 0)
    return np.where(t > 0, np.exp(up) * np.sinh(up), np.expm1(2 * down) / 2)


def kl_normal(mu_q: npt.ArrayLike, sigma_q: npt.ArrayLike, mu_p: npt.ArrayLike, sigma_p: npt.ArrayLike) -> Floats:
    t, h, _, _ = _prepare(mu_q, sigma_q, mu_p, sigma_p)
    return np.asarray(_half_excess(t) - t + 2 * h * h)


def kl_normal_grad(
    mu_q: npt.ArrayLike, sigma_q: npt.ArrayLike, mu_p: npt.ArrayLike, sigma_p: npt.ArrayLike
) -> list[Floats]:
    t, h, sigma_q, sigma_p = _prepare(mu_q, sigma_q, mu_p, sigma_p)
    by_mu = 2 * h / sigma_p
    by_sigma_q = 2 * np.sinh(t) / sigma_p
    by_sigma_p = -2 * _half_excess(t) / sigma_p - 2 * h * by_mu
    return [by_mu, by_sigma_q, -by_mu, by_sigma_p]


def kl_normal_derivation() -> list[tuple[str, Callable[..., float]]]:
    # In the standard variable z = (x - mu_q) / sigma_q.
    def line0(x: Floats, w: Floats, log_q: Floats, log_p: Floats, *_: float) -> float:
        return float(np.sum(w * log_q) - np.sum(w * log_p))

    def line1(x: Floats, w: Floats, log_q: Floats, log_p: Floats, *parameters: float) -> float:
        mu_q, sigma_q, mu_p, sigma_p = parameters
        z, u = (x - mu_q) / sigma_q, (x - mu_p) / sigma_p
        return float(np.sum(w) * np.log(sigma_p / sigma_q) + np.sum(w * (u**2 - z**2)) / 2)

    def line2(x: Floats, w: Floats, log_q: Floats, log_p: Floats, *parameters: float) -> float:
        mu_q, sigma_q, mu_p, sigma_p = parameters
        z, r, d = (x - mu_q) / sigma_q, sigma_q / sigma_p, (mu_q - mu_p) / sigma_p
        total, first, second = np.sum(w), np.sum(w * z), np.sum(w * z**2)
        return float((-np.log(r) + d**2 / 2) * total + r * d * first + (r**2 - 1) / 2 * second)

    def line3(x: Floats, w: Floats, log_q: Floats, log_p: Floats, *parameters: float) -> float:
        # E 1 = 1, E z = 0 and E z^2 = 1
        mu_q, sigma_q, mu_p, sigma_p = parameters
        r, d = sigma_q / sigma_p, (mu_q - mu_p) / sigma_p
        return float(-np.log(r) + d**2 / 2 + (r**2 - 1) / 2)

    return [("start", line0), ("=", line1), ("=", line2), ("=", line3)]
