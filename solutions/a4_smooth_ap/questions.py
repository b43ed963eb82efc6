"""What is asked in Assignment 4, on which cases, for how many points. Staff only."""

from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.authoring import Arguments, Assignment, Assumption, FunctionArgument

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


@a4.curve("expected_indicator", over=np.linspace(-2.0, 2.0, 33), label="d_n - d_p")
def along_the_difference(difference: float) -> Arguments:
    """The step made smooth, τ = 0.25"""
    return 2.0 + difference, 2.0, 0.25


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


@a4.curve("smooth_ap", over=np.geomspace(0.01, 3.0, 31), label="τ", log=True)
def over_tau(tau: float) -> Arguments:
    """Two positives and two negatives, one pair in the wrong order, as τ grows"""
    return np.array([0.5, 1.5]), np.array([1.0, 2.0]), tau


@a4.curve("smooth_ap", over=np.linspace(0.0, 2.0, 33), label="distance of the negative")
def along_a_negative(distance: float) -> Arguments:
    """A negative moves past two positives at 0.5 and 1.5, τ = 0.1"""
    return np.array([0.5, 1.5]), np.array([distance]), 0.1


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


HINGE = FunctionArgument("lambda u: np.maximum(0.0, u)")
PAIRWISE = ("d_pos", "d_neg", "margin", "hinge")


def leads(d_pos: Any, d_neg: Any) -> Any:
    """(T, M) by how much a negative is closer than a positive."""
    return d_pos[:, None] - d_neg[None, :]


def for_a_bound(rng: Generator, size: int) -> Arguments:
    """Leads from one side of the bound to the other, pair by pair; at ties and without negatives too"""
    if size == 1:
        return *triplets_without_negative(rng, size), HINGE
    return *(at_the_kink(rng, size) if size % 2 else triplets(rng, size)), HINGE


def with_leads(rng: Generator, size: int) -> tuple[Any, Any, float]:
    """Distances of which some negatives are closer, some further away by more than the margin, and the margin."""
    margin = float(rng.uniform(0.2, 1.0))
    d_pos, d_neg = rng.uniform(1.0, 4.0, size + 1), rng.uniform(1.0, 4.0, size + 1)
    d_neg[0], d_neg[1] = d_pos[0] - rng.uniform(0.1, 1.0), d_pos[1] + margin + rng.uniform(0.1, 2.0)
    return d_pos, np.abs(d_neg), margin


def hinge_too_low(rng: Generator, size: int) -> Arguments:
    """A hinge that stays below the margin where a negative is closer."""
    d_pos, d_neg, margin = with_leads(rng, size)
    lead = leads(d_pos, d_neg)
    least = float(np.min(lead[lead > 0.0]))
    # What counts for the pair that is hardly in the wrong order counts too little.
    scale = float(rng.uniform(0.1, 0.9)) * margin / (margin + least)
    form = rng.integers(0, 2)
    text = f"np.maximum(0.0, {scale!r} * u)" if form else f"np.minimum({scale * margin!r}, np.maximum(0.0, u))"
    return d_pos, d_neg, margin, FunctionArgument(f"lambda u: {text}")


def hinge_negative(rng: Generator, size: int) -> Arguments:
    """A hinge that is below 0 where a negative is further away."""
    slope = float(rng.uniform(0.1, 1.5))
    text = f"np.maximum({slope!r} * np.minimum(u, 0.0), u)" if slope < 1.0 else f"np.where(u < 0.0, {slope!r} * u, u)"
    return *with_leads(rng, size), FunctionArgument(f"lambda u: {text}")


a4.derivation(
    "surrogate_derivation",
    ingredients=PAIRWISE,
    sides=(
        lambda d_pos, d_neg, margin, hinge: leads(d_pos, d_neg) > 0.0,
        lambda d_pos, d_neg, margin, hinge: hinge(leads(d_pos, d_neg) + margin) / margin,
    ),
    claim="<=",
    assumptions=[
        Assumption(
            "hinge(margin + u) is at least the margin where u > 0",
            fails=hinge_too_low,
            holds=lambda d_pos, d_neg, margin, hinge: bool(
                np.all((hinge(leads(d_pos, d_neg) + margin) >= margin * (1.0 - 1e-9)) | (leads(d_pos, d_neg) <= 0.0))
            ),
            hint="Take the pairs in the wrong order alone: how large is the hinge of such a pair?",
        ),
        Assumption(
            "the hinge is never below 0",
            fails=hinge_negative,
            holds=lambda d_pos, d_neg, margin, hinge: bool(np.all(hinge(leads(d_pos, d_neg) + margin) >= 0.0)),
            hint="Take the pairs in the right order, too: what do they add to the loss, and what to the count?",
        ),
    ],
    points=3,
)(for_a_bound)


def distribution_function(u: float, tau: float) -> float:
    return float(1.0 / (1.0 + np.exp(-u / tau)))


def noise(rng: Generator, count: int, jump: float, below: float) -> tuple[Any, Any]:
    """Values with weights: those below `jump` have the weight `below` together, the others what is left of 1."""
    low, high = int(rng.integers(1, count + 1)), int(rng.integers(1, count + 1))
    z = np.concatenate([jump - rng.uniform(0.05, 3.0, low), jump + rng.uniform(0.05, 3.0, high)])
    w = np.concatenate([rng.dirichlet(np.ones(low)) * below, rng.dirichlet(np.ones(high)) * (1.0 - below)])
    order = rng.permutation(len(z))
    return z[order], w[order]


