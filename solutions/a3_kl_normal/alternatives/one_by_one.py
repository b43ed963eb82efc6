"""One element at a time with the math module, nested lists returned; the proof integrates with a plain Python sum."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Four = tuple[float, float, float, float]


def _one(mu_q: float, sigma_q: float, mu_p: float, sigma_p: float) -> float:
    half_z = (mu_q / 2 - mu_p / 2) / sigma_p
    excess = (sigma_q - sigma_p) / sigma_p
    if -0.25 < excess < 0.25:
        # r = 1 + excess, (r^2 - 1) / 2 = excess + excess^2 / 2
        of_sigmas = excess + excess * excess / 2 - math.log1p(excess)
    else:
        r = sigma_q / sigma_p
        of_sigmas = r * (r / 2) - 0.5 + math.log(sigma_p) - math.log(sigma_q)
    return of_sigmas + 2 * half_z * half_z


def _one_gradient(mu_q: float, sigma_q: float, mu_p: float, sigma_p: float) -> Four:
    z = (mu_q / 2 - mu_p / 2) / sigma_p * 2
    r = sigma_q / sigma_p
    return z / sigma_p, r / sigma_p - 1 / sigma_q, -z / sigma_p, 1 / sigma_p - r * (r / sigma_p) - z * (z / sigma_p)


def _elements(*arguments: Any) -> tuple[tuple[int, ...], list[Four]]:
    arrays = np.broadcast_arrays(*arguments)
    elements = [(float(a), float(b), float(c), float(d)) for a, b, c, d in zip(*(x.flat for x in arrays), strict=True)]
    for _, sigma_q, _, sigma_p in elements:
        for sigma in (sigma_q, sigma_p):
            if math.isnan(sigma) or sigma <= 0:
                raise ValueError(f"sigma is {sigma}")
    return arrays[0].shape, elements


def kl_normal(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    shape, elements = _elements(mu_q, sigma_q, mu_p, sigma_p)
    return np.reshape([_one(*element) for element in elements], shape).tolist()


def kl_normal_grad(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    shape, elements = _elements(mu_q, sigma_q, mu_p, sigma_p)
    rows = [_one_gradient(*element) for element in elements]
    return [np.reshape([row[i] for row in rows], shape).tolist() for i in range(4)]


def kl_normal_derivation() -> list[tuple[str, Callable[..., float]]]:
    # From the closed form back: every step of the computation, read the other way.
    def expect(w: Any, f: Any) -> float:
        return math.fsum(float(a) * float(b) for a, b in zip(w, f, strict=True))

    def closed(
        x: Any, w: Any, log_q: Any, log_p: Any, mu_q: float, sigma_q: float, mu_p: float, sigma_p: float
    ) -> float:
        return math.log(sigma_p / sigma_q) + (sigma_q**2 + (mu_q - mu_p) ** 2) / (2 * sigma_p**2) - 0.5

    def bias_and_variance(
        x: Any, w: Any, log_q: Any, log_p: Any, mu_q: float, sigma_q: float, mu_p: float, sigma_p: float
    ) -> float:
        # (x - mu_q)^2 + 2 (x - mu_q)(mu_q - mu_p) + (mu_q - mu_p)^2 has this expectation.
        about = [(a - mu_q) ** 2 + 2 * (a - mu_q) * (mu_q - mu_p) + (mu_q - mu_p) ** 2 for a in x]
        return math.log(sigma_p / sigma_q) + expect(w, about) / (2 * sigma_p**2) - 0.5

    def one_square(
        x: Any, w: Any, log_q: Any, log_p: Any, mu_q: float, sigma_q: float, mu_p: float, sigma_p: float
    ) -> float:
        return math.log(sigma_p / sigma_q) + expect(w, [(a - mu_p) ** 2 for a in x]) / (2 * sigma_p**2) - 0.5

    def under_one_expectation(
        x: Any, w: Any, log_q: Any, log_p: Any, mu_q: float, sigma_q: float, mu_p: float, sigma_p: float
    ) -> float:
        of_p = [-math.log(sigma_p) - ((a - mu_p) / sigma_p) ** 2 / 2 for a in x]
        of_q = [-math.log(sigma_q) - ((a - mu_q) / sigma_q) ** 2 / 2 for a in x]
        return expect(w, [b - a for a, b in zip(of_p, of_q, strict=True)])

    def definition(
        x: Any, w: Any, log_q: Any, log_p: Any, mu_q: float, sigma_q: float, mu_p: float, sigma_p: float
    ) -> float:
        return expect(w, [a - b for a, b in zip(log_q, log_p, strict=True)])

    return [
        ("start", closed),
        ("=", bias_and_variance),
        ("=", one_square),
        ("=", under_one_expectation),
        ("=", definition),
    ]
