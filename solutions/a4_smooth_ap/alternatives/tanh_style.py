"""The sigmoid as a hyperbolic tangent, comprehensions around it, tuples and lists; the proof through the inverse."""

from collections.abc import Callable
from typing import Any

import numpy as np


def _soft_step(u: Any) -> Any:
    return 0.5 * (1.0 + np.tanh(0.5 * u))


def _bump(u: Any) -> Any:
    # 1 / (4 cosh^2(u/2)); cosh would overflow, and 1 - tanh^2 has no digits left in the tails.
    e = np.exp(-np.abs(u))
    return e / (1.0 + e) / (1.0 + e)


def average_precision(d_pos: Any, d_neg: Any) -> Any:
    everything = np.r_[d_pos, d_neg]
    return np.array(1.0 - np.mean([np.sum(d_neg < p) / np.sum(everything <= p) for p in d_pos]))


def flat_radius(d_pos: Any, d_neg: Any) -> float:
    everything = np.r_[d_pos, d_neg]
    nearest = [np.delete(np.abs(everything - p), i).min(initial=np.inf) for i, p in enumerate(d_pos)]
    return float(min(nearest)) * 0.5


def pair_loss(d_pos: Any, d_neg: Any) -> Any:
    # sign is -1, 0 or 1: a tie must count 0, not 1/2.
    return np.sum(np.maximum(np.sign(d_pos[:, None] - d_neg), 0.0))


def triplet_loss(d_pos: Any, d_neg: Any, margin: float) -> Any:
    u = d_pos[:, None] - d_neg + margin
    return np.sum(0.5 * (u + np.abs(u)))


def triplet_loss_grad(d_pos: Any, d_neg: Any, margin: float) -> tuple[Any, Any]:
    on = np.where(d_pos[:, None] - d_neg + margin > 0.0, 1.0, 0.0)
    return tuple(on.sum(axis=1)), tuple(-on.sum(axis=0))


def expected_indicator(d_n: Any, d_p: Any, tau: Any) -> Any:
    return _soft_step((np.asarray(d_p) - d_n) / tau)


def _others(d: Any) -> Any:
    """(T, T - 1): each row holds the other positives' distances."""
    t = len(d)
    return np.broadcast_to(d, (t, t))[~np.eye(t, dtype=bool)].reshape(t, t - 1)


def smooth_ap(d_pos: Any, d_neg: Any, tau: float) -> Any:
    n = _soft_step((d_pos[:, None] - d_neg) / tau).sum(axis=1)
    r = 1.0 + _soft_step((d_pos[:, None] - _others(d_pos)) / tau).sum(axis=1)
    return 1.0 - np.mean(n / (n + r))


def _soft_step_with_tail(u: Any) -> Any:
    # Far on the left the tanh rounds to -1: of no account for a value, but a gradient is divided by tau.
    e = np.exp(-np.abs(u))
    return np.where(u < 0.0, e, 1.0) / (1.0 + e)


def smooth_ap_grad(d_pos: Any, d_neg: Any, tau: float) -> list[Any]:
    n = _soft_step_with_tail((d_pos[:, None] - d_neg) / tau).sum(axis=1)
    r = 1.0 + _soft_step_with_tail((d_pos[:, None] - _others(d_pos)) / tau).sum(axis=1)
    a, b = r / (n + r) ** 2, n / (n + r) ** 2
    # The bump is even: a pair of positives pulls with b_p in one row and with -b_x in the other, and the diagonal
    # drops out by itself.
    among = _bump((d_pos[:, None] - d_pos) / tau) * (b[:, None] - b)
    across = _bump((d_pos[:, None] - d_neg) / tau) * a[:, None]
    scale = len(d_pos) * tau
    return [(among.sum(axis=1) - across.sum(axis=1)) / scale, across.sum(axis=0) / scale]


def _norms(rows: Any) -> Any:
    return np.hypot.reduce(rows, axis=1)


