"""Sums of squares."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt


def total(x: npt.NDArray[np.float64]) -> float:
    """The sum of the squares of x (n,)."""
    return float(np.sum(x**2))


def total_grad(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The gradient of total, shape (n,)."""
    return 2.0 * x


def root(x: float) -> float:
    """The square root of x.

    Raises:
        ValueError: x is negative.
    """
    if x < 0.0:
        raise ValueError("x must not be negative")
    return float(np.sqrt(x))


def bound() -> list[tuple[str, Callable[[float, float, float, float], float]]]:
    """A derivation of 2 x y <= s + e, where s is x^2 + y^2 and e is not below 0."""
    return [
        ("start", lambda x, y, s, e: 2.0 * x * y),
        ("<=", lambda x, y, s, e: x**2 + y**2),
        ("=", lambda x, y, s, e: s),
        ("<=", lambda x, y, s, e: s + e),
    ]


def fit(x: npt.NDArray[np.float64], seed: int) -> float:
    """A number near the mean of x (n,), the same for the same seed."""
    return float(np.mean(x) + 1e-3 * np.random.default_rng(seed).normal())
