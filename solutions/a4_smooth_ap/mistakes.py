"""Wrong versions that students write, each with the hint that it earns. Staff only."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.authoring.wrong_versions import always, imprecise, line_spoiled, spoiled, swallowing, warning

from . import smooth_ap as reference
from .questions import a4


def sigmoid(z: Any) -> Any:
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-z))


# --- average precision -----------------------------------------------------------------------------------------------


@a4.mistake("average_precision", "Look at ties in the position k(p): equation (2) has <= there, not <.")
def strict_rank(d_pos: Any, d_neg: Any) -> float:
    closer = np.sum(d_neg[None, :] < d_pos[:, None], axis=1)
    rank = 1 + np.sum(d_pos[None, :] < d_pos[:, None], axis=1) + np.sum(d_neg[None, :] < d_pos[:, None], axis=1)
    return float(1.0 - np.mean(closer / rank))


@a4.mistake("average_precision", "Look at ties in the inner sum of equation (2): it counts strictly closer negatives.")
def ties_as_mistakes(d_pos: Any, d_neg: Any) -> float:
    closer = np.sum(d_neg[None, :] <= d_pos[:, None], axis=1)
    rank = np.sum(d_pos[None, :] <= d_pos[:, None], axis=1) + np.sum(d_neg[None, :] <= d_pos[:, None], axis=1)
    return float(1.0 - np.mean(closer / rank))


@a4.mistake("average_precision", "k(p) is the position among all examples; which of them does yours count?")
def rank_among_negatives(d_pos: Any, d_neg: Any) -> float:
    closer = np.sum(d_neg[None, :] < d_pos[:, None], axis=1)
    return float(1.0 - np.mean(closer / (1 + np.sum(d_neg[None, :] <= d_pos[:, None], axis=1))))


@a4.mistake("average_precision", "Equation (2) divides by T, the number of positives, after the sum over them.")
def sum_over_positives(d_pos: Any, d_neg: Any) -> float:
    return float(1.0 - len(d_pos) * (1.0 - reference.average_precision(d_pos, d_neg)))


@a4.mistake("average_precision", "This is what is lost, not what is kept: look at the start of equation (2).")
def one_minus_forgotten(d_pos: Any, d_neg: Any) -> float:
    return 1.0 - reference.average_precision(d_pos, d_neg)


@a4.mistake("average_precision", "Smaller distances are closer: is your list in the right order?")
def farthest_first(d_pos: Any, d_neg: Any) -> float:
    return reference.average_precision(-d_pos, -d_neg)


# --- flat radius, pairs, triplets ------------------------------------------------------------------------------------


@a4.mistake("flat_radius", "Two distances may move towards each other: how far may each go?")
def not_halved(d_pos: Any, d_neg: Any) -> float:
    return 2.0 * reference.flat_radius(d_pos, d_neg)


@a4.mistake("flat_radius", "k(p) compares a positive with the other positives, too.")
def only_negatives(d_pos: Any, d_neg: Any) -> float:
    if not len(d_neg):
        return float("inf")
    return float(np.min(np.abs(d_pos[:, None] - d_neg[None, :])) / 2.0)


@a4.mistake("flat_radius", "Which pairs does equation (2) compare at all? Two negatives never meet in it.")
def all_pairs(d_pos: Any, d_neg: Any) -> float:
    d = np.sort(np.concatenate([d_pos, d_neg]))
    return float(np.min(np.diff(d), initial=np.inf) / 2.0)


@a4.mistake("flat_radius", "A positive at distance 0 from itself is no other example.")
def itself_too(d_pos: Any, d_neg: Any) -> float:
    return float(np.min(np.abs(d_pos[:, None] - np.concatenate([d_pos, d_neg])[None, :])) / 2.0)


@a4.mistake("pair_loss", "A tie is not in the wrong order: the inequality is strict.")
def ties_counted(d_pos: Any, d_neg: Any) -> int:
    return int(np.sum(d_neg[None, :] <= d_pos[:, None]))


@a4.mistake("pair_loss", "Which of the two must be closer for a pair to be in the wrong order?")
def order_swapped(d_pos: Any, d_neg: Any) -> int:
    return int(np.sum(d_neg[None, :] > d_pos[:, None]))


@a4.mistake("pair_loss", "It is a number of pairs, not a mean over them.")
def mean_over_pairs(d_pos: Any, d_neg: Any) -> float:
    return reference.pair_loss(d_pos, d_neg) / max(1, len(d_pos) * len(d_neg))


@a4.mistake("triplet_loss", "Which distance should be the larger one? Look at the sign inside the maximum.")
def triplet_swapped(d_pos: Any, d_neg: Any, margin: float) -> float:
    return float(np.sum(np.maximum(0.0, d_neg[None, :] - d_pos[:, None] + margin)))


@a4.mistake("triplet_loss", "A pair has to be right by the margin: on which side does the margin stand?")
def margin_subtracted(d_pos: Any, d_neg: Any, margin: float) -> float:
    return float(np.sum(np.maximum(0.0, d_pos[:, None] - d_neg[None, :] - margin)))


@a4.mistake("triplet_loss", "The sum goes over all pairs, and is no mean.")
def triplet_mean(d_pos: Any, d_neg: Any, margin: float) -> float:
    return reference.triplet_loss(d_pos, d_neg, margin) / max(1, len(d_pos) * len(d_neg))


@a4.mistake("triplet_loss", "A pair that is right by the margin costs nothing: where is the maximum with 0?")
def no_hinge(d_pos: Any, d_neg: Any, margin: float) -> float:
    return float(np.sum(d_pos[:, None] - d_neg[None, :] + margin))


@a4.mistake("triplet_loss_grad", "At the kink the contribution is 0: is your comparison strict?")
def active_at_the_kink(d_pos: Any, d_neg: Any, margin: float) -> Any:
    active = d_pos[:, None] - d_neg[None, :] + margin >= 0.0
    return active.sum(axis=1).astype(float), -active.sum(axis=0).astype(float)


@a4.mistake("triplet_loss_grad", "What happens to the loss when a negative moves away? Look at the sign of g_neg.")
def negative_sign(d_pos: Any, d_neg: Any, margin: float) -> Any:
    g_pos, g_neg = reference.triplet_loss_grad(d_pos, d_neg, margin)
    return g_pos, -g_neg


@a4.mistake("triplet_loss_grad", "A positive stands in many pairs: each active one contributes.")
def once_each(d_pos: Any, d_neg: Any, margin: float) -> Any:
    g_pos, g_neg = reference.triplet_loss_grad(d_pos, d_neg, margin)
    return np.sign(g_pos), np.sign(g_neg)


# --- the expectation -------------------------------------------------------------------------------------------------


@a4.mistake("expected_indicator", "Is it likely or unlikely that a closer negative stays closer? Look at the sign.")
def expectation_swapped(d_n: Any, d_p: Any, tau: Any) -> Any:
    return reference.expected_indicator(d_p, d_n, tau)


@a4.mistake("expected_indicator", "What does a larger scale do to the noise? It should bring the result closer to 1/2.")
def times_tau(d_n: Any, d_p: Any, tau: Any) -> Any:
    return sigmoid((np.asarray(d_p) - d_n) * tau)


@a4.mistake("expected_indicator", "The scale tau of the noise is missing.")
def tau_forgotten(d_n: Any, d_p: Any, tau: Any) -> Any:
    return sigmoid(np.asarray(d_p) - d_n)


@a4.mistake("expected_indicator", "This is the distribution of other noise: Z is logistic, not normal.")
def normal_noise(d_n: Any, d_p: Any, tau: Any) -> Any:
    from math import erf, sqrt

    z = (np.asarray(d_p, dtype=float) - d_n) / tau
    return np.vectorize(lambda value: 0.5 * (1.0 + erf(value / sqrt(2.0))))(z)


# --- Smooth AP -------------------------------------------------------------------------------------------------------


def smooth(d_pos: Any, d_neg: Any, tau: float, own: float, weight: float = 1.0) -> float:
    """Smooth-AP where a positive counts `own` in its own rank, and negatives `weight` in the rank."""
    negatives = sigmoid((d_pos[:, None] - d_neg[None, :]) / tau).sum(axis=1)
    positives = sigmoid((d_pos[:, None] - d_pos[None, :]) / tau)
    np.fill_diagonal(positives, own)
    return float(1.0 - np.mean(negatives / (positives.sum(axis=1) + weight * negatives)))


@a4.mistake("smooth_ap", "A positive compared with itself in k(p) counts exactly 1: its own noise cancels.")
def own_noise(d_pos: Any, d_neg: Any, tau: float) -> float:
    return smooth(d_pos, d_neg, tau, 0.5)


@a4.mistake("smooth_ap", "A positive counts itself in k(p) exactly once: yours does so half a time too often.")
def itself_twice(d_pos: Any, d_neg: Any, tau: float) -> float:
    return smooth(d_pos, d_neg, tau, 1.5)


@a4.mistake("smooth_ap", "All indicators of (2) are replaced, also those in k(p).")
def hard_rank(d_pos: Any, d_neg: Any, tau: float) -> float:
    negatives = sigmoid((d_pos[:, None] - d_neg[None, :]) / tau).sum(axis=1)
    rank = np.sum(d_pos[None, :] <= d_pos[:, None], axis=1) + np.sum(d_neg[None, :] <= d_pos[:, None], axis=1)
    return float(1.0 - np.mean(negatives / rank))


@a4.mistake("smooth_ap", "k(p) counts the negatives that come before p, too.")
def rank_of_positives_only(d_pos: Any, d_neg: Any, tau: float) -> float:
    return smooth(d_pos, d_neg, tau, 1.0, weight=0.0)


@a4.mistake("smooth_ap", "What does a larger scale do to the noise? Divide by it.")
def smooth_times_tau(d_pos: Any, d_neg: Any, tau: float) -> float:
    return smooth(d_pos, d_neg, 1.0 / tau, 1.0)


@a4.mistake("smooth_ap", "This is what is lost, not what is kept: look at the start of equation (2).")
def smooth_loss(d_pos: Any, d_neg: Any, tau: float) -> float:
    return 1.0 - reference.smooth_ap(d_pos, d_neg, tau)


# --- its gradient ----------------------------------------------------------------------------------------------------


def parts(d_pos: Any, d_neg: Any, tau: float) -> tuple[Any, Any, Any]:
    """The weights of the pairs in the gradient, (T, M) and (T, T), and its factor 1 / (T tau)."""
    negatives = sigmoid((d_pos[:, None] - d_neg[None, :]) / tau)
    positives = sigmoid((d_pos[:, None] - d_pos[None, :]) / tau)
    np.fill_diagonal(positives, 1.0)
    n, r = negatives.sum(axis=1), positives.sum(axis=1)
    by_neg = (r / (r + n) ** 2)[:, None] * negatives * (1.0 - negatives)
    by_pos = (n / (r + n) ** 2)[:, None] * positives * (1.0 - positives)
    return by_neg, by_pos, 1.0 / (len(d_pos) * tau)


def assembled(by_neg: Any, by_pos: Any, scale: Any) -> tuple[Any, Any]:
    own = by_neg.sum(axis=1) - by_pos.sum(axis=1) + by_pos.sum(axis=0)
    return -scale * own, scale * by_neg.sum(axis=0)


@a4.mistake("smooth_ap_grad", "k(p) moves with the distances too: differentiate the quotient, not only its top.")
def rank_held_constant(d_pos: Any, d_neg: Any, tau: float) -> Any:
    negatives = sigmoid((d_pos[:, None] - d_neg[None, :]) / tau)
    positives = sigmoid((d_pos[:, None] - d_pos[None, :]) / tau)
    np.fill_diagonal(positives, 1.0)
    rank = negatives.sum(axis=1) + positives.sum(axis=1)
    slope = negatives * (1.0 - negatives) / rank[:, None] / (len(d_pos) * tau)
    return -slope.sum(axis=1), slope.sum(axis=0)


@a4.mistake("smooth_ap_grad", "The inner derivative is missing: the distances are divided by tau.")
def tau_lost(d_pos: Any, d_neg: Any, tau: float) -> Any:
    by_neg, by_pos, scale = parts(d_pos, d_neg, tau)
    return assembled(by_neg, by_pos, scale * tau)


@a4.mistake("smooth_ap_grad", "Smooth-AP is a mean over the positives: where is T in its gradient?")
def count_lost(d_pos: Any, d_neg: Any, tau: float) -> Any:
    by_neg, by_pos, scale = parts(d_pos, d_neg, tau)
    return assembled(by_neg, by_pos, scale * len(d_pos))


@a4.mistake("smooth_ap_grad", "A positive also stands in the ranks of the other positives.")
def not_in_others_ranks(d_pos: Any, d_neg: Any, tau: float) -> Any:
    by_neg, by_pos, scale = parts(d_pos, d_neg, tau)
    return -scale * (by_neg.sum(axis=1) - by_pos.sum(axis=1)), scale * by_neg.sum(axis=0)


@a4.mistake("smooth_ap_grad", "A positive's own rank moves with it, also against the other positives.")
def own_rank_forgotten(d_pos: Any, d_neg: Any, tau: float) -> Any:
    by_neg, by_pos, scale = parts(d_pos, d_neg, tau)
    return -scale * (by_neg.sum(axis=1) + by_pos.sum(axis=0)), scale * by_neg.sum(axis=0)


@a4.mistake("smooth_ap_grad", "The comparison of a positive with itself is the constant 1; its derivative is 0.")
def own_noise_moves(d_pos: Any, d_neg: Any, tau: float) -> Any:
    by_neg, by_pos, scale = parts(d_pos, d_neg, tau)
    negatives = sigmoid((d_pos[:, None] - d_neg[None, :]) / tau).sum(axis=1)
    positives = sigmoid((d_pos[:, None] - d_pos[None, :]) / tau)
    np.fill_diagonal(positives, 1.0)
    extra = 0.25 * negatives / (positives.sum(axis=1) + negatives) ** 2
    g_pos, g_neg = assembled(by_neg, by_pos, scale)
    return g_pos + scale * extra, g_neg


@a4.mistake("smooth_ap_grad", "Right size, wrong sign: this is the gradient of the loss 1 - Smooth-AP.")
def gradient_of_loss(d_pos: Any, d_neg: Any, tau: float) -> Any:
    g_pos, g_neg = reference.smooth_ap_grad(d_pos, d_neg, tau)
    return -g_pos, -g_neg


@a4.mistake("smooth_ap_grad", "What happens to Smooth-AP when a negative moves away? Look at the sign of g_neg.")
def sign_of_negatives(d_pos: Any, d_neg: Any, tau: float) -> Any:
    g_pos, g_neg = reference.smooth_ap_grad(d_pos, d_neg, tau)
    return g_pos, -g_neg


# --- embeddings ------------------------------------------------------------------------------------------------------


def through(
    anchor: Any, positives: Any, negatives: Any, tau: float, unit: Any, distance: Any = None
) -> tuple[Any, Any, Any]:
    """The gradient through the distances, with a given derivative of the distance."""
    rows = [positives - anchor, negatives - anchor]
    lengths = [np.linalg.norm(r, axis=1) if distance is None else distance(r) for r in rows]
    grads = reference.smooth_ap_grad(lengths[0], lengths[1], tau)
    g_p, g_n = (g[:, None] * unit(r) for g, r in zip(grads, rows, strict=True))
    return -(g_p.sum(axis=0) + g_n.sum(axis=0)), g_p, g_n


def unit_vectors(rows: Any) -> Any:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0.0)


@a4.mistake("smooth_ap_embedding_grad", "The anchor is an end of every distance: it has a gradient, too.")
def anchor_fixed(anchor: Any, positives: Any, negatives: Any, tau: float) -> Any:
    g_anchor, g_p, g_n = through(anchor, positives, negatives, tau, unit_vectors)
    return 0.0 * g_anchor, g_p, g_n


@a4.mistake(
    "smooth_ap_embedding_grad", "When the anchor moves towards an example, the distance falls: look at its sign."
)
def anchor_sign(anchor: Any, positives: Any, negatives: Any, tau: float) -> Any:
    g_anchor, g_p, g_n = through(anchor, positives, negatives, tau, unit_vectors)
    return -g_anchor, g_p, g_n


@a4.mistake(
    "smooth_ap_embedding_grad", "The gradient of a length is a vector of length 1: is yours divided by the distance?"
)
def not_normalized(anchor: Any, positives: Any, negatives: Any, tau: float) -> Any:
    return through(anchor, positives, negatives, tau, lambda rows: rows)


@a4.mistake("smooth_ap_embedding_grad", "The distance is the Euclidean one, not its square.")
def squared_distance(anchor: Any, positives: Any, negatives: Any, tau: float) -> Any:
    return through(anchor, positives, negatives, tau, lambda rows: 2.0 * rows, lambda rows: np.sum(rows**2, axis=1))


@a4.mistake("smooth_ap_embedding_grad", "An example at distance 0 has no direction: take the subgradient 0 there.")
def divided_by_zero(anchor: Any, positives: Any, negatives: Any, tau: float) -> Any:
    return through(anchor, positives, negatives, tau, lambda rows: rows / np.linalg.norm(rows, axis=1, keepdims=True))


def by_anchor(embeddings: Any, labels: Any, tau: float, anchors: Any = None) -> list[float]:
    """Smooth-AP with each row in turn as the anchor."""
    values = []
    for anchor in range(len(labels)) if anchors is None else anchors:
        positive = np.flatnonzero(labels == labels[anchor])
        positive = positive[positive != anchor]
        d = np.linalg.norm(embeddings - embeddings[anchor], axis=1)
        values.append(reference.smooth_ap(d[positive], d[labels != labels[anchor]], tau) if len(positive) else np.nan)
    return values


@a4.mistake("smooth_map", "Only rows that have a partner are anchors: what is the mean taken over?")
def mean_over_all_rows(embeddings: Any, labels: Any, tau: float) -> float:
    values = by_anchor(embeddings, labels, tau)
    if np.all(np.isnan(values)):
        raise ValueError
    return float(np.nansum(values) / len(values))


@a4.mistake("smooth_map", "The anchor is not one of its own positives.")
def anchor_among_positives(embeddings: Any, labels: Any, tau: float) -> float:
    values = []
    for anchor in range(len(labels)):
        same = labels == labels[anchor]
        if same.sum() > 1:
            d = np.linalg.norm(embeddings - embeddings[anchor], axis=1)
            values.append(reference.smooth_ap(d[same], d[~same], tau))
    if not values:
        raise ValueError
    return float(np.mean(values))


@a4.mistake("smooth_map", "It is the mean over the anchors, not the sum.")
def sum_over_anchors(embeddings: Any, labels: Any, tau: float) -> float:
    values = by_anchor(embeddings, labels, tau)
    if np.all(np.isnan(values)):
        raise ValueError
    return float(np.nansum(values))


@a4.mistake("smooth_map", "Rows without a partner are no anchors, but still negatives of the others.")
def loners_left_out(embeddings: Any, labels: Any, tau: float) -> float:
    kept = np.array([np.sum(labels == label) > 1 for label in labels])
    if not kept.any():
        raise ValueError
    return float(np.mean(by_anchor(embeddings[kept], labels[kept], tau)))


@a4.mistake("smooth_map", "The distance is the Euclidean one, not its square.")
def squared_in_batch(embeddings: Any, labels: Any, tau: float) -> float:
    values = []
    for anchor in range(len(labels)):
        same = labels == labels[anchor]
        other = ~same
        same[anchor] = False
        if same.any():
            d = np.sum((embeddings - embeddings[anchor]) ** 2, axis=1)
            values.append(reference.smooth_ap(d[same], d[other], tau))
    if not values:
        raise ValueError
    return float(np.mean(values))


def batch_gradient(embeddings: Any, labels: Any, tau: float, use: tuple[bool, bool, bool], by: str = "anchors") -> Any:
    """The gradient of smooth_map, from anchors, positives and negatives as far as they are used."""
    gradient, count = np.zeros(embeddings.shape), 0
    for anchor in range(len(labels)):
        same = labels == labels[anchor]
        negative = np.flatnonzero(~same)
        same[anchor] = False
        positive = np.flatnonzero(same)
        if not len(positive):
            continue
        count += 1
        found = reference.smooth_ap_embedding_grad(embeddings[anchor], embeddings[positive], embeddings[negative], tau)
        places: tuple[Any, ...] = (anchor, positive, negative)
        for used, rows, part in zip(use, places, found, strict=True):
            if used:
                gradient[rows] += part
    if not count:
        raise ValueError
    return gradient / {"anchors": count, "rows": len(labels), "nothing": 1}[by]


@a4.mistake("smooth_map_grad", "Every row is in the others' galleries, too: moving it moves their distances.")
def only_as_anchor(embeddings: Any, labels: Any, tau: float) -> Any:
    return batch_gradient(embeddings, labels, tau, (True, False, False))


@a4.mistake("smooth_map_grad", "A row also moves as an anchor, not only in the others' galleries.")
def only_in_galleries(embeddings: Any, labels: Any, tau: float) -> Any:
    return batch_gradient(embeddings, labels, tau, (False, True, True))


@a4.mistake("smooth_map_grad", "A row is also a negative of rows of other labels.")
def never_as_negative(embeddings: Any, labels: Any, tau: float) -> Any:
    return batch_gradient(embeddings, labels, tau, (True, True, False))


@a4.mistake("smooth_map_grad", "smooth_map is a mean over the anchors: divide its gradient by their number.")
def gradient_of_sum(embeddings: Any, labels: Any, tau: float) -> Any:
    return batch_gradient(embeddings, labels, tau, (True, True, True), "nothing")


@a4.mistake("smooth_map_grad", "The mean is over the rows that have a partner, not over all rows.")
def gradient_by_all_rows(embeddings: Any, labels: Any, tau: float) -> Any:
    return batch_gradient(embeddings, labels, tau, (True, True, True), "rows")


# --- for the audit alone: they need no hint ---------------------------------------------------------------------------


def tied(d_pos: Any, d_neg: Any) -> bool:
    together = np.concatenate([d_pos, d_neg])
    return len(np.unique(together)) < len(together)


def many(d_pos: Any, d_neg: Any) -> bool:
    return len(d_pos) + len(d_neg) > 1000


def plain(d_pos: Any, d_neg: Any) -> bool:
    return len(d_pos) > 1 and len(d_neg) > 0 and not tied(d_pos, d_neg) and not many(d_pos, d_neg)


DISTANCES: dict[str, Callable[..., bool]] = {
    "plain_off": plain,
    "ties_off": tied,
    "no_negative_off": lambda p, n: len(n) == 0 and len(p) > 1,
    "one_positive_off": lambda p, n: len(p) == 1 and len(n) > 0 and not tied(p, n),
    "many_off": many,
}
for name, when in DISTANCES.items():
    a4.wrong("average_precision", name=name)(spoiled(reference.average_precision, when))
for name in ("plain_off", "ties_off", "no_negative_off"):
    a4.wrong("flat_radius", name=name)(spoiled(reference.flat_radius, DISTANCES[name]))
    a4.wrong("pair_loss", name=name)(spoiled(reference.pair_loss, DISTANCES[name]))
a4.wrong("flat_radius", name="nothing_else_off")(spoiled(reference.flat_radius, lambda p, n: len(p) + len(n) == 1))

TRIPLETS: dict[str, Callable[..., bool]] = {
    "off_the_grid_off": lambda p, n, margin: margin * 8.0 % 1.0 != 0.0,
    "on_the_grid_off": lambda p, n, margin: margin * 8.0 % 1.0 == 0.0 and len(n) > 0,
    "no_negative_off": lambda p, n, margin: len(n) == 0,
}
for function in ("triplet_loss", "triplet_loss_grad"):
    for name, when in TRIPLETS.items():
        a4.wrong(function, name=name)(spoiled(getattr(reference, function), when))

for name, dimensions in {"numbers_off": 0, "rows_off": 1, "tables_off": 2}.items():
    a4.wrong("expected_indicator", name=name)(
        spoiled(reference.expected_indicator, lambda n, p, tau, d=dimensions: np.ndim(n) == d)
    )

SMOOTH: dict[str, Callable[..., bool]] = {
    "plain_off": lambda p, n, tau: plain(p, n) and tau > 1e-3,
    "ties_off": lambda p, n, tau: tied(p, n) and tau > 1e-3,
    "no_negative_off": lambda p, n, tau: len(n) == 0,
    "one_positive_off": lambda p, n, tau: len(p) == 1 and len(n) > 0 and tau > 1e-3 and not tied(p, n),
    "tiny_tau_off": lambda p, n, tau: tau <= 1e-3,
    "many_off": lambda p, n, tau: many(p, n),
}
for function in ("smooth_ap", "smooth_ap_grad"):
    for name, when in SMOOTH.items():
        a4.wrong(function, name=name)(spoiled(getattr(reference, function), when))


def on_the_anchor(anchor: Any, positives: Any, negatives: Any, tau: float) -> bool:
    return bool((np.concatenate([positives, negatives]) == anchor).all(axis=1).any())


def twins(embeddings: Any, labels: Any, tau: float) -> bool:
    return len(np.unique(embeddings, axis=0)) < len(embeddings)


EMBEDDED: dict[str, Callable[..., bool]] = {
    "plain_off": lambda a, p, n, tau: tau > 0.1 and len(n) > 0 and not on_the_anchor(a, p, n, tau),
    "zero_distance_off": on_the_anchor,
    "no_negative_off": lambda a, p, n, tau: len(n) == 0,
    "small_tau_off": lambda a, p, n, tau: tau <= 0.1,
}
for name, when in EMBEDDED.items():
    a4.wrong("smooth_ap_embedding_grad", name=name)(spoiled(reference.smooth_ap_embedding_grad, when))

BATCHES: dict[str, Callable[..., bool]] = {
    "plain_off": lambda x, t, tau: tau > 0.1 and max(t) < 100 and not twins(x, t, tau),
    # As where labels are taken for places in a table.
    "large_labels_off": lambda x, t, tau: max(t) >= 100,
    "twins_off": twins,
    "small_tau_off": lambda x, t, tau: tau <= 0.1,
}
for function in ("smooth_map", "smooth_map_grad"):
    right = getattr(reference, function)
    for name, when in BATCHES.items():
        a4.wrong(function, name=name)(spoiled(right, when))
    a4.wrong(function, name="never_raises")(swallowing(right, ValueError))

OF_DISTANCES = ("average_precision", "flat_radius", "pair_loss", "triplet_loss", "triplet_loss_grad", "smooth_ap")
for function in (*OF_DISTANCES, "expected_indicator", "smooth_ap_grad"):
    a4.wrong(function, name="imprecise")(imprecise(getattr(reference, function), 1e-8))
for function in ("smooth_ap_embedding_grad", "smooth_map", "smooth_map_grad"):
    a4.wrong(function, name="imprecise")(imprecise(getattr(reference, function), 1e-6))
for function in ("expected_indicator", "smooth_ap", "smooth_ap_grad"):
    a4.wrong(function, name="warns", caught_by="quiet")(warning(getattr(reference, function)))


# --- the proofs, line by line ----------------------------------------------------------------------------------------


def wrong_order(d_pos: Any, d_neg: Any, margin: Any, hinge: Any) -> Any:
    return d_pos[:, None] > d_neg


def hinges(d_pos: Any, d_neg: Any, margin: Any, hinge: Any) -> Any:
    return hinge(d_pos[:, None] - d_neg + margin) / margin


@a4.mistake(
    "surrogate_derivation",
    hint="A bound of each pair is asked for, from the count up to the loss: which of the two is larger, and so which "
    "way does the relation point?",
)
def bound_turned() -> Any:
    return [("start", wrong_order), (">=", wrong_order), (">=", hinges)]


@a4.mistake(
    "surrogate_derivation",
    hint="The loss is at least the margin for each pair in the wrong order, and not at least 1: by what is it divided?",
)
def margin_not_divided() -> Any:
    def undivided(d_pos: Any, d_neg: Any, margin: Any, hinge: Any) -> Any:
        return hinge(d_pos[:, None] - d_neg + margin) * (d_pos[:, None] > d_neg)

    return [("start", wrong_order), ("<=", undivided), ("<=", hinges)]


@a4.mistake(
    "surrogate_derivation",
    hint="The line without the hinge's 0 is below 0 for pairs far apart in the right order: it is no longer above the "
    "count.",
)
def hinge_left_out() -> Any:
    def linear(d_pos: Any, d_neg: Any, margin: Any, hinge: Any) -> Any:
        return (d_pos[:, None] - d_neg + margin) / margin

    return [("start", wrong_order), ("<=", linear), ("<=", hinges)]


@a4.wrong("surrogate_derivation")
def ties_in_the_count() -> Any:
    def with_ties(d_pos: Any, d_neg: Any, margin: Any, hinge: Any) -> Any:
        return d_pos[:, None] >= d_neg

    return [("start", with_ties), ("<=", lambda *case: with_ties(*case) * hinges(*case)), ("<=", hinges)]


@a4.wrong("surrogate_derivation")
def sums_over_pairs() -> Any:
    # One number in place of a table: what holds of the sum need not hold of each pair.
    right = reference.surrogate_derivation()
    return [(relation, lambda *case, step=step: np.sum(step(*case))) for relation, step in right]


@a4.wrong("surrogate_derivation")
def own_functions() -> Any:
    def triplets(d_pos: Any, d_neg: Any, margin: Any, hinge: Any) -> Any:
        return np.full((len(d_pos), len(d_neg)), reference.triplet_loss(d_pos, d_neg, margin) / margin)

    return [("start", wrong_order), ("<=", triplets), ("<=", hinges)]


def indicators(d_n: Any, d_p: Any, tau: Any, z: Any, w: Any, cdf: Any) -> Any:
    return w @ (d_n - d_p + z < 0.0)


def logistic(d_n: Any, d_p: Any, tau: Any, z: Any, w: Any, cdf: Any) -> Any:
    return 1.0 / (1.0 + np.exp((d_n - d_p) / tau))


@a4.mistake(
    "expectation_derivation",
    hint="Solve d_n - d_p + Z < 0 for Z: below which number must the noise be? The distribution function is "
    "asked there.",
)
def cdf_at_the_wrong_argument() -> Any:
    return [("start", indicators), ("=", lambda d_n, d_p, tau, z, w, cdf: cdf(d_n - d_p)), ("=", logistic)]


@a4.mistake(
    "expectation_derivation",
    hint="A scale stretches the noise: P(Z < u) is the standard logistic function of u divided by the scale.",
)
def scale_forgotten() -> Any:
    def standard(d_n: Any, d_p: Any, tau: Any, z: Any, w: Any, cdf: Any) -> Any:
        return 1.0 / (1.0 + np.exp(d_n - d_p))

    by_cdf = ("=", lambda d_n, d_p, tau, z, w, cdf: cdf(d_p - d_n))
    return [("start", indicators), by_cdf, ("=", standard), ("=", logistic)]


@a4.mistake(
    "expectation_derivation",
    hint="The mean of the indicator is the probability that Z is below a number, and not its density there.",
)
def density_for_probability() -> Any:
    def density(d_n: Any, d_p: Any, tau: Any, z: Any, w: Any, cdf: Any) -> Any:
        return cdf(d_p - d_n) * (1.0 - cdf(d_p - d_n)) / tau

    return [("start", indicators), ("=", density), ("=", logistic)]


@a4.wrong("expectation_derivation")
def own_function() -> Any:
    def graded(d_n: Any, d_p: Any, tau: Any, z: Any, w: Any, cdf: Any) -> Any:
        return reference.expected_indicator(d_n, d_p, tau)

    return [("start", indicators), ("=", graded), ("=", graded)]


@a4.wrong("expectation_derivation")
def small_noise_alone() -> Any:
    # 1/2 + u / (4 tau) - u^3 / (48 tau^3) + ... is the logistic function near 0 alone.
    def series(d_n: Any, d_p: Any, tau: Any, z: Any, w: Any, cdf: Any) -> Any:
        u = (d_p - d_n) / tau
        return 0.5 + u / 4.0 - u**3 / 48.0 + u**5 / 480.0

    by_cdf = ("=", lambda d_n, d_p, tau, z, w, cdf: cdf(d_p - d_n))
    return [("start", indicators), by_cdf, ("=", series), ("=", logistic)]


for function in ("surrogate_derivation", "expectation_derivation"):
    a4.wrong(function, name="imprecise")(
        line_spoiled(getattr(reference, function), 1, always, lambda value: value * (1.0 + 1e-6))
    )
