"""As short as it goes: every formula in |s| and the weights of the larger and the smaller sigmoid, s = t a.

All of a network's parameters in one vector while it trains, from a start with v = 0; everything comes back as lists.
"""

from typing import Any

import numpy as np


def split(logits: Any, labels: Any, eps: float) -> Any:
    """|s|, and p(t | k) of the class that the network prefers (at a = 0, the label's) and of the other."""
    s = np.multiply(labels, logits, dtype=float)
    return abs(s), np.where(s < 0, eps, 1 - eps), np.where(s < 0, 1 - eps, eps)


def preferred(logits: Any, labels: Any) -> Any:
    return np.where(np.multiply(labels, logits) < 0, -1, 1) * labels


def log(p: Any) -> Any:
    return np.log(p, out=np.full(np.shape(p), -np.inf), where=np.greater(p, 0))


def mixed(m: Any, big: Any, small: Any) -> Any:
    return np.logaddexp(log(big), log(small) - m)


def log_likelihood(logits: Any, labels: Any, eps: float) -> Any:
    m, big, small = split(logits, labels, eps)
    return (mixed(m, big, small) - np.log1p(np.exp(-m))).sum()


def log_likelihood_grad(logits: Any, labels: Any, eps: float) -> Any:
    m, big, small = split(logits, labels, eps)
    return (labels * (1 - 2 * eps) * np.exp(-m - mixed(m, big, small)) / (1 + np.exp(-m))).tolist()


def posterior(logits: Any, labels: Any, eps: float) -> Any:
    m, big, small = split(logits, labels, eps)
    return np.exp(np.where(preferred(logits, labels) < 0, log(small) - m, log(big)) - mixed(m, big, small)).tolist()


def soft_cross_entropy(logits: Any, labels: Any, eps: float) -> Any:
    m, _, small = split(logits, labels, eps)
    return (np.log1p(np.exp(-m)) + small * m).sum()


def soft_cross_entropy_grad(logits: Any, labels: Any, eps: float) -> Any:
    m, _, small = split(logits, labels, eps)
    return (preferred(logits, labels) * (small - np.exp(-m) / (1 + np.exp(-m)))).tolist()


def jensen_gap(logits: Any, labels: Any, eps: float) -> Any:
    m, big, small = split(logits, labels, eps)
    return (mixed(m, big, small) + small * m).tolist()


def mlp_objective(params: Any, x: Any, labels: Any, eps: float) -> Any:
    W, b, v, c = (np.asarray(params[key]) for key in "Wbvc")
    h = np.tanh(x @ W.T + b)
    g = np.array(log_likelihood_grad(h @ v + c, labels, eps))
    d = g[:, None] * v * (1 - h**2)
    grads = {key: part.tolist() for key, part in zip("Wbvc", (d.T @ x, d.sum(0), g @ h, g.sum()), strict=True)}
    return [log_likelihood(h @ v + c, labels, eps), grads]


def fit(x: Any, labels: Any, eps: float, hidden: int, steps: int, learning_rate: float, seed: int) -> Any:
    h, d = hidden, x.shape[1]
    theta = np.r_[np.random.default_rng(seed).normal(size=h * d + h), np.zeros(h + 1)]

    def unpack(vector: Any) -> dict[str, Any]:
        W, b, v, c = np.split(vector, [h * d, h * d + h, h * d + 2 * h])
        return {"W": W.reshape(h, d), "b": b, "v": v, "c": c[0]}

    for _ in range(steps):
        grads = mlp_objective(unpack(theta), x, labels, eps)[1]
        theta = theta + learning_rate / len(x) * np.concatenate([np.ravel(grads[key]) for key in "Wbvc"])
    return {key: part.tolist() for key, part in unpack(theta).items()}


def lower_bound_derivation() -> Any:
    return [
        ("start", lambda noise, soft, q, log: soft @ log(q)),  # from below
        (" ≤ ", lambda noise, soft, q, log: log(soft @ q)),
        ("==", lambda noise, soft, q, log: log(noise @ q)),
    ]
