"""Noise as a shift of the logit: the posterior is sigma(a + t lam) with lam = log((1 - eps) / eps), and all follows.

Training with its formulas written out in the loop, from a small normal start of NumPy's older generator.
"""

from typing import Any

import numpy as np


def softplus(z: Any) -> Any:
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def sigmoid(z: Any) -> Any:
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def noise(eps: float) -> tuple[float, float, float]:
    """log(1 - eps), log(eps) and their difference, which is inf or -inf without doubt."""
    with np.errstate(divide="ignore"):
        right, wrong = float(np.log1p(-np.float64(eps))), float(np.log(np.float64(eps)))
    return right, wrong, right - wrong


def terms(s: Any, eps: float) -> Any:
    """log p(t | x) = log p(t | k) + log q(k | x) - log p(k | t, x), with the k that the posterior prefers."""
    right, wrong, lam = noise(eps)
    side = np.where(s + lam >= 0, 1.0, -1.0)
    return np.where(side > 0, right, wrong) - softplus(-side * s) + softplus(-np.abs(s + lam))


def log_likelihood(logits: Any, labels: Any, eps: float) -> Any:
    return np.sum(terms(labels * logits, eps))


def log_likelihood_grad(logits: Any, labels: Any, eps: float) -> Any:
    return posterior(logits, labels, eps) - sigmoid(logits)


def posterior(logits: Any, labels: Any, eps: float) -> Any:
    return sigmoid(logits + labels * noise(eps)[2])


def soft_cross_entropy(logits: Any, labels: Any, eps: float) -> Any:
    s = labels * logits
    return np.sum((1 - eps) * softplus(-s) + eps * softplus(s))


def soft_cross_entropy_grad(logits: Any, labels: Any, eps: float) -> Any:
    target = np.where(labels > 0, 1 - eps, eps)
    return sigmoid(logits) - target


def jensen_gap(logits: Any, labels: Any, eps: float) -> Any:
    s = labels * logits
    return terms(s, eps) + (1 - eps) * softplus(-s) + eps * softplus(s)


def mlp_objective(params: Any, x: Any, labels: Any, eps: float) -> tuple[Any, dict[str, Any]]:
    h = np.tanh(x.dot(np.transpose(params["W"])) + params["b"])
    a = h.dot(params["v"]) + params["c"]
    g = log_likelihood_grad(a, labels, eps)
    delta = np.outer(g, params["v"]) * (1 - np.square(h))
    grads = {"c": np.sum(g), "v": g.dot(h), "b": np.sum(delta, axis=0), "W": np.tensordot(delta, x, axes=(0, 0))}
    return log_likelihood(a, labels, eps), grads


def fit(x: Any, labels: Any, eps: float, hidden: int, steps: int, learning_rate: float, seed: int) -> dict[str, Any]:
    rng = np.random.RandomState(seed)
    W, b = 0.1 * rng.randn(hidden, x.shape[1]), 0.1 * rng.randn(hidden)
    v, c = 0.1 * rng.randn(hidden), np.float64(0.0)
    lam = noise(eps)[2]
    for _ in range(steps):
        h = np.tanh(x @ W.T + b)
        a = h @ v + c
        g = (sigmoid(a + labels * lam) - sigmoid(a)) * learning_rate / len(x)
        delta = g[:, None] * v * (1 - h * h)
        W += delta.T @ x
        b += delta.sum(axis=0)
        v += h.T @ g
        c += g.sum()
    return {"W": W, "b": b, "v": v, "c": c}


def lower_bound_derivation() -> list[tuple[str, Any]]:
    # Concavity by its tangent: log z <= z - 1, so that the gap is at least 1 - 1.
    def start(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        return log(noise @ q)

    def labels_softened(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        return log(soft @ q)

    def with_the_bound(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        return soft @ log(q) - soft @ log(q / (soft @ q))

    def tangent(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        return soft @ log(q) - soft @ (q / (soft @ q) - 1.0)

    def first_sum_is_one(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        return soft @ log(q) - (1.0 - np.sum(soft))

    def loss(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        return soft @ log(q)

    return [
        ("start", start),
        ("=", labels_softened),
        ("=", with_the_bound),
        (">=", tangent),
        ("=", first_sum_is_one),
        ("=", loss),
    ]
