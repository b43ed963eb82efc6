"""Assignment 1 against SciPy, mpmath at 50 digits, and PyTorch's gradients."""

from typing import Any

import mpmath
import numpy as np
import pytest
from scipy.special import expit, log_expit, xlogy

from tests.references.common import (
    SEEDS,
    Module,
    agree,
    check_derivation,
    right_solutions,
    torch,
    torch_gradient,
    untouched,
)

every_solution = pytest.mark.parametrize("a1", right_solutions("a1_noisy_labels", "noisy_labels"))
ENDS = [0.0, 1.0, 1e-300, 1e-12, 0.3, 0.5, 1.0 - 1e-12]
LOGITS = np.array([0.0, 0.125, -3.0, 36.8, -40.0, 710.0, -745.2, 1e4, -1e4])


def draw(seed: int, n: int = 30) -> tuple[Any, Any, float]:
    rng = np.random.default_rng(seed)
    return rng.normal(0.0, 2.0, n), rng.choice([-1, 1], n), float(rng.uniform(0.02, 0.98))


@every_solution
@pytest.mark.parametrize("seed", SEEDS)
def test_ordinary_values_agree_with_scipy(a1: Module, seed: int) -> None:
    a, t, eps = draw(seed)
    right, wrong = np.where(t == 1, 1 - eps, eps), np.where(t == 1, eps, 1 - eps)
    marginal = right * expit(a) + wrong * expit(-a)
    agree(a1.log_likelihood(a, t, eps), float(np.sum(np.log(marginal))), "log_likelihood")
    agree(a1.posterior(a, t, eps), right * expit(a) / marginal, "posterior")
    terms = right * log_expit(a) + wrong * log_expit(-a)
    agree(a1.soft_cross_entropy(a, t, eps), -float(np.sum(terms)), "soft_cross_entropy")
    agree(a1.jensen_gap(a, t, eps), np.log(marginal) - terms, "jensen_gap")
    # The posterior's Kullback-Leibler divergence is another way to the gap's positivity; entropy bounds the loss.
    entropy = -(xlogy(eps, eps) + xlogy(1 - eps, 1 - eps))
    assert a1.soft_cross_entropy(a, t, eps) >= len(a) * entropy, "a cross-entropy is at least the entropy"


@every_solution
@pytest.mark.parametrize("eps", ENDS)
@pytest.mark.parametrize("label", [-1, 1])
def test_extremes_agree_with_fifty_digits(a1: Module, eps: float, label: int) -> None:
    for logit in LOGITS:
        a, t = np.array([logit]), np.array([label])
        where = f"logit {logit}, label {label}, eps {eps}"
        s, e = mpmath.mpf(label * logit), mpmath.mpf(eps)
        sigma, other = 1 / (1 + mpmath.exp(-s)), 1 / (1 + mpmath.exp(s))
        p = (1 - e) * sigma + e * other
        terms = (1 - e) * -mpmath.log1p(mpmath.exp(-s)) + e * -mpmath.log1p(mpmath.exp(s))
        plus = (1 - e) * sigma / p if label == 1 else e * other / p
        with np.errstate(all="raise", under="ignore"):
            agree(a1.log_likelihood(a, t, eps), float(mpmath.log(p)), f"log_likelihood, {where}")
            agree(a1.posterior(a, t, eps), np.array([float(plus)]), f"posterior, {where}")
            agree(a1.soft_cross_entropy(a, t, eps), float(-terms), f"soft_cross_entropy, {where}")
            slope = label * (1 - 2 * e) * sigma * other / p
            agree(a1.log_likelihood_grad(a, t, eps), np.array([float(slope)]), f"log_likelihood_grad, {where}")
            slope = label * (e * sigma - (1 - e) * other)
            agree(a1.soft_cross_entropy_grad(a, t, eps), np.array([float(slope)]), f"soft_cross_entropy_grad, {where}")
            gap = np.asarray(a1.jensen_gap(a, t, eps))
            agree(gap, np.array([float(mpmath.log(p) - terms)]), f"jensen_gap, {where}")
            assert gap[0] >= -1e-12, f"the gap must not be below 0: {gap[0]}, {where}"


