"""Loops, math.fsum and itertools.product; the joint comes back as nested lists."""

import itertools
import math
from typing import Any


def kl(q: Any, p: Any) -> float:
    q, p = list(map(float, q)), list(map(float, p))
    if len(q) != len(p):
        raise ValueError(f"different lengths: {len(q)} and {len(p)}")
    terms = []
    for a, b in zip(q, p, strict=True):
        if a == 0:
            continue
        if b == 0:
            return math.inf
        terms.append(a * (math.log(a) - math.log(b)))
    return math.fsum(terms)


def joint(marginals: Any) -> Any:
    def below(factor: float, rest: list[Any]) -> Any:
        return [below(factor * float(x), rest[1:]) for x in rest[0]] if rest else factor

    return below(1.0, list(marginals))


def kl_factorized(q_marginals: Any, p_marginals: Any) -> float:
    if len(q_marginals) != len(p_marginals):
        raise ValueError("different numbers of components")
    total = 0.0
    for i in range(len(q_marginals)):
        total += kl(q_marginals[i], p_marginals[i])
    return total


def probability(marginals: Any, x: Any) -> float:
    """Of the joint value x = (x_1, ..., x_n)."""
    return math.prod(float(m[k]) for m, k in zip(marginals, x, strict=True))


def decomposition_derivation() -> list[tuple[str, Any]]:
    def values(q: Any) -> Any:
        return itertools.product(*(range(len(m)) for m in q))

    def line1(q: Any, p: Any, qs: Any, ps: Any) -> float:
        return math.fsum(q[x] * math.log(q[x] / p[x]) for x in values(qs))

    def line2(q: Any, p: Any, qs: Any, ps: Any) -> float:
        # q and p are products, in front of the logarithm and inside.
        return math.fsum(probability(qs, x) * math.log(probability(qs, x) / probability(ps, x)) for x in values(qs))

    def line3(q: Any, p: Any, qs: Any, ps: Any) -> float:
        # The logarithm of the product is a sum; swap the sums.
        return math.fsum(
            math.fsum(probability(qs, x) * math.log(qs[i][x[i]] / ps[i][x[i]]) for x in values(qs))
            for i in range(len(qs))
        )

    def line4(q: Any, p: Any, qs: Any, ps: Any) -> float:
        # For each i, first sum over x_i and then over all the others: those are a factor of their own.
        total = 0.0
        for i in range(len(qs)):
            others = [m for j, m in enumerate(qs) if j != i]
            of_others = math.fsum(probability(others, x) for x in values(others))
            total += of_others * math.fsum(a * math.log(a / b) for a, b in zip(qs[i], ps[i], strict=True))
        return total

    def line5(q: Any, p: Any, qs: Any, ps: Any) -> float:
        # That factor is 1.
        return sum(math.fsum(a * math.log(a / b) for a, b in zip(qs[i], ps[i], strict=True)) for i in range(len(qs)))

    return [("start", line1), ("=", line2), ("=", line3), ("=", line4), ("=", line5)]
