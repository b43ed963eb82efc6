"""Assignment 3 against SciPy's quadrature, mpmath at 50 digits, and PyTorch's gradients."""

from typing import Any

import mpmath
import numpy as np
import pytest
from scipy.integrate import quad

from tests.references.common import (
    SEEDS,
    Module,
    agree,
    every_seed,
    right_solutions,
    stats,
    torch,
    torch_gradient,
    untouched,
)

every_solution = pytest.mark.parametrize("a3", right_solutions("a3_kl_normal", "kl_normal"))
EXTREMES = [
    (0.0, 1e-200, 0.0, 1e-200),
    (0.0, 1e-200, 1.0, 1e200),
    (3e-200, 1e-200, 1e-200, 2e-200),
    (0.0, 1e100, 1e100, 1e60),
    (1e200, 1e200, -1e200, 3e200),
    (0.5, 1.0, 0.5, 1.0 + 1e-15),
    (0.5, 1.0 + 1e-9, 0.5, 1.0),
    (0.0, 1.0 + 1e-5, 1e-6, 1.0),
    (0.0, 1.49, 0.0, 1.0),
    (0.0, 1.51, 0.0, 1.0),
    (0.0, 0.49, 0.0, 1.0),
    # Close to the largest float: finite, where a square or a difference on the way is not.
    (0.0, 1.8e154, 0.0, 1.0),
    (1.8e154, 1.0, 0.0, 1.0),
    (1.3e154, 1.3e154, 0.0, 1.0),
    (1e308, 1e200, -1e308, 1e200),
    (1e260, 1e100, 0.0, 1e100),
]


def draw(seed: int, shape: Any = ()) -> tuple[Any, ...]:
    rng = np.random.default_rng(seed)
    mu_q, mu_p = rng.normal(size=(2, *shape))
    sigma_q, sigma_p = np.exp(rng.normal(0.0, 0.5, (2, *shape)))
    return mu_q, sigma_q, mu_p, sigma_p


def anywhere(seed: int, most: float) -> list[tuple[float, ...]]:
    """Sigmas from 10^-most to 10^most: far apart, or equal but for little."""
    rng = np.random.default_rng(seed)
    cases: list[tuple[float, ...]] = []
    for _ in range(30):
        sigma_p = 10.0 ** rng.uniform(-most, most)
        near = sigma_p * (1.0 + rng.choice([-1.0, 0.0, 1.0]) * 10.0 ** rng.uniform(-16.0, -0.1))
        sigma_q = near if rng.random() < 0.5 else 10.0 ** rng.uniform(-most, most)
        shift = sigma_p * rng.normal() * rng.choice([0.0, 1e-9, 1.0, 1e9])
        cases.append((float(shift), float(np.clip(sigma_q, 10.0**-most, 10.0**most)), 0.0, float(sigma_p)))
    return cases


