"""Fresh cases: within what is promised, none of the hidden ones, and the same whatever the course's secret seed is."""

from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.authoring.kinds.kind import DrawnCheck
from autograder.exam.common_traits import CommonTraits
from autograder.exam.exam import Exam, Question, make_exam
from autograder.exam.fresh_cases import MOST_NUMBERS, FreshCase, FreshCases, key_of, sizes
from tests.contract import CONTRACT
from tests.repository import SOLUTIONS
from tests.small import SOLUTIONS as SMALL

# One of the assignments is quick to make cases of, and has arguments of most forms.
QUICK = "a2_kl_factorized"
each_assignment = pytest.mark.parametrize(
    "name",
    [QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in CONTRACT if name != QUICK)],
)


@pytest.fixture(scope="module")
def known() -> FreshCases:
    return FreshCases()


def checks(exam: Exam) -> Iterator[tuple[Question, DrawnCheck]]:
    for part in exam.parts:
        for question in part.questions:
            yield from ((question, check) for check in question.checks if check.check.kind.has_counterexamples)


def all_cases(known: FreshCases, question: Question, check: DrawnCheck) -> list[FreshCase]:
    """What a search may try at most: what is tried first and later, and simpler versions of the first ones."""
    assert question.fresh is not None, "the course shows counterexamples"
    first = known.first(question.fresh, check)
    simpler = [each for fresh in first[:2] for each in known.simpler(question.fresh, check, fresh)]
    return [*first, *known.more(question.fresh, check), *simpler]


def in_domain_a1(function: str, arguments: tuple[Any, ...]) -> bool:
    if function == "lower_bound_derivation":
        noise, soft, q, log = arguments
        return np.array_equal(noise, soft) and abs(soft.sum() - 1.0) < 1e-9 and (q > 0.0).all() and log(1.0) == 0.0
    logits, labels, eps = arguments[-3:]
    return 0.0 <= eps <= 1.0 and set(np.ravel(labels).tolist()) <= {-1, 1} and bool(np.abs(logits).max() <= 1e4)


def distributions(value: Any) -> bool:
    rows = value if isinstance(value, list) else [value]
    return all((row >= 0).all() and abs(row.sum() - 1.0) < 1e-9 and row.ndim == 1 for row in rows)


def in_domain_a2(function: str, arguments: tuple[Any, ...]) -> bool:
    if function == "decomposition_derivation":
        joints, marginals = arguments[:2], arguments[2:]
        return all(map(distributions, marginals)) and all(
            np.allclose(joint, reduce(np.multiply.outer, factors), rtol=1e-12)
            for joint, factors in zip(joints, marginals, strict=True)
        )
    return all(map(distributions, arguments))


def in_domain_a3(function: str, arguments: tuple[Any, ...]) -> bool:
    if function == "kl_normal_derivation":
        x, w, log_q, _, *arguments = arguments  # type: ignore[assignment]
        z = (x - arguments[0]) / arguments[1]
        normal = -(z**2) / 2.0 - np.log(arguments[1]) - np.log(2.0 * np.pi) / 2.0
        if not np.allclose([w.sum(), w @ z, w @ z**2], [1.0, 0.0, 1.0]) or not np.allclose(log_q, normal):
            return False
    return all(bool((np.asarray(sigma) > 0).all()) for sigma in arguments[1::2])


def in_domain_a4(function: str, arguments: tuple[Any, ...]) -> bool:
    if function == "expectation_derivation":
        d_n, d_p, tau, z, w, cdf = arguments
        return bool(tau > 0.0 and abs(w.sum() - 1.0) < 1e-9 and abs(w @ (z < d_p - d_n) - cdf(d_p - d_n)) < 1e-9)
    if function == "surrogate_derivation":
        *arguments, hinge = arguments  # type: ignore[assignment]
        if [hinge(u) for u in (-1.0, 0.0, 2.0)] != [0.0, 0.0, 2.0]:
            return False
    scalars = [value for value in arguments if isinstance(value, float)]
    return all(value > 0 for value in scalars[-1:]) and all(np.isfinite(np.asarray(v)).all() for v in arguments)


DOMAINS: dict[str, Callable[[str, tuple[Any, ...]], bool]] = {
    "a1_noisy_labels": in_domain_a1,
    "a2_kl_factorized": in_domain_a2,
    "a3_kl_normal": in_domain_a3,
    "a4_smooth_ap": in_domain_a4,
}


@each_assignment
def test_every_fresh_case_is_within_what_the_assignments_promise(name: str, known: FreshCases) -> None:
    looked_at = 0
    for question, check in checks(make_exam(SOLUTIONS, [name])):
        if check.check.kind.name == "raises":
            # Its bad cases are those that are not promised.
            continue
        for fresh in all_cases(known, question, check):
            assert DOMAINS[name](question.function, fresh.case.arguments), (
                f"{question.function}, {check.check.name}: {fresh.case.arguments} was never promised"
            )
            looked_at += 1
    assert looked_at > 300, f"many cases of all checks: {looked_at}"


# What is large on purpose.
LARGE = {"many_components", "large", "smooth_large"}


@each_assignment
def test_every_check_with_cases_that_can_be_read_has_some(name: str, known: FreshCases) -> None:
    without = []
    for question, check in checks(make_exam(SOLUTIONS, [name])):
        assert question.fresh is not None, "the course shows counterexamples"
        found = known.first(question.fresh, check)
        if not found:
            without.append(check.check.name)
            assert known.are_too_large(question.fresh, check), f"{check.check.name} could be shown"
        simple = [fresh for fresh in found if fresh.weight[1] < 80]
        if found and found[0].weight[0] <= 5:
            assert simple, f"{question.function}, {check.check.name}: some must be easy to read: {found[0].case}"
        assert all(fresh.weight[0] <= MOST_NUMBERS for fresh in found), "none is longer than can be read"
    assert set(without) <= LARGE, f"only what is large on purpose: {without}"


