"""Assignment 2 against SciPy, mpmath at 50 digits, and sums written out."""

import itertools
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy.special import rel_entr

from tests.references.common import Module, agree, every_seed, right_solutions, stats, untouched

every_solution = pytest.mark.parametrize("a2", right_solutions("a2_kl_factorized", "kl_factorized"))
INF = float("inf")


def marginals(rng: np.random.Generator, lengths: Any) -> tuple[list[Any], list[Any]]:
    return [rng.dirichlet(np.ones(m) * 2) for m in lengths], [rng.dirichlet(np.ones(m) * 2) for m in lengths]


def fifty_digits(q: Any, p: Any) -> Any:
    """sum q log(q / p) over the support of q."""
    exact = mpmath.mpf
    return sum(exact(a) * mpmath.log(exact(a) / exact(b)) for a, b in zip(q.tolist(), p.tolist(), strict=True) if a)


@every_solution
@every_seed
def test_kl_agrees_with_scipy(a2: Module, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for m in (1, 2, 7):
        q, p = rng.dirichlet(np.ones(m)), rng.dirichlet(np.ones(m))
        agree(a2.kl(q, p), float(stats().entropy(q, p)), f"kl of {q}, {p}")
        agree(a2.kl(q, q.copy()), 0.0, f"kl of {q} and itself")
        with_zero = np.append(q, 0.0)
        expected = float(np.sum(rel_entr(with_zero, np.append(p / 2, 0.5))))
        agree(a2.kl(with_zero, np.append(p / 2, 0.5)), expected, f"kl of {with_zero}, half of {p} and 0.5")


@every_solution
@pytest.mark.parametrize(
    ("q", "p", "expected"),
    [
        ([0.0, 1.0], [0.5, 0.5], float(np.log(2.0))),
        ([0.0, 1.0], [0.0, 1.0], 0.0),
        ([0.5, 0.5], [0.0, 1.0], INF),
        ([0.0, 0.5, 0.5], [0.0, 0.0, 1.0], INF),
        ([1e-300, 1.0], [0.0, 1.0], INF),
    ],
)
def test_zeros(a2: Module, q: Any, p: Any, expected: float) -> None:
    q, p = np.array(q), np.array(p)
    other = np.array([0.25, 0.75])
    with np.errstate(all="raise", under="ignore"):
        agree(a2.kl(q, p), expected, f"kl of {q}, {p}")
        agree(a2.kl_factorized([other, q, other], [other, p, other]), expected, f"{q}, {p} among equal components")


@every_solution
def test_tiny_probabilities_agree_with_fifty_digits(a2: Module) -> None:
    q, p = np.array([1e-300, 0.25, 0.75]), np.array([0.5, 0.5, 1e-310])  # a quotient that overflows
    with np.errstate(all="raise", under="ignore"):
        agree(a2.kl(q, p), float(fifty_digits(q, p)), f"kl of {q}, {p}")
        agree(a2.kl_factorized([q] * 3, [p] * 3), float(3 * fifty_digits(q, p)), f"three times {q}, {p}")


@every_solution
@pytest.mark.parametrize("lengths", [(3,), (2, 3), (3, 2), (1, 4, 2, 3)])
def test_the_joint_is_the_product(a2: Module, lengths: tuple[int, ...]) -> None:
    q, _ = marginals(np.random.default_rng(0), lengths)
    expected = np.empty(lengths)
    for index in itertools.product(*map(range, lengths)):
        expected[index] = np.prod([q_i[k] for q_i, k in zip(q, index, strict=True)])
    agree(a2.joint(q), expected, f"joint of lengths {lengths}")


@every_solution
@every_seed
def test_the_divergence_decomposes(a2: Module, seed: int) -> None:
    rng = np.random.default_rng(seed)
    q, p = marginals(rng, (2, 3, 1, 4))
    joint_q, joint_p = np.ones(1), np.ones(1)
    for q_i, p_i in zip(q, p, strict=True):
        joint_q, joint_p = np.kron(joint_q, q_i), np.kron(joint_p, p_i)
    agree(a2.kl_factorized(q, p), float(stats().entropy(joint_q, joint_p)), "KL of the joints, by SciPy")


@every_solution
@every_seed
def test_two_hundred_components(a2: Module, seed: int) -> None:
    rng = np.random.default_rng(seed)
    q, p = marginals(rng, rng.integers(1, 6, 200))
    q[17], p[17] = np.array([0.0, 0.5, 0.5]), np.array([0.25, 0.25, 0.5])
    expected = float(sum(fifty_digits(a, b) for a, b in zip(q, p, strict=True)))
    agree(a2.kl_factorized(q, p), expected, "200 components")
    agree(a2.kl_factorized(p, q), INF, "200 components, of which number 17 is impossible")


@every_solution
@pytest.mark.parametrize(
    ("q", "p"),
    [
        ([[0.5, 0.5]], [[1.0]]),
        ([[1.0]], [[0.5, 0.5]]),
        ([[1.0], [1.0]], [[1.0]]),
        ([[1.0]], [[1.0], [1.0]]),
        # As many values in all, but of other components.
        ([[0.5, 0.5], [1.0]], [[1.0], [0.5, 0.5]]),
    ],
)
def test_different_lengths_raise_value_error(a2: Module, q: Any, p: Any) -> None:
    q, p = [np.array(m) for m in q], [np.array(m) for m in p]
    with pytest.raises(ValueError):
        a2.kl_factorized(q, p)
    if len(q[0]) != len(p[0]):
        with pytest.raises(ValueError):
            a2.kl(q[0], p[0])


@every_solution
def test_arguments_stay_as_they_were(a2: Module) -> None:
    q, p = np.array([0.0, 0.25, 0.75]), np.array([0.5, 0.25, 0.25])
    untouched(a2.kl, q, p)
    lists = [q.copy(), p.copy()], [p.copy(), p.copy()]
    a2.joint(lists[0])
    a2.kl_factorized(*lists)
    assert all(map(np.array_equal, lists[0] + lists[1], [q, p, p, p])), f"the marginals were changed: {lists}"
