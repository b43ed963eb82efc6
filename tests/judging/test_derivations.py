"""A derivation is right when its ends, its links and its direction are; feedback names the first that is not."""

import numpy as np
import pytest

from autograder.authoring import Relation
from autograder.feedback.messages import detail
from autograder.judging.derivations import Broken, Line, judge_lines, read_lines
from autograder.judging.tolerance import Tolerance

TOLERANCE = Tolerance(relative=1e-8, absolute=1e-10)
ENDS = [(1.0, 2.0), (-1.0, 5.0)]


def lines(*given: tuple[str, float, float]) -> list[Line]:
    return [Line(relation, values, ("", "")) for relation, *values in given]  # type: ignore[arg-type]


def judged(*given: tuple[str, float, float], claim: Relation = "<=") -> str:
    broken = judge_lines([Line(r, (a, b), ("", "")) for r, a, b in given], ENDS, claim, TOLERANCE)
    return detail(broken.finding) if broken else "right"


START, END = ("start", 1.0, -1.0), ("=", 2.0, 5.0)


def test_a_right_chain_is_right() -> None:
    assert judged(START, ("=", 1.0, -1.0), ("<=", 2.0, 5.0), END) == "right", "the chain proves the bound"
    assert judged(START, ("<=", 1.0, 0.0), ("<=", 2.0, 4.0), ("<=", 2.0, 5.0)) == "right", "several bounds in a row"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([("start", 1.1, -1.0), START, ("<=", 2.0, 5.0), END], "left-hand side"),
        ([START, ("=", 1.0, -1.0), ("<=", 2.0, 5.0), ("=", 2.0, 6.0)], "right-hand side"),
        ([START, ("<=", 2.0, 5.0), END], "1 lines between"),
        ([START, ("<=", 2.0, 5.0)], "0 lines between"),
        ([START, ("=", 1.0, -0.9), ("<=", 2.0, 5.0), END], "line 1 to line 2"),
        ([START, ("<=", 3.0, 5.0), ("<=", 2.0, 5.0), END], "line 2 to line 3"),
        ([START, ("<=", 3.0, 6.0), (">=", 2.0, 5.0), END], "both"),
        ([("=", 1.0, -1.0), ("=", 1.0, -1.0), ("<=", 2.0, 5.0), END], '"start"'),
        ([START, ("<", 1.0, -1.0), ("<=", 2.0, 5.0), END], "line 2 is none of"),
    ],
)
def test_what_is_wrong_is_named(given: list[tuple[str, float, float]], told: str) -> None:
    detail = judged(*given)
    assert told in detail, f"{told!r} must be told: {detail}"


def test_the_wrong_direction_is_named() -> None:
    upper = [START, ("=", 1.0, -1.0), ("<=", 2.0, 5.0), END]
    assert "upper bound; a lower bound is asked" in judged(*upper, claim=">="), "the direction must be told"
    assert "upper bound; an equality is asked" in judged(*upper, claim="="), "an equality is more than a bound"


def test_the_smallest_case_and_both_sides_are_kept() -> None:
    given = lines(START, ("=", 1.0, -0.5), ("<=", 2.0, 5.0), END)
    broken = judge_lines(given, ENDS, "<=", TOLERANCE)
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
        (["ok", [1.0, 2.0]], "does not give one number"),
        (["ok", float("nan")], "gives nan"),
    ],
)
def test_a_line_without_a_number_is_named(entry: list[object], told: str) -> None:
    good = [["ok", 1.0], ["ok", -1.0]]
    found = read_lines([["start", good], ["=", [["ok", 1.0], entry]], ["=", good], ["=", good]], 2)
    assert not isinstance(found, Broken), f"the lines are well formed: {found}"
    broken = judge_lines(found, [(1.0, 1.0), (-1.0, -1.0)], "=", TOLERANCE)
    assert broken is not None, "a line has no number"
    assert f"Line 2 {told}" in detail(broken.finding), f"{told!r} must be told: {detail(broken.finding)}"
