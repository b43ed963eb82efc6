"""Compact NumPy: the textbook's closed form in a ratio and a shift; the proof by cross-entropy minus entropy."""

from collections.abc import Callable
from typing import Any

import numpy as np

Step = Callable[..., Any]


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
    # Minus the entropy, plus the cross-entropy: each density is put in by itself, and each expectation taken by itself.
    def log_pdf(x: Any, mu: float, s: float) -> Any:
        return -0.5 * np.log(2 * np.pi) - np.log(s) - 0.5 * ((x - mu) / s) ** 2

    def entropy(s: float) -> float:
        return float(0.5 * np.log(2 * np.pi * np.e * s * s))

    def cross(m: float, s: float, n: float, t: float) -> float:
        return float(0.5 * np.log(2 * np.pi * t * t) + (s * s + (m - n) ** 2) / (2 * t * t))

    return [
        ("start", lambda x, w, q, p, m, s, n, t: w @ (q - p)),
        ("=", lambda x, w, q, p, m, s, n, t: w @ q - w @ p),
        ("=", lambda x, w, q, p, m, s, n, t: w @ log_pdf(x, m, s) - w @ p),
        ("=", lambda x, w, q, p, m, s, n, t: -entropy(s) - w @ p),
        ("=", lambda x, w, q, p, m, s, n, t: -entropy(s) - w @ log_pdf(x, n, t)),
        ("=", lambda x, w, q, p, m, s, n, t: -entropy(s) + cross(m, s, n, t)),
        ("=", lambda x, w, q, p, m, s, n, t: np.log(t / s) + (s * s + (m - n) ** 2) / (2 * t * t) - 0.5),
    ]
