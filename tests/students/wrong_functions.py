"""Wrong functions of the right types, as students write them: each fails a public check, and each check fails one.

`WRONG[assignment][(function, what is wrong)]` takes the reference and gives the wrong function.
"""

from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np

Wrong = Callable[[Any], Callable[..., Any]]


def changed(right: Callable[..., Any], position: int = 0) -> Callable[..., Any]:
    """Right, but it leaves one of its arrays changed."""

    def wrong(*arguments: Any) -> Any:
        value = right(*arguments)
        arguments[position][...] = arguments[position][::-1] + 1.0
        return value

    return wrong


def plus(value: Any, number: float) -> Any:
    """Every number of a result, a little off."""
    return tuple(plus(part, number) for part in value) if isinstance(value, tuple) else value + number


def with_link(lines: Any, number: int, add: float) -> Any:
    """A derivation with one line changed."""
    relation, step = lines[number]
    return [*lines[:number], (relation, lambda *case: step(*case) + add), *lines[number + 1 :]]


def derivation_wrongs(function: str) -> dict[tuple[str, str], Wrong]:
    """What may be wrong with any derivation."""
    return {
        (function, "one line off"): lambda r: lambda: with_link(getattr(r, function)(), 1, 0.5),
        (function, "first line off"): lambda r: lambda: with_link(getattr(r, function)(), 0, -0.5),
        (function, "every line off"): lambda r: (
            lambda: [(relation, lambda *case, s=step: s(*case) + 1.0) for relation, step in getattr(r, function)()]
        ),
    }


def numbered(start: Callable[..., Any]) -> Callable[..., Any]:
    """A training whose start depends on how often it was called, not only on the seed."""
    calls = count()
    return lambda *arguments: start(*arguments[:-1], arguments[-1] + next(calls))


def zero_distance_is_nan(r: Any) -> Callable[..., Any]:
    """0 / 0 where an example lies on the anchor."""

    def wrong(anchor: Any, positives: Any, negatives: Any, tau: float) -> Any:
        g_anchor, g_positives, g_negatives = r.smooth_ap_embedding_grad(anchor, positives, negatives, tau)
        return g_anchor, np.where((positives == anchor).all(axis=1)[:, None], np.nan, g_positives), g_negatives

    return wrong


def squared(sigma: Any) -> Any:
    """The square, with the sign of before, up to 1e150."""
    with np.errstate(over="ignore"):
        return np.minimum(sigma * np.abs(sigma), 1e150)


NOISY: dict[tuple[str, str], Wrong] = {
    ("log_likelihood", "small logits only"): lambda r: lambda a, t, e: r.log_likelihood(np.clip(a, -9.0, 9.0), t, e),
    ("log_likelihood_grad", "small logits only"): lambda r: (
        lambda a, t, e: r.log_likelihood_grad(np.clip(a, -9.0, 9.0), t, e)
    ),
    ("soft_cross_entropy", "small logits only"): lambda r: (
        lambda a, t, e: r.soft_cross_entropy(np.clip(a, -9.0, 9.0), t, e)
    ),
    ("jensen_gap", "small logits only"): lambda r: lambda a, t, e: r.jensen_gap(np.clip(a, -9.0, 9.0), t, e),
    ("log_likelihood", "takes labels as clean"): lambda r: lambda a, t, e: r.log_likelihood(a, t, 0.0),
    ("log_likelihood", "a mean"): lambda r: lambda a, t, e: r.log_likelihood(a, t, e) / len(a),
    ("log_likelihood", "changes logits"): lambda r: changed(r.log_likelihood),
    ("log_likelihood_grad", "takes labels as clean"): lambda r: lambda a, t, e: r.log_likelihood_grad(a, t, 0.0),
    ("posterior", "noise the wrong way round"): lambda r: lambda a, t, e: r.posterior(a, t, 1.0 - e),
    ("posterior", "ignores the network"): lambda r: lambda a, t, e: np.where(t > 0, 1.0 - e, e),
    ("soft_cross_entropy", "labels not softened"): lambda r: lambda a, t, e: r.soft_cross_entropy(a, t, 0.0),
    ("soft_cross_entropy", "a mean"): lambda r: lambda a, t, e: r.soft_cross_entropy(a, t, e) / len(a),
    ("soft_cross_entropy", "negative"): lambda r: lambda a, t, e: -r.soft_cross_entropy(a, t, e),
    ("soft_cross_entropy_grad", "downhill"): lambda r: lambda a, t, e: -r.soft_cross_entropy_grad(a, t, e),
    ("jensen_gap", "only the likelihood"): lambda r: (
        lambda a, t, e: np.array([r.log_likelihood(a[i : i + 1], t[i : i + 1], e) for i in range(len(a))])
    ),
    ("jensen_gap", "negative"): lambda r: lambda a, t, e: -r.jensen_gap(a, t, e),
    ("mlp_objective", "a mean"): lambda r: lambda p, x, t, e: (r.mlp_objective(p, x, t, e)[0], p),
    ("mlp_objective", "takes labels as clean"): lambda r: lambda p, x, t, e: r.mlp_objective(p, x, t, 0.0),
    ("fit", "downhill"): lambda r: lambda x, t, e, h, n, rate, s: r.fit(x, t, e, h, n, -rate, s),
    ("fit", "forgets the seed"): lambda r: numbered(r.fit),
    **derivation_wrongs("lower_bound_derivation"),
}

