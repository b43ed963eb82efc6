"""Assignment 2 with loops."""
import itertools
import math

import numpy as np


def kl(q, p):
    if len(q) != len(p):
        raise ValueError("different lengths")
    total = 0.0
    for a, b in zip(q, p):
        if a == 0:
            continue
        if b == 0:
            return math.inf
        total += a * (math.log(a) - math.log(b))
    return total


def joint(marginals):
    shape = [len(m) for m in marginals]
    table = np.empty(shape)
    for index in itertools.product(*[range(k) for k in shape]):
        table[index] = math.prod(m[i] for m, i in zip(marginals, index))
    return table


def kl_factorized(q_marginals, p_marginals):
    if len(q_marginals) != len(p_marginals):
        raise ValueError("different numbers of components")
    total = 0.0
    for q, p in zip(q_marginals, p_marginals):
        total += kl(q, p)
    return total


def decomposition_derivation():
    def states(ms):
        return itertools.product(*[range(len(m)) for m in ms])

    def line1(q, p, qs, ps):
        return sum(q[x] * math.log(q[x] / p[x]) for x in states(qs))

    def line2(q, p, qs, ps):
        return sum(q[x] * sum(math.log(a[i] / b[i]) for a, b, i in zip(qs, ps, x)) for x in states(qs))

    def line3(q, p, qs, ps):
        return sum(sum(q[x] * math.log(qs[k][x[k]] / ps[k][x[k]]) for x in states(qs)) for k in range(len(qs)))

    def line4(q, p, qs, ps):
        return sum(sum(a * math.log(a / b) for a, b in zip(qs[k], ps[k])) for k in range(len(qs)))

    return [("start", line1), ("=", line2), ("=", line3), ("=", line4)]
