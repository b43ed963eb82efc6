"""What is asked in Assignment 2, on which cases, for how many points. Staff only."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.authoring import Arguments, Assignment, Assumption

a2 = Assignment("a2_kl_factorized", module="kl_factorized", title="KL-divergence of factorizing distributions")


def distribution(rng: Generator, length: int) -> Any:
    """A probability vector without zeros."""
    return rng.dirichlet(np.full(length, 2.0))


def with_zeros(rng: Generator, length: int) -> Any:
    """A probability vector of which at least one entry is 0."""
    weights = rng.dirichlet(np.full(length, 2.0))
    weights[rng.permutation(length)[: 1 + length // 3]] = 0.0
    return weights / weights.sum()


# --- kl --------------------------------------------------------------------------------------------------------------


@a2.check("kl", points=1)
def full_support(rng: Generator, size: int) -> Arguments:
    """Is right where both distributions have full support"""
    return distribution(rng, size + 1), distribution(rng, size + 1)


@a2.check("kl", points=1)
def zeros_in_q(rng: Generator, size: int) -> Arguments:
    """Counts 0 log 0 as 0"""
    return with_zeros(rng, size + 2), distribution(rng, size + 2)


@a2.check("kl", points=0.5)
def zeros_in_both(rng: Generator, size: int) -> Arguments:
    """Counts a component that both distributions exclude as 0"""
    q = with_zeros(rng, size + 2)
    p = np.where(q > 0.0, rng.uniform(0.5, 1.0, q.shape), 0.0)
    return q, p / p.sum()


@a2.check("kl", points=1)
def impossible(rng: Generator, size: int) -> Arguments:
    """Is inf where q allows what p excludes"""
    return distribution(rng, size + 1), with_zeros(rng, size + 1)


@a2.check("kl", points=0.5)
def tiny_probabilities(rng: Generator, size: int) -> Arguments:
    """Is right with probabilities down to 1e-300"""
    q, p = distribution(rng, size + 2), distribution(rng, size + 2)
    q[0], p[-1] = 10.0 ** rng.uniform(-300.0, -10.0, 2)
    return q / q.sum(), p / p.sum()


@a2.check("kl", points=0.5)
def of_itself(rng: Generator, size: int) -> Arguments:
    """Is 0 for a distribution and itself"""
    q = distribution(rng, size)
    return q, q.copy()


@a2.raises("kl", ValueError, points=0.5, unless=full_support)
def different_lengths(rng: Generator, size: int) -> Arguments:
    """Raises ValueError where the lengths differ"""
    # A vector of length 1 would broadcast: it must not.
    return distribution(rng, size + 1), distribution(rng, 1 if size % 2 else size + 2)


a2.quiet("kl", points=0.25, like=impossible)
a2.untouched("kl", points=0.25, like=zeros_in_q)


# --- joint -----------------------------------------------------------------------------------------------------------


@a2.check("joint", points=2, largest=4)
def several_marginals(rng: Generator, size: int) -> Arguments:
    """Is the product distribution of marginals of different lengths"""
    return ([distribution(rng, int(length)) for length in rng.integers(1, 5, size + 1)],)


@a2.check("joint", points=1, cases=5)
def one_marginal(rng: Generator, size: int) -> Arguments:
    """Is the marginal itself where there is one"""
    return ([distribution(rng, size)],)


a2.untouched("joint", points=0.5, like=several_marginals, largest=4)


# --- kl_factorized ---------------------------------------------------------------------------------------------------


def pairs(rng: Generator, lengths: Any) -> Arguments:
    """Two lists of marginals with full support, of these lengths."""
    return [distribution(rng, int(m)) for m in lengths], [distribution(rng, int(m)) for m in lengths]


a2.builds_on("kl_factorized", "kl")


@a2.check("kl_factorized", points=2)
def different_component_lengths(rng: Generator, size: int) -> Arguments:
    """Is right for components of different lengths"""
    return pairs(rng, rng.integers(2, 6, size + 1))


@a2.check("kl_factorized", points=0.5, cases=5)
def one_component(rng: Generator, size: int) -> Arguments:
    """Is right for one component"""
    return pairs(rng, [size + 1])


@a2.check("kl_factorized", points=2, cases=3, largest=200)
def many_components(rng: Generator, size: int) -> Arguments:
    """Handles 200 components, whose joint would not fit in any memory"""
    return pairs(rng, rng.integers(2, 6, max(size, 100)))


@a2.check("kl_factorized", points=0.5)
def zeros_in_components(rng: Generator, size: int) -> Arguments:
    """Counts 0 log 0 as 0"""
    lengths = rng.integers(3, 6, size)
    return [with_zeros(rng, int(m)) for m in lengths], [distribution(rng, int(m)) for m in lengths]


@a2.check("kl_factorized", points=0.5)
def impossible_component(rng: Generator, size: int) -> Arguments:
    """Is inf where q allows what p excludes"""
    q, p = pairs(rng, rng.integers(2, 6, size))
    chosen = int(rng.integers(size))
    p[chosen] = with_zeros(rng, len(p[chosen]))
    return q, p


@a2.raises("kl_factorized", ValueError, points=0.5, unless=different_component_lengths)
def different_numbers(rng: Generator, size: int) -> Arguments:
    """Raises ValueError where the numbers of components differ"""
    q, p = pairs(rng, rng.integers(2, 6, size + 1))
    return (q, p[:-1]) if size % 2 else (q[:-1], p)


@a2.raises("kl_factorized", ValueError, points=0.5, unless=different_component_lengths)
def different_lengths_of_a_component(rng: Generator, size: int) -> Arguments:
    """Raises ValueError where the lengths of a component differ"""
    q, p = pairs(rng, rng.integers(2, 6, size))
    chosen = int(rng.integers(size))
    p[chosen] = distribution(rng, 1 if size % 2 else len(q[chosen]) + 1)
    return q, p


a2.untouched("kl_factorized", points=0.5, like=zeros_in_components)


# --- the proof, line by line -----------------------------------------------------------------------------------------


def product(marginals: Sequence[Any]) -> Any:
    made = np.array(1.0)
    for marginal in marginals:
        made = np.multiply.outer(made, marginal)
    return made


def summed_out(q: Any, i: int) -> Any:
    return q.sum(axis=tuple(axis for axis in range(q.ndim) if axis != i))


def are_products(q: Any, p: Any, q_marginals: Any, p_marginals: Any) -> bool:
    pairs = ((q, q_marginals), (p, p_marginals))
    return all(np.allclose(joint, product(m), rtol=1e-9, atol=0.0) for joint, m in pairs)


def are_marginals(q: Any, p: Any, q_marginals: Any, p_marginals: Any) -> bool:
    return all(np.allclose(m, summed_out(q, i), rtol=1e-9, atol=0.0) for i, m in enumerate(q_marginals))


def components(rng: Generator, fewest: int) -> list[int]:
    """Up to four components of two to four values each; one has one value now and then."""
    lengths = rng.integers(2, 5, int(rng.integers(fewest, 5)))
    if len(lengths) > 2 and rng.random() < 0.2:
        lengths[0] = 1
    return [int(length) for length in lengths]


def few_components(rng: Generator, size: int) -> Arguments:
    """Leads from one side of the equality to the other, line by line"""
    lengths = [int(rng.integers(1, 5))] if size == 1 else components(rng, 2)
    q, p = ([distribution(rng, length) for length in lengths] for _ in range(2))
    if size % 3 == 0:
        # Some components agree, and some values are nearly excluded.
        p[0] = q[0].copy()
        q[-1] = np.append(q[-1][:-1], 1e-6) / (q[-1][:-1].sum() + 1e-6)
    return product(q), product(p), q, p


def dependent(rng: Generator, size: int) -> Arguments:
    """Components that depend on each other: in q, in p, or in both."""
    lengths = [int(length) for length in rng.integers(2, 5, int(rng.integers(2, 4)))]
    q, p = ([distribution(rng, length) for length in lengths] for _ in range(2))
    joints, which = [product(q), product(p)], rng.integers(0, 3)
    for number in {0: [0], 1: [1], 2: [0, 1]}[int(which)]:
        other = rng.dirichlet(np.full(joints[number].size, 0.7)).reshape(lengths) + 1e-3
        share = rng.uniform(0.2, 0.9)
        joints[number] = (1.0 - share) * joints[number] + share * other / other.sum()
    q, p = ([summed_out(joint, i) for i in range(len(lengths))] for joint in joints)
    return joints[0], joints[1], q, p


def no_marginals(rng: Generator, size: int) -> Arguments:
    """Factors of q that do not sum to 1."""
    lengths = [int(length) for length in rng.integers(2, 5, int(rng.integers(2, 4)))]
    q, p = ([distribution(rng, length) for length in lengths] for _ in range(2))
    q = [factor * rng.choice([rng.uniform(0.4, 0.8), rng.uniform(1.2, 2.0)]) for factor in q]
    if rng.random() < 0.5:
        p = [factor * rng.uniform(0.5, 1.5) for factor in p]
    return product(q), product(p), q, p


a2.derivation(
    "decomposition_derivation",
    ingredients=("q", "p", "q_marginals", "p_marginals"),
    sides=(
        lambda q, p, q_marginals, p_marginals: np.sum(q * np.log(q / p)),
        lambda q, p, q_marginals, p_marginals: sum(
            np.sum(a * np.log(a / b)) for a, b in zip(q_marginals, p_marginals, strict=True)
        ),
    ),
    claim="=",
    assumptions=[
        Assumption(
            "q and p are the products of their marginals",
            fails=dependent,
            holds=are_products,
            hint="What becomes of the logarithm of a product? Keep the sum over all x as it is while you do that.",
        ),
        Assumption(
            "the q_i are the marginals of q (what is left out sums to 1)",
            fails=no_marginals,
            holds=are_marginals,
            hint="A term that hangs on x_i alone is summed over all other components too: what does that sum give?",
        ),
    ],
    points=4,
    largest=4,
)(few_components)


# --- what was asked, once more, for feedback --------------------------------------------------------------------------

a2.formula("kl", r"$D_{KL}(q \Vert p) = \sum_x q(x) \log \frac{q(x)}{p(x)}$ with $0 \log 0 = 0$.")
a2.formula("joint", r"The product distribution $p(x) = \prod_i p(x_i)$ as an array with one axis for each component.")
a2.formula(
    "kl_factorized",
    r"$D_{KL}(q(x) \Vert p(x))$ of two product distributions, also where the joint would not fit anywhere.",
)


# --- limits ----------------------------------------------------------------------------------------------------------

# Far more than 200 components need, and no more than is quickly filled by whoever builds their joint. The same for all,
# so that one process answers all.
for function in a2.functions:
    a2.limit(function, memory=256 << 20)
