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
    raise NotImplementedError("write kl here")


def joint(marginals: Marginals) -> Floats:
    """The joint distribution of independent components, p(x_1, ..., x_n) = p_1(x_1) ... p_n(x_n).

    Args:
        marginals: a list of n >= 1 marginals, the i-th of shape (m_i,).

    Returns:
        An array of shape (m_1, ..., m_n).

    Source: seminar sheet, Assignment 2.
    """
    raise NotImplementedError("write joint here")


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
    raise NotImplementedError("write kl_factorized here")


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
    raise NotImplementedError("write decomposition_derivation here")
