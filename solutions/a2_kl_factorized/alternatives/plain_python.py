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

    def line1(q: Any, p: Any) -> float:
        return math.fsum(probability(q, x) * math.log(probability(q, x) / probability(p, x)) for x in values(q))

    def line2(q: Any, p: Any) -> float:
        # The logarithm of the product is a sum.
        return math.fsum(
            probability(q, x) * sum(math.log(q[i][x[i]] / p[i][x[i]]) for i in range(len(q))) for x in values(q)
        )

    def line3(q: Any, p: Any) -> float:
        # Swap the sums.
        return math.fsum(
            math.fsum(probability(q, x) * math.log(q[i][x[i]] / p[i][x[i]]) for x in values(q)) for i in range(len(q))
        )

    def line4(q: Any, p: Any) -> float:
        # For each i, first sum over x_i and then over all the others: those are a factor of their own.
        total = 0.0
        for i in range(len(q)):
            others = [m for j, m in enumerate(q) if j != i]
            of_others = math.fsum(probability(others, x) for x in values(others))
            total += of_others * math.fsum(a * math.log(a / b) for a, b in zip(q[i], p[i], strict=True))
        return total

    def line5(q: Any, p: Any) -> float:
        # That factor is 1.
        return sum(math.fsum(a * math.log(a / b) for a, b in zip(q[i], p[i], strict=True)) for i in range(len(q)))

    return [("start", line1), ("=", line2), ("=", line3), ("=", line4), ("=", line5)]
