"""Sorting and binary search where counts suffice, blocks of rows elsewhere; sigmoids by way of their logarithms."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
BLOCK = 128


def average_precision(d_pos: Floats, d_neg: Floats) -> float:
    positives, negatives = np.sort(d_pos), np.sort(d_neg)
    closer = np.searchsorted(negatives, positives, side="left")
    rank = np.searchsorted(negatives, positives, side="right") + np.searchsorted(positives, positives, side="right")
    return float(1.0 - np.average(closer / rank))


def flat_radius(d_pos: Floats, d_neg: Floats) -> float:
    # In sorted order the nearest other example is a neighbour; two negatives side by side do not count.
    everything = np.append(d_pos, d_neg)
    positive = np.append(np.ones(len(d_pos), dtype=bool), np.zeros(len(d_neg), dtype=bool))
    order = np.argsort(everything)
    gaps = np.diff(everything[order])[positive[order][1:] | positive[order][:-1]]
    return float(min(gaps, default=np.inf)) / 2


def pair_loss(d_pos: Floats, d_neg: Floats) -> np.intp:
    return np.sum(np.searchsorted(np.sort(d_neg), d_pos, side="left"))


def _active(d_pos: Floats, d_neg: Floats, margin: float) -> Any:
    # The very comparison of the definition: d_n < d_p + margin may round differently.
    return d_pos[:, np.newaxis] - d_neg + margin > 0


def triplet_loss(d_pos: Floats, d_neg: Floats, margin: float) -> float:
    return float(np.sum((d_pos[:, np.newaxis] - d_neg + margin)[_active(d_pos, d_neg, margin)]))


def triplet_loss_grad(d_pos: Floats, d_neg: Floats, margin: float) -> tuple[Any, Any]:
    active = _active(d_pos, d_neg, margin)
    return active.sum(axis=1), -active.sum(axis=0)


def _log_sigmoid(z: Any) -> Any:
    return -np.logaddexp(0.0, -z)


def expected_indicator(d_n: Any, d_p: Any, tau: Any) -> Any:
    return np.exp(_log_sigmoid((np.asarray(d_p) - np.asarray(d_n)) / tau))


def _blocks(d_pos: Floats, d_neg: Floats, tau: float) -> Iterator[tuple[slice, Any, Any, Any, Any]]:
    """For a block of positives: log-sigmoids against negatives and positives (-inf at x = p), and both sums."""
    for start in range(0, len(d_pos), BLOCK):
        rows = slice(start, min(start + BLOCK, len(d_pos)))
        log_neg = _log_sigmoid((d_pos[rows, np.newaxis] - d_neg) / tau)
        log_pos = _log_sigmoid((d_pos[rows, np.newaxis] - d_pos) / tau)
        log_pos[np.arange(rows.stop - start), np.arange(start, rows.stop)] = -np.inf
        yield rows, log_neg, log_pos, np.exp(log_neg).sum(axis=1), 1.0 + np.exp(log_pos).sum(axis=1)


def smooth_ap(d_pos: Floats, d_neg: Floats, tau: float) -> float:
    # 1 - N / (N + R) is R / (N + R).
    return float(sum(np.sum(r / (n + r)) for _, _, _, n, r in _blocks(d_pos, d_neg, tau)) / len(d_pos))


def smooth_ap_grad(d_pos: Floats, d_neg: Floats, tau: float) -> tuple[Floats, Floats]:
    g_pos, g_neg = np.zeros(len(d_pos)), np.zeros(len(d_neg))
    for rows, log_neg, log_pos, n, r in _blocks(d_pos, d_neg, tau):
        # log of the derivative: log s(z) + log s(-z), and log s(-z) = log s(z) - z.
        z_neg, z_pos = ((d_pos[rows, np.newaxis] - d) / tau for d in (d_neg, d_pos))
        slope_neg = np.exp(2.0 * log_neg - z_neg)
        slope_pos = np.exp(2.0 * log_pos - z_pos)
        pull = slope_neg * (r / (n + r) ** 2)[:, np.newaxis]
        push = slope_pos * (n / (n + r) ** 2)[:, np.newaxis]
        g_pos[rows] += push.sum(axis=1) - pull.sum(axis=1)
        g_pos -= push.sum(axis=0)
        g_neg += pull.sum(axis=0)
    return g_pos / tau / len(d_pos), g_neg / tau / len(d_pos)


def smooth_ap_embedding_grad(anchor: Floats, positives: Floats, negatives: Floats, tau: float) -> list[Floats]:
    to_pos, to_neg = positives - anchor, negatives - anchor
    d_pos, d_neg = np.linalg.norm(to_pos, axis=1), np.linalg.norm(to_neg, axis=1)
    g_pos, g_neg = smooth_ap_grad(d_pos, d_neg, tau)
    # Where the distance is 0 the difference is the zero vector, whatever it is divided by.
    g_positives = (g_pos / np.where(d_pos == 0, 1, d_pos))[:, np.newaxis] * to_pos
    g_negatives = (g_neg / np.where(d_neg == 0, 1, d_neg))[:, np.newaxis] * to_neg
    return [-g_positives.sum(axis=0) - g_negatives.sum(axis=0), g_positives, g_negatives]


def _queries(labels: Any) -> list[int]:
    values, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    rows = [int(row) for row in np.flatnonzero(counts[inverse] > 1)]
    if not rows:
        raise ValueError(f"all {len(values)} labels differ")
    return rows


def _split(labels: Any, query: int) -> tuple[Any, Any]:
    indices = np.arange(len(labels))
    return indices[(labels == labels[query]) & (indices != query)], indices[labels != labels[query]]


def smooth_map(embeddings: Floats, labels: Any, tau: float) -> float:
    total, queries = 0.0, _queries(labels)
    for query in queries:
        d_pos, d_neg = (np.linalg.norm(embeddings[rows] - embeddings[query], axis=1) for rows in _split(labels, query))
        total += smooth_ap(d_pos, d_neg, tau)
    return total / len(queries)


def smooth_map_grad(embeddings: Floats, labels: Any, tau: float) -> Floats:
    gradient, queries = np.zeros_like(embeddings), _queries(labels)
    for query in queries:
        pos, neg = _split(labels, query)
        parts = smooth_ap_embedding_grad(embeddings[query], embeddings[pos], embeddings[neg], tau)
        np.add.at(gradient, np.concatenate([[query], pos, neg]), np.vstack(parts) / len(queries))
    return gradient


def surrogate_derivation() -> list[tuple[str, Callable[..., Any]]]:
    def lead(d_pos: Floats, d_neg: Floats) -> Any:
        return np.asarray(d_pos[:, np.newaxis] - d_neg)

    def by_the_margin(d_pos: Floats, d_neg: Floats, margin: float, hinge: Any) -> Any:
        return (lead(d_pos, d_neg) > 0) * margin / margin

    def with_hinges(d_pos: Floats, d_neg: Floats, margin: float, hinge: Any) -> Any:
        # Where u > 0, the margin is at most the hinge.
        u = lead(d_pos, d_neg)
        return (u > 0) * np.maximum(margin, hinge(u + margin)) / margin

    def hinges_alone(d_pos: Floats, d_neg: Floats, margin: float, hinge: Any) -> Any:
        u = lead(d_pos, d_neg)
        return (u > 0) * hinge(u + margin) / margin

    def over_counted(d_pos: Floats, d_neg: Floats, margin: float, hinge: Any) -> Any:
        return hinge(lead(d_pos, d_neg) + margin) / margin

    return [
        ("start", lambda d_pos, d_neg, margin, hinge: lead(d_pos, d_neg) > 0),
        ("=", by_the_margin),
        ("<=", with_hinges),
        ("=", hinges_alone),
        ("<=", over_counted),
    ]


def expectation_derivation() -> list[tuple[str, Callable[..., float]]]:
    # By the noise's symmetry, and the odds.
    def expectation(d_n: float, d_p: float, tau: float, z: Floats, w: Floats, cdf: Any) -> float:
        order = np.argsort(z)
        return float(np.concatenate([[0.0], np.cumsum(w[order])])[np.searchsorted(z[order], d_p - d_n)])

    def distribution(d_n: float, d_p: float, tau: float, z: Floats, w: Floats, cdf: Any) -> float:
        return float(cdf(d_p - d_n))

    def symmetric(d_n: float, d_p: float, tau: float, z: Floats, w: Floats, cdf: Any) -> float:
        return float(1.0 - cdf(d_n - d_p))

    def hyperbolic(d_n: float, d_p: float, tau: float, z: Floats, w: Floats, cdf: Any) -> float:
        return float(0.5 + 0.5 * np.tanh((d_p - d_n) / (2.0 * tau)))

    def closed(d_n: float, d_p: float, tau: float, z: Floats, w: Floats, cdf: Any) -> float:
        return float(1.0 / (1.0 + np.exp((d_n - d_p) / tau)))

    return [
        ("start", expectation),
        ("=", distribution),
        ("=", symmetric),
        ("=", hyperbolic),
        ("=", closed),
    ]
