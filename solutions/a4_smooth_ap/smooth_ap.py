"""Assignment 4: average precision, the triplet loss, and Smooth-AP.

An anchor has T >= 1 positives and M >= 0 negatives. `d_pos` (T,) and `d_neg` (M,) are their distances to the anchor in
the feature space; smaller is closer. The rank of a positive is k(p) = number of all examples x with d_x <= d_p.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int_]
TripletStep = Callable[[Floats, Floats, float], float]
ExpectationStep = Callable[[float, float, float], float]


def average_precision(d_pos: Floats, d_neg: Floats) -> float:
    """Average precision, equation (2): AP = 1 - 1/T sum_p 1/k(p) sum_n [[d_n < d_p]].

    Under ties the equation holds as written: strict < in the sum, <= in k(p).

    Args:
        d_pos: (T,) distances of the positives, T >= 1.
        d_neg: (M,) distances of the negatives, M >= 0.

    Returns:
        A number from 0 to 1.

    Source: seminar sheet, Assignment 4, equation (2).
    """
    closer = np.sum(d_neg[None, :] < d_pos[:, None], axis=1)
    rank = np.sum(d_pos[None, :] <= d_pos[:, None], axis=1) + np.sum(d_neg[None, :] <= d_pos[:, None], axis=1)
    return float(1.0 - np.mean(closer / rank))


def flat_radius(d_pos: Floats, d_neg: Floats) -> float:
    """Half the smallest |d_p - d_x| over the positives p and every other example x (task 4a).

    Args:
        d_pos: (T,) distances of the positives, T >= 1.
        d_neg: (M,) distances of the negatives, M >= 0.

    Returns:
        A number from 0 on; inf where there is no other example (T = 1 and M = 0).

    Source: seminar sheet, Assignment 4a.
    """
    apart = np.abs(d_pos[:, None] - np.concatenate([d_pos, d_neg])[None, :])
    # A positive is no other example than itself: column p of row p does not count.
    np.fill_diagonal(apart[:, : len(d_pos)], np.inf)
    return float(np.min(apart) / 2.0)


def pair_loss(d_pos: Floats, d_neg: Floats) -> int:
    """The number of pairs of a positive and a negative with d_n < d_p (task 4b).

    Args:
        d_pos: (T,) distances of the positives.
        d_neg: (M,) distances of the negatives, M >= 0.

    Returns:
        A whole number.

    Source: seminar sheet, Assignment 4b.
    """
    return int(np.sum(d_neg[None, :] < d_pos[:, None]))


def triplet_loss(d_pos: Floats, d_neg: Floats, margin: float) -> float:
    """The triplet loss: the sum over all pairs of max(0, d_p - d_n + margin).

    Args:
        d_pos: (T,) distances of the positives.
        d_neg: (M,) distances of the negatives, M >= 0.
        margin: a number above 0.

    Returns:
        A number from 0 on.

    Source: seminar sheet, Assignment 4b.
    """
    return float(np.sum(np.maximum(0.0, d_pos[:, None] - d_neg[None, :] + margin)))


def triplet_loss_grad(d_pos: Floats, d_neg: Floats, margin: float) -> tuple[Floats, Floats]:
    """The gradient of `triplet_loss` with respect to the distances; a pair at the kink contributes 0.

    Args:
        d_pos: (T,) distances of the positives.
        d_neg: (M,) distances of the negatives, M >= 0.
        margin: a number above 0.

    Returns:
        (g_pos, g_neg) of shapes (T,) and (M,).

    Source: seminar sheet, Assignment 4b.
    """
    active = d_pos[:, None] - d_neg[None, :] + margin > 0.0
    return active.sum(axis=1).astype(np.float64), -active.sum(axis=0).astype(np.float64)


def expected_indicator(d_n: npt.ArrayLike, d_p: npt.ArrayLike, tau: npt.ArrayLike) -> Floats:
    """The expectation of (3), E_Z [[d_n - d_p + Z < 0]], for logistic noise Z with mean 0 and scale tau (task 4c).

    The arguments broadcast against each other.

    Args:
        d_n: distances of negatives.
        d_p: distances of positives; |d_n - d_p| / tau is at most a million.
        tau: the scale, above 0.

    Returns:
        An array of the broadcast shape (one number for numbers), from 0 to 1.

    Source: seminar sheet, Assignment 4c, equation (3).
    """
    return _sigmoid((np.asarray(d_p, dtype=np.float64) - np.asarray(d_n)) / tau)[()]


def smooth_ap(d_pos: Floats, d_neg: Floats, tau: float) -> float:
    """Smooth-AP: equation (2) with every indicator replaced by its expectation under logistic noise of scale tau.

    The comparison of a positive with itself in k(p) counts exactly 1: an example's own noise cancels.

    Args:
        d_pos: (T,) distances of the positives, T >= 1, up to 100.
        d_neg: (M,) distances of the negatives, M >= 0, up to 100.
        tau: the scale of the noise, from 1e-6 on.

    Returns:
        A number from 0 to 1. T + M = 2,000 must take neither minutes nor gigabytes.

    Source: seminar sheet, Assignment 4; Brown et al., Smooth-AP, ECCV 2020.
    """
    negatives, among_positives = _soft_counts(d_pos, d_neg, tau)
    return float(1.0 - np.mean(negatives / (among_positives + negatives)))


def smooth_ap_grad(d_pos: Floats, d_neg: Floats, tau: float) -> tuple[Floats, Floats]:
    """The gradient of `smooth_ap` with respect to the distances.

    Args:
        d_pos: (T,) distances of the positives, T >= 1, up to 100.
        d_neg: (M,) distances of the negatives, M >= 0, up to 100.
        tau: the scale of the noise, from 1e-6 on.

    Returns:
        (g_pos, g_neg) of shapes (T,) and (M,).

    Source: seminar sheet, Assignment 4; Brown et al., Smooth-AP, ECCV 2020.
    """
    negatives, among_positives = _soft_counts(d_pos, d_neg, tau)
    rank = among_positives + negatives
    # AP = 1 - 1/T sum_p N_p / k_p, where k_p = R_p + N_p. Both parts of the quotient move:
    #     d(N/k) = (R dN - N dR) / k^2.
    by_negatives = among_positives / rank**2
    by_positives = negatives / rank**2
    weight_neg = by_negatives[:, None] * _sigmoid_slope((d_pos[:, None] - d_neg[None, :]) / tau)
    weight_pos = by_positives[:, None] * _sigmoid_slope((d_pos[:, None] - d_pos[None, :]) / tau)
    # The comparison with oneself is the constant 1.
    np.fill_diagonal(weight_pos, 0.0)
    # d_p stands with + in its own row and with - in its column of the others' ranks.
    scale = 1.0 / (len(d_pos) * tau)
    g_pos = -scale * (weight_neg.sum(axis=1) - weight_pos.sum(axis=1) + weight_pos.sum(axis=0))
    g_neg = scale * weight_neg.sum(axis=0)
    return g_pos, g_neg


def smooth_ap_embedding_grad(
    anchor: Floats, positives: Floats, negatives: Floats, tau: float
) -> tuple[Floats, Floats, Floats]:
    """The gradient of Smooth-AP with respect to the embeddings, for the Euclidean distance d_x = |f(x) - f(a)|.

    An example at distance 0 from the anchor contributes the subgradient 0.

    Args:
        anchor: (D,) the anchor's embedding.
        positives: (T, D) embeddings of the positives, T >= 1.
        negatives: (M, D) embeddings of the negatives, M >= 0.
        tau: the scale of the noise, from 1e-3 on.

    Returns:
        (g_anchor, g_positives, g_negatives) of shapes (D,), (T, D) and (M, D).

    Source: seminar sheet, Assignment 4; Brown et al., Smooth-AP, ECCV 2020.
    """
    d_pos, toward_pos = _distances(positives - anchor)
    d_neg, toward_neg = _distances(negatives - anchor)
    g_pos, g_neg = smooth_ap_grad(d_pos, d_neg, tau)
    g_positives = g_pos[:, None] * toward_pos
    g_negatives = g_neg[:, None] * toward_neg
    # Moving the anchor is moving everything else the other way.
    return -(g_positives.sum(axis=0) + g_negatives.sum(axis=0)), g_positives, g_negatives


def smooth_map(embeddings: Floats, labels: Integers, tau: float) -> float:
    """The mini-batch objective: the mean of Smooth-AP over the rows that have at least one other row of their label.

    Each such row is the anchor in turn; the other rows of its label are its positives, all the rest its negatives.

    Args:
        embeddings: (B, D) one embedding in each row; the distance is Euclidean.
        labels: (B,) whole numbers.
        tau: the scale of the noise, from 1e-3 on.

    Returns:
        A number from 0 to 1.

    Raises:
        ValueError: no row has another one of its label.

    Source: Brown et al., Smooth-AP, ECCV 2020.
    """
    values = []
    for anchor in _anchors(labels):
        positive, negative = _gallery(labels, anchor)
        distances, _ = _distances(embeddings - embeddings[anchor])
        values.append(smooth_ap(distances[positive], distances[negative], tau))
    return float(np.mean(values))


def smooth_map_grad(embeddings: Floats, labels: Integers, tau: float) -> Floats:
    """The gradient of `smooth_map` with respect to the embeddings.

    Every row counts wherever it stands: as an anchor, and in the others' galleries.

    Args:
        embeddings: (B, D) one embedding in each row.
        labels: (B,) whole numbers.
        tau: the scale of the noise, from 1e-3 on.

    Returns:
        (B, D) the derivative by each number; a distance of 0 contributes the subgradient 0.

    Raises:
        ValueError: no row has another one of its label.

    Source: Brown et al., Smooth-AP, ECCV 2020.
    """
    gradient = np.zeros(np.shape(embeddings))
    anchors = _anchors(labels)
    for anchor in anchors:
        positive, negative = _gallery(labels, anchor)
        g_anchor, g_positives, g_negatives = smooth_ap_embedding_grad(
            embeddings[anchor], embeddings[positive], embeddings[negative], tau
        )
        gradient[anchor] += g_anchor
        gradient[positive] += g_positives
        gradient[negative] += g_negatives
    return gradient / len(anchors)


def surrogate_derivation() -> list[tuple[str, TripletStep]]:
    """The relation of task 4b, line by line: from `pair_loss` up to `triplet_loss` / margin.

    Return a list of pairs (relation, step). The first relation is "start"; each later one is "=", "<=" or ">=" and
    stands between the line before and this one. A step is a function of (d_pos, d_neg, margin) and returns the value
    of its line as one number; ties and M = 0 occur. The first line is `pair_loss`, the last is `triplet_loss` divided
    by the margin, and there are at least two lines between them. Together the relations must prove that the first is
    at most the last.

    Source: seminar sheet, Assignment 4b.
    """

    def lead(d_pos: Floats, d_neg: Floats, margin: float) -> Floats:
        # By how many margins a negative comes before a positive.
        return np.asarray((d_pos[:, None] - d_neg[None, :]) / margin)

    return [
        ("start", lambda d_pos, d_neg, _: float(pair_loss(d_pos, d_neg))),
        # d_n < d_p says that the lead is above 0.
        ("=", lambda d_pos, d_neg, margin: float(np.sum(lead(d_pos, d_neg, margin) > 0.0))),
        # [[u > 0]] <= max(0, u + 1) for every u.
        ("<=", lambda d_pos, d_neg, margin: float(np.sum(np.maximum(0.0, lead(d_pos, d_neg, margin) + 1.0)))),
        # The margin is above 0 and may be taken out of the maximum.
        ("=", lambda d_pos, d_neg, margin: triplet_loss(d_pos, d_neg, margin) / margin),
    ]


def expectation_derivation() -> list[tuple[str, ExpectationStep]]:
    """The expectation of task 4c, line by line: from E_Z of (3) to its closed form.

    Return a list of pairs (relation, step). The first relation is "start"; each later one is "=", "<=" or ">=" and
    stands between the line before and this one. A step is a function of (d_n, d_p, tau), three numbers, and returns
    the value of its line as one number; it may integrate numerically. The first line is E_Z [[d_n - d_p + Z < 0]],
    the last is the closed form, and there are at least two lines between them. Together the relations must prove the
    equality.

    Source: seminar sheet, Assignment 4c, equation (3).
    """
    nodes, weights = np.polynomial.legendre.leggauss(120)

    def integral(density: Callable[[Floats], Floats], low: float, high: float) -> float:
        half = (high - low) / 2.0
        return float(half * (weights @ density(low + half * (nodes + 1.0))))

    def expectation(d_n: float, d_p: float, tau: float) -> float:
        # The indicator is 1 for Z < d_p - d_n and 0 above; below -40 tau the density is of no account.
        def density(z: Floats) -> Floats:
            return np.asarray(np.exp(-z / tau) / (tau * (1.0 + np.exp(-z / tau)) ** 2))

        return integral(density, -40.0 * tau, d_p - d_n)

    def in_units_of_tau(d_n: float, d_p: float, tau: float) -> float:
        # The substitution z = tau y.
        def density(y: Floats) -> Floats:
            return np.asarray(1.0 / (4.0 * np.cosh(y / 2.0) ** 2))

        return integral(density, -40.0, (d_p - d_n) / tau)

    def distribution_function(d_n: float, d_p: float, tau: float) -> float:
        # The density is the derivative of (1 + tanh(y / 2)) / 2.
        return float((1.0 + np.tanh((d_p - d_n) / (2.0 * tau))) / 2.0)

    return [
        ("start", expectation),
        ("=", in_units_of_tau),
        ("=", distribution_function),
        ("=", lambda d_n, d_p, tau: float(expected_indicator(d_n, d_p, tau))),
    ]


def _sigmoid(z: Floats) -> Floats:
    """1 / (1 + exp(-z)) without overflow, and with full relative precision also where it is tiny."""
    # exp(-|z|) is at most 1. Where z < 0, numerator and denominator are multiplied by exp(z).
    small = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0.0, 1.0, small) / (1.0 + small))


def _sigmoid_slope(z: Floats) -> Floats:
    """The derivative of the sigmoid, sigma(z) sigma(-z); as s (1 - s) it would lose its digits where s is near 1."""
    small = np.exp(-np.abs(z))
    return np.asarray(small / (1.0 + small) ** 2)


def _soft_counts(d_pos: Floats, d_neg: Floats, tau: float) -> tuple[Floats, Floats]:
    """(T,) each: a positive's soft number N_p of closer negatives, and its soft rank R_p among the positives."""
    negatives = _sigmoid((d_pos[:, None] - d_neg[None, :]) / tau).sum(axis=1)
    among_positives = _sigmoid((d_pos[:, None] - d_pos[None, :]) / tau)
    np.fill_diagonal(among_positives, 1.0)
    return negatives, among_positives.sum(axis=1)


def _distances(differences: Floats) -> tuple[Floats, Floats]:
    """(n,) Euclidean lengths of the rows, and (n, D) their gradients: unit vectors, 0 where the length is 0."""
    lengths = np.sqrt(np.sum(differences**2, axis=1))
    safe = np.where(lengths > 0.0, lengths, 1.0)
    return lengths, differences / safe[:, None]


def _anchors(labels: Integers) -> npt.NDArray[np.intp]:
    """The rows that have at least one other row of their label.

    Raises:
        ValueError: there is none.
    """
    labels = np.asarray(labels)
    anchors = np.flatnonzero(np.sum(labels[:, None] == labels[None, :], axis=1) > 1)
    if not len(anchors):
        raise ValueError("no row has another one of its label")
    return anchors


def _gallery(labels: Integers, anchor: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The positives' and the negatives' rows for an anchor."""
    labels = np.asarray(labels)
    same = labels == labels[anchor]
    negative = np.flatnonzero(~same)
    same[anchor] = False
    return np.flatnonzero(same), negative
