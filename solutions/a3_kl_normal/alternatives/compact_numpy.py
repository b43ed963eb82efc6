"""Compact NumPy: the textbook's closed form in a ratio and a shift; the proof by cross-entropy minus entropy."""

from collections.abc import Callable
from typing import Any

import numpy as np

Step = Callable[[float, float, float, float], float]


def _ratio_and_half_shift(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> tuple[Any, ...]:
    mu_q, sigma_q, mu_p, sigma_p = np.broadcast_arrays(mu_q, sigma_q, mu_p, sigma_p)
    if not ((sigma_q > 0) & (sigma_p > 0)).all():
        raise ValueError("sigmas must be positive")
    return sigma_q / sigma_p, (mu_q / 2 - mu_p / 2) / sigma_p, sigma_q, sigma_p


def kl_normal(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    r, h, sigma_q, sigma_p = _ratio_and_half_shift(mu_q, sigma_q, mu_p, sigma_p)
    return 0.5 * r * r + 2 * h * h - 0.5 + (np.log(sigma_p) - np.log(sigma_q))


def kl_normal_grad(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> tuple[Any, ...]:
    r, h, sigma_q, sigma_p = _ratio_and_half_shift(mu_q, sigma_q, mu_p, sigma_p)
    slope = 2 * h / sigma_p
    return slope, r / sigma_p - 1 / sigma_q, -slope, (1 - r * r) / sigma_p - 2 * h * slope


def kl_normal_derivation() -> list[tuple[str, Step]]:
    # The trapezoid rule over 24 standard deviations is exact to rounding: the integrands vanish at both ends.
    z = np.linspace(-12.0, 12.0, 2001)

    def log_pdf(x: Any, mu: float, s: float) -> Any:
        return -0.5 * np.log(2 * np.pi) - np.log(s) - 0.5 * ((x - mu) / s) ** 2

    def expect(f: Callable[[Any], Any], mu: float, s: float) -> float:
        x = mu + s * z
        return float(np.sum(np.exp(log_pdf(x, mu, s)) * f(x)) * s * (z[1] - z[0]))

    def entropy(s: float) -> float:
        return float(0.5 * np.log(2 * np.pi * np.e * s * s))

    return [
        ("start", lambda m, s, n, t: expect(lambda x: log_pdf(x, m, s) - log_pdf(x, n, t), m, s)),
        ("=", lambda m, s, n, t: -expect(lambda x: log_pdf(x, n, t), m, s) + expect(lambda x: log_pdf(x, m, s), m, s)),
        ("=", lambda m, s, n, t: -expect(lambda x: log_pdf(x, n, t), m, s) - entropy(s)),
        (
            "=",
            lambda m, s, n, t: (
                float(0.5 * np.log(2 * np.pi * t * t) + (s * s + (m - n) ** 2) / (2 * t * t)) - entropy(s)
            ),
        ),
        ("=", lambda m, s, n, t: float(np.log(t / s) + (s * s + (m - n) ** 2) / (2 * t * t) - 0.5)),
    ]
