"""A value that is nested deeper than any answer is no value: nothing after this may run out of stack for it."""

import pytest

from autograder.sandbox.answers import DEEPEST, Returned, Unreadable, read_answer
from autograder.sandbox.inside.wire import pack


def nested(depth: int, within: str = "list") -> bytes:
    head = {"list": b"\x91", "dict": b"\x81\xa1a"}[within]
    return head * depth + b"\x90"


@pytest.mark.parametrize("within", ["list", "dict"])
def test_what_is_nested_too_deep_is_told(within: str) -> None:
    answer = read_answer("ok", nested(500, within), 0.0, None, {})
    assert isinstance(answer, Unreadable) and str(DEEPEST) in answer.detail, f"500 {within}s deep: {answer}"


def test_what_answers_are_made_of_is_read() -> None:
    value = [["start", [["ok", [1.0, [2.0]]]]], {"a": [[1], [2]]}]
    answer = read_answer("ok", pack(value), 0.0, None, {})
    assert isinstance(answer, Returned) and answer.value == value, f"a derivation's lines are lists in lists: {answer}"