FACTORIZED: dict[tuple[str, str], Wrong] = {
    ("kl", "q and p exchanged"): lambda r: lambda q, p: r.kl(p, q),
    ("kl", "the cross-entropy"): lambda r: lambda q, p: float(-np.sum(q * np.log(p + 1e-300))),
    ("kl", "a little added under the logarithm"): lambda r: (
        lambda q, p: float(np.sum(q * np.log((q + 1e-9) / (p + 1e-9))))
    ),
    ("kl", "cuts the longer one"): lambda r: lambda q, p: r.kl(*(x[: min(len(q), len(p))] for x in (q, p))),
    ("kl", "changes q"): lambda r: changed(r.kl),
    ("joint", "a sum"): lambda r: lambda m: sum(np.meshgrid(*m, indexing="ij"), np.zeros(())),
    ("joint", "in one row"): lambda r: lambda m: r.joint(m).ravel(),
    ("kl_factorized", "q and p exchanged"): lambda r: lambda q, p: r.kl_factorized(p, q),
    ("kl_factorized", "a mean"): lambda r: lambda q, p: r.kl_factorized(q, p) / len(q),
    ("kl_factorized", "stops at the shorter list"): lambda r: (
        lambda q, p: sum(r.kl(*pair) for pair in zip(q, p, strict=False))
    ),
    **derivation_wrongs("decomposition_derivation"),
}

NORMAL: dict[tuple[str, str], Wrong] = {
    ("kl_normal", "without the -1/2"): lambda r: lambda *a: r.kl_normal(*a) + 0.5,
    ("kl_normal", "q and p exchanged"): lambda r: lambda m, s, n, t: r.kl_normal(n, t, m, s),
    ("kl_normal", "sigma squared"): lambda r: lambda m, s, n, t: r.kl_normal(m, squared(s), n, squared(t)),
    ("kl_normal", "sigmas up to 1e100"): lambda r: (
        lambda m, s, n, t: r.kl_normal(m, np.minimum(s, 1e100), n, np.minimum(t, 1e100))
    ),
    ("kl_normal", "squared means without the 1/2"): lambda r: (
        lambda m, s, n, t: r.kl_normal(m, s, n, t) + (np.subtract(m, n) / t) ** 2 / 2.0
    ),
    ("kl_normal", "summed up"): lambda r: lambda *a: np.sum(r.kl_normal(*a)),
    ("kl_normal", "takes any sigma"): lambda r: (
        lambda m, s, n, t: r.kl_normal(m, np.where(np.greater(s, 0), s, 1.0), n, np.where(np.greater(t, 0), t, 1.0))
    ),
    ("kl_normal", "changes sigma_q"): lambda r: (
        lambda *a: changed(r.kl_normal, 1)(*a) if np.ndim(a[1]) else r.kl_normal(*a)
    ),
    ("kl_normal_grad", "a constant too much"): lambda r: lambda *a: plus(r.kl_normal_grad(*a), 0.25),
    ("kl_normal_grad", "takes any sigma"): lambda r: (
        lambda m, s, n, t: r.kl_normal_grad(
            m, np.where(np.greater(s, 0), s, 1.0), n, np.where(np.greater(t, 0), t, 1.0)
        )
    ),
    ("kl_normal_grad", "by the variance"): lambda r: (
        lambda m, s, n, t: tuple(
            g / f for g, f in zip(r.kl_normal_grad(m, s, n, t), (1.0, 2.0 * s, 1.0, 2.0 * t), strict=True)
        )
    ),
    **derivation_wrongs("kl_normal_derivation"),
}

