"""The numbers of an answer beside the right ones: where each stands, whether it is right, which are kept of many."""

from typing import Any

import msgspec
import numpy as np
import pytest

from autograder.judging.evidence import (
    MOST_ELEMENTS,
    Chain,
    ChainLine,
    Element,
    Evidence,
    Number,
    elements,
    number,
)
from autograder.judging.tolerance import Tolerance

EXACT = Tolerance(0.0, 0.0)
inf, nan = np.inf, np.nan


def found(got: Any, expected: Any, **given: Any) -> list[tuple[str, Number, Number | None, bool]]:
    those, count = elements(got, expected, given.pop("tolerance", EXACT), **given)
    assert count == len(those), f"all of few are kept: {count}"
    return [(each.place, each.got, each.expected, each.right) for each in those]


@pytest.mark.parametrize(
    ("value", "told"), [(1.5, 1.5), (inf, "inf"), (-inf, "-inf"), (nan, "nan"), (np.float64(2), 2.0)]
)
def test_a_number_may_stand_in_json(value: float, told: Number) -> None:
    assert number(value) == told and type(number(value)) in (float, str), f"{value}: {number(value)!r}"


def test_each_number_has_a_place() -> None:
    assert found(2.0, 2.0) == [("", 2.0, 2.0, True)], "one number has none"
    assert found([1.0, 5.0], np.array([1.0, 2.0])) == [("[0]", 1.0, 1.0, True), ("[1]", 5.0, 2.0, False)], "in a row"
    table = found(np.array([[1.0], [3.0]]), np.array([[1.0], [2.0]]))
    assert [place for place, *_ in table] == ["[0, 0]", "[1, 0]"], f"in a table: {table}"
    pair = found((1.0, [2.0]), (1.0, np.array([3.0])), names=("loss", "slope"))
    assert pair == [("loss", 1.0, 1.0, True), ("slope[0]", 2.0, 3.0, False)], f"parts by name: {pair}"
    surplus = found((1.0, 2.0), (1.0, 3.0), names=("loss", "slope", "more"))
    assert [place for place, *_ in surplus] == ["part 1", "part 2"], f"names that do not fit are none: {surplus}"
    nameless = found((1.0, 2.0), (1.0, 3.0), names=("loss",))
    assert [place for place, *_ in nameless] == ["part 1", "part 2"], f"or by number, from 1: {nameless}"
    entries = found({"b": 1.0, "a": [2.0]}, {"a": np.array([2.0]), "b": 3.0})
    assert entries == [("a[0]", 2.0, 2.0, True), ("b", 1.0, 3.0, False)], f"entries in order: {entries}"
    inner = found(({"w": 1.0}, 2.0), ({"w": 1.0}, 2.0), names=("params", "loss"))
    assert [place for place, *_ in inner] == ["params.w", "loss"], f"entries of a part: {inner}"
    assert [p for p, *_ in found(((1.0, 2.0),), ((1.0, 2.0),), names=("x",))] == ["part 1", "part 2"], "parts of a part"


def test_what_is_not_finite_is_shown_and_judged() -> None:
    got = found([inf, nan, -inf, 1.0], np.array([inf, 1.0, inf, inf]))
    assert got == [
        ("[0]", "inf", "inf", True),
        ("[1]", "nan", 1.0, False),
        ("[2]", "-inf", "inf", False),
        ("[3]", 1.0, "inf", False),
    ]


