"""Assignment 3: the KL-divergence of two univariate normal distributions.

A normal distribution is given by its mean mu and its standard deviation sigma (not the variance).
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Step = Callable[[float, float, float, float], float]


def kl_normal(mu_q: npt.ArrayLike, sigma_q: npt.ArrayLike, mu_p: npt.ArrayLike, sigma_p: npt.ArrayLike) -> Floats:
    """The KL-divergence of N(mu_q, sigma_q^2) from N(mu_p, sigma_p^2), D_KL(q || p) = E_q[log q(x) - log p(x)].

    The four arguments broadcast against each other.

    Args:
        mu_q: the mean of q.
        sigma_q: the standard deviation of q, from 1e-200 to 1e200.
        mu_p: the mean of p.
        sigma_p: the standard deviation of p, from 1e-200 to 1e200.

    Returns:
        An array of the broadcast shape (one number where all four are numbers). It must be right wherever the result
        is finite, without overflow on the way.

    Raises:
        ValueError: some sigma is not above 0, or is nan.

    Source: seminar sheet, Assignment 3.
    """
    raise NotImplementedError("write kl_normal here")


def kl_normal_grad(
    mu_q: npt.ArrayLike, sigma_q: npt.ArrayLike, mu_p: npt.ArrayLike, sigma_p: npt.ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    """The derivatives of `kl_normal` by mu_q, sigma_q, mu_p and sigma_p, element by element.

    Args:
        mu_q: the mean of q.
        sigma_q: the standard deviation of q, from 1e-100 to 1e100.
        mu_p: the mean of p.
        sigma_p: the standard deviation of p, from 1e-100 to 1e100.

    Returns:
        Four arrays, each of the shape to which the arguments broadcast. Their error is measured against the size of
        the terms, 1/sigma, since these cancel where the sigmas agree.

    Raises:
        ValueError: some sigma is not above 0, or is nan.

    Source: seminar sheet, Assignment 3.
    """
    raise NotImplementedError("write kl_normal_grad here")


def kl_normal_derivation() -> list[tuple[str, Step]]:
    """The computation of Assignment 3, line by line: from the KL-divergence to its closed form.

    Return a list of pairs (relation, step). The first relation is "start"; each later one is "=", "<=" or ">=" and
    stands between the line before and this one. A step is a function of (mu_q, sigma_q, mu_p, sigma_p), four numbers
    with moderate sigmas, and returns the value of its line as one number; it may integrate numerically. The first
    line is D_KL(q || p) as its definition gives it, the last is the closed form, and there are at least two lines
    between them. Together the relations must prove the equality.

    Source: seminar sheet, Assignment 3.
    """
    raise NotImplementedError("write kl_normal_derivation here")
