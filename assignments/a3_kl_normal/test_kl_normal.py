"""Public checks of Assignment 3: run `pytest` in this folder. Small cases, worked by hand; hidden checks follow."""

import kl_normal as a3
import numpy as np

from autograder.public import call, expect, expect_derivation, expect_error, expect_gradient, expect_untouched

NAMES = ["mu_q", "sigma_q", "mu_p", "sigma_p"]


def test_kl_normal__itself() -> None:
    """Is 0 for a distribution and itself"""
    expect(a3.kl_normal, 0.5, 2.0, 0.5, 2.0, gives=0.0, because="q and p are the same")


def test_kl_normal__means() -> None:
    """Grows with the square of the difference of the means"""
    why = "with both sigmas 1 it is half the squared difference of the means, 3^2 / 2"
    expect(a3.kl_normal, 3.0, 1.0, 0.0, 1.0, gives=4.5, because=why)


def test_kl_normal__direction() -> None:
    """Tells q from p, and sigma from its square"""
    why = "E_q[log q - log p] for q = N(0, 2^2) and p = N(0, 1): a variance of 4 against 1, and a log of 1/2"
    expect(a3.kl_normal, 0.0, 2.0, 0.0, 1.0, gives=1.5 - np.log(2.0), because=why)


def test_kl_normal__broadcasts() -> None:
    """Broadcasts its arguments"""
    mu_q = np.array([[0.0], [3.0]])
    why = "a column of two means against a row of three: shape (2, 3)"
    value = np.array([[0.0, 0.5, 2.0], [4.5, 2.0, 0.5]])
    expect(a3.kl_normal, mu_q, 1.0, np.array([0.0, 1.0, 2.0]), 1.0, gives=value, because=why)


def test_kl_normal__bad_sigma() -> None:
    """Raises ValueError where a sigma is not above 0"""
    for bad in (0.0, -1.0, np.nan):
        expect_error(a3.kl_normal, 0.0, bad, 0.0, 1.0, error=ValueError, because="sigma_q must be above 0")
        expect_error(a3.kl_normal_grad, 0.0, 1.0, 0.0, bad, error=ValueError, because="sigma_p must be above 0")


def test_kl_normal__leaves_arguments() -> None:
    """Leaves its arguments as they were"""
    expect_untouched(a3.kl_normal, np.zeros(2), np.ones(2), np.ones(2), np.array([2.0, 3.0]))


def test_kl_normal_grad__differences() -> None:
    """Is the gradient of your kl_normal, by all four parameters"""
    for arguments in ((0.5, 1.5, -0.25, 0.75), (np.array([[0.0], [1.0]]), np.array([1.0, 2.0]), 0.5, 1.25)):
        expect_gradient(a3.kl_normal_grad, *arguments, of=a3.kl_normal, wrt=NAMES, names=NAMES, elementwise=True)


def test_kl_normal_grad__at_the_minimum() -> None:
    """Is 0 where q and p agree"""
    why = "the divergence is smallest there"
    expect(a3.kl_normal_grad, 0.5, 2.0, 0.5, 2.0, gives=(0.0, 0.0, 0.0, 0.0), because=why)


def test_kl_normal_derivation__links() -> None:
    """Every link of your derivation holds"""
    cases = [
        {"mu_q": 0.0, "sigma_q": 1.0, "mu_p": 1.0, "sigma_p": 1.0},
        {"mu_q": 0.5, "sigma_q": 1.5, "mu_p": -0.25, "sigma_p": 0.75},
    ]
    expect_derivation(call(a3.kl_normal_derivation), cases)