SMOOTH: dict[tuple[str, str], Wrong] = {
    ("average_precision", "the mistakes only"): lambda r: lambda p, n: 1.0 - r.average_precision(p, n),
    ("average_precision", "no weights"): lambda r: lambda p, n: 1.0 - r.pair_loss(p, n) / (len(p) * max(1, len(n))),
    ("average_precision", "a tie is a mistake"): lambda r: lambda p, n: r.average_precision(p, n - 1e-12),
    ("flat_radius", "not half"): lambda r: lambda p, n: 2.0 * r.flat_radius(p, n),
    ("flat_radius", "0 where there is none"): lambda r: (
        lambda p, n: 0.0 if np.isinf(r.flat_radius(p, n)) else r.flat_radius(p, n)
    ),
    ("pair_loss", "counts ties"): lambda r: lambda p, n: r.pair_loss(p, n - 1e-12),
    ("pair_loss", "the other order"): lambda r: lambda p, n: r.pair_loss(n, p),
    ("triplet_loss", "a mean"): lambda r: lambda p, n, m: r.triplet_loss(p, n, m) / (len(p) * len(n)),
    ("triplet_loss", "without the margin"): lambda r: lambda p, n, m: r.triplet_loss(p, n, 0.0),
    ("triplet_loss_grad", "a mean"): lambda r: (
        lambda p, n, m: tuple(g / (len(p) * len(n)) for g in r.triplet_loss_grad(p, n, m))
    ),
    ("triplet_loss_grad", "1 at the kink"): lambda r: lambda p, n, m: r.triplet_loss_grad(p, n, m + 1e-9),
    ("expected_indicator", "the other order"): lambda r: lambda n, p, tau: r.expected_indicator(p, n, tau),
    ("expected_indicator", "exponential noise"): lambda r: lambda n, p, tau: np.minimum(1.0, np.exp((p - n) / tau)),
    ("smooth_ap", "counts itself 1/2"): lambda r: (
        lambda p, n, tau: (
            1.0
            - np.mean(
                [
                    (row := r.expected_indicator(n, x, tau)).sum() / (row.sum() + r.expected_indicator(p, x, tau).sum())
                    for x in p
                ]
            )
        )
    ),
    ("smooth_ap", "the mistakes only"): lambda r: lambda *a: 1.0 - r.smooth_ap(*a),
    ("smooth_ap", "relative distances"): lambda r: lambda p, n, tau: r.smooth_ap(p / p.max(), n / p.max(), tau),
    ("smooth_ap", "changes d_pos"): lambda r: changed(r.smooth_ap),
    ("smooth_ap_grad", "downhill"): lambda r: lambda *a: tuple(-g for g in r.smooth_ap_grad(*a)),
    ("smooth_ap_grad", "a constant too much"): lambda r: lambda *a: plus(r.smooth_ap_grad(*a), 0.25),
    ("smooth_ap_embedding_grad", "anchor held"): lambda r: (
        lambda a, p, n, tau: (np.zeros(a.shape), *r.smooth_ap_embedding_grad(a, p, n, tau)[1:])
    ),
    ("smooth_ap_embedding_grad", "0 / 0"): zero_distance_is_nan,
    ("smooth_map", "the mistakes only"): lambda r: lambda *a: 1.0 - r.smooth_map(*a),
    ("smooth_map", "a sum"): lambda r: lambda x, t, tau: 2.0 * r.smooth_map(x, t, tau),
    ("smooth_map", "mean over all rows"): lambda r: (
        lambda x, t, tau: r.smooth_map(x, t, tau) * np.mean([np.sum(t == k) > 1 for k in t])
    ),
    ("smooth_map", "0 where no row has a partner"): lambda r: (
        lambda x, t, tau: r.smooth_map(x, t, tau) if len(set(t.tolist())) < len(t) else 0.0
    ),
    ("smooth_map_grad", "a sum"): lambda r: lambda *a: 5.0 * r.smooth_map_grad(*a),
    ("smooth_map_grad", "0 where no row has a partner"): lambda r: (
        lambda x, t, tau: r.smooth_map_grad(x, t, tau) if len(set(t.tolist())) < len(t) else np.zeros(np.shape(x))
    ),
    **derivation_wrongs("surrogate_derivation"),
    **derivation_wrongs("expectation_derivation"),
}

WRONG = {"a1_noisy_labels": NOISY, "a2_kl_factorized": FACTORIZED, "a3_kl_normal": NORMAL, "a4_smooth_ap": SMOOTH}
