"""A derivation, finding by finding: the code, the line, the case, and the two sides there."""

from typing import Any

import numpy as np
import pytest

from autograder.judging import derivations
from autograder.judging.derivations import Broken, Line, Relation, close, holds, judge_lines, read_lines
from autograder.judging.finding import Finding
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict
from tests.values import changeable

TOLERANCE = Tolerance(relative=0.25, absolute=0.5)
EXACT = Tolerance(0.0, 0.0)
FAILED, WRONG_TYPE = Verdict.FAILED, Verdict.WRONG_TYPE
inf, nan = np.inf, np.nan
# Two cases: the claim is 1 <= 2, and -1 <= 5.
ENDS = [(1.0, 2.0), (-1.0, 5.0)]
START, END = ("start", 1.0, -1.0), ("=", 2.0, 5.0)
SAME, BOUND = ("=", 1.0, -1.0), ("<=", 2.0, 5.0)


def judged(*given: tuple[str, float | None, float | None], claim: Relation = "<=") -> Broken | None:
    lines = [Line(relation, values, ("no", "no")) for relation, *values in given]  # type: ignore[arg-type]
    return judge_lines(lines, ENDS, claim, EXACT)


def broken(code: str, about: dict[str, Any], verdict: Verdict = FAILED, **given: Any) -> Broken:
    sides = given.pop("sides", None)
    case = {} if sides is None else {"left": repr(sides[0]), "right": repr(sides[1])}
    left, right = sides or (None, None)
    return Broken(Finding(verdict, code, about, case), left=left, right=right, **given)


@pytest.mark.parametrize(
    ("left", "right", "agree"),
    [
        (4.0, 4.0, True),
        (4.0, 6.0, True),
        (6.0, 4.0, True),
        (4.0, 6.001, False),
        (6.001, 4.0, False),
        (-4.0, -6.0, True),
        (-6.001, -4.0, False),
        (0.0, 0.6, True),
        (0.0, 0.7, False),
        (inf, inf, True),
        (-inf, -inf, True),
        (inf, -inf, False),
        (inf, 1.0, False),
        (1.0, inf, False),
    ],
)
def test_two_lines_agree_within_the_tolerance_of_the_larger(left: float, right: float, agree: bool) -> None:
    assert close(left, right, TOLERANCE) is agree, f"{left} and {right}"


@pytest.mark.parametrize(
    ("relation", "left", "right", "true"),
    [
        ("=", 1.0, 1.0, True),
        ("=", 1.0, 2.0, False),
        ("=", 2.0, 1.0, False),
        ("<=", 1.0, 2.0, True),
        ("<=", 1.0, 1.0, True),
        ("<=", 2.0, 1.0, False),
        (">=", 2.0, 1.0, True),
        (">=", 1.0, 1.0, True),
        (">=", 1.0, 2.0, False),
        ("<=", -inf, 1.0, True),
        (">=", inf, 1.0, True),
        ("<=", inf, 1.0, False),
    ],
)
def test_a_relation_holds_or_does_not(relation: str, left: float, right: float, true: bool) -> None:
    assert holds(relation, left, right, EXACT) is true, f"{left} {relation} {right}"


def test_a_relation_holds_up_to_the_tolerance() -> None:
    assert holds("<=", 6.0, 4.0, TOLERANCE) and holds(">=", 4.0, 6.0, TOLERANCE), "what is close is equal"
    assert not holds("<=", 7.0, 4.0, TOLERANCE) and not holds(">=", 4.0, 7.0, TOLERANCE), "what is not is not"


@pytest.mark.parametrize(
    "given",
    [
        (START, SAME, BOUND, END),
        (START, BOUND, END, END),
        (START, SAME, SAME, SAME, BOUND, END),
        (START, ("<=", 1.5, 0.0), ("<=", 2.0, 4.0), ("<=", 2.0, 5.0)),
    ],
)
def test_a_chain_that_proves_the_claim_is_right(given: tuple[tuple[str, float, float], ...]) -> None:
    assert judged(*given) is None, "nothing is wrong with it"


