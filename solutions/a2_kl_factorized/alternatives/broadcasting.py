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
    # One component leaves, the others go by the same argument: the chain rule, used n - 1 times.
    def whole(q: Any, p: Any) -> Any:
        return kl(joint(q).ravel(), joint(p).ravel()) if q else 0.0

    def as_table(m: Any) -> Any:
        """(m_1, all the others) the joint, with the first component in the rows."""
        return joint(m).reshape(len(m[0]), -1)

    def chain_rule(q: Any, p: Any) -> Any:
        # KL of the first component, plus the mean KL of the others given the first.
        tq, tp = as_table(q), as_table(p)
        first_q, first_p = tq.sum(axis=1), tp.sum(axis=1)
        conditional = [kl(tq[k] / first_q[k], tp[k] / first_p[k]) for k in range(len(first_q))]
        return kl(first_q, first_p) + first_q @ conditional

    def independence(q: Any, p: Any) -> Any:
        # Given the first, the others are distributed as without it; the mean of a constant is the constant.
        return kl(q[0], p[0]) + whole(q[1:], p[1:])

    def induction(q: Any, p: Any) -> Any:
        return kl(q[0], p[0]) + (induction(q[1:], p[1:]) if len(q) > 1 else 0.0)

    return [("start", whole), ("=", chain_rule), ("=", independence), ("=", induction), ("=", kl_factorized)]
