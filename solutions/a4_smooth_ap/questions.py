"""What is asked in Assignment 4, on which cases, for how many points. Staff only."""

from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.authoring import Arguments, Assignment

from . import smooth_ap as reference

a4 = Assignment("a4_smooth_ap", module="smooth_ap", title="Smooth AP")

# --- cases -----------------------------------------------------------------------------------------------------------
# Ties and kinks are made of multiples of 1/8: floating point holds them exactly, so that every right formula agrees.


def counts(rng: Generator, size: int, fewest: int = 1) -> tuple[int, int]:
    """Numbers of positives, at least `fewest`, and negatives, about `size` each."""
    return int(rng.integers(fewest, size + fewest)), int(rng.integers(1, size + 2))


def on_grid(rng: Generator, count: int, steps: int = 24) -> Any:
    """Distances that are multiples of 1/8."""
    return rng.integers(0, steps, count) / 8.0


def distances(rng: Generator, size: int) -> Arguments:
    """Is right on random distances"""
    # A single positive has checks of its own.
    t, m = counts(rng, size, 2)
    return rng.uniform(0.0, 3.0, t), rng.uniform(0.0, 3.0, m)


def ties(rng: Generator, size: int) -> Arguments:
    """Counts ties as equation (2) does"""
    t, m = counts(rng, size)
    # At least one tie of each kind where there are enough examples.
    d_pos, d_neg = on_grid(rng, t, 5), on_grid(rng, m, 5)
    d_neg[0] = d_pos[-1]
    return d_pos, d_neg


def no_negative(rng: Generator, size: int) -> Arguments:
    """Is right without any negative"""
    return rng.uniform(0.0, 3.0, size), np.zeros(0)


def only_positives(rng: Generator, size: int) -> Arguments:
    """Looks at the other positives too"""
    return no_negative(rng, size + 1)


def one_positive(rng: Generator, size: int) -> Arguments:
    """Is right for a single positive"""
    return rng.uniform(0.0, 3.0, 1), rng.uniform(0.0, 3.0, size)


def large(rng: Generator, size: int) -> Arguments:
    """Handles 2,000 examples within the time limit"""
    t = size // 4
    return rng.uniform(0.0, 3.0, t), rng.uniform(0.0, 3.0, size - t)


EXAMPLES = 2000
# --- average precision and its neighbours ----------------------------------------------------------------------------

a4.same("average_precision", distances, points=1.5)
a4.same("average_precision", ties, points=1, cases=20)
a4.same("average_precision", no_negative, points=0.25, cases=4)
a4.same("average_precision", one_positive, points=0.25, cases=5)
a4.same("average_precision", large, points=0.5, cases=1, largest=EXAMPLES)
a4.untouched("average_precision", points=0.25, like=distances)


def nothing_else(rng: Generator, size: int) -> Arguments:
    """Is inf where there is no other example"""
    return rng.uniform(0.0, 3.0, 1), np.zeros(0)


a4.same("flat_radius", distances, points=1.5, cases=20)
a4.same("flat_radius", ties, points=0.5, title="Is 0 where two distances agree")
a4.same("flat_radius", only_positives, points=0.5, cases=6)
a4.same("flat_radius", nothing_else, points=0.25, cases=2)
a4.untouched("flat_radius", points=0.25, like=distances)

a4.same("pair_loss", distances, points=1)
a4.same("pair_loss", ties, points=0.5, title="Does not count ties", cases=20)
a4.same("pair_loss", no_negative, points=0.25, cases=3)
a4.untouched("pair_loss", points=0.25, like=distances)


# --- triplet loss ----------------------------------------------------------------------------------------------------


def triplets(rng: Generator, size: int) -> Arguments:
    """Is right on random distances and margins"""
    return *distances(rng, size), float(rng.uniform(0.1, 1.0))


def off_the_kink(rng: Generator, size: int) -> Arguments:
    """Is the gradient of triplet_loss"""
    # Differences of distances are multiples of 1/8 and the margin lies half-way between two: never at a kink.
    t, m = counts(rng, size)
    return on_grid(rng, t), on_grid(rng, m), float(rng.integers(0, 8) / 8 + 1 / 16)