@every_solution
@pytest.mark.parametrize("seed", SEEDS)
def test_gradients_agree_with_pytorch(a1: Module, seed: int) -> None:
    t_ = torch()
    a, labels, eps = draw(seed)
    t = t_.tensor(labels, dtype=t_.float64)

    def likelihood(logits: Any) -> Any:
        return t_.sum(t_.log((1 - eps) * t_.sigmoid(t * logits) + eps * t_.sigmoid(-t * logits)))

    def loss(logits: Any) -> Any:
        log_sigmoid = t_.nn.functional.logsigmoid
        return -t_.sum((1 - eps) * log_sigmoid(t * logits) + eps * log_sigmoid(-t * logits))

    agree(a1.log_likelihood_grad(a, labels, eps), torch_gradient(likelihood, a)[0], "log_likelihood_grad")
    agree(a1.soft_cross_entropy_grad(a, labels, eps), torch_gradient(loss, a)[0], "soft_cross_entropy_grad")

    rng = np.random.default_rng(seed)
    x = rng.normal(size=(len(a), 3))
    params = {"W": rng.normal(size=(4, 3)), "b": rng.normal(size=4), "v": rng.normal(size=4), "c": 0.25}

    def network(w: Any, b: Any, v: Any, c: Any) -> Any:
        return likelihood(t_.tanh(t_.tensor(x) @ w.T + b) @ v + c)

    value, grads = a1.mlp_objective(params, x, labels, eps)
    agree(value, float(network(*(t_.tensor(np.asarray(params[key])) for key in "Wbvc"))), "mlp_objective's value")
    expected = dict(zip("Wbvc", torch_gradient(network, *(params[key] for key in "Wbvc")), strict=True))
    agree(grads, {**expected, "c": float(expected["c"])}, "mlp_objective's gradient")


@every_solution
def test_training_learns_from_noisy_labels_what_ignoring_the_noise_does_not(a1: Module) -> None:
    rng = np.random.default_rng(7)
    clean = rng.choice([-1, 1], 400)
    x = clean[:, None] * [2.0, 0.0] + rng.normal(0.0, 0.7, (400, 2))
    eps = 0.25
    labels = np.where(rng.random(400) < eps, -clean, clean)
    params = a1.fit(x, labels, eps, 6, 300, 0.5, 3)
    again = a1.fit(x, labels, eps, 6, 300, 0.5, 3)
    assert all(np.array_equal(params[key], again[key]) for key in params), "the same seed must give the same parameters"
    shapes = {key: np.shape(value) for key, value in params.items()}
    assert shapes == {"W": (6, 2), "b": (6,), "v": (6,), "c": ()}, f"the shapes are those of mlp_objective: {shapes}"
    ignoring = a1.fit(x, labels, 0.0, 6, 300, 0.5, 3)
    reached, ignored = (a1.mlp_objective(p, x, clean, eps)[0] / 400 for p in (params, ignoring))
    assert reached > ignored + 0.02, f"the noise model must help: {reached} against {ignored}"
    margins = clean * (np.tanh(x @ np.asarray(params["W"]).T + params["b"]) @ params["v"] + params["c"])
    assert np.mean(margins > 0) > 0.95, f"clean labels must be found: {np.mean(margins > 0)}"


@every_solution
def test_the_derivation_proves_the_bound(a1: Module) -> None:
    rng = np.random.default_rng(0)
    cases = [(float(rng.normal(0, 2)), int(rng.choice([-1, 1])), float(rng.uniform(0.05, 0.95))) for _ in range(20)]

    def start(logit: float, label: int, eps: float) -> float:
        return float(np.log((1 - eps) * expit(label * logit) + eps * expit(-label * logit)))

    def end(logit: float, label: int, eps: float) -> float:
        return float((1 - eps) * log_expit(label * logit) + eps * log_expit(-label * logit))

    check_derivation(a1.lower_bound_derivation(), cases, start, end, ">=")


@every_solution
def test_arguments_stay_as_they_were(a1: Module) -> None:
    a, t, eps = draw(0)
    for name in ("log_likelihood", "log_likelihood_grad", "posterior", "soft_cross_entropy", "jensen_gap"):
        untouched(getattr(a1, name), a, t, eps)
