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
    raise NotImplementedError("write average_precision here")


def flat_radius(d_pos: Floats, d_neg: Floats) -> float:
    """Half the smallest |d_p - d_x| over the positives p and every other example x (task 4a).

    Args:
        d_pos: (T,) distances of the positives, T >= 1.
        d_neg: (M,) distances of the negatives, M >= 0.

    Returns:
        A number from 0 on; inf where there is no other example (T = 1 and M = 0).

    Source: seminar sheet, Assignment 4a.
    """
    raise NotImplementedError("write flat_radius here")


def pair_loss(d_pos: Floats, d_neg: Floats) -> int:
    """The number of pairs of a positive and a negative with d_n < d_p (task 4b).

    Args:
        d_pos: (T,) distances of the positives.
        d_neg: (M,) distances of the negatives, M >= 0.

    Returns:
        A whole number.

    Source: seminar sheet, Assignment 4b.
    """
    raise NotImplementedError("write pair_loss here")


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
    raise NotImplementedError("write triplet_loss here")


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
    raise NotImplementedError("write triplet_loss_grad here")


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
    raise NotImplementedError("write expected_indicator here")


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
    raise NotImplementedError("write smooth_ap here")


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
    raise NotImplementedError("write smooth_ap_grad here")


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
    raise NotImplementedError("write smooth_ap_embedding_grad here")


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
    raise NotImplementedError("write smooth_map here")


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
    raise NotImplementedError("write smooth_map_grad here")


def surrogate_derivation() -> list[tuple[str, TripletStep]]:
    """The relation of task 4b, line by line: from `pair_loss` up to `triplet_loss` / margin.

    Return a list of pairs (relation, step). The first relation is "start"; each later one is "=", "<=" or ">=" and
    stands between the line before and this one. A step is a function of (d_pos, d_neg, margin) and returns the value
    of its line as one number; ties and M = 0 occur. The first line is `pair_loss`, the last is `triplet_loss` divided
    by the margin, and there are at least two lines between them. Together the relations must prove that the first is
    at most the last.

    Source: seminar sheet, Assignment 4b.
    """
    raise NotImplementedError("write surrogate_derivation here")


def expectation_derivation() -> list[tuple[str, ExpectationStep]]:
    """The expectation of task 4c, line by line: from E_Z of (3) to its closed form.

    Return a list of pairs (relation, step). The first relation is "start"; each later one is "=", "<=" or ">=" and
    stands between the line before and this one. A step is a function of (d_n, d_p, tau), three numbers, and returns
    the value of its line as one number; it may integrate numerically. The first line is E_Z [[d_n - d_p + Z < 0]],
    the last is the closed form, and there are at least two lines between them. Together the relations must prove the
    equality.

    Source: seminar sheet, Assignment 4c, equation (3).
    """
    raise NotImplementedError("write expectation_derivation here")
