"""Honest proofs of any order and grain pass, whatever the cases; chains without a step earn nothing."""

from collections import Counter

import numpy as np
import pytest

from autograder.judging.verdicts import Verdict
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


@each_proof
def test_each_assumption_breaks_the_claim_on_many_of_its_cases(function: str) -> None:
    assert len(kind_of(function).assumptions) == 2, "each by itself"
    for seed in range(A_FEW):
        check = drawn(function, seed)
        assert {case.facts for case in check.cases} == {None, 0, 1}, f"cases of each kind: {seed}"