def test_each_relation_proves_its_claim_and_no_other() -> None:
    lower = [Line(r, (v,), ("",)) for r, v in (("start", 2.0), ("=", 2.0), (">=", 1.0), ("=", 1.0))]
    equal = [Line("start" if n == 0 else "=", (2.0,), ("",)) for n in range(4)]
    assert judge_lines(lower, [(2.0, 1.0)], ">=", EXACT) is None, "a lower bound"
    assert judge_lines(equal, [(2.0, 2.0)], "=", EXACT) is None, "an equality"
    assert judge_lines(equal, [(2.0, 2.0)], "<=", EXACT) is None, "which is a bound, too"
    assert judge_lines(equal, [(2.0, 2.0)], ">=", EXACT) is None, "of either kind"
    assert judge_lines(lower, [(2.0, 1.0)], "<=", EXACT) == broken("other_claim", {"shows": ">=", "asked": "<="}), (
        "the wrong direction"
    )
    assert judge_lines(lower, [(2.0, 1.0)], "=", EXACT) == broken("other_claim", {"shows": ">=", "asked": "="}), "less"
    assert judged(START, SAME, BOUND, END, claim=">=") == broken("other_claim", {"shows": "<=", "asked": ">="})


def test_both_relations_prove_nothing() -> None:
    found = judged(START, ("<=", 3.0, 6.0), (">=", 2.0, 5.0), END)
    assert found == broken("both_relations", {}), f"up and down is nowhere: {found}"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (
            ((("start", 1.5, -1.0)), SAME, BOUND, END),
            broken("wrong_end", {"end": "first"}, case=0, sides=(1.5, 1.0), at=1),
        ),
        (
            (("start", 1.0, -2.0), SAME, BOUND, END),
            broken("wrong_end", {"end": "first"}, case=1, sides=(-2.0, -1.0), at=1),
        ),
        ((START, SAME, BOUND, ("=", 2.0, 6.0)), broken("wrong_end", {"end": "last"}, case=1, sides=(6.0, 5.0), at=4)),
        ((START, SAME, BOUND, ("=", 3.0, 5.0)), broken("wrong_end", {"end": "last"}, case=0, sides=(3.0, 2.0), at=4)),
    ],
)
def test_an_end_that_is_not_its_side_is_named(given: tuple[tuple[str, float, float], ...], wanted: Broken) -> None:
    assert judged(*given) == wanted, f"with both values on the smallest case: {judged(*given)}"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ((START, ("=", 1.0, -0.5), BOUND, END), ("=", 1, 1, (-1.0, -0.5))),
        ((START, ("=", 0.5, -0.5), BOUND, END), ("=", 1, 0, (1.0, 0.5))),
        ((START, ("<=", 3.0, 5.0), BOUND, END), ("<=", 2, 0, (3.0, 2.0))),
        ((START, SAME, ("<=", 4.0, 5.0), ("<=", 2.0, 5.0)), ("<=", 3, 0, (4.0, 2.0))),
        ((START, SAME, BOUND, ("=", 2.0, 5.0)), None),
        ((START, SAME, ("<=", 1.5, 5.0), ("=", 2.0, 5.0)), ("=", 3, 0, (1.5, 2.0))),
        ((START, SAME, ("<=", 2.0, 4.0), ("=", 2.0, 5.0)), ("=", 3, 1, (4.0, 5.0))),
    ],
)
def test_the_first_link_that_breaks_is_named(
    given: tuple[tuple[str, float, float], ...], wanted: tuple[str, int, int, tuple[float, float]] | None
) -> None:
    found = judged(*given)
    if wanted is None:
        assert found is None, f"every link holds, the last one too: {found}"
        return
    relation, line, case, sides = wanted
    about = {"line": line, "relation": relation}
    assert found == broken("broken_link", about, case=case, sides=sides, at=line + 1, link=True), f"{found}"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ((SAME, SAME, BOUND, END), broken("first_is_not_start", {}, WRONG_TYPE, at=1)),
        ((("stop", 1.0, -1.0), SAME, BOUND, END), broken("first_is_not_start", {}, WRONG_TYPE, at=1)),
        ((START, ("<", 1.0, -1.0), BOUND, END), broken("no_relation", {"line": 2}, WRONG_TYPE, at=2, link=True)),
        ((START, SAME, BOUND, ("start", 2.0, 5.0)), broken("no_relation", {"line": 4}, WRONG_TYPE, at=4, link=True)),
        (
            (START, SAME, ("==", 2.0, 5.0), ("!", 2.0, 5.0)),
            broken("no_relation", {"line": 3}, WRONG_TYPE, at=3, link=True),
        ),
        ((START, BOUND, END), broken("too_few_lines", {"between": 1, "fewest": 2})),
        ((START, BOUND), broken("too_few_lines", {"between": 0, "fewest": 2})),
    ],
)
def test_a_chain_without_its_form_is_named(given: tuple[tuple[str, float, float], ...], wanted: Broken) -> None:
    assert judged(*given) == wanted, f"before any link is looked at: {judged(*given)}"


