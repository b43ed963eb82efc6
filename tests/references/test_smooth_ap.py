"""Assignment 4 against scikit-learn, SciPy, mpmath at 50 digits, double loops, and PyTorch's gradients."""

from typing import Any

import mpmath
import numpy as np
import pytest
from scipy.stats import logistic
from sklearn.metrics import average_precision_score

from tests.references.common import (
    EMBEDDING,
    SEEDS,
    Module,
    agree,
    check_derivation,
    right_solutions,
    torch,
    torch_gradient,
    untouched,
)

every_solution = pytest.mark.parametrize("a4", right_solutions("a4_smooth_ap", "smooth_ap"))
NONE = np.zeros(0)


def draw(seed: int, t: int = 5, m: int = 8) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0.0, 3.0, t), rng.uniform(0.0, 3.0, m)


def grid(seed: int, t: int = 6, m: int = 9) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 5, t) / 8, rng.integers(0, 5, m) / 8


def equation_2(d_pos: Any, d_neg: Any) -> float:
    """Equation (2), term by term."""
    total = 0.0
    for p in d_pos:
        rank = sum(1 for x in [*d_pos, *d_neg] if x <= p)
        total += sum(1 for n in d_neg if n < p) / rank
    return 1.0 - total / len(d_pos)


@every_solution
@pytest.mark.parametrize("seed", SEEDS)
def test_average_precision(a4: Module, seed: int) -> None:
    d_pos, d_neg = draw(seed)
    relevant = np.repeat([1, 0], [len(d_pos), len(d_neg)])
    expected = float(average_precision_score(relevant, -np.concatenate([d_pos, d_neg])))
    agree(a4.average_precision(d_pos, d_neg), expected, "scikit-learn, without ties")
    d_pos, d_neg = grid(seed)
    agree(a4.average_precision(d_pos, d_neg), equation_2(d_pos, d_neg), "a double loop, with ties")
    agree(a4.average_precision(d_pos, NONE), 1.0, "without negatives")


@every_solution
@pytest.mark.parametrize("seed", SEEDS)
def test_average_precision_is_flat_within_the_radius_and_not_beyond(a4: Module, seed: int) -> None:
    d_pos, d_neg = draw(seed)
    everything = [*d_pos, *d_neg]
    expected = min(abs(p - x) for i, p in enumerate(d_pos) for j, x in enumerate(everything) if i != j) / 2
    radius = float(a4.flat_radius(d_pos, d_neg))
    agree(radius, float(expected), "flat_radius")
    rng = np.random.default_rng(seed)
    before = equation_2(d_pos, d_neg)
    for _ in range(20):
        signs = rng.choice([-1, 1], len(everything)) * 0.999 * radius
        moved = equation_2(d_pos + signs[: len(d_pos)], d_neg + signs[len(d_pos) :])
        assert moved == before, "within the radius no comparison changes"
    agree(a4.flat_radius(d_pos[:1], NONE), float("inf"), "no other example")
    agree(a4.flat_radius(d_pos[:1], np.array([d_pos[0]])), 0.0, "a tie")


@every_solution
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("make", [draw, grid])
def test_pair_and_triplet_losses_agree_with_double_loops(a4: Module, seed: int, make: Any) -> None:
    d_pos, d_neg = make(seed)
    margin = 0.25
    agree(a4.pair_loss(d_pos, d_neg), float(sum(n < p for p in d_pos for n in d_neg)), "pair_loss")
    agree(a4.pair_loss(d_pos, NONE), 0.0, "pair_loss without negatives")
    hinges = sum(max(0.0, p - n + margin) for p in d_pos for n in d_neg)
    agree(a4.triplet_loss(d_pos, d_neg, margin), float(hinges), "triplet_loss")
    active = np.array([[p - n + margin > 0 for n in d_neg] for p in d_pos], dtype=float)
    expected = (active.sum(axis=1), -active.sum(axis=0))
    agree(a4.triplet_loss_grad(d_pos, d_neg, margin), expected, "triplet_loss_grad, 0 at the kink")
    agree(a4.triplet_loss_grad(d_pos, NONE, margin), (np.zeros(len(d_pos)), NONE), "without negatives")


@every_solution
def test_the_expected_indicator_is_the_logistic_distribution(a4: Module) -> None:
    rng = np.random.default_rng(0)
    d_n, d_p, tau = rng.uniform(0, 3, (4, 1)), rng.uniform(0, 3, 5), 0.3
    agree(a4.expected_indicator(d_n, d_p, tau), logistic.cdf(d_p - d_n, scale=tau), "scipy.stats.logistic")
    agree(a4.expected_indicator(1.0, 1.0, 0.5), 0.5, "numbers")
    for difference in (1e6, -1e6, 40.0, -40.0, -700.0, 1e-9):
        expected = 1 / (1 + mpmath.exp(-mpmath.mpf(difference)))
        with np.errstate(all="raise", under="ignore"):
            agree(a4.expected_indicator(0.0, difference, 1.0), float(expected), f"a difference of {difference} tau")