def at_the_kink(rng: Generator, size: int) -> Arguments:
    """Has the gradient 0 at the kink"""
    d_pos, d_neg, margin = *ties(rng, size), float(rng.integers(1, 4) / 8)
    d_neg[-1] = d_pos[0] + margin
    return d_pos, d_neg, margin


def triplets_without_negative(rng: Generator, size: int) -> Arguments:
    """Is right without any negative"""
    return *no_negative(rng, size), 0.5


a4.same("triplet_loss", triplets, points=1)
a4.same("triplet_loss", at_the_kink, points=0.5, title="Is right at ties and at the kink")
a4.same("triplet_loss", triplets_without_negative, points=0.25, cases=3)
a4.untouched("triplet_loss", points=0.25, like=triplets)

a4.gradient("triplet_loss_grad", of="triplet_loss", wrt=["d_pos", "d_neg"], like=off_the_kink, points=1.5)
a4.same("triplet_loss_grad", at_the_kink, points=0.5)
a4.same("triplet_loss_grad", triplets_without_negative, points=0.25, cases=3)
a4.untouched("triplet_loss_grad", points=0.25, like=triplets)


# --- the expectation -------------------------------------------------------------------------------------------------


def scalar_pair(rng: Generator, size: int) -> Arguments:
    """Is right for numbers"""
    return *(float(d) for d in rng.uniform(0.0, 3.0, 2)), float(rng.uniform(0.1, 1.0))


def broadcast_pairs(rng: Generator, size: int) -> Arguments:
    """Broadcasts its arguments"""
    return rng.uniform(0.0, 3.0, (1, size)), rng.uniform(0.0, 3.0, (3, 1)), float(rng.uniform(0.1, 1.0))


def far_apart(rng: Generator, size: int) -> Arguments:
    """Is stable for distances up to a million tau apart"""
    tau = float(10.0 ** rng.uniform(-6.0, 0.0))
    apart = rng.choice([-1.0, 1.0], size) * 10.0 ** rng.uniform(0.0, 6.0, size) * tau
    apart[0] = 1e6 * tau * rng.choice([-1.0, 1.0])
    return apart, np.zeros(size), tau


a4.same("expected_indicator", scalar_pair, points=1)
a4.same("expected_indicator", broadcast_pairs, points=0.5)
a4.same("expected_indicator", far_apart, points=1)
a4.quiet("expected_indicator", points=0.25, like=far_apart)
a4.untouched("expected_indicator", points=0.25, like=broadcast_pairs)


# --- Smooth AP -------------------------------------------------------------------------------------------------------


def smooth(rng: Generator, size: int) -> Arguments:
    """Is right on random distances and tau"""
    return *distances(rng, size), float(rng.uniform(0.1, 1.0))


def smooth_ties(rng: Generator, size: int) -> Arguments:
    """Is right where distances agree"""
    return *ties(rng, size), float(rng.choice([0.25, 0.5, 1.0]))


def smooth_no_negative(rng: Generator, size: int) -> Arguments:
    """Is right without any negative"""
    return *no_negative(rng, size), 0.25


def smooth_one_positive(rng: Generator, size: int) -> Arguments:
    """Is right for a single positive"""
    return *one_positive(rng, size), float(rng.uniform(0.1, 1.0))


def tiny_tau(rng: Generator, size: int) -> Arguments:
    """Is stable for tau down to 1e-6 and distances up to 100"""
    # Clusters on a coarse grid up to 100, their members some tau apart; all numbers are exact in binary.
    t, m = counts(rng, size)
    grain = 2.0**-20
    far = rng.integers(0, 6, t + m) * 20.0
    near = rng.integers(-4, 5, t + m) * grain
    d = np.abs(far + near)
    return d[:t], d[t:], float(rng.choice([1e-6, 1e-5, 1e-3]))


def smooth_large(rng: Generator, size: int) -> Arguments:
    """Handles 2,000 examples within the time limit"""
    return *large(rng, size), 0.05


def size_of_gradient(d_pos: Any, d_neg: Any, tau: float) -> tuple[Any, Any]:
    """A gradient by distances has the unit 1/tau; the absolute allowance of 1e-12 is one in that unit."""
    return np.full(d_pos.shape, 1e-3 / tau), np.full(d_neg.shape, 1e-3 / tau)


