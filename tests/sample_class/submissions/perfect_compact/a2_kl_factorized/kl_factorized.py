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
    def log_ratio(q, p):
        return reduce(np.add.outer, [np.log(a) - np.log(b) for a, b in zip(q, p)])

    return [
        ("start", lambda q, p: kl(joint(q).ravel(), joint(p).ravel())),
        ("=", lambda q, p: np.sum(joint(q) * (np.log(joint(q)) - np.log(joint(p))))),
        ("=", lambda q, p: np.sum(joint(q) * log_ratio(q, p))),
        ("=", lambda q, p: sum(a @ np.log(a / b) for a, b in zip(q, p))),
        ("=", kl_factorized),
    ]
