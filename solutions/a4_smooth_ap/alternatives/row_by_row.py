"""A loop over the positives, NumPy inside a row; lists where arrays are asked for; the proof drops pairs, then adds."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def _sigmoid(z: Any) -> Any:
    # Each sign by the form whose exponential cannot overflow.
    z = np.asarray(z, dtype=float)
    out = np.empty(z.shape)
    up = z >= 0
    out[up] = 1 / (1 + np.exp(-z[up]))
    e = np.exp(z[~up])
    out[~up] = e / (1 + e)
    return out


def average_precision(d_pos: Any, d_neg: Any) -> float:
    errors = 0.0
    for p in d_pos:
        k = np.count_nonzero(d_pos <= p) + np.count_nonzero(d_neg <= p)
        errors += np.count_nonzero(d_neg < p) / k
    return 1 - errors / len(d_pos)


def flat_radius(d_pos: Any, d_neg: Any) -> float:
    smallest = math.inf
    for i, p in enumerate(d_pos):
        others = np.concatenate([d_pos[:i], d_pos[i + 1 :], d_neg])
        if len(others) > 0:
            smallest = min(smallest, float(np.abs(others - p).min()))
    return smallest / 2


def pair_loss(d_pos: Any, d_neg: Any) -> int:
    return sum(int(np.count_nonzero(d_neg < p)) for p in d_pos)


def triplet_loss(d_pos: Any, d_neg: Any, margin: float) -> float:
    total = 0.0
    for p in d_pos:
        hinge = p - d_neg + margin
        total += float(hinge[hinge > 0].sum())
    return total


def triplet_loss_grad(d_pos: Any, d_neg: Any, margin: float) -> tuple[list[float], list[float]]:
    g_pos = []
    g_neg = np.zeros(len(d_neg))
    for p in d_pos:
        active = p - d_neg + margin > 0
        g_pos.append(float(np.count_nonzero(active)))
        g_neg[active] -= 1
    return g_pos, g_neg.tolist()


def expected_indicator(d_n: Any, d_p: Any, tau: Any) -> Any:
    return _sigmoid(-(np.asarray(d_n) - np.asarray(d_p)) / tau)


def smooth_ap(d_pos: Any, d_neg: Any, tau: float) -> float:
    total = 0.0
    for i, p in enumerate(d_pos):
        n = _sigmoid((p - d_neg) / tau).sum()
        k = 1 + n + _sigmoid((p - np.delete(d_pos, i)) / tau).sum()
        total += 1 - n / k
    return float(total / len(d_pos))


def smooth_ap_grad(d_pos: Any, d_neg: Any, tau: float) -> tuple[list[float], list[float]]:
    t = len(d_pos)
    g_pos, g_neg = np.zeros(t), np.zeros(len(d_neg))
    for i, p in enumerate(d_pos):
        others = np.arange(t) != i
        z_neg, z_pos = (p - d_neg) / tau, (p - d_pos[others]) / tau
        s_neg, s_pos = _sigmoid(z_neg), _sigmoid(z_pos)
        n, r = s_neg.sum(), 1 + s_pos.sum()
        # sigma' = sigma(z) sigma(-z)
        slope_neg = s_neg * _sigmoid(-z_neg) / tau
        slope_pos = s_pos * _sigmoid(-z_pos) / tau
        # AP loses N / (N + R) in this row.
        by_n, by_r = r / (n + r) ** 2, -n / (n + r) ** 2
        g_neg += by_n * slope_neg
        g_pos[others] += by_r * slope_pos
        g_pos[i] -= by_n * slope_neg.sum() + by_r * slope_pos.sum()
    return (g_pos / t).tolist(), (g_neg / t).tolist()


def _distances(anchor: Any, rows: Any) -> Any:
    return np.array([math.dist(anchor, row) for row in rows])


def smooth_ap_embedding_grad(anchor: Any, positives: Any, negatives: Any, tau: float) -> tuple[Any, Any, Any]:
    d_pos, d_neg = _distances(anchor, positives), _distances(anchor, negatives)
    g_anchor = np.zeros(len(anchor))
    parts = []
    for rows, d, g in zip((positives, negatives), (d_pos, d_neg), smooth_ap_grad(d_pos, d_neg, tau), strict=True):
        part = np.zeros(rows.shape)
        for j in range(len(rows)):
            if d[j] > 0:
                part[j] = g[j] * (rows[j] - anchor) / d[j]
                g_anchor -= part[j]
        parts.append(part)
    return g_anchor, parts[0], parts[1]


def _batch(labels: Any) -> list[tuple[int, list[int], list[int]]]:
    found = []
    for a in range(len(labels)):
        same = [i for i in range(len(labels)) if i != a and labels[i] == labels[a]]
        if same:
            found.append((a, same, [i for i in range(len(labels)) if labels[i] != labels[a]]))
    if not found:
        raise ValueError("no label occurs twice")
    return found


def smooth_map(embeddings: Any, labels: Any, tau: float) -> float:
    values = []
    for a, same, other in _batch(labels):
        d = _distances(embeddings[a], embeddings)
        values.append(smooth_ap(d[same], d[other], tau))
    return sum(values) / len(values)


def smooth_map_grad(embeddings: Any, labels: Any, tau: float) -> list[list[float]]:
    total = np.zeros(embeddings.shape)
    anchors = _batch(labels)
    for a, same, other in anchors:
        g_anchor, g_same, g_other = smooth_ap_embedding_grad(embeddings[a], embeddings[same], embeddings[other], tau)
        total[a] += g_anchor
        for i, row in zip(same + other, np.concatenate([g_same, g_other]), strict=True):
            total[i] += row
    answer: list[list[float]] = (total / len(anchors)).tolist()
    return answer


def surrogate_derivation() -> list[tuple[str, Callable[..., Any]]]:
    def rows(each: Callable[[float], float], d_pos: Any, d_neg: Any) -> Any:
        return np.array([[each(p - n) for n in d_neg] for p in d_pos], dtype=float).reshape(len(d_pos), len(d_neg))

    # From above: pairs in the right order are left out first, then what the others have beyond 1.
    def loss(d_pos: Any, d_neg: Any, margin: float, hinge: Any) -> Any:
        return rows(lambda u: hinge(u + margin) / margin, d_pos, d_neg)

    def wrong_pairs(d_pos: Any, d_neg: Any, margin: float, hinge: Any) -> Any:
        return rows(lambda u: hinge(u + margin) / margin if u > 0 else 0.0, d_pos, d_neg)

    def counted(d_pos: Any, d_neg: Any, margin: float, hinge: Any) -> Any:
        return rows(lambda u: 1.0 if u > 0 else 0.0, d_pos, d_neg)

    return [("start", loss), ("≥", wrong_pairs), ("≥", counted)]


def expectation_derivation() -> list[tuple[str, Callable[..., float]]]:
    # By the complement.
    def expectation(d_n: float, d_p: float, tau: float, z: Any, w: Any, cdf: Any) -> float:
        return math.fsum(b for a, b in zip(z, w, strict=True) if d_n - d_p + a < 0)

    def complement(d_n: float, d_p: float, tau: float, z: Any, w: Any, cdf: Any) -> float:
        return 1 - math.fsum(b for a, b in zip(z, w, strict=True) if a >= d_p - d_n)

    def tail(d_n: float, d_p: float, tau: float, z: Any, w: Any, cdf: Any) -> float:
        return 1 - (1 - float(cdf(d_p - d_n)))

    def logistic_tail(d_n: float, d_p: float, tau: float, z: Any, w: Any, cdf: Any) -> float:
        return 1 - 1 / (1 + math.exp((d_p - d_n) / tau))

    def closed(d_n: float, d_p: float, tau: float, z: Any, w: Any, cdf: Any) -> float:
        return 1 / (1 + math.exp((d_n - d_p) / tau))

    return [("start", expectation), ("=", complement), ("=", tail), ("=", logistic_tail), ("=", closed)]
