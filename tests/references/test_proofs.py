"""Honest proofs of any order and grain pass, whatever the cases; chains without a step earn nothing."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from autograder.judging.verdicts import Verdict
from tests.references.common import DERIVATION, agree
from tests.references.proofs import PROOFS, Bogus, alternatives, drawn, judged, kind_of, reference_of

each_proof = pytest.mark.parametrize("function", PROOFS)
SEEDS = 200
A_FEW = 5


def passes(function: str, seeds: range) -> None:
    proofs = {"the reference": reference_of(function), **alternatives(PROOFS[function])}
    assert len(proofs) >= 4, f"the reference and at least three others: {list(proofs)}"
    for seed in seeds:
        check = drawn(function, seed)
        for name, module in proofs.items():
            found = judged(check, getattr(module, function)())
            assert found.verdict is Verdict.PASSED, f"{name}, seed {seed}: {found.finding} {found.case}"


@each_proof
def test_honest_proofs_pass(function: str) -> None:
    passes(function, range(A_FEW))


@pytest.mark.slow
@each_proof
def test_honest_proofs_pass_with_every_seed(function: str) -> None:
    passes(function, range(SEEDS))


def bogus_chains(function: str, seeds: range) -> Counter[str]:
    made: Counter[str] = Counter()
    for seed in seeds:
        check = drawn(function, seed)
        for name, lines in Bogus(function, check, np.random.default_rng(seed)).chains():
            found = judged(check, lines)
            assert found.verdict is not Verdict.PASSED and not found.share, f"{name}, seed {seed}, passes: {lines}"
            made[name] += 1
    return made


@each_proof
def test_a_chain_without_a_step_earns_nothing(function: str) -> None:
    made = bogus_chains(function, range(A_FEW))
    assert sum(made.values()) >= 50 and len(made) >= 12, f"of many kinds: {made}"


@pytest.mark.slow
@each_proof
def test_no_seed_lets_a_chain_without_a_step_pass(function: str) -> None:
    made = bogus_chains(function, range(SEEDS))
    assert sum(made.values()) >= 200, f"many of each kind: {made}"


# What an assignment's own functions say of a side: they are tested against many digits and other programs.
SIDES: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "lower_bound_derivation": (
        lambda a1, noise, soft, q, log: mpmath.log(mpmath.fsum(a * b for a, b in zip(noise, q, strict=True))),
        lambda a1, noise, soft, q, log: mpmath.fsum(a * mpmath.log(b) for a, b in zip(soft, q, strict=True)),
    ),
    "decomposition_derivation": (
        lambda a2, q, p, qs, ps: a2.kl(q.ravel(), p.ravel()),
        lambda a2, q, p, qs, ps: a2.kl_factorized(qs, ps),
    ),
    "kl_normal_derivation": (
        lambda a3, x, w, log_q, log_p, *parameters: a3.kl_normal(*parameters),
        lambda a3, x, w, log_q, log_p, *parameters: a3.kl_normal(*parameters),
    ),
    "surrogate_derivation": (
        lambda a4, d_pos, d_neg, margin, hinge: a4.pair_loss(d_pos, d_neg),
        lambda a4, d_pos, d_neg, margin, hinge: a4.triplet_loss(d_pos, d_neg, margin) / margin,
    ),
    "expectation_derivation": (
        lambda a4, d_n, d_p, tau, z, w, cdf: a4.expected_indicator(d_n, d_p, tau),
        lambda a4, d_n, d_p, tau, z, w, cdf: a4.expected_indicator(d_n, d_p, tau),
    ),
}


@each_proof
def test_the_sides_are_what_the_assignments_functions_give(function: str) -> None:
    reference, looked_at = reference_of(function), 0
    for case in (case for seed in range(A_FEW) for case in drawn(function, seed).cases if case.facts is None):
        for side, right, name in zip(case.expected, SIDES[function], ("left", "right"), strict=True):
            # Of a table the sum: of all pairs.
            agree(float(np.sum(side)), float(right(reference, *case.arguments)), f"{name} side", DERIVATION)
            looked_at += 1
    assert looked_at >= 80, f"both sides of all ordinary cases: {looked_at}"


@each_proof
def test_each_assumption_breaks_the_claim_on_many_of_its_cases(function: str) -> None:
    assert len(kind_of(function).assumptions) == 2, "each by itself"
    for seed in range(A_FEW):
        check = drawn(function, seed)
        assert {case.facts for case in check.cases} == {None, 0, 1}, f"cases of each kind: {seed}"
