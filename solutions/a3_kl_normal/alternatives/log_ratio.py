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


def kl_normal_derivation() -> list[tuple[str, Callable[[float, float, float, float], float]]]:
    # Simpson's rule in the standard variable z = (x - mu_q) / sigma_q.
    z, step = np.linspace(-14.0, 14.0, 4001, retstep=True)
    simpson = np.full(len(z), 2.0)
    simpson[1::2] = 4.0
    simpson[[0, -1]] = 1.0
    normal = simpson * step / 3 * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)

    def line0(mu_q: float, sigma_q: float, mu_p: float, sigma_p: float) -> float:
        x = mu_q + sigma_q * z
        q = np.exp(-((x - mu_q) ** 2) / (2 * sigma_q**2)) / np.sqrt(2 * np.pi * sigma_q**2)
        log_p = -((x - mu_p) ** 2) / (2 * sigma_p**2) - np.log(2 * np.pi * sigma_p**2) / 2
        return float(np.sum(simpson * step / 3 * sigma_q * q * (np.log(q) - log_p)))

    def line1(mu_q: float, sigma_q: float, mu_p: float, sigma_p: float) -> float:
        u = (mu_q - mu_p + sigma_q * z) / sigma_p
        return float(np.log(sigma_p / sigma_q) + np.sum(normal * (u**2 - z**2)) / 2)

    def line2(mu_q: float, sigma_q: float, mu_p: float, sigma_p: float) -> float:
        r, d = sigma_q / sigma_p, (mu_q - mu_p) / sigma_p
        first, second = np.sum(normal * z), np.sum(normal * z**2)
        return float(-np.log(r) + d**2 / 2 + r * d * first + (r**2 - 1) / 2 * second)

    def line3(mu_q: float, sigma_q: float, mu_p: float, sigma_p: float) -> float:
        # E z = 0 and E z^2 = 1
        r, d = sigma_q / sigma_p, (mu_q - mu_p) / sigma_p
        return float(-np.log(r) + d**2 / 2 + (r**2 - 1) / 2)

    def line4(mu_q: float, sigma_q: float, mu_p: float, sigma_p: float) -> float:
        return float(kl_normal(mu_q, sigma_q, mu_p, sigma_p))

    return [("start", line0), ("=", line1), ("=", line2), ("=", line3), ("=", line4)]
