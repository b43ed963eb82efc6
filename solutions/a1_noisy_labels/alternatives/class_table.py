"""A row for each class: log p(t | k) and log q(k | x) as (2, n) tables, reduced by logaddexp.

Gradients by Fisher's identity, the gap as a KL-divergence, the network with its bias as one more column.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

CLASSES = np.array([[-1], [1]])


def log_q(logits: Any) -> Any:
    return -np.logaddexp(0.0, -CLASSES * np.asarray(logits, dtype=float))


def soft_labels(labels: Any, eps: float) -> Any:
    return np.where(np.asarray(labels) == CLASSES, 1.0 - eps, eps)


def log_soft_labels(labels: Any, eps: float) -> Any:
    right, wrong = np.full(1, -np.inf), np.full(1, -np.inf)
    if eps < 1.0:
        right = np.log1p([-eps])
    if eps > 0.0:
        wrong = np.log([eps])
    return np.where(np.asarray(labels) == CLASSES, right, wrong)


def log_marginal(logits: Any, labels: Any, eps: float) -> Any:
    return np.logaddexp.reduce(log_soft_labels(labels, eps) + log_q(logits), axis=0)


def class_posterior(logits: Any, labels: Any, eps: float) -> Any:
    table = log_soft_labels(labels, eps) + log_q(logits)
    return np.exp(table - np.logaddexp.reduce(table, axis=0))


def log_likelihood(logits: Any, labels: Any, eps: float) -> float:
    return float(log_marginal(logits, labels, eps).sum())


def log_likelihood_grad(logits: Any, labels: Any, eps: float) -> Any:
    # Fisher: the gradient of log p(t) is the posterior mean of that of log q(k), which is k sigma(-k a).
    return np.sum(class_posterior(logits, labels, eps) * CLASSES * np.exp(log_q(logits)[::-1]), axis=0)


def posterior(logits: Any, labels: Any, eps: float) -> Any:
    return class_posterior(logits, labels, eps)[1]


def soft_cross_entropy(logits: Any, labels: Any, eps: float) -> NDArray[np.float64]:
    return np.array(-np.sum(soft_labels(labels, eps) * log_q(logits)))  # a 0-d array is a number, too


def soft_cross_entropy_grad(logits: Any, labels: Any, eps: float) -> Any:
    return np.exp(log_q(logits)[1]) - soft_labels(labels, eps)[1]


def jensen_gap(logits: Any, labels: Any, eps: float) -> Any:
    # log p(t) - sum_k r_k log q_k is KL(r || posterior), where r are the softened labels: r_k / posterior_k = p / q_k.
    return np.sum(soft_labels(labels, eps) * (log_marginal(logits, labels, eps) - log_q(logits)), axis=0)


def mlp_objective(params: Any, x: Any, labels: Any, eps: float) -> tuple[float, dict[str, Any]]:
    ones = np.ones((len(x), 1))
    inner = np.hstack([params["W"], np.reshape(params["b"], (-1, 1))])
    outer = np.append(params["v"], params["c"])
    with_bias = np.hstack([x, ones])
    features = np.hstack([np.tanh(with_bias @ inner.T), ones])
    logits = features @ outer
    g = log_likelihood_grad(logits, labels, eps)
    d_outer = g @ features
    d_inner = np.einsum("nh,nd->hd", np.outer(g, outer[:-1]) * (1 - features[:, :-1] ** 2), with_bias)
    grads = {"W": d_inner[:, :-1], "b": d_inner[:, -1], "v": d_outer[:-1], "c": d_outer[-1]}
    return log_likelihood(logits, labels, eps), grads


def fit(x: Any, labels: Any, eps: float, hidden: int, steps: int, learning_rate: float, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    d = np.shape(x)[1]
    # Glorot and Bengio's uniform start (2010).
    reach, reach_out = np.sqrt(6.0 / (d + hidden)), np.sqrt(6.0 / (hidden + 1))
    params: dict[str, Any] = {
        "W": rng.uniform(-reach, reach, (hidden, d)),
        "b": np.zeros(hidden),
        "v": rng.uniform(-reach_out, reach_out, hidden),
        "c": np.zeros(()),
    }
    for _ in range(steps):
        _, grads = mlp_objective(params, x, labels, eps)
        for key in params:
            params[key] = params[key] + learning_rate / len(x) * grads[key]
    return params


def lower_bound_derivation() -> list[tuple[str, Any]]:
    # Gibbs in place of Jensen: the gap is a KL-divergence, and that is at least 0.
    def start(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        return log(np.sum(noise * q))

    def marginal(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        return log(np.sum(soft * q))

    def average_of_a_constant(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        return np.sum(soft * log(np.sum(soft * q)))

    def bayes(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        # For every k, p = soft_k q_k / posterior_k.
        posterior = soft * q / np.sum(soft * q)
        return np.sum(soft * log(soft * q / posterior))

    def bound_and_divergence(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        posterior = soft * q / np.sum(soft * q)
        return np.sum(soft * log(q)) + np.sum(soft * log(soft / posterior))

    def bound(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        return np.sum(soft * log(q))

    return [
        ("start", start),
        ("=", marginal),
        ("=", average_of_a_constant),
        ("=", bayes),
        ("=", bound_and_divergence),
        (">=", bound),
    ]
