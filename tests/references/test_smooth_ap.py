"""Assignment 4 against scikit-learn, SciPy, mpmath at 50 digits, double loops, and PyTorch's gradients."""

import tracemalloc
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy.special import expit

from tests.references.common import (
    EMBEDDING,
    Module,
    agree,
    every_seed,
    metrics,
    right_solutions,
    stats,
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
@every_seed
def test_average_precision(a4: Module, seed: int) -> None:
    d_pos, d_neg = draw(seed)
    relevant = np.repeat([1, 0], [len(d_pos), len(d_neg)])
    expected = float(metrics().average_precision_score(relevant, -np.concatenate([d_pos, d_neg])))
    agree(a4.average_precision(d_pos, d_neg), expected, "scikit-learn, without ties")
    d_pos, d_neg = grid(seed)
    agree(a4.average_precision(d_pos, d_neg), equation_2(d_pos, d_neg), "a double loop, with ties")
    agree(a4.average_precision(d_pos, NONE), 1.0, "without negatives")


@every_solution
@every_seed
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
    gaps = np.abs(d_pos[:, None] - np.array(everything))
    np.fill_diagonal(gaps, np.inf)
    p, x = np.unravel_index(np.argmin(gaps), gaps.shape)
    towards = np.sign(everything[x] - everything[p]) * 1.001 * radius
    crossed = (everything[p] + towards < everything[x] - towards) != (everything[p] < everything[x])
    assert crossed, "a little beyond the radius the closest two change places"
    agree(a4.flat_radius(d_pos, NONE), float(np.min(gaps[:, : len(d_pos)]) / 2), "positives among themselves")
    agree(a4.flat_radius(d_pos[:1], NONE), float("inf"), "no other example")
    agree(a4.flat_radius(d_pos[:1], np.array([d_pos[0]])), 0.0, "a tie")


@every_solution
@every_seed
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
    agree(a4.expected_indicator(d_n, d_p, tau), stats().logistic.cdf(d_p - d_n, scale=tau), "scipy.stats.logistic")
    agree(a4.expected_indicator(d_n, d_p, tau), expit((d_p - d_n) / tau), "scipy.special.expit")
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


def clusters(seed: int) -> tuple[Any, Any]:
    """Three clusters up to 100, within which examples are some millionths apart: many sigmoids in their tails."""
    rng = np.random.default_rng(seed)
    d = rng.integers(0, 3, 12) * 49.9 + rng.uniform(0.0, 25e-6, 12)
    return d[:5], d[5:]


def before_every_negative(seed: int) -> tuple[Any, Any]:
    """Positives, then negatives: all that the gradient consists of lies in the sigmoids' tails."""
    rng = np.random.default_rng(seed)
    return rng.uniform(0.0, 2e-6, 3), rng.uniform(22e-6, 25e-6, 4)


def after_every_negative(seed: int) -> tuple[Any, Any]:
    """Negatives, then positives: the other tails."""
    return before_every_negative(seed)[::-1]


@every_solution
@every_seed
@pytest.mark.parametrize(
    ("make", "tau"),
    [
        (draw, 0.3),
        (grid, 0.125),
        (near_and_far, 1e-6),
        (near_and_far, 1e-3),
        (clusters, 1e-6),
        (before_every_negative, 1e-6),
        (after_every_negative, 1e-6),
    ],
)
def test_smooth_ap_and_its_gradient_agree_with_fifty_digits(a4: Module, seed: int, make: Any, tau: float) -> None:
    d_pos, d_neg = make(seed)
    value, g_pos, g_neg = exact(d_pos, d_neg, tau)
    with np.errstate(all="raise", under="ignore"):
        agree(a4.smooth_ap(d_pos, d_neg, tau), value, f"smooth_ap at tau {tau}")
        agree(a4.smooth_ap_grad(d_pos, d_neg, tau), (g_pos, g_neg), f"smooth_ap_grad at tau {tau}")


@every_solution
def test_smooth_ap_becomes_average_precision(a4: Module) -> None:
    d_pos, d_neg = draw(3)
    agree(a4.smooth_ap(d_pos, d_neg, 1e-6), equation_2(d_pos, d_neg), "tau towards 0")
    agree(a4.smooth_ap(d_pos, NONE, 0.1), 1.0, "without negatives")


@every_solution
@pytest.mark.parametrize("t", [500, 1, pytest.param(1999, marks=pytest.mark.slow)])
def test_two_thousand_examples(a4: Module, t: int) -> None:
    d_pos, d_neg = draw(0, t, 2000 - t)
    tau = 0.05
    top = np.array([expit((p - d_neg) / tau).sum() for p in d_pos])
    rank = top + np.array([expit((p - np.delete(d_pos, i)) / tau).sum() + 1.0 for i, p in enumerate(d_pos)])
    slope = np.array([stats().logistic.pdf(p - d_neg, scale=tau) for p in d_pos])
    expected = ((rank - top) / rank**2 / t) @ slope
    tracemalloc.start()
    try:
        value = a4.smooth_ap(d_pos, d_neg, tau)
        gradient = a4.smooth_ap_grad(d_pos, d_neg, tau)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 200e6, f"a few tables of {t} x 2,000 are enough: {most / 1e6:.0f} MB"
    agree(value, float(1.0 - np.mean(top / rank)), "smooth_ap")
    agree(gradient[1], expected, "the negatives' part of smooth_ap_grad")
    shift = float(np.sum(gradient[0]) + np.sum(gradient[1]))
    assert abs(shift) < 1e-10, f"moving all distances together changes nothing: {shift}"
    relevant = np.repeat([1, 0], [t, 2000 - t])
    expected_ap = float(metrics().average_precision_score(relevant, -np.concatenate([d_pos, d_neg])))
    agree(a4.average_precision(d_pos, d_neg), expected_ap, "average_precision")


def torch_smooth_ap(t: Any, d_pos: Any, d_neg: Any, tau: float) -> Any:
    negatives = t.sigmoid((d_pos[:, None] - d_neg[None, :]) / tau).sum(1)
    positives = t.sigmoid((d_pos[:, None] - d_pos[None, :]) / tau)
    positives = positives * (1 - t.eye(len(d_pos))) + t.eye(len(d_pos))
    return 1 - (negatives / (negatives + positives.sum(1))).mean()


def torch_smooth_map(t: Any, e: Any, labels: Any, tau: float) -> Any:
    values = []
    for i in range(len(labels)):
        same = [j for j in range(len(labels)) if j != i and labels[j] == labels[i]]
        other = [j for j in range(len(labels)) if labels[j] != labels[i]]
        if same:
            values.append(torch_smooth_ap(t, (e[same] - e[i]).norm(dim=1), (e[other] - e[i]).norm(dim=1), tau))
    return t.stack(values).mean()


@pytest.mark.slow
@every_solution
@every_seed
@pytest.mark.parametrize(("t", "m"), [(5, 8), (1, 4), (4, 0), (1, 0)])
def test_gradients_by_distances_agree_with_pytorch(a4: Module, seed: int, t: int, m: int) -> None:
    pytorch = torch()
    d_pos, d_neg = draw(seed, t, m)
    expected = torch_gradient(lambda p, n: torch_smooth_ap(pytorch, p, n, 0.4), d_pos, d_neg)
    agree(a4.smooth_ap_grad(d_pos, d_neg, 0.4), expected, "smooth_ap_grad")
    expected = torch_gradient(lambda p, n: pytorch.relu(p[:, None] - n[None, :] + 0.3).sum(), d_pos, d_neg)
    agree(a4.triplet_loss_grad(d_pos, d_neg, 0.3), expected, "triplet_loss_grad")


@pytest.mark.slow
@every_solution
@every_seed
@pytest.mark.parametrize("tau", [0.4, 1e-3])
@pytest.mark.parametrize("twins", [False, True])
def test_gradients_by_embeddings_agree_with_pytorch(a4: Module, seed: int, tau: float, twins: bool) -> None:
    t = torch()
    rng = np.random.default_rng(seed)
    # Distances a few tau apart, so that not all slopes vanish; PyTorch's norm has the subgradient 0 at a zero distance.
    embeddings, labels = rng.normal(size=(8, 3)), np.array([0, 1, 0, 2, 1, 0, 7, 1])
    embeddings = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True) * (1.0 + tau * rng.normal(size=(8, 1)))
    embeddings[3] = 0.0
    if twins:
        embeddings[2], embeddings[6] = embeddings[0], embeddings[1]
    for same, other in (([0, 2, 5], [1, 4, 6, 7]), ([0, 1], []), ([6], [0, 2])):
        for anchor in (embeddings[3], embeddings[0]):
            arguments = (anchor, embeddings[same], embeddings[other].reshape(len(other), 3))
            expected = torch_gradient(
                lambda a, p, n: torch_smooth_ap(t, (p - a).norm(dim=1), (n - a).norm(dim=1), tau), *arguments
            )
            with np.errstate(all="raise", under="ignore"):
                got = a4.smooth_ap_embedding_grad(*arguments, tau)
            agree(got, expected, "smooth_ap_embedding_grad", EMBEDDING)
    value = float(torch_smooth_map(t, t.tensor(embeddings), labels, tau))
    expected_map = torch_gradient(lambda e: torch_smooth_map(t, e, labels, tau), embeddings)[0]
    with np.errstate(all="raise", under="ignore"):
        agree(a4.smooth_map(embeddings, labels, tau), value, "smooth_map", EMBEDDING)
        agree(a4.smooth_map_grad(embeddings, labels, tau), expected_map, "smooth_map_grad", EMBEDDING)