a4.same("smooth_ap", smooth, points=2)
a4.same("smooth_ap", smooth_ties, points=0.5)
a4.same("smooth_ap", smooth_no_negative, points=0.25, cases=3)
a4.same("smooth_ap", smooth_one_positive, points=0.25, cases=5)
a4.same("smooth_ap", tiny_tau, points=1)
a4.same("smooth_ap", smooth_large, points=0.5, cases=1, largest=EXAMPLES)
a4.quiet("smooth_ap", points=0.25, like=tiny_tau)
a4.untouched("smooth_ap", points=0.25, like=smooth)

a4.gradient(
    "smooth_ap_grad",
    of="smooth_ap",
    wrt=["d_pos", "d_neg"],
    like=smooth,
    points=4,
    title="Is the gradient of smooth_ap",
)
a4.same("smooth_ap_grad", smooth_ties, points=1)
a4.same("smooth_ap_grad", smooth_no_negative, points=0.25, cases=3)
a4.same("smooth_ap_grad", smooth_one_positive, points=0.25, cases=5)
a4.same("smooth_ap_grad", tiny_tau, points=1, scale=size_of_gradient)
a4.same("smooth_ap_grad", smooth_large, points=1, cases=1, largest=EXAMPLES)
a4.quiet("smooth_ap_grad", points=0.25, like=smooth)
a4.untouched("smooth_ap_grad", points=0.25, like=smooth)


# --- embeddings ------------------------------------------------------------------------------------------------------


def embeddings(rng: Generator, size: int) -> Arguments:
    """Is the gradient through the Euclidean distances"""
    (t, m), dimension = counts(rng, size), 2 + size % 3
    drawn = rng.normal(0.0, 1.0, (1 + t + m, dimension))
    return drawn[0], drawn[1 : 1 + t], drawn[1 + t :], float(rng.uniform(0.2, 1.0))


def zero_distance(rng: Generator, size: int) -> Arguments:
    """Takes the subgradient 0 where an example lies on the anchor"""
    anchor, positives, negatives, tau = embeddings(rng, size)
    if size % 2:
        positives[0] = anchor
    else:
        negatives[0] = anchor
    return anchor, positives, negatives, tau


def embeddings_no_negative(rng: Generator, size: int) -> Arguments:
    """Is right without any negative"""
    anchor, positives, negatives, tau = embeddings(rng, size)
    return anchor, positives, negatives[:0], tau


def embeddings_small_tau(rng: Generator, size: int) -> Arguments:
    """Is stable for tau down to 1e-3"""
    anchor, positives, negatives, _ = embeddings(rng, size)
    return anchor, positives, negatives, float(rng.choice([1e-3, 1e-2]))


def to_distances(anchor: Any, positives: Any, negatives: Any, tau: float) -> Arguments:
    """The arguments of smooth_ap that these embeddings have."""
    return np.linalg.norm(positives - anchor, axis=1), np.linalg.norm(negatives - anchor, axis=1), tau


a4.builds_on("smooth_ap_embedding_grad", "smooth_ap_grad")
a4.gradient(
    "smooth_ap_embedding_grad",
    of="smooth_ap",
    wrt=["anchor", "positives", "negatives"],
    like=embeddings,
    points=2.5,
    close="embedding",
    through=to_distances,
)
a4.same(
    "smooth_ap_embedding_grad",
    zero_distance,
    points=0.5,
    close="embedding",
)
a4.same("smooth_ap_embedding_grad", embeddings_no_negative, points=0.25, cases=3, close="embedding")
a4.same("smooth_ap_embedding_grad", embeddings_small_tau, points=0.5, close="embedding")
a4.untouched("smooth_ap_embedding_grad", points=0.25, like=embeddings, close="embedding")


