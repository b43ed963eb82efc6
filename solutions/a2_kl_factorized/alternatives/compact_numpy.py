"""As short as it goes: einsum for the joint, np.divide and comprehensions for the rest, lambdas in the proof."""

from typing import Any

import numpy as np


def kl(q: Any, p: Any) -> float:
    if np.shape(q) != np.shape(p):
        raise ValueError("lengths differ")
    with np.errstate(divide="ignore"):
        return float(sum(a * (np.log(a) - np.log(b)) for a, b in zip(q, p, strict=True) if a > 0))


def joint(marginals: Any) -> Any:
    return np.einsum(*[part for i, m in enumerate(marginals) for part in (m, [i])], list(range(len(marginals))))


def kl_factorized(q_marginals: Any, p_marginals: Any) -> float:
    return sum(kl(q, p) for q, p in zip(q_marginals, p_marginals, strict=True))  # strict raises the ValueError


def decomposition_derivation() -> list[tuple[str, Any]]:
    def others(m: Any, i: int) -> tuple[int, ...]:
        return tuple(j for j in range(len(m)) if j != i)

    def log_ratio(qs: Any, ps: Any, i: int) -> Any:
        return np.expand_dims(np.log(np.divide(qs[i], ps[i])), others(qs, i))

    return [  # from the sum of the components up to the joints
        ("start", lambda q, p, qs, ps: sum(a @ np.log(np.divide(a, b)) for a, b in zip(qs, ps, strict=True))),
        ("=", lambda q, p, qs, ps: sum(q.sum(others(qs, i)) @ np.log(qs[i] / ps[i]) for i in range(len(qs)))),
        ("=", lambda q, p, qs, ps: sum(np.sum(q * log_ratio(qs, ps, i)) for i in range(len(qs)))),
        ("=", lambda q, p, qs, ps: np.sum(q * np.log(joint(qs) / joint(ps)))),
        ("=", lambda q, p, qs, ps: np.sum(q * np.log(q / p))),
    ]
