"""Assignment 3: the KL-divergence of two univariate normal distributions.

A normal distribution is given by its mean mu and its standard deviation sigma (not the variance).
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Step = Callable[..., float]


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
    stands between the line before and this one. It may lead from either side of the claim to the other.
    A step returns its line as one number. It is a function of (x, w, log_q, log_p, mu_q, sigma_q, mu_p, sigma_p), the
    ingredients of

        sum_j w_j (log_q_j - log_p_j) = the closed form in mu_q, sigma_q, mu_p and sigma_p, the value of kl_normal:

    x (N,) are points, and an expectation under q is a sum over them with the weights w (N,), E_q f = sum_j w_j f(x_j),
    so that nothing need be integrated numerically; log_q and log_p (N,) are the logarithms of the two densities at x.
    The claim holds because the densities are normal, and because the weights have the moments of q: total 1, mean
    mu_q, variance sigma_q^2.
    Every line is a formula in these, whatever they are; the first and the last are the two sides. Each of the two must
    be used by some link, and no link may use both at once.

    Source: seminar sheet, Assignment 3.
    """
    raise NotImplementedError("write kl_normal_derivation here")