def exact(d_pos: Any, d_neg: Any, tau: float) -> tuple[Any, Any, Any]:
    """Smooth-AP and its gradient at 50 digits, by the definition and the quotient rule."""
    positives, negatives, tau = list(map(mpmath.mpf, d_pos)), list(map(mpmath.mpf, d_neg)), mpmath.mpf(tau)
    t = len(positives)

    def sigma(z: Any) -> Any:
        return 1 / (1 + mpmath.exp(-z))

    value, g_pos, g_neg = mpmath.mpf(1), [mpmath.mpf(0)] * t, [mpmath.mpf(0)] * len(negatives)
    for i, p in enumerate(positives):
        n_soft = [sigma((p - n) / tau) for n in negatives]
        p_soft = [mpmath.mpf(1) if j == i else sigma((p - x) / tau) for j, x in enumerate(positives)]
        top, rank = sum(n_soft, mpmath.mpf(0)), sum(n_soft, mpmath.mpf(0)) + sum(p_soft)
        value -= top / rank / t
        for j, s in enumerate(n_soft):
            slope = s * (1 - s) / tau * (1 / rank - top / rank**2) / t
            g_pos[i] -= slope
            g_neg[j] += slope
        for j, s in enumerate(p_soft):
            if j != i:
                slope = -s * (1 - s) / tau * top / rank**2 / t
                g_pos[i] -= slope
                g_pos[j] += slope
    return float(value), np.array(list(map(float, g_pos))), np.array(list(map(float, g_neg)))


def near_and_far(seed: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    d = rng.integers(0, 4, 9) * 25.0 + rng.integers(0, 9, 9) * 2.0**-20
    return d[:4], d[4:]


@every_solution
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("make", "tau"), [(draw, 0.3), (grid, 0.125), (near_and_far, 1e-6), (near_and_far, 1e-3)])
def test_smooth_ap_and_its_gradient_agree_with_fifty_digits(a4: Module, seed: int, make: Any, tau: float) -> None:
    d_pos, d_neg = make(seed)
    value, g_pos, g_neg = exact(d_pos, d_neg, tau)
    # A gradient by distances has the unit 1/tau: so has the absolute allowance.
    scale = (np.full(len(d_pos), 1e-3 / tau), np.full(len(d_neg), 1e-3 / tau))
    with np.errstate(all="raise", under="ignore"):
        agree(a4.smooth_ap(d_pos, d_neg, tau), value, f"smooth_ap at tau {tau}")
        agree(a4.smooth_ap_grad(d_pos, d_neg, tau), (g_pos, g_neg), f"smooth_ap_grad at tau {tau}", scale=scale)


@every_solution
def test_smooth_ap_becomes_average_precision(a4: Module) -> None:
    d_pos, d_neg = draw(3)
    agree(a4.smooth_ap(d_pos, d_neg, 1e-6), equation_2(d_pos, d_neg), "tau towards 0")
    agree(a4.smooth_ap(d_pos, NONE, 0.1), 1.0, "without negatives")


@every_solution
def test_two_thousand_examples(a4: Module) -> None:
    d_pos, d_neg = draw(0, 500, 1500)
    value = float(a4.smooth_ap(d_pos, d_neg, 0.05))
    g_pos, g_neg = a4.smooth_ap_grad(d_pos, d_neg, 0.05)
    assert 0.0 < value < 1.0, f"a value between 0 and 1: {value}"
    shift = float(np.sum(g_pos) + np.sum(g_neg))
    assert abs(shift) < 1e-10, f"moving all distances together changes nothing: {shift}"


def torch_smooth_ap(t: Any, d_pos: Any, d_neg: Any, tau: float) -> Any:
    negatives = t.sigmoid((d_pos[:, None] - d_neg[None, :]) / tau).sum(1)
    positives = t.sigmoid((d_pos[:, None] - d_pos[None, :]) / tau)
    positives = positives * (1 - t.eye(len(d_pos))) + t.eye(len(d_pos))
    return 1 - (negatives / (negatives + positives.sum(1))).mean()


