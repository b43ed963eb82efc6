"""Of a result with several parts: which are right, and what holds of the others."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.judging.finding import Finding
from autograder.judging.parts import by_argument, part_by_part
from autograder.judging.relations import CasePair
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict

TOLERANCE = Tolerance(relative=1e-9, absolute=1e-12)
RNG = np.random.default_rng(2)
CASES = [(RNG.uniform(1.0, 2.0, n), RNG.uniform(2.0, 3.0, n)) for n in range(2, 7)]
NAMES, ARGUMENTS = ("a", "s"), ("x", "y")
Function = Callable[[Any, Any], Any]


def right(x: Any, y: Any) -> Any:
    return x + y, x * y


def pairs(wrong: Function, function: Function = right, count: int = 5) -> list[CasePair]:
    return [CasePair(case, wrong(*case), function(*case)) for case in CASES[:count]]


def told(wrong: Function, function: Function = right, names: tuple[str, ...] = NAMES, count: int = 5) -> Finding | None:
    return part_by_part(pairs(wrong, function, count), names, ARGUMENTS, TOLERANCE)


def parts(right: list[str], wrong: list[str], part: Finding | None = None, cases: int = 5, **about: Any) -> Finding:
    return Finding(Verdict.FAILED, "parts", {"right": right, "wrong": wrong, "cases": cases, **about}, part=part)


def hint(code: str, cases: int = 5, **about: Any) -> Finding:
    return Finding(Verdict.FAILED, code, {"cases": cases, **about})


def by(form: str, argument: str, cases: int = 5) -> Finding:
    return Finding(Verdict.FAILED, "times_argument", {"cases": cases, "form": form, "argument": argument})


def test_a_right_part_is_told_and_what_holds_of_the_other() -> None:
    assert told(lambda x, y: (x + y, -x * y)) == parts(["a"], ["s"], hint("opposite_sign")), "the second is turned"
    assert told(lambda x, y: (2 * (x + y), x * y)) == parts(["s"], ["a"], hint("times", factor="2")), (
        "the first is double"
    )
    assert told(lambda x, y: (x + y, x * np.sin(y))) == parts(["a"], ["s"]), "without a relation, that it is wrong"
    assert told(lambda x, y: (x + y, x * y**2)) == parts(["a"], ["s"], by("{}", "y")), "or a factor of one argument"


def test_one_relation_of_all_parts_is_told_once() -> None:
    assert told(lambda x, y: (-x - y, -x * y)) == parts([], ["a", "s"], hint("opposite_sign")), "of both"
    assert told(lambda x, y: (-x - y, 2 * x * y)) is None, "of two it is nothing certain"
    assert told(lambda x, y: (2 * (x + y), x * y / 2)) is None, "two factors are two things"
    assert told(lambda x, y: ((x + y) / np.log(2), x * y / np.log(10))) is None, "so are two bases"
    both = told(lambda x, y: ((x + y) * x, x * y * y))
    assert both == parts([], ["a", "s"], by("{}", "x"), arguments=["x", "y"]), f"each by an argument of its own: {both}"
    assert told(lambda x, y: ((x + y) * x, x * y / y)) is None, "in one form"
    for one, two in ((-1.0, "n"), ("n", -1.0)):
        made = [
            CasePair(
                (x, y),
                tuple(v / len(x) if by == "n" else -v for v, by in zip(right(x, y), (one, two), strict=True)),
                right(x, y),
            )
            for x, y in CASES
        ]
        assert part_by_part(made, NAMES, ARGUMENTS, TOLERANCE) is None, f"nor are a mean and a sign: {one} {two}"
    sums = told(lambda x, y: ((x + y) * len(x), x * y * len(x)))
    assert sums == parts([], ["a", "s"], hint("times_examples")), f"both are sums: {sums}"
    assert told(lambda x, y: (np.sin(x), np.cos(y))) is None, "where nothing is right and nothing holds, nothing"
    assert told(lambda x, y: (-x - y, np.cos(y))) is None, "or where it holds of one alone"


def triple(x: Any, y: Any) -> Any:
    return x + y, x * y, x - y


def test_of_several_wrong_parts_one_relation_or_none() -> None:
    three = ("a", "s", "d")
    found = told(lambda x, y: (x + y, -x * y, y - x), triple, three)
    assert found == parts(["a"], ["s", "d"], hint("opposite_sign")), f"both are turned: {found}"
    found = told(lambda x, y: (x + y, -x * y, 2 * (x - y)), triple, three)
    assert found == parts(["a"], ["s", "d"]), f"each is wrong in its own way: {found}"
    found = told(lambda x, y: (x + y, x * np.sin(y), y - x), triple, three)
    assert found == parts(["a"], ["s", "d"]), f"or one in no way that has a name: {found}"
    found = told(lambda x, y: (x + y, -x * y, np.sin(x)), triple, three)
    assert found == parts(["a"], ["s", "d"]), f"whichever: {found}"
    found = told(lambda x, y: (x + y, x * y * x, (x - y) * x), triple, three)
    assert found == parts(["a"], ["s", "d"], by("{}", "x"), arguments=["x", "x"]), f"by the same argument: {found}"


def test_parts_are_called_by_their_names() -> None:
    wrong = lambda x, y: (x + y, -x * y)  # noqa: E731
    assert told(wrong, names=()) == parts(["part 1"], ["part 2"], hint("opposite_sign")), "or by number, from 1"
    surplus = told(wrong, names=("a", "s", "d"))
    assert surplus == parts(["part 1"], ["part 2"], hint("opposite_sign")), f"where there are more: {surplus}"
    assert told(wrong, names=("a",)) == parts(["part 1"], ["part 2"], hint("opposite_sign")), "where these do not fit"
    found = told(lambda x, y: {"b": x, "a": -y}, lambda x, y: {"b": x, "a": y}, ())
    assert found == parts(["b"], ["a"], hint("opposite_sign")), f"entries by key: {found}"
    listed = told(lambda x, y: [x + y, -x * y])
    assert listed == parts(["a"], ["s"], hint("opposite_sign")), f"a list may stand for parts: {listed}"


def test_without_parts_nothing_is_told() -> None:
    assert told(lambda x, y: -x, lambda x, y: x) is None, "one array has none"
    assert told(right) is None, "nothing is wrong"
    assert told(lambda x, y: (x + y, -x * y), count=2) is None, "two cases are too few"
    assert told(lambda x, y: (x + y, -x * y), count=3) == parts(["a"], ["s"], hint("opposite_sign", 3), 3), (
        "three are not"
    )
    for other in (1.0, None, (1.0,), [1.0], {"a": 1.0}):
        made = [CasePair(case, other, right(*case)) for case in CASES]
        assert part_by_part(made, NAMES, ARGUMENTS, TOLERANCE) is None, f"{other!r} has no such parts"
    assert told(lambda x, y: {"b": x}, lambda x, y: {"b": x, "a": y}, ()) is None, "nor has a dict without the key"


def test_a_part_is_wrong_where_one_case_is() -> None:
    found = pairs(right)
    found[2] = CasePair(found[2].arguments, (found[2].expected[0], 0 * found[2].expected[1]), found[2].expected)
    assert part_by_part(found, NAMES, ARGUMENTS, TOLERANCE) == parts(["a"], ["s"]), "the others are right on it"


def test_each_part_is_measured_against_its_own_scale() -> None:
    off = [CasePair(c, (c[0] + 1e-4, c[1] * 2), (c[0], c[1]), (np.full(len(c[0]), 1e6), c[1])) for c in CASES]
    found = part_by_part(off, NAMES, ARGUMENTS, Tolerance(1e-9, 0.0))
    assert found == parts(["a"], ["s"], hint("times", factor="2")), f"the first is right to its scale: {found}"
    entries = [
        CasePair(c, {"a": c[0] + 1e-4, "b": -c[1]}, {"a": c[0], "b": c[1]}, {"a": 1e6 * c[0], "b": c[1]}) for c in CASES
    ]
    found = part_by_part(entries, (), ARGUMENTS, Tolerance(1e-9, 0.0))
    assert found == parts(["a"], ["b"], hint("opposite_sign")), f"also by key: {found}"


@pytest.mark.parametrize(
    ("factor", "form", "argument"),
    [
        (lambda x, y: y, "{}", "y"),
        (lambda x, y: 2 * x, "2 {}", "x"),
        (lambda x, y: y**2, "{}²", "y"),
        (lambda x, y: 1 / x, "1 / {}", "x"),
        (lambda x, y: 1 / (2 * y), "1 / (2 {})", "y"),
        (lambda x, y: 1 / y**2, "1 / {}²", "y"),
    ],
)
def test_a_factor_of_one_argument_is_told(factor: Function, form: str, argument: str) -> None:
    made = pairs(lambda x, y: factor(x, y) * np.exp(x), lambda x, y: np.exp(x))
    assert by_argument(made, ARGUMENTS, TOLERANCE) == by(form, argument), f"{by_argument(made, ARGUMENTS, TOLERANCE)}"
    made[3] = CasePair(made[3].arguments, made[3].expected + 1.0, made[3].expected)
    assert by_argument(made, ARGUMENTS, TOLERANCE) is None, "on every case, or not at all"


def scalars(wrong: Function, function: Function = lambda x, y: y) -> list[CasePair]:
    cases = [(float(n), np.arange(1.0, n + 1)) for n in range(2, 7)]
    return [CasePair(case, wrong(*case), function(*case)) for case in cases]


def test_a_factor_may_be_one_number() -> None:
    assert by_argument(scalars(lambda x, y: x * y), ARGUMENTS, TOLERANCE) == by("{}", "x"), "for all of an array"
    rows = scalars(lambda x, y: float(np.sum(y)) * y, lambda x, y: float(np.sum(y)))
    assert by_argument(rows, ARGUMENTS, TOLERANCE) is None, "an array is no factor of one number"
    thrice = [CasePair((y,), 3.0 * n, 1.0 * n) for n, (_, y) in enumerate(CASES, start=1)]
    assert by_argument(thrice, ("y",), TOLERANCE) is None, "also where a number came back"
    unnamed = pairs(lambda x, y: y * np.exp(x), lambda x, y: np.exp(x))
    assert by_argument(unnamed, (), TOLERANCE) is None, "nor is an argument without a name"
    nothing = [CasePair((), 2.0, 1.0)] * 5
    assert by_argument(nothing, (), TOLERANCE) is None, "without arguments there is no factor"


def test_what_tells_nothing_is_no_factor() -> None:
    ones = [CasePair((np.ones(n),), np.arange(1.0, n + 1), np.arange(1.0, n + 1)) for n in range(2, 7)]
    assert by_argument(ones, ("x",), TOLERANCE) is None, "1 times the right one is the right one"
    two = [CasePair((x,), x * y, y) for x, y in CASES[:2]]
    assert by_argument([*two, *ones], ("x",), TOLERANCE) is None, "two cases are too few"
    three = [CasePair((x,), x * y, y) for x, y in CASES[:3]]
    assert by_argument([*three, *ones], ("x",), TOLERANCE) == by("{}", "x", 8), "three are enough"
    zero = [*three, CasePair((np.zeros(2),), np.zeros(2), np.ones(2))]
    assert by_argument(zero, ("x",), TOLERANCE) is None, "by 0 nothing is divided, and nothing told"


def test_what_is_no_number_is_no_factor() -> None:
    texts = [CasePair((*case, "text"), case[0] * case[1], case[1]) for case in CASES]
    assert by_argument(texts, ("x", "y", "name"), TOLERANCE) == by("{}", "x"), "other arguments are no hindrance"
    first = [CasePair(("text", *case), case[0] * case[1], case[1]) for case in CASES]
    assert by_argument(first, ("name", "x", "y"), TOLERANCE) == by("{}", "x"), "wherever they stand"
    assert by_argument(first, ("name",), TOLERANCE) is None, "an argument without a name is not told"
    shorter = [CasePair(case[: 2 - (n == 3)], case[1] * 9, case[1] ** 2) for n, case in enumerate(CASES)]
    assert by_argument(shorter, ARGUMENTS, TOLERANCE) is None, "nor one that not every case has"
    for got, expected in (("x", 1.0), (1.0, "x"), (np.ones(3), 1.0), (np.inf, np.inf)):
        odd = [*scalars(lambda x, y: x * y), CasePair((2.0, np.ones(1)), got, expected)]
        assert by_argument(odd, ARGUMENTS, TOLERANCE) is None, f"{got!r} is no multiple of {expected!r}"


def test_a_factor_holds_to_the_scale_of_the_check() -> None:
    def made(error: float, sign: float = 1.0) -> list[CasePair]:
        return [CasePair((sign * n,), sign * n * right + error, right, np.full(2, 1e6)) for n, right in numbers]

    numbers = [(float(n), np.array([n, 1.5])) for n in range(3, 8)]
    tolerance = Tolerance(1e-9, 0.0)
    assert by_argument(made(2.9e-3), ("n",), tolerance) == by("{}", "n"), "three times the scale at least"
    assert by_argument(made(3.1e-3), ("n",), tolerance) is None, "and no more"
    assert by_argument(made(2.9e-3, -1.0), ("n",), tolerance) == by("{}", "n"), "a scale has no sign"
    hidden = [CasePair((n,), n * right, right, np.full(2, 1e12)) for n, right in numbers]
    assert by_argument(hidden, ("n",), tolerance) is None, "where the scale hides it, it tells nothing"