def two_distances(rng: Generator, size: int) -> tuple[float, float, float]:
    """Two distances, equal ones now and then, and a scale of the noise, above 1 too."""
    d_n, tau = float(rng.uniform(0.0, 2.0)), float(2.0 ** rng.uniform(-3.0, 2.0))
    d_p = d_n if size % 4 == 0 else max(0.0, d_n + tau * float(rng.uniform(-6.0, 6.0)))
    return d_n, d_p, tau


def for_an_expectation(rng: Generator, size: int) -> Arguments:
    """Leads from the expectation over Z to its closed form, or back, line by line"""
    d_n, d_p, tau = two_distances(rng, size)
    z, w = noise(rng, size, d_p - d_n, distribution_function(d_p - d_n, tau))
    return d_n, d_p, tau, z, w, FunctionArgument(f"lambda u: 1.0 / (1.0 + np.exp(-u / {tau!r}))")


def another_noise(rng: Generator, size: int) -> Arguments:
    """Noise whose distribution function is not cdf."""
    d_n, d_p, tau, _, _, cdf = for_an_expectation(rng, size)
    right = distribution_function(d_p - d_n, tau)
    below = right + float(rng.uniform(0.05, 0.95)) * (1.0 - right if rng.random() < 0.5 else -right)
    if abs(below - right) < 0.01:
        below = 1.0 - right if abs(right - 0.5) > 0.1 else right + 0.2
    z, w = noise(rng, size, d_p - d_n, below)
    return d_n, d_p, tau, z, w, cdf


def not_logistic(rng: Generator, size: int) -> Arguments:
    """Noise of another distribution, or of another scale."""
    d_n, d_p, tau, *_ = two_distances(rng, 1)
    while abs(d_p - d_n) < 0.2 * tau:
        d_n, d_p, tau = two_distances(rng, 1)
    of = float(tau * rng.choice([rng.uniform(0.4, 0.8), rng.uniform(1.3, 2.5)]))
    texts = (
        f"1.0 / (1.0 + np.exp(-u / {of!r}))",
        f"0.5 + np.arctan(u / {of!r}) / np.pi",
        f"0.5 + 0.5 * np.sign(u) * (1.0 - np.exp(-np.abs(u) / {of!r}))",
        f"np.clip(0.3 + 0.1 * u / {of!r}, 0.0, 1.0)",
    )
    cdf = FunctionArgument(f"lambda u: {texts[int(rng.integers(0, len(texts)))]}")
    z, w = noise(rng, size, d_p - d_n, float(cdf(d_p - d_n)))
    return d_n, d_p, tau, z, w, cdf


def is_distribution_function(d_n: float, d_p: float, tau: float, z: Any, w: Any, cdf: Any) -> bool:
    return bool(abs(w @ (z < d_p - d_n) - cdf(d_p - d_n)) < 1e-9)


def is_logistic(d_n: float, d_p: float, tau: float, z: Any, w: Any, cdf: Any) -> bool:
    at = np.array([-2.0 * tau, 0.0, tau, d_p - d_n])
    return np.allclose(cdf(at), 1.0 / (1.0 + np.exp(-at / tau)), rtol=1e-9, atol=0.0)


a4.derivation(
    "expectation_derivation",
    ingredients=("d_n", "d_p", "tau", "z", "w", "cdf"),
    sides=(
        lambda d_n, d_p, tau, z, w, cdf: w @ (d_n - d_p + z < 0.0),
        lambda d_n, d_p, tau, z, w, cdf: distribution_function(d_p - d_n, tau),
    ),
    claim="=",
    assumptions=[
        Assumption(
            "cdf is the distribution function of the noise",
            fails=another_noise,
            holds=is_distribution_function,
            hint="The mean of an indicator is a probability: of which event of Z? Write it with cdf, and leave the "
            "logistic formula for later.",
        ),
        Assumption(
            "the noise is logistic with scale tau",
            fails=not_logistic,
            holds=is_logistic,
            hint="What is the distribution function of logistic noise? Put it in where cdf stands alone.",
        ),
    ],
    points=3,
)(for_an_expectation)


# --- what was asked, once more, for feedback --------------------------------------------------------------------------

a4.formula(
    "average_precision",
    r"Equation (2) as written, also under ties: "
    r"$1 - \frac{1}{T} \sum_{p \in P} \frac{1}{k(p)} \sum_{n \in N} [[d_n < d_p]]$ "
    r"with $k(p) = \sum_{x \in P \cup N} [[d_x \le d_p]]$.",
)
a4.formula("flat_radius", r"Half the smallest $|d_p - d_x|$ over the positives $p$ and every other example $x$.")
a4.formula("pair_loss", r"The number of pairs in the wrong order: $\sum_{p \in P} \sum_{n \in N} [[d_n < d_p]]$.")
a4.formula("triplet_loss", r"$\sum_{p \in P} \sum_{n \in N} \max(0, d_p - d_n + m)$ with the margin $m$.")
a4.formula("triplet_loss_grad", r"The gradient of `triplet_loss` by $d_p$ and $d_n$; 0 at the kink.")
a4.formula("expected_indicator", r"$\mathbb{E}_Z [[d_n - d_p + Z < 0]]$ for logistic noise $Z$ with scale $\tau$.")
a4.formula(
    "smooth_ap",
    r"Equation (2) with every $[[d_n < d_p]]$ and $[[d_x \le d_p]]$ replaced by its expectation under the noise, "
    r"except that $x = p$ counts exactly 1 in $k(p)$.",
)
a4.formula("smooth_ap_grad", r"The gradient of `smooth_ap` by every $d_p$ and $d_n$.")
