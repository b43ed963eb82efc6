"""One table of positives against all examples, differentiated backwards; a batch as one table; the proof by a ramp."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def _table(d_pos: Floats, d_neg: Floats) -> tuple[Floats, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Differences d_p - d_x (T, T + M), the mask of the negative columns (T + M,), and of x = p (T, T + M)."""
    everything = np.concatenate((d_pos, d_neg))
    negative = np.arange(len(everything)) >= len(d_pos)
    return np.subtract.outer(d_pos, everything), negative, np.eye(len(d_pos), len(everything), dtype=bool)


def _exponentials(difference: Floats, tau: float) -> tuple[Floats, Floats]:
    """The sigmoid of difference / tau and its derivative by the difference."""
    e = np.exp(-np.abs(difference) / tau)
    value = 1 / (1 + e)
    return np.where(difference < 0, e * value, value), e * value**2 / tau


def average_precision(d_pos: Floats, d_neg: Floats) -> float:
    difference, negative, _ = _table(d_pos, d_neg)
    wrong = (difference > 0) @ negative.astype(float)
    return float(1 - np.sum(wrong / np.sum(difference >= 0, axis=1)) / len(d_pos))


def flat_radius(d_pos: Floats, d_neg: Floats) -> float:
    difference, _, itself = _table(d_pos, d_neg)
    return float(np.min(np.abs(difference), where=~itself, initial=np.inf) / 2)


def pair_loss(d_pos: Floats, d_neg: Floats) -> float:
    return float(np.count_nonzero(np.subtract.outer(d_pos, d_neg) > 0))


def _hinges(d_pos: Floats, d_neg: Floats, margin: float) -> Floats:
    return np.asarray((np.subtract.outer(d_pos, d_neg) + margin).clip(min=0))


def triplet_loss(d_pos: Floats, d_neg: Floats, margin: float) -> float:
    return float(_hinges(d_pos, d_neg, margin).sum())


def triplet_loss_grad(d_pos: Floats, d_neg: Floats, margin: float) -> list[Floats]:
    active = np.sign(_hinges(d_pos, d_neg, margin))
    return [active @ np.ones(len(d_neg)), -(np.ones(len(d_pos)) @ active)]


def expected_indicator(d_n: npt.ArrayLike, d_p: npt.ArrayLike, tau: float) -> Floats:
    return _exponentials(np.subtract(d_p, d_n), tau)[0]


def _forward(d_pos: Floats, d_neg: Floats, tau: float) -> tuple[Floats, Floats, Floats, npt.NDArray[np.bool_]]:
    difference, negative, itself = _table(d_pos, d_neg)
    soft, slope = _exponentials(difference, tau)
    soft[itself], slope[itself] = 1, 0
    return soft @ negative.astype(float), soft.sum(axis=1), slope, negative


def smooth_ap(d_pos: Floats, d_neg: Floats, tau: float) -> float:
    top, rank, _, _ = _forward(d_pos, d_neg, tau)
    return float(np.mean((rank - top) / rank))


def smooth_ap_grad(d_pos: Floats, d_neg: Floats, tau: float) -> tuple[Floats, Floats]:
    top, rank, slope, negative = _forward(d_pos, d_neg, tau)
    # Back through the mean, the quotient, the sums and the sigmoid, to the table of differences.
    by_top_column = (rank - top) / rank**2
    by_rank_column = -top / rank**2
    by_difference = slope * np.where(negative, by_top_column[:, None], by_rank_column[:, None]) / -len(d_pos)
    g = -by_difference.sum(axis=0)
    g[: len(d_pos)] += by_difference.sum(axis=1)
    return g[: len(d_pos)], g[len(d_pos) :]


def _lengths_and_directions(vectors: Floats) -> tuple[Floats, Floats]:
    lengths = np.sqrt(np.einsum("...i,...i", vectors, vectors))
    return lengths, np.divide(vectors, lengths[..., None], out=np.zeros(vectors.shape), where=lengths[..., None] > 0)


