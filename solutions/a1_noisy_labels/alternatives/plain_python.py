"""One example at a time: Python's math module, loops and plain lists; the network's seeded start is `random`'s."""

import math
import random
from typing import Any

import numpy as np


def log_sigmoid(z: float) -> float:
    # Two cases, so that exp never gets a large positive number.
    return -math.log1p(math.exp(-z)) if z >= 0 else z - math.log1p(math.exp(z))


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def log_add(a: float, b: float) -> float:
    top, low = max(a, b), min(a, b)
    return top if low == -math.inf else top + math.log1p(math.exp(low - top))


def log_noise(t: int, k: int, eps: float) -> float:
    if t == k:
        return math.log1p(-eps) if eps < 1 else -math.inf
    return math.log(eps) if eps > 0 else -math.inf


def log_marginal(a: float, t: int, eps: float) -> float:
    return log_add(log_noise(t, 1, eps) + log_sigmoid(a), log_noise(t, -1, eps) + log_sigmoid(-a))


def one_term(a: float, t: int, eps: float) -> float:
    return -((1 - eps) * log_sigmoid(t * a) + eps * log_sigmoid(-t * a))


def examples(logits: Any, labels: Any) -> Any:
    return [(float(a), int(t)) for a, t in zip(logits, labels, strict=True)]


def log_likelihood(logits: Any, labels: Any, eps: float) -> float:
    return math.fsum(log_marginal(a, t, eps) for a, t in examples(logits, labels))


def slope(a: float, t: int, eps: float) -> float:
    return t * (1 - 2 * eps) * math.exp(log_sigmoid(a) + log_sigmoid(-a) - log_marginal(a, t, eps))


def log_likelihood_grad(logits: Any, labels: Any, eps: float) -> list[float]:
    return [slope(a, t, eps) for a, t in examples(logits, labels)]


def posterior(logits: Any, labels: Any, eps: float) -> list[float]:
    probabilities = []
    for a, t in examples(logits, labels):
        plus = log_noise(t, 1, eps) + log_sigmoid(a)
        probabilities.append(math.exp(plus - log_marginal(a, t, eps)))
    return probabilities


def soft_cross_entropy(logits: Any, labels: Any, eps: float) -> float:
    return math.fsum(one_term(a, t, eps) for a, t in examples(logits, labels))


def soft_cross_entropy_grad(logits: Any, labels: Any, eps: float) -> list[float]:
    return [t * (eps * sigmoid(t * a) - (1 - eps) * sigmoid(-t * a)) for a, t in examples(logits, labels)]


def jensen_gap(logits: Any, labels: Any, eps: float) -> list[float]:
    gaps = []
    for a, t in examples(logits, labels):
        # The class that the network prefers has a sigmoid exp(|a|) times that of the other.
        better = 1 if a >= 0 else -1
        weight = eps if t == better else 1 - eps  # of the softened label, on the other class
        rest = log_add(log_noise(t, better, eps), log_noise(t, -better, eps) - abs(a))
        gaps.append(rest + weight * abs(a))
    return gaps


def mlp_objective(params: Any, x: Any, labels: Any, eps: float) -> tuple[float, dict[str, Any]]:
    w_rows, v = [list(map(float, row)) for row in params["W"]], [float(z) for z in params["v"]]
    units = list(zip(w_rows, map(float, params["b"]), strict=True))
    grad_w = [[0.0] * len(row) for row in w_rows]
    grad_b, grad_v, grad_c = [0.0] * len(v), [0.0] * len(v), 0.0
    values = []
    for row, label in zip(x.tolist(), labels.tolist(), strict=True):
        out = [math.tanh(b + sum(wj * xj for wj, xj in zip(w, row, strict=True))) for w, b in units]
        a = float(params["c"]) + sum(vi * hi for vi, hi in zip(v, out, strict=True))
        values.append(log_marginal(a, label, eps))
        g = slope(a, label, eps)
        grad_c += g
        for i, hi in enumerate(out):
            back = g * v[i] * (1 - hi * hi)
            grad_v[i] += g * hi
            grad_b[i] += back
            for j, xj in enumerate(row):
                grad_w[i][j] += back * xj
    return math.fsum(values), {"W": grad_w, "b": grad_b, "v": grad_v, "c": grad_c}


def fit(x: Any, labels: Any, eps: float, hidden: int, steps: int, learning_rate: float, seed: int) -> dict[str, Any]:
    # Unit by unit; NumPy only along the examples, since 300 steps over 400 of them one by one take seconds.
    rng = random.Random(seed)  # noqa: S311
    w_rows = [np.array([rng.uniform(-0.5, 0.5) for _ in x[0]]) for _ in range(hidden)]
    b, v, c = [0.0] * hidden, [rng.uniform(-0.5, 0.5) for _ in range(hidden)], 0.0
    rate = learning_rate / len(x)
    for _ in range(steps):
        out = [np.tanh(x @ w + b_i) for w, b_i in zip(w_rows, b, strict=True)]
        right = 1 / (1 + np.exp(-labels * (c + sum(v_i * h for v_i, h in zip(v, out, strict=True)))))
        g = labels * (1 - 2 * eps) * right * (1 - right) / (eps + (1 - 2 * eps) * right)
        for i, h in enumerate(out):
            back = g * v[i] * (1 - h * h)
            v[i] += rate * float(g @ h)
            b[i] += rate * float(back.sum())
            w_rows[i] = w_rows[i] + rate * (back @ x)
        c += rate * float(g.sum())
    return {"W": [w.tolist() for w in w_rows], "b": b, "v": v, "c": c}


def lower_bound_derivation() -> list[tuple[str, Any]]:
    # Classes join one after the other: Jensen for two of them at a time.
    def marginal(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        return log(sum(a * b for a, b in zip(noise, q, strict=True)))

    def softened(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        return log(sum(a * b for a, b in zip(soft, q, strict=True)))

    def one_class_out(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        # q mixes the first class with the mean of the others: log of a mean of two.
        rest = sum(soft[1:])
        mean = sum(a * b for a, b in zip(soft[1:], q[1:], strict=True)) / rest
        return soft[0] * log(q[0]) + rest * log(mean)

    def all_classes_out(noise: Any, soft: Any, q: Any, log: Any) -> Any:
        return sum(a * log(b) for a, b in zip(soft, q, strict=True))

    return [("start", marginal), ("=", softened), (">=", one_class_out), (">=", all_classes_out)]