def test_one_line_is_no_chain() -> None:
    line = [Line("start", (1.0,), ("",))]
    assert judge_lines(line, [(1.0, 1.0)], "=", EXACT) == broken("too_few_lines", {"between": 0, "fewest": 2}), "none"
    relation = [Line("a", (1.0,), ("",)), Line("b", (1.0,), ("",))]
    found = judge_lines(relation, [(1.0, 1.0)], "=", EXACT)
    assert found is not None and found.finding.code == "first_is_not_start", f"the first thing first: {found}"


def test_a_line_without_a_number_is_named_before_all_else() -> None:
    good = Line("start", (1.0, -1.0), ("", ""))
    raises = Line("=", (1.0, None), ("", "raises ValueError"))
    found = judge_lines([good, raises, Line("=", (None, None), ("nan", "nan"))], ENDS, "=", EXACT)
    about = {"line": 2, "reason": "raises ValueError"}
    assert found == broken("line_reason", about, Verdict.RAISED, case=1, at=2), f"the first, by its case: {found}"
    found = judge_lines([Line("start", (None, None), ("nan", "no_number")), raises], ENDS, "=", EXACT)
    assert found == broken("line_reason", {"line": 1, "reason": "nan"}, WRONG_TYPE, case=0, at=1), f"{found}"
    assert found.verdict is WRONG_TYPE, "the verdict is the finding's"


def read(*entries: Any, cases: int = 2) -> list[Line]:
    found = read_lines([["=", list(entries)]], cases)
    assert isinstance(found, list), f"it is a line: {found}"
    return found


def test_lines_are_read_with_their_values_and_reasons() -> None:
    value = [["start", [["ok", 1], ["ok", np.float64(-1.0)]]], ["<=", [["ok", inf], ["ok", np.array(2.0)]]]]
    found = read_lines(value, 2)
    assert found == [Line("start", (1.0, -1.0), ("", "")), Line("<=", (inf, 2.0), ("", ""))], f"as numbers: {found}"
    assert read(["ok", nan], ["ok", [1.0]]) == [Line("=", (None, None), ("nan", "no_number"))], "or why there is none"
    assert read(["ok", None], ["ok", "x"]) == [Line("=", (None, None), ("no_number", "no_number"))], "whatever it is"


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"types": ["ZeroDivisionError", "Exception"]}, "raises ZeroDivisionError"),
        ({"types": []}, "raises"),
        ({"types": [3]}, "raises"),
        ({"types": [3, "ValueError"]}, "raises"),
        ({"types": ["ValueError", 3]}, "raises ValueError"),
        ({"types": "ValueError"}, "raises"),
        ({}, "raises"),
        (None, "raises"),
        (["types"], "raises"),
    ],
)
def test_a_line_that_raises_says_what(told: Any, reason: str) -> None:
    assert read(["raised", told], cases=1) == [Line("=", (None,), (reason,))], f"{told!r}"


def test_what_is_not_said_to_be_a_value_is_none() -> None:
    for status in ("a", "missing", "zz", ""):
        assert read([status, 1.0], cases=1) == [Line("=", (None,), ("raises",))], f"{status!r} is not ok"


AN_ARRAY = np.arange(2.0)
GOOD = [["ok", 1.0], ["ok", 2.0]]


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        (),
        AN_ARRAY,
        "lines",
        [GOOD],
        [None],
        [["="]],
        [["=", GOOD, 1]],
        [[1, GOOD]],
        [["=", "ab"]],
        [["=", GOOD[:1]]],
        [["=", [*GOOD, GOOD[0]]]],
        [["=", [GOOD[0], "ok"]]],
        [["=", [GOOD[0], ["ok"]]]],
        [["=", [GOOD[0], ["ok", 1.0, 2.0]]]],
        [["=", [GOOD[0], [AN_ARRAY, 1.0]]]],
        [["=", GOOD], ["=", [GOOD[0], [1, 1.0]]]],
    ],
)
def test_what_is_no_list_of_lines_is_none(value: object) -> None:
    assert read_lines(value, 2) == broken("no_lines", {}, WRONG_TYPE), f"{value!r}"


def test_values_do_not_change() -> None:
    assert changeable(derivations) == [], "a value that can change is no fact"
