"""Values as NumPy code: each reads back as itself, and what is left out of a long one is counted."""

from typing import Any

import numpy as np
import pytest

from autograder.judging.literals import show, show_arguments, show_code, show_number
from autograder.sandbox.inside.wire import Opaque

NUMBERS = np.arange(100.0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "True"),
        (np.False_, "False"),
        (3, "3"),
        (np.int64(-4), "-4"),
        (np.uint8(200), "200"),
        (0.1, "0.1"),
        (np.float32(0.5), "0.5"),
        (1e300, "1e+300"),
        (-0.0, "-0.0"),
        (float("nan"), "np.nan"),
        (np.inf, "np.inf"),
        (-np.inf, "-np.inf"),
        (1 + 2j, "(1+2j)"),
        (np.complex128(2j), "2j"),
    ],
)
def test_a_number_reads_back_as_itself(value: Any, text: str) -> None:
    assert show_number(value) == text, f"{value!r}: {show_number(value)}"
    assert show(value) == text, f"also as a value: {show(value)}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array(2.0), "np.array(2.0)"),
        (np.array([1, 2]), "np.array([1, 2])"),
        (np.array([1.0, 2.5]), "np.array([1.0, 2.5])"),
        (np.array([[1.0], [2.0]]), "np.array([[1.0], [2.0]])"),
        (np.zeros(0), "np.array([])"),
        (np.zeros((0, 3)), "np.empty((0, 3))"),
        (np.array([True]), "np.array([True])"),
        ([], "[]"),
        ((), "()"),
        ((1,), "(1,)"),
        ((1, 2.0), "(1, 2.0)"),
        ([1, [2]], "[1, [2]]"),
        ([1], "[1]"),
        ({"a": 1, "b": np.zeros(1)}, "{'a': 1, 'b': np.array([0.0])}"),
        ({}, "{}"),
        (None, "None"),
        ("text", "'text'"),
        (b"x", "b'x'"),
        (np.str_("s"), repr(np.str_("s"))),
        (np.bytes_(b"s"), repr(np.bytes_(b"s"))),
        (Opaque("Fraction: 1/2"), "'Fraction: 1/2'"),
    ],
)
def test_a_short_value_is_shown_whole(value: Any, text: str) -> None:
    assert show(value) == text, f"{value!r}: {show(value)}"


@pytest.mark.parametrize("seed", range(10))
def test_what_is_shown_whole_reads_back(seed: int) -> None:
    rng = np.random.default_rng(seed)
    value = (rng.normal(size=int(rng.integers(0, 9))), int(rng.integers(9)), [rng.normal(size=(2, 3))], {"k": 0.1})
    again = eval(show(value), {"np": np})
    assert repr(again) == repr(value), f"{show(value)} must read back as the same"


def items(text: str) -> list[str]:
    return text.strip("[](),{}").split(", ")


def test_a_long_row_shows_both_ends_and_counts_the_rest() -> None:
    assert "more" not in show(NUMBERS[:24]), f"24 are shown: {show(NUMBERS[:24])}"
    shown = show(NUMBERS[:25])
    wanted = "np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, ... 13 more numbers ..., 19.0, 20.0, 21.0, 22.0, 23.0, 24.0])"
    assert shown == f"{wanted} of shape (25,)", f"of 25, six at each end: {shown}"
    many = show(np.zeros(5000))
    assert "... 4,988 more numbers ..." in many and many.endswith(" of shape (5000,)"), f"counted: {many}"


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ((1, 25), "[[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, ... 13 more numbers ..., 19.0, 20.0, 21.0, 22.0, 23.0, 24.0]]"),
        ((6, 5), "[[0.0, 1.0, ... 1 more numbers ..., 3.0, 4.0], [5.0, 6.0,"),
        ((6, 5), " [25.0, 26.0, ... 1 more numbers ..., 28.0, 29.0]]) of shape (6, 5)"),
        ((7, 4), "[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], ... 3 more rows ..., [20.0, 21.0, 22.0, 23.0], [24.0,"),
        ((2, 13), "[[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, ... 1 more numbers ..., 7.0, 8.0, 9.0, 10.0, 11.0, 12.0], [13.0,"),
        ((3, 10), "[[0.0, 1.0, 2.0, 3.0, ... 2 more numbers ..., 6.0, 7.0, 8.0, 9.0], [10.0,"),
        ((4, 7), "[[0.0, 1.0, 2.0, ... 1 more numbers ..., 4.0, 5.0, 6.0], [7.0,"),
        ((5, 5), "[[0.0, 1.0, ... 1 more numbers ..., 3.0, 4.0], [5.0,"),
        ((1, 7, 4), "[[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], ... 3 more rows ..., [20.0, 21.0, 22.0, 23.0], [2"),
        ((2, 2, 7), "[[[0.0, 1.0, 2.0, ... 1 more numbers ..., 4.0, 5.0, 6.0], [7.0,"),
    ],
)
def test_a_table_shows_its_ends(shape: tuple[int, ...], text: str) -> None:
    found = show(np.arange(np.prod(shape), dtype=float).reshape(shape))
    assert text in found, f"{text!r} must be in {found}"
    assert found.endswith(f" of shape {shape}"), f"a shape is told where numbers are left out: {found}"