def exact(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> float:
    """The closed form at 50 digits; inf where it is no float."""
    mu_q, sigma_q, mu_p, sigma_p = map(mpmath.mpf, (mu_q, sigma_q, mu_p, sigma_p))
    squares = (sigma_q**2 + (mu_q - mu_p) ** 2) / (2 * sigma_p**2)
    return float(mpmath.log(sigma_p / sigma_q) + squares - mpmath.mpf(1) / 2)


def exact_gradient(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The four derivatives at 50 digits, and the sizes of their terms."""
    mu_q, sigma_q, mu_p, sigma_p = map(mpmath.mpf, (mu_q, sigma_q, mu_p, sigma_p))
    shift = (mu_q - mu_p) / sigma_p**2
    by_sigma_p = 1 / sigma_p - (sigma_q**2 + (mu_q - mu_p) ** 2) / sigma_p**3
    derivatives = (shift, sigma_q / sigma_p**2 - 1 / sigma_q, -shift, by_sigma_p)
    sizes = (1 / sigma_p, 1 / sigma_q, 1 / sigma_p, 1 / sigma_p)
    return tuple(map(float, derivatives)), tuple(map(float, sizes))


@every_solution
@every_seed
def test_the_divergence_agrees_with_quadrature(a3: Module, seed: int) -> None:
    mu_q, sigma_q, mu_p, sigma_p = draw(seed)

    def integrand(x: float) -> float:
        norm = stats().norm
        return float(norm.pdf(x, mu_q, sigma_q) * (norm.logpdf(x, mu_q, sigma_q) - norm.logpdf(x, mu_p, sigma_p)))

    expected, _ = quad(integrand, mu_q - 40 * sigma_q, mu_q + 40 * sigma_q, points=[mu_q], epsabs=1e-13, epsrel=1e-12)
    got = float(a3.kl_normal(mu_q, sigma_q, mu_p, sigma_p))
    assert got == pytest.approx(expected, rel=1e-9), f"quadrature gives {expected}, the closed form {got}"


@every_solution
@pytest.mark.parametrize("cases", [EXTREMES, *(anywhere(seed, 200.0) for seed in SEEDS)])
def test_extremes_agree_with_fifty_digits(a3: Module, cases: list[tuple[float, ...]]) -> None:
    finite = [case for case in cases if np.isfinite(exact(*case))]
    assert len(finite) > 10, f"only {len(finite)} cases have a finite result"
    for case in finite:
        with np.errstate(all="raise", under="ignore"):
            agree(a3.kl_normal(*case), exact(*case), f"kl_normal{case}")


@every_solution
@pytest.mark.parametrize("cases", [EXTREMES, *(anywhere(seed, 100.0) for seed in SEEDS)])
def test_extreme_gradients_agree_with_fifty_digits(a3: Module, cases: list[tuple[float, ...]]) -> None:
    within = [case for case in cases if all(1e-100 <= case[i] <= 1e100 for i in (1, 3))]
    finite = [case for case in within if np.isfinite(exact_gradient(*case)[0]).all()]
    assert len(finite) > 5, f"only {len(finite)} cases have a finite gradient"
    for case in finite:
        expected, sizes = exact_gradient(*case)
        with np.errstate(all="raise", under="ignore"):
            agree(a3.kl_normal_grad(*case), expected, f"kl_normal_grad{case}", scale=sizes)


@pytest.mark.slow
@every_solution
@every_seed
def test_gradients_agree_with_pytorch(a3: Module, seed: int) -> None:
    t = torch()
    arguments = draw(seed, (6,))

    def divergence(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
        normal = t.distributions.Normal
        return t.distributions.kl_divergence(normal(mu_q, sigma_q), normal(mu_p, sigma_p)).sum()

    expected = torch_gradient(divergence, *arguments)
    scale = tuple(1.0 / arguments[i] for i in (3, 1, 3, 3))
    agree(a3.kl_normal_grad(*arguments), expected, "kl_normal_grad", scale=scale)
    agree(float(np.sum(a3.kl_normal(*arguments))), float(divergence(*map(t.tensor, arguments))), "kl_normal")


@every_solution
def test_arguments_broadcast(a3: Module) -> None:
    mu_q, sigma_q = np.zeros((3, 1)), np.array([1.0, 2.0])
    value = np.asarray(a3.kl_normal(mu_q, sigma_q, 0.5, 1.5))
    assert value.shape == (3, 2), f"the broadcast shape is (3, 2): {value.shape}"
    agree(value[2, 1], float(a3.kl_normal(0.0, 2.0, 0.5, 1.5)), "an element")
    for part in a3.kl_normal_grad(mu_q, sigma_q, 0.5, 1.5):
        assert np.shape(part) == (3, 2), f"each derivative has the broadcast shape: {np.shape(part)}"


@every_solution
@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan"), np.array([1.0, 0.0]), np.array([np.nan, 1.0])])
def test_a_sigma_that_is_not_above_zero_raises_value_error(a3: Module, bad: Any) -> None:
    for function in (a3.kl_normal, a3.kl_normal_grad):
        with pytest.raises(ValueError):
            function(0.0, bad, 0.0, 1.0)
        with pytest.raises(ValueError):
            function(0.0, 1.0, 0.0, bad)


@every_solution
def test_arguments_stay_as_they_were(a3: Module) -> None:
    untouched(a3.kl_normal, *draw(0, (4,)))
    untouched(a3.kl_normal_grad, *draw(0, (4,)))
