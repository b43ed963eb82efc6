"""Assignment 1 against SciPy, mpmath at 50 digits, and PyTorch's gradients."""

from typing import Any

import mpmath
import numpy as np
import pytest
from scipy.special import expit, log_expit, xlogy

from tests.references.common import (
    Module,
    agree,
    every_seed,
    right_solutions,
    torch,
    torch_gradient,
    untouched,
)

every_solution = pytest.mark.parametrize("a1", right_solutions("a1_noisy_labels", "noisy_labels"))
ENDS = [0.0, 1.0, 5e-324, 1e-300, 1e-12, 0.3, 0.5, 1.0 - 1e-12, 1.0 - 2.0**-53]
SIZES = [0.0, 1e-300, 0.125, 3.0, 36.8, 690.8, 710.0, 745.2, 9999.3, 1e4]
# Every size with both signs and both labels, all in one call: each example must find its own stable form.
LOGITS = np.repeat(np.concatenate([SIZES, np.negative(SIZES)]), 2)
LABELS = np.tile([-1, 1], len(LOGITS) // 2)
SUMS = ("log_likelihood", "soft_cross_entropy")
VECTORS = ("log_likelihood_grad", "posterior", "soft_cross_entropy_grad", "jensen_gap")


def draw(seed: int, n: int = 30) -> tuple[Any, Any, float]:
    rng = np.random.default_rng(seed)
    return rng.normal(0.0, 2.0, n), rng.choice([-1, 1], n), float(rng.uniform(0.02, 0.98))


def draw_network(seed: int, n: int) -> tuple[dict[str, Any], Any]:
    rng = np.random.default_rng(seed)
    params = {"W": rng.normal(size=(4, 3)), "b": rng.normal(size=4), "v": rng.normal(size=4), "c": 0.25}
    return params, rng.normal(size=(n, 3))


def fifty_digits(logit: float, label: int, eps: float) -> dict[str, Any]:
    """The contract's formulas as they stand, for one example."""
    s, e = mpmath.mpf(float(logit)) * int(label), mpmath.mpf(eps)
    sigma, other = 1 / (1 + mpmath.exp(-s)), 1 / (1 + mpmath.exp(s))
    p = (1 - e) * sigma + e * other
    bound = -(1 - e) * mpmath.log1p(mpmath.exp(-s)) - e * mpmath.log1p(mpmath.exp(s))
    return {
        "log_likelihood": mpmath.log(p),
        "log_likelihood_grad": label * (1 - 2 * e) * sigma * other / p,
        "posterior": ((1 - e) * sigma if label == 1 else e * other) / p,
        "soft_cross_entropy": -bound,
        "soft_cross_entropy_grad": label * (e * sigma - (1 - e) * other),
        "jensen_gap": mpmath.log(p) - bound,
    }


@every_solution
@every_seed
def test_ordinary_values_agree_with_scipy(a1: Module, seed: int) -> None:
    a, t, eps = draw(seed)
    right, wrong = np.where(t == 1, 1 - eps, eps), np.where(t == 1, eps, 1 - eps)
    marginal = right * expit(a) + wrong * expit(-a)
    agree(a1.log_likelihood(a, t, eps), float(np.sum(np.log(marginal))), "log_likelihood")
    agree(a1.posterior(a, t, eps), right * expit(a) / marginal, "posterior")
    terms = right * log_expit(a) + wrong * log_expit(-a)
    agree(a1.soft_cross_entropy(a, t, eps), -float(np.sum(terms)), "soft_cross_entropy")
    agree(a1.jensen_gap(a, t, eps), np.log(marginal) - terms, "jensen_gap")
    # Gibbs' inequality: the entropy of the softened labels bounds the loss.
    entropy = -(xlogy(eps, eps) + xlogy(1 - eps, 1 - eps))
    assert a1.soft_cross_entropy(a, t, eps) >= len(a) * entropy, "a cross-entropy is at least the entropy"


@every_solution
@pytest.mark.parametrize("eps", ENDS)
def test_extremes_agree_with_fifty_digits(a1: Module, eps: float) -> None:
    exact = [fifty_digits(a, t, eps) for a, t in zip(LOGITS, LABELS, strict=True)]
    # Underflow to 0 is what is wanted, and NumPy's default lets it pass.
    with np.errstate(all="raise", under="ignore"):
        for name in VECTORS:
            expected = np.array([float(row[name]) for row in exact])
            agree(getattr(a1, name)(LOGITS, LABELS, eps), expected, f"{name} on {LOGITS}, {LABELS}, eps {eps}")
        for name in SUMS:
            function = getattr(a1, name)
            total = float(sum(row[name] for row in exact))
            agree(function(LOGITS, LABELS, eps), total, f"{name} on {LOGITS}, {LABELS}, eps {eps}")
            # One by one, too: in a sum of 10,000s a wrong small term would not show.
            for a, t, row in zip(LOGITS, LABELS, exact, strict=True):
                where = f"{name} of logit {a}, label {t}, eps {eps}"
                agree(function(np.array([a]), np.array([t]), eps), float(row[name]), where)
    gap = np.asarray(a1.jensen_gap(LOGITS, LABELS, eps))
    assert np.all(gap >= -1e-12), f"the gap must not be below 0, but is {gap.min()} at eps {eps}"


@pytest.mark.slow
@every_solution
@every_seed
@pytest.mark.parametrize("eps", [None, 0.0, 1.0])
def test_gradients_agree_with_pytorch(a1: Module, seed: int, eps: float | None) -> None:
    t_ = torch()
    a, labels, drawn = draw(seed)
    eps = drawn if eps is None else eps
    t = t_.tensor(labels, dtype=t_.float64)

    def likelihood(logits: Any) -> Any:
        return t_.sum(t_.log((1 - eps) * t_.sigmoid(t * logits) + eps * t_.sigmoid(-t * logits)))

    def loss(logits: Any) -> Any:
        log_sigmoid = t_.nn.functional.logsigmoid
        return -t_.sum((1 - eps) * log_sigmoid(t * logits) + eps * log_sigmoid(-t * logits))

    agree(a1.log_likelihood_grad(a, labels, eps), torch_gradient(likelihood, a)[0], "log_likelihood_grad")
    agree(a1.soft_cross_entropy_grad(a, labels, eps), torch_gradient(loss, a)[0], "soft_cross_entropy_grad")

    params, x = draw_network(seed, len(a))

    def network(w: Any, b: Any, v: Any, c: Any) -> Any:
        return likelihood(t_.tanh(t_.tensor(x) @ w.T + b) @ v + c)

    value, grads = a1.mlp_objective(params, x, labels, eps)
    agree(value, float(network(*(t_.tensor(np.asarray(params[key])) for key in "Wbvc"))), "mlp_objective's value")
    expected = dict(zip("Wbvc", torch_gradient(network, *(params[key] for key in "Wbvc")), strict=True))
    agree(grads, {**expected, "c": float(expected["c"])}, "mlp_objective's gradient")


def clusters(seed: int, n: int, eps: float) -> tuple[Any, Any, Any]:
    """Two classes that a line almost separates: (n, 2) examples, their noisy labels and their clean ones."""
    rng = np.random.default_rng(seed)
    clean = rng.choice([-1, 1], n)
    x = clean[:, None] * [2.0, 0.0] + rng.normal(0.0, 0.7, (n, 2))
    return x, np.where(rng.random(n) < eps, -clean, clean), clean


@every_solution
@pytest.mark.parametrize("seed", [7, 8, 9])
def test_training_learns_from_noisy_labels_what_ignoring_the_noise_does_not(a1: Module, seed: int) -> None:
    eps = 0.25
    x, labels, clean = clusters(seed, 400, eps)
    params, ignoring = (a1.fit(x, labels, assumed, 6, 300, 0.5, seed) for assumed in (eps, 0.0))
    shapes = {key: np.shape(value) for key, value in params.items()}
    assert shapes == {"W": (6, 2), "b": (6,), "v": (6,), "c": ()}, f"the shapes are those of mlp_objective: {shapes}"
    reached, ignored = (a1.mlp_objective(p, x, clean, eps)[0] / len(x) for p in (params, ignoring))
    assert reached > ignored + 0.08, f"the noise model must help: {reached} against {ignored}"
    margins = clean * (np.tanh(x @ np.asarray(params["W"]).T + params["b"]) @ params["v"] + params["c"])
    assert np.mean(margins > 0) > 0.95, f"clean labels must be found: {np.mean(margins > 0)}"


@every_solution
def test_training_is_the_same_for_the_same_seed_and_steps_along_the_mean_gradient(a1: Module) -> None:
    rate, eps = 0.5, 0.25
    x, labels, _ = clusters(0, 60, eps)
    five, again, six = (a1.fit(x, labels, eps, 4, steps, rate, 3) for steps in (5, 5, 6))
    assert all(np.array_equal(five[key], again[key]) for key in five), "the same seed must give the same parameters"
    _, grads = a1.mlp_objective({key: np.asarray(part) for key, part in five.items()}, x, labels, eps)
    for key, part in five.items():
        expected = np.asarray(part) + rate * np.asarray(grads[key]) / len(x)
        agree(six[key], expected, f"the sixth step of {key} from {part}")


@every_solution
def test_arguments_stay_as_they_were(a1: Module) -> None:
    a, t, eps = draw(0)
    for name in SUMS + VECTORS:
        untouched(getattr(a1, name), a, t, eps)
    params, x = draw_network(0, len(a))
    kept = {key: np.copy(part) for key, part in params.items()}
    untouched(a1.mlp_objective, params, x, t, eps)
    changed = [key for key in kept if not np.array_equal(kept[key], params[key])]
    assert not changed, f"mlp_objective changed {changed} of its params"
    untouched(a1.fit, x, t, 0.2, 3, 2, 0.1, 0)
