"""All components laid end to end and summed at once; the joint by Kronecker products; entropies in the proof."""

from functools import reduce
from typing import Any

import numpy as np


def divergence(q: Any, p: Any) -> Any:
    support = np.flatnonzero(q)
    if not np.all(p[support]):
        return np.inf
    return q[support] @ (np.log(q[support]) - np.log(p[support]))


def kl(q: Any, p: Any) -> Any:
    q, p = np.array(q, dtype=float), np.array(p, dtype=float)
    if q.size != p.size:
        raise ValueError("q and p must have the same length")
    return divergence(q, p)


def joint(marginals: Any) -> Any:
    flat = reduce(lambda product, m: np.kron(product, m), marginals)
    return np.reshape(flat, [len(m) for m in marginals])


def kl_factorized(q_marginals: Any, p_marginals: Any) -> Any:
    if [len(m) for m in q_marginals] != [len(m) for m in p_marginals]:
        raise ValueError("q and p must have components of the same lengths")
    # Since the sum of the components' divergences is one sum over all values of all components.
    return divergence(np.concatenate(q_marginals), np.concatenate(p_marginals))


def decomposition_derivation() -> list[tuple[str, Any]]:
    # The divergence is the cross-entropy less the entropy, and both are sums over the components.
    def cross(q: Any, p: Any) -> Any:
        return -np.sum(q * np.log(p))

    def of_marginals(term: Any, q: Any, p: Any) -> Any:
        return sum(term(a, b) for a, b in zip(q, p, strict=True))

    def joints(q: Any, p: Any) -> Any:
        return divergence(joint(q).ravel(), joint(p).ravel())

    def minus_entropy(q: Any, p: Any) -> Any:
        return cross(joint(q), joint(p)) - cross(joint(q), joint(q))

    def entropies_add_up(q: Any, p: Any) -> Any:
        return cross(joint(q), joint(p)) - of_marginals(cross, q, q)

    def cross_entropies_too(q: Any, p: Any) -> Any:
        return of_marginals(cross, q, p) - of_marginals(cross, q, q)

    def by_component(q: Any, p: Any) -> Any:
        return of_marginals(lambda a, b: cross(a, b) - cross(a, a), q, p)

    return [
        ("start", joints),
        ("=", minus_entropy),
        ("=", entropies_add_up),
        ("=", cross_entropies_too),
        ("=", by_component),
        ("=", kl_factorized),
    ]
