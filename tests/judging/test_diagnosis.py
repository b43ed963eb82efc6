"""What is behind a failed function beyond the catalogue: each is said only where it holds on every case, and tells."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from autograder.feedback.messages import brief
from autograder.judging.changed_arguments import changes, matching, telling
from autograder.judging.diagnosis import NOTHING, Names, Observed, diagnose
from autograder.judging.tolerance import Tolerance
from autograder.sandbox.answers import Answer, Raised, Returned

TOLERANCE = Tolerance(relative=1e-9, absolute=1e-12)
Function = Callable[..., Any]


def observed(right: Function, wrong: Function, cases: Sequence[tuple[Any, ...]]) -> list[Observed]:
    return [Observed(case, Returned(wrong(*case)), right(*case), TOLERANCE) for case in cases]


def vectors(count: int = 8, seed: int = 0) -> list[tuple[Any, ...]]:
    rng = np.random.default_rng(seed)
    return [(rng.uniform(0.5, 2.0, size),) for size in range(2, 2 + count)]


def code(cases: Sequence[Observed], names: Names | None = None, plain: int = 0) -> str:
    found = diagnose(cases, [], names or Names(), plain)
    return "" if found is None else found.hint.code


def entropy(p: Any) -> Any:
    return -np.sum(p * np.log(p))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda p: -entropy(p), "opposite_sign"),
        (lambda p: 2 * entropy(p), "times"),
        (lambda p: entropy(p) / len(p), "divided_by_examples"),
        (lambda p: entropy(p) * len(p), "times_examples"),
        (lambda p: entropy(p) / np.log(2), "log_base"),
        (lambda p: entropy(p) / np.log(10), "log_base"),
        (lambda p: 0.5, "constant"),
        (lambda p: entropy(p) * (1 + 1e-6 * np.sin(p[0])), "few_digits"),
        (lambda p: np.float32(entropy(p)), "single_precision"),
        (lambda p: entropy(p) + p[0], ""),
        (lambda p: entropy(p) * 1.01, ""),
    ],
)
def test_numbers(wrong: Function, told: str) -> None:
    assert code(observed(entropy, wrong, vectors())) == told, f"{told or 'nothing'} must be said"


def outer(*marginals: Any) -> Any:
    made = np.ones(())
    for marginal in marginals:
        made = np.multiply.outer(made, marginal)
    return made


def boxes() -> list[tuple[Any, ...]]:
    rng = np.random.default_rng(1)
    return [tuple(rng.uniform(0.5, 2.0, size) for size in (2, 3, 4)[: 2 + n % 2]) for n in range(8)]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda *m: outer(*m).T, "axes_reversed"),
        (lambda *m: np.swapaxes(outer(*m), 0, 1), "first_axes_swapped"),
        (lambda *m: outer(*m).ravel(), "flattened"),
        (lambda *m: np.sort(outer(*m), axis=0), ""),
    ],
)
def test_axes(wrong: Function, told: str) -> None:
    assert code(observed(outer, wrong, boxes())) == told, f"{told or 'nothing'} must be said"


def test_too_few_cases_tell_nothing() -> None:
    assert code(observed(entropy, lambda p: 2 * entropy(p), vectors(2))) == "", "two cases could be so by chance"
    ones = [(np.ones(3),)] * 8
    assert code(observed(lambda p: 0.0, lambda p: 0.0 * p[0], ones)) == "", "nothing is wrong on any of them"


def slopes(a: Any, s: Any) -> Any:
    return a / s, a**2 / s


def pairs() -> list[tuple[Any, ...]]:
    rng = np.random.default_rng(2)
    return [(rng.uniform(1.0, 2.0, n), rng.uniform(1.0, 3.0, n)) for n in range(2, 10)]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda a, s: (a / s, -(a**2) / s), "a is right; s is not. On all 8 cases your result has the right size"),
        (lambda a, s: (a / s, a**2 / s / (2 * s)), "a is right; s is not. Each is 1 / (2 x)|1 / (2 s) times"),
        (lambda a, s: (a / s, a * np.sin(s)), "a is right; s is not."),
    ],
)
def test_parts(wrong: Function, sentence: str) -> None:
    found = diagnose(observed(slopes, wrong, pairs()), [], Names(("a", "s"), ("a", "s")))
    assert found is not None, "one part is right on every case, and one is not"
    told = brief(found.hint)
    head, _, tails = sentence.partition(". ")
    assert head in told, f"{head!r} must be said: {told}"
    assert not tails or any(tail in told for tail in tails.split("|")), f"one of {tails!r} must be said: {told}"


def test_a_gradient_by_differences_is_called_that() -> None:
    def by_differences(a: Any, s: Any) -> Any:
        return tuple(part * (1 + 3e-9) for part in slopes(a, s))

    cases = observed(slopes, by_differences, pairs())
    assert code(cases, Names(("a", "s"), ("a", "s"))) == "by_differences", "nine digits of a gradient"
    assert code(cases) == "few_digits", "of another function it is not said"


def test_textbook_code_is_diagnosed_by_the_plain_check() -> None:
    plain = observed(entropy, lambda p: 2 * entropy(p), vectors())
    extreme = [Observed((np.full(3, 1e-300),), Returned(float("nan")), 0.0, TOLERANCE)] * 3
    assert code([*plain, *extreme]) == "", "on all cases it does not hold"
    assert code([*plain, *extreme], plain=len(plain)) == "times", "on those of the first check it does"


def test_the_situation_in_which_it_is_wrong_is_named() -> None:
    rng = np.random.default_rng(3)
    apart = [(rng.permutation(6).astype(float),) for _ in range(6)]
    tied = [(rng.integers(1, 3, 6).astype(float),) for _ in range(4)]

    def rank(x: Any) -> float:
        return float(np.sum(x[:, None] <= x))

    def strict(x: Any) -> float:
        return float(np.sum(x[:, None] < x) + len(x))

    found = diagnose(observed(rank, strict, [*apart, *tied]), [])
    assert found is not None and found.hint.about["where"] == "ties", f"it is right but for ties: {found}"
    assert diagnose(observed(rank, strict, [*apart[:2], *tied]), []) is None, "too few cases on which it is right"


def asked_again(right: Function, wrong: Function, cases: Sequence[tuple[Any, ...]], names: Sequence[str]) -> list[str]:
    """The codes of all changes of arguments for which a function is right."""
    told = telling(observed(right, wrong, cases))
    found = []
    for change in changes(told, names):
        with np.errstate(all="ignore"):
            answers: list[Answer] = [Returned(wrong(*arguments)) for arguments in change.on(told)]
        match = matching(told, change, answers)
        if match is not None:
            found.append(brief(match))
    return found


def labelled() -> list[tuple[Any, ...]]:
    rng = np.random.default_rng(4)
    return [(rng.normal(size=n), rng.choice([-1, 1], n), float(rng.uniform(0.1, 0.4))) for n in range(3, 13)]


def loss(a: Any, t: Any, eps: float) -> float:
    return float(np.sum(np.log1p(np.exp(-t * a)) + eps * t * a))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda a, t, eps: loss(a, 2 * t - 1, eps), "if t were 0 and 1"),
        (lambda a, t, eps: loss(a, -t, eps), "if t were turned"),
        (lambda a, t, eps: loss(a, t, eps / 2), "It works with eps / 2 where eps"),
        (lambda a, t, eps: loss(a, t, eps**2), "It works with eps² where eps"),
        (lambda a, t, eps: loss(a, t, 1 - eps), "It works with 1 - eps where eps"),
        (lambda a, t, eps: loss(-a, -t, eps) + 1.0, ""),
    ],
)
def test_a_function_that_is_right_for_other_arguments(wrong: Function, told: str) -> None:
    found = asked_again(loss, wrong, labelled(), ("a", "t", "eps"))
    assert (not found) if not told else any(told in sentence for sentence in found), f"{told!r} must be said: {found}"


def test_exchanged_arguments_are_named() -> None:
    def kl(q: Any, p: Any) -> float:
        return float(np.sum(q * np.log(q / p)))

    rng = np.random.default_rng(5)
    cases = [tuple(rng.dirichlet(np.ones(n), 2)) for n in range(2, 10)]
    found = asked_again(kl, lambda q, p: kl(p, q), cases, ("q", "p"))
    assert any("if q and p were exchanged" in sentence for sentence in found), f"the direction must be named: {found}"


def test_what_raises_is_not_asked_again() -> None:
    cases = [Observed(case, Raised(("ValueError",), ""), 1.0, TOLERANCE) for case in labelled()]
    assert not telling(cases), "no value came back that could be wrong"
    nothing = [Observed(case, Returned(1.0), NOTHING, TOLERANCE) for case in labelled()]
    assert not telling(nothing), "nor is there a right value where an error is promised"


HOSTILE: list[Any] = [
    10**900,
    -(10**400),
    [10**900],
    None,
    "text",
    b"bytes",
    [[1.0], [1.0, 2.0]],
    {"W": None},
    float("inf"),
]


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_no_value_that_comes_back_ends_the_diagnosis(value: Any) -> None:
    cases = [Observed(case, Returned(value), entropy(*case), TOLERANCE) for case in vectors()]
    diagnose(cases, [], Names(("p",)))
    both = [Observed(case, Returned((value, value)), slopes(*case), TOLERANCE) for case in pairs()]
    diagnose(both, [], Names(("a", "s"), ("a", "s")))


def test_numbers_at_the_ends_of_the_range_warn_of_nothing() -> None:
    cases = [Observed(case, Returned(1e300), 1e-300, TOLERANCE) for case in vectors()]
    diagnose(cases, [], Names(("p",)))
    diagnose([Observed(case, Returned(np.inf), 0.0, TOLERANCE) for case in vectors()], [], Names(("p",)))
