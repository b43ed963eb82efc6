"""A derivation is right when its ends, its links and its direction are; feedback names the first that is not."""

import numpy as np
import pytest

from autograder.authoring import Relation
from autograder.feedback.messages import detail
from autograder.judging.derivations import Broken, Claim, Line, judge_lines, led, read_lines
from autograder.judging.tolerance import Tolerance

TOLERANCE = Tolerance(relative=1e-8, absolute=1e-10)
SIDES = ((np.float64(1.0), np.float64(2.0)), (np.float64(-1.0), np.float64(5.0)))


def claim(relation: Relation = "<=") -> Claim:
    return Claim(relation, tuple((np.asarray(a), np.asarray(b)) for a, b in SIDES), (None, None))


def lines(*given: tuple[str, float, float]) -> list[Line]:
    return [Line(relation, (np.asarray(a), np.asarray(b)), ("", "")) for relation, a, b in given]


def judged(*given: tuple[str, float, float], relation: Relation = "<=") -> str:
    made = lines(*given)
    broken = judge_lines(made, led(made, claim(relation), TOLERANCE), TOLERANCE)
    return detail(broken.finding) if broken else "right"


START, END = ("start", 1.0, -1.0), ("=", 2.0, 5.0)


def test_a_right_chain_is_right() -> None:
    assert judged(START, ("=", 1.0, -1.0), ("<=", 2.0, 5.0), END) == "right", "the chain proves the bound"
    assert judged(START, ("<=", 1.0, 0.0), ("<=", 2.0, 4.0), ("<=", 2.0, 5.0)) == "right", "several bounds in a row"
    assert judged(("start", 2.0, 5.0), (">=", 1.5, 0.0), (">=", 1.0, -1.0)) == "right", "from the other side"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([("start", 1.1, -1.0), START, ("<=", 2.0, 5.0), END], "The first line is not the left-hand side"),
        ([START, ("=", 1.0, -1.0), ("<=", 2.0, 5.0), ("=", 2.0, 6.0)], "The last line is not the right-hand side"),
        ([("start", 2.0, 5.0), (">=", 1.0, -1.5)], "The last line is not the left-hand side"),
        ([("start", 2.0, 5.5), (">=", 1.0, -1.0)], "The first line is not the right-hand side"),
        ([START, ("=", 1.0, -0.9), ("<=", 2.0, 5.0), END], "line 1 to line 2"),
        ([START, ("<=", 3.0, 5.0), ("<=", 2.0, 5.0), END], "line 2 to line 3"),
        ([START, ("<=", 3.0, 6.0), (">=", 2.0, 5.0), END], "both"),
        ([("=", 1.0, -1.0), ("=", 1.0, -1.0), ("<=", 2.0, 5.0), END], '"start"'),
        ([START, ("<", 1.0, -1.0), ("<=", 2.0, 5.0), END], "line 2 is none of"),
        ([START, (">=", 2.0, 5.0)], "lower bound; an upper bound is asked"),
    ],
)
def test_what_is_wrong_is_named(given: list[tuple[str, float, float]], told: str) -> None:
    found = judged(*given)
    assert told in found, f"{told!r} must be told: {found}"


def test_the_wrong_direction_is_named() -> None:
    upper = [START, ("=", 1.0, -1.0), ("<=", 2.0, 5.0), END]
    assert "upper bound; a lower bound is asked" in judged(*upper, relation=">="), "the direction must be told"
    assert "upper bound; an equality is asked" in judged(*upper, relation="="), "an equality is more than a bound"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([("start", 1.0 + 2e-6, -1.0), ("<=", 2.0, 5.0)], "Line 1 is the side of the claim but for 2e-06 of its size"),
        ([START, ("=", 1.0, -1.0 + 3e-5), ("<=", 2.0, 5.0)], "from line 1 to line 2 is off by 3e-05 of its size"),
        ([START, ("<=", 2.0, 5.0 + 4e-7), ("<=", 2.0, 5.0)], "from line 2 to line 3 is off by 8e-08 of its size"),
    ],
)
def test_precision_is_told_apart_from_falsehood(given: list[tuple[str, float, float]], told: str) -> None:
    found = judged(*given)
    assert told in found and "more finely" in found, f"{told!r} must be told: {found}"
    assert "more finely" not in judged(START, ("=", 1.0, -1.001), ("<=", 2.0, 5.0)), "a thousandth is no rounding"


def test_the_smallest_case_and_both_sides_are_kept() -> None:
    given = lines(START, ("=", 1.0, -0.5), ("<=", 2.0, 5.0), END)
    broken = judge_lines(given, claim(), TOLERANCE)
    assert broken is not None, "the first link breaks on the second case"
    assert (broken.case, broken.left, broken.right) == (1, -1.0, -0.5), f"case and sides must be kept: {broken}"


AN_ARRAY = np.arange(2.0)


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        [],
        [[1, 2]],
        [["=", [["ok", 1.0]]]],
        [["=", "ab"]],
        [[["="], []]],
        [["=", [[AN_ARRAY, 1.0]] * 2]],
        AN_ARRAY,
    ],
)
def test_what_is_no_list_of_lines_is_said_to_be_none(value: object) -> None:
    assert isinstance(read_lines(value, 2), Broken), f"{value!r} is not a derivation of two cases"


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (["raised", {"types": ["ZeroDivisionError", "Exception"]}], "raises ZeroDivisionError"),
        (["raised", None], "raises an error"),
        (["ok", "four"], "does not give one number"),
        (["ok", [1.0, 2.0]], "does not give one number"),
        (["ok", float("nan")], "gives nan"),
    ],
)
def test_a_line_without_a_number_is_named(entry: list[object], told: str) -> None:
    good = [["ok", 1.0], ["ok", -1.0]]
    found = read_lines([["start", good], ["=", [["ok", 1.0], entry]], ["=", good], ["=", good]], 2)
    assert not isinstance(found, Broken), f"the lines are well formed: {found}"
    same = Claim("=", tuple((np.asarray(v), np.asarray(v)) for v in (1.0, -1.0)), (None, None))
    broken = judge_lines(found, same, TOLERANCE)
    assert broken is not None, "a line has no number"
    assert f"Line 2 {told}" in detail(broken.finding), f"{told!r} must be told: {detail(broken.finding)}"


def test_a_table_of_another_shape_is_told() -> None:
    table = np.zeros((2, 3))
    tables = Claim("=", ((table, table),), (None,))
    of_another = [Line("start", (table,), ("",)), Line("=", (np.asarray(0.0),), ("",))]
    broken = judge_lines(of_another, tables, TOLERANCE)
    assert broken is not None, "one number is no table"
    assert "Line 2 does not have the shape" in detail(broken.finding), f"{detail(broken.finding)}"
    first = [Line("start", (table,), ("",)), Line("=", (table + np.eye(2, 3),), ("",)), Line("=", (table,), ("",))]
    broken = judge_lines(first, tables, TOLERANCE)
    assert broken is not None and broken.index == (0, 0), f"with the place where it breaks: {broken}"