def smooth_ap_embedding_grad(anchor: Any, positives: Any, negatives: Any, tau: float) -> tuple[Any, ...]:
    to_anchor = [positives - anchor, negatives - anchor]
    lengths = [_norms(rows) for rows in to_anchor]
    moved = []
    for rows, d, g in zip(to_anchor, lengths, smooth_ap_grad(lengths[0], lengths[1], tau), strict=True):
        moved.append(rows * np.divide(g, d, out=np.zeros(len(d)), where=d > 0)[:, None])
    return -sum(part.sum(axis=0) for part in moved), moved[0].tolist(), moved[1]


def _galleries(labels: Any) -> dict[int, tuple[Any, Any]]:
    rows = np.arange(len(labels))
    galleries = {
        int(i): (rows[(labels == labels[i]) & (rows != i)], rows[labels != labels[i]])
        for i in rows
        if np.sum(labels == labels[i]) >= 2
    }
    if not galleries:
        raise ValueError("labels without pairs")
    return galleries


def smooth_map(embeddings: Any, labels: Any, tau: float) -> Any:
    galleries = _galleries(labels)
    distances = {i: _norms(embeddings - embeddings[i]) for i in galleries}
    return np.mean([smooth_ap(distances[i][pos], distances[i][neg], tau) for i, (pos, neg) in galleries.items()])


def smooth_map_grad(embeddings: Any, labels: Any, tau: float) -> Any:
    galleries = _galleries(labels)
    gradient = np.zeros(embeddings.shape)
    for i, (pos, neg) in galleries.items():
        parts = smooth_ap_embedding_grad(embeddings[i], embeddings[pos], embeddings[neg], tau)
        for rows, part in zip((i, pos, neg), parts, strict=True):
            gradient[rows] += np.asarray(part) / len(galleries)
    return tuple(map(tuple, gradient))


def surrogate_derivation() -> list[tuple[str, Callable[..., Any]]]:
    def lead(d_pos: Any, d_neg: Any) -> Any:
        return d_pos[:, None] - d_neg

    def wrong(u: Any) -> Any:
        # [[u > 0]] = (1 + sign u) sign|u| / 2
        return 0.5 * (1 + np.sign(u)) * np.sign(abs(u))

    # [[u > 0]] hinge + [[u <= 0]] 0, then the 0 grows to a hinge as well.
    def split(d_pos: Any, d_neg: Any, margin: float, hinge: Any) -> Any:
        u = lead(d_pos, d_neg)
        return wrong(u) * hinge(u + margin) / margin + (1 - wrong(u)) * 0.0

    def both(d_pos: Any, d_neg: Any, margin: float, hinge: Any) -> Any:
        u = lead(d_pos, d_neg)
        return wrong(u) * hinge(u + margin) / margin + (1 - wrong(u)) * hinge(u + margin) / margin

    return [
        ("start", lambda d_pos, d_neg, margin, hinge: wrong(lead(d_pos, d_neg))),
        ("<=", split),
        ("<=", both),
        ("=", lambda d_pos, d_neg, margin, hinge: hinge(lead(d_pos, d_neg) + margin) / margin),
    ]


def expectation_derivation() -> list[tuple[str, Callable[..., float]]]:
    # Back from the closed form: by the odds of the event.
    def closed(d_n: float, d_p: float, tau: float, z: Any, w: Any, cdf: Any) -> float:
        return float(1 / (1 + np.exp(-(d_p - d_n) / tau)))

    def balanced(d_n: float, d_p: float, tau: float, z: Any, w: Any, cdf: Any) -> float:
        half = (d_p - d_n) / (2 * tau)
        return float(np.exp(half) / (2 * np.cosh(half)))

    def odds(d_n: float, d_p: float, tau: float, z: Any, w: Any, cdf: Any) -> float:
        return float(np.exp((d_p - d_n) / tau) / (1 + np.exp((d_p - d_n) / tau)))

    def odds_of_cdf(d_n: float, d_p: float, tau: float, z: Any, w: Any, cdf: Any) -> float:
        return float(cdf(d_p - d_n))

    def event(d_n: float, d_p: float, tau: float, z: Any, w: Any, cdf: Any) -> float:
        return float(np.where(d_n + z < d_p, w, 0).sum())

    return [("start", closed), ("=", balanced), ("=", odds), ("=", odds_of_cdf), ("=", event)]