@every_solution
@pytest.mark.parametrize("seed", SEEDS)
def test_gradients_agree_with_pytorch(a4: Module, seed: int) -> None:
    t = torch()
    d_pos, d_neg = draw(seed)
    tau = 0.4
    expected = torch_gradient(lambda p, n: torch_smooth_ap(t, p, n, tau), d_pos, d_neg)
    agree(a4.smooth_ap_grad(d_pos, d_neg, tau), expected, "smooth_ap_grad")
    expected = torch_gradient(lambda p, n: t.relu(p[:, None] - n[None, :] + 0.3).sum(), d_pos, d_neg)
    agree(a4.triplet_loss_grad(d_pos, d_neg, 0.3), expected, "triplet_loss_grad")

    rng = np.random.default_rng(seed)
    anchor, positives, negatives = rng.normal(size=3), rng.normal(size=(4, 3)), rng.normal(size=(6, 3))

    def of_embeddings(a: Any, p: Any, n: Any) -> Any:
        return torch_smooth_ap(t, (p - a).norm(dim=1), (n - a).norm(dim=1), tau)

    expected = torch_gradient(of_embeddings, anchor, positives, negatives)
    got = a4.smooth_ap_embedding_grad(anchor, positives, negatives, tau)
    agree(got, expected, "smooth_ap_embedding_grad", EMBEDDING)

    embeddings, labels = rng.normal(size=(8, 3)), np.array([0, 1, 0, 2, 1, 0, 7, 1])

    def of_batch(e: Any) -> Any:
        values = []
        for i in range(len(labels)):
            same = [j for j in range(len(labels)) if j != i and labels[j] == labels[i]]
            other = [j for j in range(len(labels)) if labels[j] != labels[i]]
            if same:
                values.append(torch_smooth_ap(t, (e[same] - e[i]).norm(dim=1), (e[other] - e[i]).norm(dim=1), tau))
        return t.stack(values).mean()

    agree(a4.smooth_map(embeddings, labels, tau), float(of_batch(t.tensor(embeddings))), "smooth_map", EMBEDDING)
    expected = torch_gradient(of_batch, embeddings)[0]
    agree(a4.smooth_map_grad(embeddings, labels, tau), expected, "smooth_map_grad", EMBEDDING)


@every_solution
def test_a_distance_of_zero_contributes_nothing(a4: Module) -> None:
    rng = np.random.default_rng(1)
    positives, negatives = rng.normal(size=(3, 2)), rng.normal(size=(4, 2))
    anchor = positives[1].copy()
    with np.errstate(all="raise", under="ignore"):
        g_anchor, g_positives, g_negatives = map(
            np.asarray, a4.smooth_ap_embedding_grad(anchor, positives, negatives, 0.3)
        )
    assert np.all(g_positives[1] == 0.0), f"the subgradient is 0: {g_positives[1]}"
    agree(g_anchor, -(g_positives.sum(axis=0) + g_negatives.sum(axis=0)), "the anchor's gradient", EMBEDDING)
    twins = np.array([[0.0, 1.0], [0.0, 1.0], [2.0, 0.0]])
    gradient = np.asarray(a4.smooth_map_grad(twins, np.array([0, 0, 1]), 0.3))
    assert np.isfinite(gradient).all(), f"two rows that agree must not give nan: {gradient}"


@every_solution
def test_a_batch_without_partners_raises_value_error(a4: Module) -> None:
    for function in (a4.smooth_map, a4.smooth_map_grad):
        with pytest.raises(ValueError):
            function(np.eye(3), np.array([0, 1, 2]), 0.5)


@every_solution
def test_the_derivations_prove_their_claims(a4: Module) -> None:
    rng = np.random.default_rng(0)
    cases: list[Any] = [(*draw(seed), float(rng.uniform(0.1, 1.0))) for seed in SEEDS]
    cases += [(*grid(seed), 0.125) for seed in SEEDS] + [(draw(0)[0], NONE, 0.5)]

    def pairs(d_pos: Any, d_neg: Any, margin: float) -> float:
        return float(sum(n < p for p in d_pos for n in d_neg))

    def hinges(d_pos: Any, d_neg: Any, margin: float) -> float:
        return float(sum(max(0.0, p - n + margin) for p in d_pos for n in d_neg)) / margin

    check_derivation(a4.surrogate_derivation(), cases, pairs, hinges, "<=")
    scalars = [(*map(float, rng.uniform(0, 2, 2)), float(rng.uniform(0.2, 1.0))) for _ in range(10)]

    def probability(d_n: float, d_p: float, tau: float) -> float:
        return float(logistic.cdf(d_p - d_n, scale=tau))

    check_derivation(a4.expectation_derivation(), scalars, probability, probability, "=")


@every_solution
def test_arguments_stay_as_they_were(a4: Module) -> None:
    d_pos, d_neg = draw(0)
    for name in ("average_precision", "flat_radius", "pair_loss"):
        untouched(getattr(a4, name), d_pos, d_neg)
    for name in ("triplet_loss", "triplet_loss_grad", "expected_indicator", "smooth_ap", "smooth_ap_grad"):
        arguments = (d_neg, d_neg, 0.5) if name == "expected_indicator" else (d_pos, d_neg, 0.5)
        untouched(getattr(a4, name), *arguments)
    untouched(a4.smooth_map_grad, np.random.default_rng(0).normal(size=(5, 2)), np.array([0, 0, 1, 1, 2]), 0.5)