def smooth_ap_embedding_grad(
    anchor: Floats, positives: Floats, negatives: Floats, tau: float
) -> tuple[Floats, Floats, Floats]:
    t = len(positives)
    lengths, directions = _lengths_and_directions(np.vstack((positives, negatives)) - anchor)
    by_row = np.concatenate(smooth_ap_grad(lengths[:t], lengths[t:], tau))[:, None] * directions
    return -by_row.sum(axis=0), by_row[:t], by_row[t:]


def _partners(labels: Any) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.intp]]:
    same = np.equal.outer(labels, labels)
    positive = same & ~np.eye(len(same), dtype=bool)
    anchors = np.flatnonzero(positive.any(axis=1))
    if anchors.size == 0:
        raise ValueError("there is no anchor with a positive")
    return positive, ~same, anchors


def smooth_map(embeddings: Floats, labels: Any, tau: float) -> float:
    positive, negative, anchors = _partners(labels)
    lengths, _ = _lengths_and_directions(embeddings[:, None] - embeddings[None])
    return float(np.mean([smooth_ap(lengths[a, positive[a]], lengths[a, negative[a]], tau) for a in anchors]))


def smooth_map_grad(embeddings: Floats, labels: Any, tau: float) -> Floats:
    positive, negative, anchors = _partners(labels)
    lengths, directions = _lengths_and_directions(embeddings[:, None] - embeddings[None])
    # by_length[a, x] is the derivative by the distance of row x from anchor a.
    by_length = np.zeros(lengths.shape)
    for a in anchors:
        g_pos, g_neg = smooth_ap_grad(lengths[a, positive[a]], lengths[a, negative[a]], tau)
        by_length[a, positive[a]], by_length[a, negative[a]] = g_pos, g_neg
    # A row moves its distances as an anchor and as an example: directions[a, x] points from x to a.
    return np.asarray(np.einsum("ax,axi->ai", by_length + by_length.T, directions) / len(anchors))


def surrogate_derivation() -> list[tuple[str, Callable[..., Any]]]:
    def table(d_pos: Floats, d_neg: Floats) -> Any:
        return np.subtract.outer(d_pos, d_neg)

    def capped(d_pos: Floats, d_neg: Floats, margin: float, hinge: Any) -> Any:
        # For u > 0 min(1, hinge / margin) is 1.
        u = table(d_pos, d_neg)
        return np.minimum(1.0, hinge(u + margin) / margin) * (u > 0)

    def uncapped(d_pos: Floats, d_neg: Floats, margin: float, hinge: Any) -> Any:
        # Without the cap at 1 it only grows.
        u = table(d_pos, d_neg)
        return hinge(u + margin) / margin * (u > 0)

    return [
        ("start", lambda d_pos, d_neg, *_: np.heaviside(table(d_pos, d_neg), 0)),
        ("<=", capped),
        ("<=", uncapped),
        ("<=", lambda d_pos, d_neg, margin, hinge: hinge(table(d_pos, d_neg) + margin) / margin),
    ]


def expectation_derivation() -> list[tuple[str, Callable[..., float]]]:
    def over_z(d_n: float, d_p: float, tau: float, z: Floats, w: Floats, cdf: Any) -> float:
        return float(np.dot(w, np.heaviside(d_p - d_n - z, 0)))

    def by_distribution(d_n: float, d_p: float, tau: float, z: Floats, w: Floats, cdf: Any) -> float:
        return float(cdf(d_p - d_n))

    def integral(d_n: float, d_p: float, tau: float, z: Floats, w: Floats, cdf: Any) -> float:
        # The density, integrated in v = exp(-u / tau): 1 / (1 + v)^2 from a on, by its antiderivative.
        a = np.exp((d_n - d_p) / tau)
        return float(0 - -1 / (1 + a))

    return [("start", over_z), ("=", by_distribution), ("=", integral)]
