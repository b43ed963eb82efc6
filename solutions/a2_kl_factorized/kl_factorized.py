"""Assignment 2: the KL-divergence of factorizing distributions.

All random variables are discrete with finitely many values. A marginal is a 1-D array of probabilities; a factorizing
distribution of n components is a list of n marginals, which may differ in length.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Marginals = Sequence[Floats]
Step = Callable[[Floats, Floats, Marginals, Marginals], float]


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
    stands between the line before and this one. It may lead from either side of the claim to the other.
    A step returns its line as one number. It is a function of (q, p, q_marginals, p_marginals), the ingredients of

        sum_x q(x) log(q(x) / p(x)) = sum_i sum_k q_i(k) log(q_i(k) / p_i(k)):

    q and p are arrays of shape (m_1, ..., m_n) without zeros, q_marginals and p_marginals lists of n arrays of shape
    (m_i,). The claim holds because q and p are the products of these marginals, and because the q_i are the marginals
    of q: what is summed out sums to 1.
    Every line is a formula in these, whatever they are; the first and the last are the two sides. Each of the two must
    be used by some link, and no link may use both at once.

    Source: seminar sheet, Assignment 2.
    """

    def ratio(q_marginals: Marginals, p_marginals: Marginals, i: int) -> Floats:
        """log(q_i / p_i) along the i-th axis of the joints."""
        shape = [-1 if axis == i else 1 for axis in range(len(q_marginals))]
        return np.log(q_marginals[i] / p_marginals[i]).reshape(shape)

    def divergence(q: Floats, p: Floats, q_marginals: Marginals, p_marginals: Marginals) -> float:
        return float(np.sum(q * np.log(q / p)))

    def log_of_product_is_sum(q: Floats, p: Floats, q_marginals: Marginals, p_marginals: Marginals) -> float:
        # log prod_i q_i(x_i) / p_i(x_i) = sum_i log q_i(x_i) / p_i(x_i)
        total = np.zeros(q.shape)
        for i in range(q.ndim):
            total = total + ratio(q_marginals, p_marginals, i)
        return float(np.sum(q * total))

    def sums_swapped(q: Floats, p: Floats, q_marginals: Marginals, p_marginals: Marginals) -> float:
        # For each i, q(x) is summed over all components but x_i first.
        total = 0.0
        for i in range(q.ndim):
            summed_out = q.sum(axis=tuple(axis for axis in range(q.ndim) if axis != i))
            total += float(summed_out @ np.log(q_marginals[i] / p_marginals[i]))
        return total

    def marginals_are_left(q: Floats, p: Floats, q_marginals: Marginals, p_marginals: Marginals) -> float:
        pairs = zip(q_marginals, p_marginals, strict=True)
        return sum(float(q_i @ np.log(q_i / p_i)) for q_i, p_i in pairs)

    return [
        ("start", divergence),
        ("=", log_of_product_is_sum),
        ("=", sums_swapped),
        ("=", marginals_are_left),
    ]