def batch(rng: Generator, size: int) -> Arguments:
    """Is right on random mini-batches"""
    b = size + 2
    labels = rng.integers(0, max(2, b // 3), b)
    labels[1] = labels[0]
    order = rng.permutation(b)
    return rng.normal(0.0, 1.0, (b, 2 + size % 3)), labels[order], float(rng.uniform(0.2, 1.0))


def batch_with_loners(rng: Generator, size: int) -> Arguments:
    """Takes rows without a partner as negatives only"""
    embedded, labels, tau = batch(rng, size + 1)
    # One label of its own per third row; the pair that every batch has stays.
    values, found = np.unique(labels, return_counts=True)
    kept = values[np.argmax(found)]
    labels = np.where(labels == kept, labels, 100 + np.arange(len(labels)))
    if np.all(labels == kept):
        labels[0] = 100
    return embedded, labels, tau


def batch_with_twins(rng: Generator, size: int) -> Arguments:
    """Takes the subgradient 0 where two rows agree"""
    embedded, labels, tau = batch(rng, size)
    embedded[1] = embedded[0]
    return embedded, labels, tau


def batch_small_tau(rng: Generator, size: int) -> Arguments:
    """Is stable for tau down to 1e-3"""
    embedded, labels, _ = batch(rng, size)
    return embedded, labels, float(rng.choice([1e-3, 1e-2]))


def only_loners(rng: Generator, size: int) -> Arguments:
    """Raises ValueError where no row has a partner"""
    return rng.normal(0.0, 1.0, (size, 3)), rng.permutation(size) - 2, 0.5


a4.builds_on("smooth_map", "smooth_ap")
a4.same("smooth_map", batch, points=1.5, close="embedding")
a4.same("smooth_map", batch_with_loners, points=0.5, close="embedding")
a4.same("smooth_map", batch_with_twins, points=0.25, title="Is right where two rows agree", close="embedding")
a4.same("smooth_map", batch_small_tau, points=0.25, close="embedding")
a4.raises("smooth_map", ValueError, points=0.25, unless=batch)(only_loners)
a4.untouched("smooth_map", points=0.25, like=batch, close="embedding")

a4.builds_on("smooth_map_grad", "smooth_ap_embedding_grad")
a4.gradient(
    "smooth_map_grad",
    of="smooth_map",
    wrt=["embeddings"],
    like=batch,
    points=3,
    close="embedding",
    title="Is the gradient of smooth_map",
)
a4.same("smooth_map_grad", batch_with_loners, points=0.5, close="embedding")
a4.same(
    "smooth_map_grad",
    batch_with_twins,
    points=0.5,
    close="embedding",
)
a4.same("smooth_map_grad", batch_small_tau, points=0.25, close="embedding")
a4.raises("smooth_map_grad", ValueError, points=0.25, unless=batch)(only_loners)
a4.untouched("smooth_map_grad", points=0.25, like=batch, close="embedding")


# --- derivations -----------------------------------------------------------------------------------------------------


def pairs_counted(d_pos: Any, d_neg: Any, margin: float) -> float:
    return float(reference.pair_loss(d_pos, d_neg))


def triplets_by_margin(d_pos: Any, d_neg: Any, margin: float) -> float:
    return reference.triplet_loss(d_pos, d_neg, margin) / margin


@a4.derivation("surrogate_derivation", start=pairs_counted, end=triplets_by_margin, claim="<=", points=2)
def for_a_bound(rng: Generator, size: int) -> Arguments:
    """Leads from pair_loss up to triplet_loss / margin, line by line"""
    return triplets(rng, size)


@a4.derivation("surrogate_derivation", start=pairs_counted, end=triplets_by_margin, claim="<=", points=1, cases=6)
def for_a_bound_at_ties(rng: Generator, size: int) -> Arguments:
    """Holds at ties and without negatives too"""
    if size == 1:
        return triplets_without_negative(rng, size)
    return at_the_kink(rng, size)


def expectation(d_n: float, d_p: float, tau: float) -> float:
    return float(reference.expected_indicator(d_n, d_p, tau))


@a4.derivation("expectation_derivation", start=expectation, end=expectation, claim="=", points=3)
def for_an_expectation(rng: Generator, size: int) -> Arguments:
    """Leads from the expectation over Z to its closed form, line by line"""
    return *(float(d) for d in rng.uniform(0.0, 2.0, 2)), float(rng.uniform(0.2, 1.0))
