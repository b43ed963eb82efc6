"""On which part of the cases a function is wrong: told where all that fail are in a situation, and no other is."""

from typing import Any

import numpy as np
import pytest

from autograder.judging.finding import Finding
from autograder.judging.situations import situation
from autograder.judging.verdicts import Verdict

Arguments = tuple[Any, ...]
PLAIN: list[Arguments] = [(np.arange(1.0, n),) for n in range(4, 9)]
IN: dict[str, list[Arguments]] = {
    "empty": [(np.zeros(0),), (np.zeros((0, 3)), np.arange(3.0)), ([np.arange(2.0), np.zeros(0)],)],
    "one_element": [(np.array([2.0]),), ({"a": np.array([[3.0]])},), (np.arange(1.0, 4.0), np.array([9.0]))],
    "large": [(np.array([1.0, 701.0]),), (np.array([-800.0, 3.0]),), ((np.array([2.0, 1e5]), 3.0),)],
    "ties": [(np.array([1.0, 2.0, 1.0]),), (np.array([3.0, 4.0]), np.array([4.0, 5.0])), (np.array([[7, 7]]),)],
    "zeros": [(np.array([0.0, 1.0]),), (np.arange(3.0),), (np.array([5, 0, 3]),)],
}


def found(failing: list[Arguments], right: list[Arguments]) -> Finding | None:
    mixed = [(arguments, False) for arguments in failing] + [(arguments, True) for arguments in right]
    return situation(mixed)


def where(name: str, failing: int = 3, right: int = 5) -> Finding:
    return Finding(Verdict.FAILED, "only_where", {"where": name, "cases": failing, "right": right})


@pytest.mark.parametrize("name", IN)
def test_a_situation_is_told_where_it_tells(name: str) -> None:
    assert found(IN[name], PLAIN) == where(name), f"{found(IN[name], PLAIN)}"
    assert found([*IN[name][:2], PLAIN[0]], PLAIN) is None, "all that fail must be in it"
    assert found(IN[name], [*PLAIN, IN[name][0]]) is None, "and none that is right"


def test_enough_cases_must_tell() -> None:
    zeros = IN["zeros"]
    assert found(zeros[:2], PLAIN) is None, "two failures are too few"
    assert found(zeros, PLAIN[:4]) is None, "so are four that are right"
    assert found([*zeros, zeros[0]], [*PLAIN, PLAIN[0]]) == where("zeros", 4, 6), "more are counted"
    one = IN["one_element"]
    assert found([one[0], one[1], (np.zeros(0),)], PLAIN) is None, "none is not one"
    assert found([], PLAIN) is None and found(zeros, []) is None, "none tell nothing"


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((np.array([700.0, 1.0]),), ""),
        ((np.array([700.5, 1.0]),), "large"),
        ((np.array([-700.5, 1.0]),), "large"),
        ((700.5,), ""),
        ((0.0,), ""),
        ((2.0, 2.0), ""),
        ((np.array(0.0),), ""),
        (("text", None), ""),
        ((np.array([np.inf, 1.0]),), "large"),
        ((np.array([-1.0, 2.0]),), ""),
        (({"a": [np.array([1.0, 1.0])]},), "ties"),
        ((np.array([1e-300, 1.0]),), ""),
    ],
)
def test_what_is_in_a_situation(arguments: Arguments, name: str) -> None:
    assert found([arguments] * 3, PLAIN) == (where(name) if name else None), (
        f"{arguments}: {found([arguments] * 3, PLAIN)}"
    )


def test_of_two_situations_the_more_special_is_told() -> None:
    one = [(np.zeros(1),)] * 3
    assert found(one, PLAIN) == where("one_element"), "an array of one element that is 0"
    empty = [(np.zeros(0), np.array([0.0, 0.0]))] * 3
    assert found(empty, PLAIN) == where("empty"), "an empty one beside ties and zeros"
    tied = [(np.array([0.0, 0.0]),)] * 3
    assert found(tied, PLAIN) == where("ties"), "zeros that are equal"
    assert found(tied, [*PLAIN, (np.array([2.0, 2.0]),)]) == where("zeros", 3, 6), "unless ties alone are right"
    large = [(np.array([800.0, 800.0]),)] * 3
    assert found(large, PLAIN) == where("large"), "large ones that are equal"