def test_a_table_that_fits_is_whole() -> None:
    assert show(np.zeros((6, 4))) == f"np.array({np.zeros((6, 4)).tolist()})", "six rows of four"
    assert show(np.zeros((1, 20))) == f"np.array({np.zeros((1, 20)).tolist()})", "one row of twenty"
    deep = show(np.zeros((6, 2, 4)))
    assert deep == f"np.array({np.zeros((6, 2, 4)).tolist()}) of shape (6, 2, 4)", f"rows of four, however deep: {deep}"


@pytest.mark.parametrize(("opening", "closing", "kind"), [("[", "]", list), ("(", ")", tuple)])
def test_a_long_list_shows_both_ends(opening: str, closing: str, kind: type) -> None:
    assert "more" not in show(kind(range(24))), "24 are shown"
    wanted = f"{opening}0, 1, 2, 3, 4, 5, ... 13 more items ..., 19, 20, 21, 22, 23, 24{closing}"
    assert show(kind(range(25))) == wanted, f"of 25, six at each end: {show(kind(range(25)))}"


def test_a_long_dict_shows_both_ends() -> None:
    assert "more" not in show(dict.fromkeys(range(24))), "24 are shown"
    found = show(dict.fromkeys(range(25)))
    assert "5: None, ... 13 more entries ..., 19: None" in found, f"nothing is left out silently: {found}"
    assert found.startswith("{0: None, 1: None") and found.endswith("24: None}"), f"both ends: {found}"


def test_a_long_text_is_cut_and_counted() -> None:
    assert show("x" * 298) == repr("x" * 298), "300 characters are shown"
    assert show("x" * 299) == f"{repr('x' * 299)[:300]}... (301 characters)", f"of 301 as many: {show('x' * 299)}"
    assert show("x" * 5000).endswith("... (5,002 characters)"), "and counted"


def test_arguments_are_named() -> None:
    assert show_arguments(("x", "tau"), (np.array([0.5]), 0.1)) == "x=np.array([0.5]), tau=0.1", "by name"
    assert show_arguments(("x",), (1, 2)) == "1, 2", "without names where these do not fit"
    assert show_arguments(("x", "y"), (1,)) == "1", "whichever there are more of"
    assert show_arguments((), ()) == "", "or nothing"


def test_a_case_can_be_pasted() -> None:
    code = show_code("f", ("x", "rows", "pair", "options"), (NUMBERS[:30], [np.eye(2), 1], (2,), {"k": np.zeros(0)}))
    lines = code.splitlines()
    assert lines[0] == f"x = np.array({NUMBERS[:30].tolist()})", f"nothing is left out: {lines[0]}"
    assert lines[1] == "rows = [np.array([[1.0, 0.0], [0.0, 1.0]]), 1]", f"{lines[1]}"
    assert lines[2] == "pair = (2,)" and lines[3] == "options = {'k': np.array([])}", f"{lines[2:4]}"
    assert lines[4:] == ["f(x, rows, pair, options)"], f"and then the call: {lines[4:]}"
    assert show_code("", ("x",), (1,)) == "x = 1", "without a function, the arguments"
    assert show_code("f", ("x",), ((1, 2),)) == "x = (1, 2)\nf(x)", "a pair has no comma at its end"
    assert show_code("f", ("x", "y"), (1,)) == "" and show_code("f", ("x",), (1, 2)) == "", "names must fit"
    assert show_code("f", ("x",), ((),)) == "x = ()\nf(x)", "nor has none"
    two = {"a": 1.0, "b": 2.0}
    assert show_code("f", ("x",), (two,)) == "x = {'a': 1.0, 'b': 2.0}\nf(x)", "entries in order"


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (np.zeros(200), 200),
        (np.zeros((20, 10)), 200),
        ([0] * 200, 200),
        ([np.zeros(100), np.zeros(100)], 200),
        ((0.0,) * 200, 200),
        ({"a": np.zeros(199), "b": 1}, 200),
        ({"a": [np.zeros(100), (1,) * 100]}, 200),
    ],
)
def test_a_case_of_more_than_200_numbers_is_not_code(value: Any, count: int) -> None:
    assert show_code("f", ("x",), (value,)), f"{count} numbers can be read"
    assert show_code("f", ("x", "y"), (value, 1)) == "", f"{count + 1} are too many"