@every_solution
def test_a_distance_of_zero_contributes_nothing(a4: Module) -> None:
    rng = np.random.default_rng(1)
    positives, negatives = rng.normal(size=(3, 2)), rng.normal(size=(4, 2))
    anchor = positives[1].copy()
    with np.errstate(all="raise", under="ignore"):
        parts = a4.smooth_ap_embedding_grad(anchor, positives, negatives, 0.3)
    g_anchor, g_positives, g_negatives = map(np.asarray, parts)
    assert np.all(g_positives[1] == 0.0), f"the subgradient is 0: {g_positives[1]}"
    agree(g_anchor, -(g_positives.sum(axis=0) + g_negatives.sum(axis=0)), "the anchor's gradient", EMBEDDING)


@every_solution
def test_a_batch_without_partners_raises_value_error(a4: Module) -> None:
    for function in (a4.smooth_map, a4.smooth_map_grad):
        with pytest.raises(ValueError):
            function(np.eye(3), np.array([0, 1, 2]), 0.5)


@every_solution
def test_arguments_stay_as_they_were(a4: Module) -> None:
    d_pos, d_neg = draw(0)
    for name in ("average_precision", "flat_radius", "pair_loss"):
        untouched(getattr(a4, name), d_pos, d_neg)
    for name in ("triplet_loss", "triplet_loss_grad", "expected_indicator", "smooth_ap", "smooth_ap_grad"):
        arguments = (d_neg, d_neg, 0.5) if name == "expected_indicator" else (d_pos, d_neg, 0.5)
        untouched(getattr(a4, name), *arguments)
    embeddings, labels = np.random.default_rng(0).normal(size=(5, 2)), np.array([0, 0, 1, 1, 2])
    untouched(a4.smooth_ap_embedding_grad, embeddings[0], embeddings[1:3], embeddings[3:], 0.5)
    untouched(a4.smooth_map, embeddings, labels, 0.5)
    untouched(a4.smooth_map_grad, embeddings, labels, 0.5)
