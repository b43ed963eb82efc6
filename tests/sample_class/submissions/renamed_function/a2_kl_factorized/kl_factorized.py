import numpy as np
from functools import reduce


def kl(q, p):
    q, p = np.array(q, float), np.array(p, float)
    if q.shape != p.shape:
        raise ValueError
    on = q > 0
    if (p[on] == 0).any():
        return np.inf
    return (q[on] * np.log(q[on]) - q[on] * np.log(p[on])).sum()


def joint(marginals):
    return reduce(np.multiply.outer, [np.asarray(m) for m in marginals])


def kl_factorized(q_marginals, p_marginals):
    return sum(kl(q, p) for q, p in zip(q_marginals, p_marginals, strict=True))


def decomposition_derivation():
    def log_ratio(qs, ps):
        return reduce(np.add.outer, [np.log(a) - np.log(b) for a, b in zip(qs, ps)])

    return [
        ("start", lambda q, p, qs, ps: np.sum(q * (np.log(q) - np.log(p)))),
        ("=", lambda q, p, qs, ps: np.sum(joint(qs) * log_ratio(qs, ps))),
        ("=", lambda q, p, qs, ps: sum(a @ np.log(a / b) for a, b in zip(qs, ps))),
    ]