def test_a_tolerance_and_a_scale_decide_what_is_right() -> None:
    loose = Tolerance(0.25, 0.5)
    assert [right for *_, right in found([5.5, 5.6], np.array([4.0, 4.0]), tolerance=loose)] == [True, False], "both"
    scaled = found(
        (3.0, [3.0, 3.0]),
        (2.0, np.array([2.0, 2.0])),
        tolerance=Tolerance(0.25, 0.0),
        scale=(4.0, np.array([4.0, 3.0])),
    )
    assert [right for *_, right in scaled] == [True, True, False], f"each against its own: {scaled}"
    entries = found({"a": 3.0}, {"a": 2.0}, tolerance=Tolerance(0.25, 0.0), scale={"a": 4.0})
    assert entries == [("a", 3.0, 2.0, True)], f"also by key: {entries}"


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1.0, {"a": 1.0}),
        (1.0, (1.0, 2.0)),
        ({"a": 1.0}, (1.0,)),
        ((1.0,), (1.0, 2.0)),
        ((1.0, 2.0, 3.0), (1.0, 2.0)),
        ((1.0, None), (1.0, 2.0)),
        ({"a": "x"}, {"a": 1.0}),
        ({}, {"a": 1.0}),
        (None, 1.0),
        ("x", 1.0),
        (1.0, np.zeros(2)),
        (np.zeros(3), np.zeros(2)),
    ],
)
def test_of_another_form_there_is_nothing_to_show(got: Any, expected: Any) -> None:
    assert elements(got, expected, EXACT) == ((), 0), f"{got!r} for {expected!r}"


def test_an_array_may_stand_for_parts() -> None:
    assert found(np.array([1.0, 2.0]), (1.0, 3.0)) == [("part 1", 1.0, 1.0, True), ("part 2", 2.0, 3.0, False)]


def test_of_many_numbers_the_worst_are_kept_in_order() -> None:
    want = np.ones(MOST_ELEMENTS + 5)
    got = want.copy()
    got[[3, 44]] = nan, 3.0
    got[10:40] += np.arange(30) + 1.0
    kept, count = elements(got, want, EXACT)
    assert (count, len(kept)) == (45, 40), f"of 45 numbers 40: {count}"
    places = [int(each.place.strip("[]")) for each in kept]
    wrong = {3, 44, *range(10, 40)}
    assert places == sorted(places), "in order"
    assert wrong <= set(places), f"all that are wrong are among them: {wrong - set(places)}"
    assert set(places) - wrong == {0, 1, 2, 4, 5, 6, 7, 8}, f"and of those that are right the first: {places}"
    everything, count = elements(want[:MOST_ELEMENTS], want[:MOST_ELEMENTS], EXACT)
    assert (count, len(everything)) == (40, 40), "40 are kept"
    worst = np.ones(50)
    worst[5:] = 1.0 + np.arange(1.0, 46.0)
    kept, _ = elements(worst, np.ones(50), EXACT)
    assert [each.place for each in kept] == [f"[{n}]" for n in range(10, 50)], "by the size of the error"
    turned = np.concatenate([-np.full(1, 9.0), 9.0 + np.arange(1.0, 46.0)])
    kept, _ = elements(turned, np.full(46, 9.0), EXACT)
    assert kept[0].place == "[0]", "also where it has the right size and the wrong sign"
    near = 5.0 + np.linspace(1.1, 1.9, 50)
    kept, _ = elements(near, np.full(50, 5.0), Tolerance(0.0, 1.0))
    assert [each.place for each in kept] == [f"[{n}]" for n in range(10, 50)], "however little they differ"


def test_errors_are_measured_by_what_is_allowed() -> None:
    want = np.concatenate([np.full(1, 1e6), np.ones(49)])
    got = want + np.concatenate([np.full(1, 2.0), np.full(49, 1.0)])
    kept, _ = elements(got, want, Tolerance(1e-3, 0.0))
    assert "[0]" not in {each.place for each in kept}, "2 in a million is less than 1 in 1: it is right"
    kept, _ = elements(got, want, Tolerance(0.0, 1e-3))
    assert kept[0].place == "[0]", "against one allowance it is the worst"
    scale = np.concatenate([np.full(1, 1e9), np.ones(49)])
    kept, _ = elements(got, want, Tolerance(1e-9, 0.0), scale)
    assert kept[0].place != "[0]", "against its own size it is the least"


def test_evidence_leaves_out_what_is_not_known() -> None:
    assert msgspec.json.encode(Evidence()) == b"{}", "nothing is written of nothing"
    assert msgspec.json.encode(Element("x", 1.0, None, False)) == b'["x",1.0,null,false]', "an element is a row"
    line = ChainLine("=", 1.0)
    assert msgspec.json.encode(line) == b'["=",1.0,"",[],false]', "so is a line"
    assert Chain((line,)).link is False, "no link breaks unless it is said"
    assert Evidence().count == 0, "no number is counted unless there is one"
