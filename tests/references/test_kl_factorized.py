"""Assignment 2 against SciPy, mpmath at 50 digits, and sums written out."""

import itertools
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy.stats import entropy

from tests.references.common import SEEDS, Module, agree, check_derivation, right_solutions, untouched

every_solution = pytest.mark.parametrize("a2", right_solutions("a2_kl_factorized", "kl_factorized"))


def marginals(rng: np.random.Generator, lengths: Any) -> tuple[list[Any], list[Any]]:
    return [rng.dirichlet(np.ones(m) * 2) for m in lengths], [rng.dirichlet(np.ones(m) * 2) for m in lengths]


@every_solution
@pytest.mark.parametrize("seed", SEEDS)
def test_kl_agrees_with_scipy(a2: Module, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for m in (1, 2, 7):
        q, p = rng.dirichlet(np.ones(m)), rng.dirichlet(np.ones(m))
        agree(a2.kl(q, p), float(entropy(q, p)), f"kl of {q}, {p}")


@every_solution
def test_kl_at_zeros(a2: Module) -> None:
    with np.errstate(all="raise", under="ignore"):
        agree(a2.kl(np.array([0.0, 1.0]), np.array([0.5, 0.5])), float(np.log(2.0)), "0 log 0 is 0")
        agree(a2.kl(np.array([0.0, 1.0]), np.array([0.0, 1.0])), 0.0, "what both exclude counts 0")
        agree(a2.kl(np.array([0.5, 0.5]), np.array([0.0, 1.0])), float("inf"), "what p excludes and q allows is inf")


@every_solution
def test_kl_of_tiny_probabilities_agrees_with_fifty_digits(a2: Module) -> None:
    q, p = np.array([1e-300, 0.25, 0.75]), np.array([0.5, 0.5 - 1e-300, 1e-300])
    expected = sum(
        mpmath.mpf(a) * (mpmath.log(mpmath.mpf(a)) - mpmath.log(mpmath.mpf(b))) for a, b in zip(q, p, strict=True)
    )
    with np.errstate(all="raise", under="ignore"):
        agree(a2.kl(q, p), float(expected), "tiny probabilities")


@every_solution
@pytest.mark.parametrize("lengths", [(3,), (2, 3), (1, 4, 2, 3)])
def test_the_joint_is_the_product(a2: Module, lengths: tuple[int, ...]) -> None:
    q, _ = marginals(np.random.default_rng(0), lengths)
    expected = np.empty(lengths)
    for index in itertools.product(*map(range, lengths)):
        expected[index] = np.prod([q_i[k] for q_i, k in zip(q, index, strict=True)])
    agree(a2.joint(q), expected, f"joint of lengths {lengths}")


@every_solution
@pytest.mark.parametrize("seed", SEEDS)
def test_the_divergence_decomposes(a2: Module, seed: int) -> None:
    rng = np.random.default_rng(seed)
    q, p = marginals(rng, (2, 3, 1, 4))
    joint_q, joint_p = np.ones(1), np.ones(1)
    for q_i, p_i in zip(q, p, strict=True):
        joint_q, joint_p = np.kron(joint_q, q_i), np.kron(joint_p, p_i)
    agree(a2.kl_factorized(q, p), float(entropy(joint_q, joint_p)), "KL of the joints, by SciPy")


@every_solution
def test_two_hundred_components(a2: Module) -> None:
    q, p = marginals(np.random.default_rng(1), [4] * 200)
    agree(a2.kl_factorized(q, p), float(sum(entropy(a, b) for a, b in zip(q, p, strict=True))), "200 components")


@every_solution
@pytest.mark.parametrize(
    ("q", "p"),
    [([[0.5, 0.5]], [[1.0]]), ([[1.0]], [[0.5, 0.5]]), ([[1.0], [1.0]], [[1.0]]), ([[1.0]], [[1.0], [1.0]])],
)
def test_different_lengths_raise_value_error(a2: Module, q: Any, p: Any) -> None:
    q, p = [np.array(m) for m in q], [np.array(m) for m in p]
    with pytest.raises(ValueError):
        a2.kl_factorized(q, p)
    if len(q) == len(p):
        with pytest.raises(ValueError):
            a2.kl(q[0], p[0])


@every_solution
def test_the_derivation_proves_the_decomposition(a2: Module) -> None:
    rng = np.random.default_rng(2)
    cases = [marginals(rng, rng.integers(2, 5, n)) for n in (1, 1, 2, 3, 4)]

    def right(q: Any, p: Any) -> float:
        return float(sum(entropy(a, b) for a, b in zip(q, p, strict=True)))

    check_derivation(a2.decomposition_derivation(), cases, right, right, "=")


@every_solution
def test_arguments_stay_as_they_were(a2: Module) -> None:
    q, p = np.array([0.0, 0.25, 0.75]), np.array([0.5, 0.25, 0.25])
    untouched(a2.kl, q, p)
    for function in (a2.joint, lambda m: a2.kl_factorized(m, [p, q + 0.0])):
        kept = [q.copy(), p.copy()]
        function(kept)
        assert all(map(np.array_equal, kept, [q, p])), f"{function} changed its marginals"
