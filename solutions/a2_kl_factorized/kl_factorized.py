"""Assignment 2: the KL-divergence of factorizing distributions.

All random variables are discrete with finitely many values. A marginal is a 1-D array of probabilities; a factorizing
distribution of n components is a list of n marginals, which may differ in length.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Marginals = Sequence[Floats]
Step = Callable[[Marginals, Marginals], float]


def kl(q: Floats, p: Floats) -> float:
    """The KL-divergence of two discrete distributions, sum_x q(x) log(q(x) / p(x)).

    A value x with q(x) = 0 contributes 0, whatever p(x) is. If some x has q(x) > 0 and p(x) = 0, the divergence is inf.

    Args:
        q: (m,) probabilities, summing to 1.
        p: (m,) probabilities, summing to 1.

    Returns:
        A number from 0 to inf.

    Raises:
        ValueError: q and p differ in length.

    Source: Cover and Thomas, Elements of Information Theory, 2nd ed., eq. (2.26).
    """
    q, p = np.asarray(q, dtype=np.float64), np.asarray(p, dtype=np.float64)
    if q.shape != p.shape:
        # Without this, a vector of length 1 would broadcast silently.
        raise ValueError(f"q has shape {q.shape} and p has shape {p.shape}; they must agree")
    # Outside its support q contributes 0; left in, it would give 0 times -inf, which is nan.
    support = q > 0.0
    q, p = q[support], p[support]
    if np.any(p == 0.0):
        return float("inf")
    # A difference of logarithms: the quotient q / p could overflow.
    return float(np.sum(q * (np.log(q) - np.log(p))))


def joint(marginals: Marginals) -> Floats:
    """The joint distribution of independent components, p(x_1, ..., x_n) = p_1(x_1) ... p_n(x_n).

    Args:
        marginals: a list of n >= 1 marginals, the i-th of shape (m_i,).

    Returns:
        An array of shape (m_1, ..., m_n).

    Source: seminar sheet, Assignment 2.
    """
    product = np.ones(())
    for marginal in marginals:
        product = np.multiply.outer(product, np.asarray(marginal, dtype=np.float64))
    return product


def kl_factorized(q_marginals: Marginals, p_marginals: Marginals) -> float:
    """The KL-divergence of two factorizing distributions, given by their marginals.

    It must handle 200 components, so the joint distribution must never be built.

    Args:
        q_marginals: a list of n >= 1 marginals, the i-th of shape (m_i,).
        p_marginals: a list of n marginals of the same shapes.

    Returns:
        A number from 0 to inf; 0 log 0 counts as 0, and inf is the value where q allows what p excludes (see `kl`).

    Raises:
        ValueError: the two lists differ in length, or the marginals of some component do.

    Source: seminar sheet, Assignment 2.
    """
    # The theorem of the assignment: 200 components of 4 values are 800 numbers here, and 4^200 in the joint.
    # zip raises the ValueError where one list is longer.
    return sum((kl(q, p) for q, p in zip(q_marginals, p_marginals, strict=True)), 0.0)


def decomposition_derivation() -> list[tuple[str, Step]]:
    """The proof of Assignment 2, line by line: from the KL of the joints to the sum of the components' KLs.

    Return a list of pairs (relation, step). The first relation is "start"; each later one is "=", "<=" or ">=" and
    stands between the line before and this one. A step is a function of (q_marginals, p_marginals), two lists of
    marginals without zeros, and returns the value of its line as one number. The first line is
    KL(joint(q) || joint(p)), the last is the sum over i of KL(q_i || p_i), and there are at least two lines between
    them. Together the relations must prove the equality.

    Source: seminar sheet, Assignment 2.
    """

    def divergence_of_joints(q_marginals: Marginals, p_marginals: Marginals) -> float:
        q, p = joint(q_marginals), joint(p_marginals)
        return float(np.sum(q * np.log(q / p)))

    def log_of_product_is_sum(q_marginals: Marginals, p_marginals: Marginals) -> float:
        # log prod_i q_i(x_i) / p_i(x_i) = sum_i log q_i(x_i) / p_i(x_i), on the grid of all x.
        q = joint(q_marginals)
        ratios = sum(
            np.log(q_i / p_i).reshape([-1 if axis == i else 1 for axis in range(len(q_marginals))])
            for i, (q_i, p_i) in enumerate(zip(q_marginals, p_marginals, strict=True))
        )
        return float(np.sum(q * ratios))

    def sums_swapped(q_marginals: Marginals, p_marginals: Marginals) -> float:
        # sum_i sum_x q(x) log q_i(x_i) / p_i(x_i)
        q = joint(q_marginals)
        total = 0.0
        for i, (q_i, p_i) in enumerate(zip(q_marginals, p_marginals, strict=True)):
            ratio = np.log(q_i / p_i).reshape([-1 if axis == i else 1 for axis in range(q.ndim)])
            total += float(np.sum(q * ratio))
        return total

    def others_summed_out(q_marginals: Marginals, p_marginals: Marginals) -> float:
        # Summing q(x) over all components but x_i leaves the marginal q_i(x_i).
        q = joint(q_marginals)
        total = 0.0
        for i, (q_i, p_i) in enumerate(zip(q_marginals, p_marginals, strict=True)):
            marginal = q.sum(axis=tuple(axis for axis in range(q.ndim) if axis != i))
            total += float(np.sum(marginal * np.log(q_i / p_i)))
        return total

    return [
        ("start", divergence_of_joints),
        ("=", log_of_product_is_sum),
        ("=", sums_swapped),
        ("=", others_summed_out),
        ("=", lambda q_marginals, p_marginals: sum(map(kl, q_marginals, p_marginals))),
    ]
