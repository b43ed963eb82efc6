"""Relations between what came back and what is right: each is claimed where it holds on every case, nowhere else."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from autograder.judging import relations
from autograder.judging.finding import Finding
from autograder.judging.relations import FEWEST_CASES, CasePair, digits, examples, flattened, relation
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict
from tests.values import changeable

TOLERANCE = Tolerance(relative=1e-9, absolute=1e-12)
RNG = np.random.default_rng(0)
# Arguments of different lengths, and a right value for each.
ARGUMENTS = [(RNG.uniform(1.0, 2.0, n),) for n in range(2, 7)]
RIGHTS = [float(x.sum()) for (x,) in ARGUMENTS]


def pairs(wrong: Callable[[Any, float], Any], count: int = 5, **given: Any) -> list[CasePair]:
    every = zip(ARGUMENTS[:count], RIGHTS[:count], strict=True)
    return [CasePair(arguments, wrong(arguments[0], right), right, **given) for arguments, right in every]


def tables(wrong: Callable[[Any], Any], *shapes: tuple[int, ...]) -> list[CasePair]:
    made = [np.random.default_rng(1).uniform(1.0, 2.0, shape) for shape in shapes]
    return [CasePair((right,), wrong(right), right) for right in made]


def hint(code: str, cases: int = 5, **about: Any) -> Finding:
    return Finding(Verdict.FAILED, code, {"cases": cases, **about})


def test_a_number_more_is_told_of_every_number_and_only_where_what_is_right_differs() -> None:
    more = relation(tables(lambda right: right + 0.5, (2, 3), (2, 2), (4,), (1,)), TOLERANCE)
    assert more == hint("more_than", 4, by="0.5"), f"each number is half too large: {more}"
    one = relation(tables(lambda right: right + np.eye(*right.shape), (2, 3), (2, 2), (4, 4), (1, 2)), TOLERANCE)
    assert one is None, f"only some are: {one}"
    alike = [CasePair((np.zeros(n),), 1.5, 1.0) for n in range(1, 6)]
    assert relation(alike, TOLERANCE) is None, "of one number on all cases nobody can say so"


@pytest.mark.parametrize(
    ("wrong", "wanted"),
    [
        (lambda x, right: -right, hint("opposite_sign")),
        (lambda x, right: 2 * right, hint("times", factor="2")),
        (lambda x, right: right / 2, hint("times", factor="1/2")),
        (lambda x, right: -2 * right, hint("times", factor="-2")),
        (lambda x, right: -right / 2, hint("times", factor="-1/2")),
        (lambda x, right: right / np.log(2), hint("log_base", base="2")),
        (lambda x, right: right / np.log(10), hint("log_base", base="10")),
        (lambda x, right: right / len(x), hint("divided_by_examples")),
        (lambda x, right: right * len(x), hint("times_examples")),
        (lambda x, right: 7.25, hint("constant")),
        (lambda x, right: right * (1 + 1e-6), hint("few_digits", digits=6)),
        (lambda x, right: np.float32(right), hint("single_precision", digits=7)),
        (lambda x, right: 3 * right, None),
        (lambda x, right: right * np.log(2), None),
        (lambda x, right: right / len(x) ** 2, None),
        (lambda x, right: right + 1.0, hint("more_than", by="1")),
        (lambda x, right: right - 0.25, hint("less_than", by="0.25")),
        (lambda x, right: right + 1e-3 * len(x), None),
        (lambda x, right: right + np.inf, hint("constant")),
        (lambda x, right: "text", None),
        (lambda x, right: np.full(2, 2 * right), None),
        (lambda x, right: right, None),
    ],
)
def test_the_relation_that_holds_on_every_case_is_told(
    wrong: Callable[[Any, float], Any], wanted: Finding | None
) -> None:
    found = relation(pairs(wrong), TOLERANCE)
    if wanted is not None and wanted.code == "single_precision":
        assert found is not None and found.code == wanted.code, f"{found}"
        return
    assert found == wanted, f"{found}"


def test_one_case_that_does_not_fit_refutes_it() -> None:
    for wrong in (lambda x, right: 2 * right, lambda x, right: right / len(x), lambda x, right: 7.25):
        for at in range(5):
            found = pairs(wrong)
            found[at] = CasePair(found[at].arguments, 5.5, found[at].expected)
            assert relation(found, TOLERANCE) is None, f"it does not hold on case {at}"


@pytest.mark.parametrize(
    "wrong", [lambda x, right: 2 * right, lambda x, right: right / len(x), lambda x, right: right * (1 + 1e-6)]
)
def test_fewer_than_three_cases_claim_nothing(wrong: Callable[[Any, float], Any]) -> None:
    assert FEWEST_CASES == 3, "from one case, or two, no relation is claimed"
    for count in (1, 2):
        assert relation(pairs(wrong, count), TOLERANCE) is None, f"{count} cases could agree by chance"
    found = relation(pairs(wrong, 3), TOLERANCE)
    assert found is not None and found.about["cases"] == 3, f"three are enough: {found}"


def test_a_case_that_tells_nothing_does_not_count() -> None:
    telling, zero = pairs(lambda x, right: 2 * right, 3), CasePair((np.ones(9),), 0.0, 0.0)
    assert relation([*telling, zero, zero], TOLERANCE) == hint("times", factor="2"), "0 is twice 0, and no hindrance"
    assert relation([*telling[:2], zero, zero, zero], TOLERANCE) is None, "and no help: two cases are left"


def test_numbers_that_are_not_finite_refute_it() -> None:
    odd = CasePair((np.ones(9),), np.inf, np.inf)
    assert relation([*pairs(lambda x, right: 2 * right), odd], TOLERANCE) is None, (
        "inf is twice inf, which tells nothing"
    )


def test_sums_and_means_need_examples_of_different_number() -> None:
    same = [CasePair((np.ones(4), 1.0), right / 4, right) for right in RIGHTS]
    assert relation(same, TOLERANCE) is None, "a quarter may be anything"
    half = [CasePair((np.ones(2), 1.0), right / 2, right) for right in RIGHTS]
    assert relation(half, TOLERANCE) == hint("times", factor="1/2"), "a half is told as a half"
    two = [CasePair((np.ones(n),), right / n, right) for n, right in zip((2, 2, 3, 3), RIGHTS[:4], strict=True)]
    assert relation(two, TOLERANCE) == hint("divided_by_examples", 4), "two different numbers are enough"
    none = [CasePair((right,), right / 2, right) for right in RIGHTS]
    assert relation(none, TOLERANCE) == hint("times", factor="1/2"), "without an array there are no examples"
    mixed = [CasePair((np.ones(n),) if n else (1.0,), right / max(n, 1), right) for n, right in enumerate(RIGHTS)]
    assert relation(mixed, TOLERANCE) is None, "on every case there must be some"
    empty = [CasePair((np.ones(n),), right / max(n, 1), right) for n, right in enumerate(RIGHTS)]
    assert relation(empty, TOLERANCE) is None, "no examples are no number to divide by"


def test_examples_are_counted_in_the_first_array() -> None:
    assert examples((1.0, np.zeros((3, 2)), np.zeros(5))) == 3, "its first axis"
    assert examples((1.0, np.array(2.0), [1, 2])) is None, "a number in an array is no array"
    assert examples(()) is None, "nor is nothing"


def test_all_numbers_of_a_result_count() -> None:
    assert flattened({"b": 1.0, "a": [2.0, 3.0]}).tolist() == [2.0, 3.0, 1.0], "entries in order of keys"  # type: ignore[union-attr]
    assert flattened((1.0, np.zeros((2, 1)))).tolist() == [1.0, 0.0, 0.0], "parts in order"  # type: ignore[union-attr]
    assert flattened(()).tolist() == [] and flattened({}).tolist() == [], "none of nothing"  # type: ignore[union-attr]
    assert flattened((1.0, "x")) is None and flattened({"a": None}) is None and flattened("x") is None, "or none"
    whole = [CasePair((x,), {"a": 2 * x, "b": 2.0}, {"a": x, "b": 1.0}) for (x,) in ARGUMENTS]
    assert relation(whole, TOLERANCE) is not None, "a relation of a whole result"
    part = [CasePair((x,), {"a": 2 * x, "b": 1.0}, {"a": x, "b": 1.0}) for (x,) in ARGUMENTS]
    assert relation(part, TOLERANCE) is None, "and not of a part of it"


def test_a_relation_holds_to_the_scale_of_the_check() -> None:
    near = pairs(lambda x, right: 2 * right + 1e-4, scale=1e12)
    assert relation(near, TOLERANCE) is None, "against such a scale everything is right, and nothing tells"
    some = [CasePair((x,), 2 * x + 1e-4, x, np.full(len(x), 1e6)) for (x,) in ARGUMENTS]
    assert relation(some, Tolerance(1e-9, 0.0)) == hint("times", factor="2"), "the error is measured against the scale"
    assert relation(some, Tolerance(1e-11, 0.0)) is None, "and may not be larger"
    halved = [CasePair((x,), x / 2 + 4e-4, x, np.full(len(x), 1e6)) for (x,) in ARGUMENTS]
    assert relation(halved, Tolerance(1e-9, 0.0)) == hint("times", factor="1/2"), "half the scale of half the number"
    halved = [CasePair((x,), x / 2 + 6e-4, x, np.full(len(x), 1e6)) for (x,) in ARGUMENTS]
    assert relation(halved, Tolerance(1e-9, 0.0)) is None, "and no more"
    turned = [CasePair((x,), -x + 9e-4, x, np.full(len(x), 1e6)) for (x,) in ARGUMENTS]
    assert relation(turned, Tolerance(1e-9, 0.0)) == hint("opposite_sign"), "a scale has no sign"


SQUARES = ((2, 2), (3, 3), (4, 4))
BOXES = ((2, 3, 4), (3, 4, 2), (4, 2, 3))


@pytest.mark.parametrize(
    ("move", "shapes", "wanted"),
    [
        (np.transpose, SQUARES, hint("transposed", 3)),
        (np.transpose, ((2, 3), (3, 2), (4, 2)), hint("transposed", 3)),
        (np.transpose, BOXES, hint("axes_reversed", 3)),
        (lambda a: np.swapaxes(a, 0, 1), BOXES, hint("first_axes_swapped", 3)),
        (np.ravel, BOXES, hint("flattened", 3)),
        (np.transpose, (*SQUARES, (2, 3, 4)), hint("axes_reversed", 4)),
        (lambda a: np.swapaxes(a, 0, 1) if a.ndim > 1 else a, (*BOXES, (5,)), hint("first_axes_swapped", 4)),
        (lambda a: np.swapaxes(a, 0, 1), (*BOXES, (2, 3)), hint("first_axes_swapped", 4)),
        (lambda a: np.swapaxes(a, 0, 1) if np.ndim(a) else a, (*BOXES, ()), hint("first_axes_swapped", 4)),
        (lambda a: "text", BOXES, None),
        (lambda a: np.swapaxes(a, 1, 2), BOXES, None),
        (lambda a: a[::-1], SQUARES, None),
        (np.ravel, SQUARES, None),
        (lambda a: a.T, ((2, 2), (3, 3)), None),
        (lambda a: 1.5, BOXES, None),
    ],
)
def test_right_numbers_at_other_places(
    move: Callable[[Any], Any], shapes: Sequence[tuple[int, ...]], wanted: Finding | None
) -> None:
    assert relation(tables(move, *shapes), TOLERANCE) == wanted, f"{relation(tables(move, *shapes), TOLERANCE)}"


def test_places_are_told_of_arrays_only() -> None:
    rows = [CasePair((x,), x[::-1].copy(), x) for (x,) in ARGUMENTS]
    assert relation(rows, TOLERANCE) is None, "a row has one axis"
    texts = [CasePair((x,), x, "text") for (x,) in ARGUMENTS]
    assert relation(texts, TOLERANCE) is None, "what is no number has none"
    mixed = [*tables(np.transpose, *SQUARES), CasePair((), 1.0, (1.0, 2.0, None))]
    assert relation(mixed, TOLERANCE) is None, "nor has a result of several parts"


def test_places_are_not_told_where_they_tell_nothing() -> None:
    symmetric = [CasePair((), np.ones((n, n)), np.ones((n, n))) for n in (2, 3, 4)]
    assert relation(symmetric, TOLERANCE) is None, "of equal numbers no place is another"
    two = tables(np.transpose, (2, 2), (3, 3))
    assert relation([*two, *symmetric], TOLERANCE) is None, "and two cases are too few"
    three = tables(np.transpose, *SQUARES)
    assert relation([*three, *symmetric], TOLERANCE) == hint("transposed", 6), "three are enough"


def test_the_same_answer_to_different_cases_is_told() -> None:
    row = [CasePair((x,), np.full(2, 3.0), np.array([x.sum(), 1.0])) for (x,) in ARGUMENTS]
    assert relation(row, TOLERANCE) == hint("constant"), "also of several numbers"
    apart = [CasePair((x,), np.array([3.0, 4.0]), np.array([x.sum(), 1.0])) for (x,) in ARGUMENTS]
    assert relation(apart, TOLERANCE) is None, "where these are the same"
    empty = [CasePair((x,), np.zeros(0), x) for (x,) in ARGUMENTS]
    assert relation(empty, TOLERANCE) is None, "no number is none"
    alike = [CasePair((x,), 3.0, 4.0) for (x,) in ARGUMENTS]
    assert relation(alike, TOLERANCE) is None, "where the right answer is the same each time it tells nothing"
    few = [CasePair((x,), 3.0, right) for (x,), right in zip(ARGUMENTS[:4], (4.0, 4.0, 5.0, 6.0), strict=True)]
    assert relation(few, TOLERANCE) is None, "two that differ from the first are too few"
    enough = [CasePair((x,), 3.0, right) for (x,), right in zip(ARGUMENTS[:4], (4.0, 7.0, 5.0, 6.0), strict=True)]
    assert relation(enough, TOLERANCE) == hint("constant", 4), "three are enough"
    for at in (0, 1, 5):
        last = pairs(lambda x, right: 7.25)
        last.insert(at, CasePair((), np.zeros(0), np.zeros(0)))
        assert relation(last, TOLERANCE) is None, f"case {at} has no number"
    some = [*pairs(lambda x, right: 7.25), CasePair((), "text", 1.0)]
    assert relation(some, TOLERANCE) is None, "on every case a number must have come back"


@pytest.mark.parametrize(
    ("error", "count"),
    [(0.5e-3, None), (0.5e-4, 4), (0.5e-7, 7), (0.5e-10, 10), (0.9e-11, None), (0.0, None)],
)
def test_right_digits_are_counted(error: float, count: int | None) -> None:
    assert digits([CasePair((), 1.0 + error, 1.0)]) == count, (
        f"an error of {error}: {digits([CasePair((), 1.0 + error, 1.0)])}"
    )


def test_the_fewest_and_the_most_digits() -> None:
    assert digits([CasePair((), 10001.0, 1e4)]) == 4, "four are enough"
    assert digits([CasePair((), 1e11 + 1.0, 1e11)]) is None, "eleven are too many"
    assert digits([CasePair((), np.ones(2) * (1 + 1e-6), 1.0)]) is None, "of another shape there are none"


def test_the_worst_case_says_how_many_digits_are_right() -> None:
    cases = [CasePair((), 1.0 + error, 1.0) for error in (1e-9, 2e-5, 1e-7, 0.0)]
    assert digits(cases) == 4, "the least"
    large = CasePair((), np.array([1e6 + 0.1, 1e-3]), np.array([1e6, 0.0]))
    assert digits([large]) == 7, "against the largest number of a case"
    assert digits([CasePair((), 1e-9, 0.0)]) is None, "against 0 no digit is right"
    for got, expected in ((1.0, np.ones(2)), ("x", 1.0), (1.0, "x"), (np.inf, 1.0), (1.0, np.inf), (np.nan, 1.0)):
        assert digits([*cases, CasePair((), got, expected)]) is None, f"{got} for {expected} has no digits"
    assert digits([CasePair((), np.zeros(0), np.zeros(0)), *cases]) == 4, "no number is no error"


def test_single_precision_is_told_as_such() -> None:
    def of(got: Callable[[Any], Any], right: Callable[[Any], Any] = float) -> str:
        made = [CasePair((x,), got(x.sum()), right(x.sum())) for (x,) in ARGUMENTS]
        found = relation(made, TOLERANCE)
        return "" if found is None else found.code

    off = 1 + 1e-6
    assert of(lambda s: np.float32(s * off)) == "single_precision", "a number"
    assert of(lambda s: np.float16(s) * np.float32(1), lambda s: float(np.float16(s)) * off) == "single_precision"
    row, pair, entries = (lambda s: np.array([s])), (lambda s: (s, 1.0)), (lambda s: {"a": s})
    assert of(lambda s: np.array([s * off], np.float32), row) == "single_precision", "an array"
    assert of(lambda s: (np.float32(s * off), 1.0), pair) == "single_precision", "a part"
    assert of(lambda s: {"a": np.float32(s * off)}, entries) == "single_precision", "an entry"
    assert of(lambda s: [np.float32(s * off)], row) == "single_precision", "an item"
    assert of(lambda s: (s * off, 1.0), pair) == "few_digits", "in double precision it is not"
    half = [
        CasePair((x,), np.array([0.5, s], np.float16), np.array([0.5, float(np.float16(s)) * off]))
        for x, s in zip(ARGUMENTS, RIGHTS, strict=True)
    ]
    found = relation(half, TOLERANCE)
    assert found is not None and found.code == "single_precision", f"half precision is as little: {found}"


def test_values_do_not_change() -> None:
    assert changeable(relations) == [], "a value that can change is no fact"
