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
    mu_q, sigma_q, mu_p, sigma_p = _checked(mu_q, sigma_q, mu_p, sigma_p)
    # Everything in units of sigma_p, so that no square of a sigma is ever taken: 1e200 squared would overflow.
    ratio = sigma_q / sigma_p
    # Halves first, products after: nothing on the way is then larger than the result, which may be close to the
    # largest float. Halving is exact.
    half_shift = (mu_q / 2.0 - mu_p / 2.0) / sigma_p
    # (r^2 - 1)/2 - log r, written in r - 1 where r is near 1: the plain terms would cancel.
    excess = (sigma_q - sigma_p) / sigma_p
    near = np.abs(excess) < 0.5
    small = np.where(near, excess, 0.0)
    close_by = small * (small + 2.0) / 2.0 - np.log1p(small)
    # Not log(ratio): 1e-200 / 1e200 is 0 in floating point.
    far = (ratio - 1.0) * ((ratio + 1.0) / 2.0) - (np.log(sigma_q) - np.log(sigma_p))
    return np.asarray(np.where(near, close_by, far) + 2.0 * half_shift * half_shift)[()]


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
    mu_q, sigma_q, mu_p, sigma_p = np.broadcast_arrays(*_checked(mu_q, sigma_q, mu_p, sigma_p))
    ratio = sigma_q / sigma_p
    shift = (mu_q / 2.0 - mu_p / 2.0) / sigma_p * 2.0
    by_mu_q = shift / sigma_p
    # ratio / sigma_p - 1 / sigma_q and (1 - ratio^2 - shift^2) / sigma_p, with the difference of the sigmas taken
    # before anything is divided; and shift^2 / sigma_p as a product that never exceeds the result.
    difference = (sigma_q - sigma_p) / sigma_p
    by_sigma_q = difference * (1.0 + 1.0 / ratio) / sigma_p
    by_sigma_p = -(difference * (ratio + 1.0) / sigma_p + shift * by_mu_q)
    return by_mu_q, by_sigma_q, -by_mu_q, by_sigma_p


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

    def expectation(
        x: Floats, w: Floats, log_q: Floats, log_p: Floats, mu_q: float, sigma_q: float, mu_p: float, sigma_p: float
    ) -> float:
        return float(w @ (log_q - log_p))

    def densities_inserted(
        x: Floats, w: Floats, log_q: Floats, log_p: Floats, mu_q: float, sigma_q: float, mu_p: float, sigma_p: float
    ) -> float:
        # The constant -log(2 pi) / 2 is in both, and cancels.
        squares = (x - mu_p) ** 2 / (2.0 * sigma_p**2) - (x - mu_q) ** 2 / (2.0 * sigma_q**2)
        return float(w @ (np.log(sigma_p / sigma_q) + squares))

    def variance_of_q(
        x: Floats, w: Floats, log_q: Floats, log_p: Floats, mu_q: float, sigma_q: float, mu_p: float, sigma_p: float
    ) -> float:
        # E_q 1 = 1 and E_q (x - mu_q)^2 = sigma_q^2
        return float(np.log(sigma_p / sigma_q) + w @ (x - mu_p) ** 2 / (2.0 * sigma_p**2) - 0.5)

    def square_about_mu_p(
        x: Floats, w: Floats, log_q: Floats, log_p: Floats, mu_q: float, sigma_q: float, mu_p: float, sigma_p: float
    ) -> float:
        # E_q (x - mu_p)^2 = sigma_q^2 + (mu_q - mu_p)^2
        return float(np.log(sigma_p / sigma_q) + (sigma_q**2 + (mu_q - mu_p) ** 2) / (2.0 * sigma_p**2) - 0.5)

    return [
        ("start", expectation),
        ("=", densities_inserted),
        ("=", variance_of_q),
        ("=", square_about_mu_p),
    ]


def _checked(*arguments: npt.ArrayLike) -> tuple[Floats, ...]:
    """The arguments as arrays of floats.

    Raises:
        ValueError: some sigma is not above 0, or is nan.
    """
    arrays = tuple(np.asarray(argument, dtype=np.float64) for argument in arguments)
    for sigma in (arrays[1], arrays[3]):
        # Not `sigma <= 0`: a nan compares false with everything and would slip through.
        if not np.all(sigma > 0.0):
            raise ValueError("a standard deviation must be above 0")
    return arrays