def drawn(seed: int) -> list[tuple[str, str, bytes]]:
    exam, known = make_exam(SMALL, seed=seed), FreshCases()
    return [(q.function, c.check.name, fresh.key) for q, c in checks(exam) for fresh in all_cases(known, q, c)]


def test_they_do_not_hang_on_the_secret_seed() -> None:
    one, other = drawn(1), drawn(2)
    assert len(one) > 200, f"there are cases: {len(one)}"
    assert one == other, "the same cases, whatever the seed of the hidden ones"


@each_assignment
def test_hidden_cases_are_of_another_stream(name: str, known: FreshCases) -> None:
    for question, check in checks(make_exam(SOLUTIONS, [name])):
        hidden = [case.arguments for each in question.checks for case in (*each.cases, *each.good_cases)]
        keys = {key_of(arguments) for arguments in hidden}
        same = [fresh.case.arguments for fresh in all_cases(known, question, check) if fresh.key in keys]
        # A case of few possible values is drawn twice by chance, and is left out by the search.
        numbers = [number for arguments in same for number in np.ravel(arguments[0]).tolist()]
        assert all(len(repr(number)) <= 8 for number in numbers), f"{check.check.name}: {same}"


@pytest.mark.parametrize(
    ("declared", "count", "wanted"),
    [((1, 12), 6, [1, 1, 2, 3, 5, 8]), ((2000,), 3, [2000, 2000, 2000]), ((1, 4), 5, [1, 1, 2, 3, 1])],
)
def test_sizes_are_those_declared_small_ones_more_often(
    declared: tuple[int, ...], count: int, wanted: list[int]
) -> None:
    assert sizes(declared, count) == wanted, f"{sizes(declared, count)}"
    many = sizes(declared, 200)
    assert min(many) >= min(declared) and max(many) <= max(declared), "none outside of what was declared"
    assert set(many) >= set(range(min(declared), min(declared) + 4)) & set(range(min(declared), max(declared) + 1)), (
        "every small size is among them"
    )


def samples(make: Callable[[np.random.Generator], tuple[Any, ...]]) -> CommonTraits:
    rng = np.random.default_rng(5)
    return CommonTraits([make(rng) for _ in range(40)])


@pytest.mark.parametrize(
    ("make", "allowed", "refused"),
    [
        (lambda rng: (rng.uniform(1.0, 2.0, 3),), np.array([1.5, 1.25, 1.75]), np.array([1.5, 0.5, 1.75])),
        (lambda rng: (rng.dirichlet(np.ones(3)),), np.array([0.25, 0.25, 0.5]), np.array([0.25, 0.25, 0.25])),
        (lambda rng: (rng.choice([-1.0, 1.0], 3),), np.array([1.0, -1.0, 1.0]), np.array([0.5, -1.0, 1.0])),
        (lambda rng: (rng.integers(0, 80, 3) / 8,), np.array([0.125, 1.0, 2.5]), np.array([0.1, 1.0, 2.5])),
    ],
    ids=["bounds", "distributions", "a few values", "a grid"],
)
def test_what_all_cases_have_in_common_a_simpler_one_must_have(make: Any, allowed: Any, refused: Any) -> None:
    traits, drawn_one = samples(make), make(np.random.default_rng(6))
    assert traits.allow((allowed,), drawn_one), f"{allowed} is as all cases are"
    assert not traits.allow((refused,), drawn_one), f"{refused} is none that the maker would make"


def test_rows_of_length_one_stay_so() -> None:
    def unit(rng: np.random.Generator) -> tuple[Any, ...]:
        rows = rng.normal(size=(2, 3))
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True),)

    traits, one = samples(unit), unit(np.random.default_rng(7))
    assert traits.allow((np.array([[0.6, 0.8, 0.0]]),), one), "of length 1"
    assert not traits.allow((np.array([[0.6, 0.7, 0.1]]),), one), "not of length 1"


def test_numbers_where_no_case_has_any_are_refused() -> None:
    traits = samples(lambda rng: (rng.normal(size=2), 3))
    assert not traits.allow((np.array([0.1]), 0.5), (np.array([0.1]), 3)), "an integer became a number"


def test_a_reference_that_warns_on_a_fresh_case_costs_that_case_alone(tmp_path: Path) -> None:
    folder = tmp_path / "solutions"
    (folder / "b1").mkdir(parents=True)
    (folder / "course.toml").write_text((SMALL / "course.toml").read_text())
    (folder / "b1" / "m.py").write_text("import numpy as np\ndef f(x):\n    return float(np.log(x).sum())\n")
    (folder / "b1" / "questions.py").write_text(
        "import numpy as np\nfrom autograder.authoring import Assignment\n"
        'b1 = Assignment("b1", module="m", title="B1")\n'
        "COUNT = [0]\n"
        '@b1.check("f", points=1, cases=3, largest=4)\n'
        'def positive(rng, size):\n    """Is right"""\n    COUNT[0] += 1\n'
        "    # The exam's own three cases are fine, and of the others every second is none.\n"
        "    return (np.zeros(size) if COUNT[0] > 3 and COUNT[0] % 2 else rng.uniform(1.0, 2.0, size),)\n"
    )
    ((question, check),) = checks(make_exam(folder))
    assert question.fresh is not None, "the course shows counterexamples"
    found = FreshCases().first(question.fresh, check)
    assert found, "the others are there"
    assert all((fresh.case.arguments[0] > 0).all() for fresh in found), f"log 0 warns: {found}"
