"""Wrong versions that students write, each with the hint that it earns. Staff only."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.authoring.wrong_versions import always, imprecise, line_spoiled, spoiled, swallowing, warning

from . import kl_factorized as reference
from .questions import a2


def checked(q: Any, p: Any) -> None:
    if np.shape(q) != np.shape(p):
        raise ValueError


def naive(q: Any, p: Any) -> float:
    checked(q, p)
    with np.errstate(all="ignore"):
        return float(np.sum(q * np.log(q / p)))


@a2.mistake("kl", "Which of the two is the expectation taken under, and which stands in the denominator?")
def direction_swapped(q: Any, p: Any) -> float:
    return reference.kl(p, q)


@a2.mistake("kl", "A divergence is never negative: look at the sign, or at the quotient.")
def sign_wrong(q: Any, p: Any) -> float:
    return -reference.kl(q, p)


@a2.mistake("kl", "Where q is 0 the term is 0, not nan: treat these values apart.")
def log_of_zero(q: Any, p: Any) -> float:
    return naive(q, p)


@a2.mistake("kl", "If q allows what p excludes, the divergence is inf: yours leaves this value out.")
def impossible_left_out(q: Any, p: Any) -> float:
    checked(q, p)
    both = (q > 0.0) & (p > 0.0)
    return float(np.sum(q[both] * np.log(q[both] / p[both])))


@a2.mistake("kl", "A small number added inside the logarithm hides zeros, and changes every other value.")
def padded(q: Any, p: Any) -> float:
    checked(q, p)
    return float(np.sum(q * np.log((q + 1e-12) / (p + 1e-12))))


@a2.mistake("kl", "The logarithm is the natural one.")
def in_bits(q: Any, p: Any) -> float:
    return reference.kl(q, p) / float(np.log(2.0))


@a2.mistake("kl", "This is the cross-entropy: the entropy of q is to be subtracted.")
def cross_entropy(q: Any, p: Any) -> float:
    checked(q, p)
    with np.errstate(all="ignore"):
        return float(-np.sum(np.where(q > 0.0, q * np.log(p), 0.0)))


@a2.mistake("kl", "It is a sum over the values, weighted by q, not a mean.")
def mean_over_values(q: Any, p: Any) -> float:
    return reference.kl(q, p) / len(q)


@a2.mistake("kl", "Where the lengths differ, a ValueError is promised: NumPy broadcasts a length of 1 silently.")
def broadcasts(q: Any, p: Any) -> float:
    with np.errstate(all="ignore"):
        q, p = np.broadcast_arrays(q, p)
        return reference.kl(q, p)


@a2.mistake("joint", "One axis for each component is asked for, in their order.")
def flat(marginals: Any) -> Any:
    return reference.joint(marginals).ravel()


@a2.mistake("joint", "The axes are in the reverse order of the components.")
def reversed_axes(marginals: Any) -> Any:
    return reference.joint(marginals[::-1])


@a2.mistake("joint", "Independent probabilities are multiplied, not added.")
def added(marginals: Any) -> Any:
    total = np.zeros(())
    for marginal in marginals:
        total = np.add.outer(total, marginal)
    return total


@a2.mistake("joint", "All components are needed, not only the first two.")
def first_two(marginals: Any) -> Any:
    return np.multiply.outer(marginals[0], marginals[1]) if len(marginals) > 1 else np.array(marginals[0])


@a2.mistake("kl_factorized", "Which of the two is the expectation taken under?")
def factorized_swapped(q_marginals: Any, p_marginals: Any) -> float:
    return reference.kl_factorized(p_marginals, q_marginals)


@a2.mistake("kl_factorized", "The divergences of the components are added; yours is their mean.")
def mean_of_components(q_marginals: Any, p_marginals: Any) -> float:
    return reference.kl_factorized(q_marginals, p_marginals) / len(q_marginals)


@a2.mistake("kl_factorized", "Probabilities of components are multiplied; their divergences are not.")
def product_of_divergences(q_marginals: Any, p_marginals: Any) -> float:
    if len(q_marginals) != len(p_marginals):
        raise ValueError
    return float(np.prod([reference.kl(q, p) for q, p in zip(q_marginals, p_marginals, strict=True)]))


@a2.mistake("kl_factorized", "200 components have a joint distribution that fits in no memory: do you need it?")
def through_the_joint(q_marginals: Any, p_marginals: Any) -> float:
    if len(q_marginals) > 12:
        raise MemoryError
    if [len(m) for m in q_marginals] != [len(m) for m in p_marginals]:
        raise ValueError
    return reference.kl(reference.joint(q_marginals).ravel(), reference.joint(p_marginals).ravel())


@a2.mistake("kl_factorized", "Lists of different lengths are an error: zip stops silently at the shorter one.")
def zip_stops(q_marginals: Any, p_marginals: Any) -> float:
    return sum((reference.kl(q, p) for q, p in zip(q_marginals, p_marginals, strict=False)), 0.0)


@a2.mistake("kl_factorized", "Where some q is 0 the term is 0, not nan.")
def factorized_log_of_zero(q_marginals: Any, p_marginals: Any) -> float:
    if len(q_marginals) != len(p_marginals):
        raise ValueError
    return sum((naive(q, p) for q, p in zip(q_marginals, p_marginals, strict=True)), 0.0)


@a2.mistake("kl_factorized", "Every component counts, not only the last.")
def last_component(q_marginals: Any, p_marginals: Any) -> float:
    reference.kl_factorized(q_marginals, p_marginals)
    return reference.kl(q_marginals[-1], p_marginals[-1])


# --- for the audit alone: they need no hint ---------------------------------------------------------------------------


def excluded(*marginals: Any) -> bool:
    return any(bool(np.any(marginal == 0.0)) for marginal in marginals)


def tiny(q: Any, p: Any) -> bool:
    return bool(min(q.min(), p.min()) < 1e-9) and not excluded(q, p)


KL: dict[str, Callable[..., bool]] = {
    "full_support_off": lambda q, p: not excluded(q, p) and not tiny(q, p) and not np.array_equal(q, p),
    "zeros_in_q_off": lambda q, p: excluded(q) and not excluded(p),
    "zeros_in_both_off": lambda q, p: excluded(q) and excluded(p),
    "impossible_off": lambda q, p: excluded(p) and not excluded(q),
    "tiny_off": tiny,
    "of_itself_off": lambda q, p: np.array_equal(q, p) and not excluded(q),
}
for name, when in KL.items():
    a2.wrong("kl", name=name)(spoiled(reference.kl, when))
a2.wrong("kl", name="imprecise")(imprecise(reference.kl, 1e-8))
a2.wrong("kl", name="never_raises")(swallowing(reference.kl, ValueError))
a2.wrong("kl", name="warns", caught_by="quiet")(warning(reference.kl))

a2.wrong("joint", name="several_off")(spoiled(reference.joint, lambda marginals: len(marginals) > 1))
a2.wrong("joint", name="one_off")(spoiled(reference.joint, lambda marginals: len(marginals) == 1))
a2.wrong("joint", name="imprecise")(imprecise(reference.joint, 1e-8))

FACTORIZED: dict[str, Callable[..., bool]] = {
    "several_off": lambda q, p: 1 < len(q) < 100 and not excluded(*q, *p),
    "one_component_off": lambda q, p: len(q) == 1 and not excluded(*q, *p),
    "many_components_off": lambda q, p: len(q) >= 100,
    "zeros_off": lambda q, p: excluded(*q),
    "impossible_off": lambda q, p: excluded(*p),
}
for name, when in FACTORIZED.items():
    a2.wrong("kl_factorized", name=name)(spoiled(reference.kl_factorized, when))
a2.wrong("kl_factorized", name="imprecise")(imprecise(reference.kl_factorized, 1e-8))
for name, as_many in {"takes_fewer_components": False, "takes_longer_components": True}.items():
    a2.wrong("kl_factorized", name=name)(
        swallowing(reference.kl_factorized, ValueError, lambda q, p, same=as_many: (len(q) == len(p)) == same)
    )
# --- the proof, line by line -----------------------------------------------------------------------------------------


def of_joints(q: Any, p: Any, q_marginals: Any, p_marginals: Any) -> Any:
    return np.sum(q * np.log(q / p))


def of_components(q: Any, p: Any, q_marginals: Any, p_marginals: Any) -> Any:
    return sum(np.sum(a * np.log(a / b)) for a, b in zip(q_marginals, p_marginals, strict=True))


def along(marginals: Any, i: int) -> Any:
    return np.expand_dims(marginals[i], tuple(j for j in range(len(marginals)) if j != i))


@a2.mistake(
    "decomposition_derivation",
    hint="You sum each component's logarithm over that component alone, and without its probability: by what is every "
    "term of the sum over x weighted?",
)
def weights_forgotten() -> Any:
    def unweighted(q: Any, p: Any, q_marginals: Any, p_marginals: Any) -> Any:
        return sum(np.sum(np.log(a / b)) for a, b in zip(q_marginals, p_marginals, strict=True))

    return [("start", of_joints), ("=", unweighted), ("=", of_components)]


@a2.mistake(
    "decomposition_derivation",
    hint="A term that hangs on one component is weighted by that component's marginal once all others are summed out; "
    "you weight it by a mean over them. Is it a sum or a mean over the other components?",
)
def others_averaged() -> Any:
    def averaged(q: Any, p: Any, q_marginals: Any, p_marginals: Any) -> Any:
        total = 0.0
        for i, (a, b) in enumerate(zip(q_marginals, p_marginals, strict=True)):
            total = total + q.mean(axis=tuple(j for j in range(q.ndim) if j != i)) @ np.log(a / b)
        return total

    return [("start", of_joints), ("=", averaged), ("=", of_components)]


@a2.mistake(
    "decomposition_derivation",
    hint="The logarithm of a product is the sum of the logarithms, and not their product.",
)
def product_of_logarithms() -> Any:
    def multiplied(q: Any, p: Any, q_marginals: Any, p_marginals: Any) -> Any:
        logs = 1.0
        for i in range(q.ndim):
            logs = logs * np.log(along(q_marginals, i) / along(p_marginals, i))
        return np.sum(q * logs)

    return [("start", of_joints), ("=", multiplied), ("=", of_components)]


@a2.wrong("decomposition_derivation")
def marginals_of_the_joint() -> Any:
    # The marginals that q really has, in place of those that are given: the last line is no longer the claim's side.
    def summed_out(q: Any, p: Any, q_marginals: Any, p_marginals: Any) -> Any:
        marginal = [q.sum(axis=tuple(j for j in range(q.ndim) if j != i)) for i in range(q.ndim)]
        return sum(np.sum(a * np.log(a / b)) for a, b in zip(marginal, p_marginals, strict=True))

    return [("start", of_joints), ("=", summed_out), ("=", summed_out)]


@a2.wrong("decomposition_derivation")
def own_functions() -> Any:
    def joints(q: Any, p: Any, q_marginals: Any, p_marginals: Any) -> Any:
        return reference.kl(q.ravel(), p.ravel())

    def factorized(q: Any, p: Any, q_marginals: Any, p_marginals: Any) -> Any:
        return reference.kl_factorized(q_marginals, p_marginals)

    return [("start", joints), ("=", joints), ("=", factorized), ("=", factorized)]


a2.wrong("decomposition_derivation", name="imprecise")(
    line_spoiled(reference.decomposition_derivation, 1, always, lambda value: value * (1.0 + 1e-6))
)
