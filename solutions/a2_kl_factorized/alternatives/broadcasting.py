"""Broadcasting and masks: np.ix_ for the joint, `where=` for 0 log 0, and a proof by induction on the components."""

import math
from typing import Any

import numpy as np


def kl(q: Any, p: Any) -> Any:
    if len(q) != len(p):
        raise ValueError(f"q has {len(q)} values and p has {len(p)}")
    q, p = np.asarray(q), np.asarray(p)
    if ((q > 0) & (p == 0)).any():
        return math.inf
    logs = [np.log(m, out=np.zeros(len(m)), where=q > 0) for m in (q, p)]
    return np.sum(np.where(q > 0, q * (logs[0] - logs[1]), 0.0))


def joint(marginals: Any) -> Any:
    out = np.array(1.0)
    for factor in np.ix_(*marginals):
        out = out * factor
    return out


def kl_factorized(q_marginals: Any, p_marginals: Any) -> Any:
    if len(q_marginals) != len(p_marginals):
        raise ValueError(f"{len(q_marginals)} and {len(p_marginals)} components")
    return np.sum([kl(q, p) for q, p in zip(q_marginals, p_marginals, strict=True)])


def decomposition_derivation() -> list[tuple[str, Any]]:
    # One component leaves, the others go by the same argument: induction on their number.
    def whole(q: Any, p: Any, qs: Any, ps: Any) -> Any:
        return np.sum(q * (np.log(q) - np.log(p)))

    def of_products(q: Any, p: Any, qs: Any, ps: Any) -> Any:
        return np.sum(joint(qs) * (np.log(joint(qs)) - np.log(joint(ps))))

    def one_leaves(q: Any, p: Any, qs: Any, ps: Any) -> Any:
        # sum_{x_1, r} q_1 q_r (log q_1 / p_1 + log q_r / p_r), for factors that sum to anything
        if not qs:
            return 0.0
        first, rest = np.sum(qs[0] * np.log(qs[0] / ps[0])), np.sum(joint(qs[1:]))
        return first * rest + np.sum(qs[0]) * one_leaves(q, p, qs[1:], ps[1:])

    def sums_are_one(q: Any, p: Any, qs: Any, ps: Any) -> Any:
        return np.sum(qs[0] * np.log(qs[0] / ps[0])) + (sums_are_one(q, p, qs[1:], ps[1:]) if len(qs) > 1 else 0.0)

    return [("start", whole), ("=", of_products), ("=", one_leaves), ("=", sums_are_one)]
