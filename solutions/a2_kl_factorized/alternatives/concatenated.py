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
    # The divergence is the cross-entropy less the entropy; each becomes a sum over the components, one after the other.
    def minus_cross(q: Any, p: Any) -> Any:
        return np.sum(q * np.log(p))

    def logs(q: Any, marginals: Any) -> Any:
        # sum_x q(x) sum_i log p_i(x_i)
        return sum(summed_out(q, i) @ np.log(m) for i, m in enumerate(marginals))

    def summed_out(q: Any, i: int) -> Any:
        return np.moveaxis(q, i, 0).reshape(q.shape[i], -1).sum(axis=1)

    def of_components(qs: Any, marginals: Any) -> Any:
        return sum(minus_cross(a, b) for a, b in zip(qs, marginals, strict=True))

    return [
        ("start", lambda q, p, qs, ps: np.sum(q * np.log(q / p))),
        ("=", lambda q, p, qs, ps: minus_cross(q, q) - minus_cross(q, p)),
        ("=", lambda q, p, qs, ps: logs(q, qs) - minus_cross(q, p)),  # the entropy's logarithm is a sum
        ("=", lambda q, p, qs, ps: of_components(qs, qs) - minus_cross(q, p)),  # of entropies of the components
        ("=", lambda q, p, qs, ps: of_components(qs, qs) - logs(q, ps)),  # the same for the cross-entropy
        ("=", lambda q, p, qs, ps: of_components(qs, qs) - of_components(qs, ps)),
        ("=", lambda q, p, qs, ps: sum(minus_cross(a, a) - minus_cross(a, b) for a, b in zip(qs, ps, strict=True))),
    ]
