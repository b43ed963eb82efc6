"""A derivation, finding by finding: the code, the line, the case, and the two sides there."""

from typing import Any

import numpy as np
import pytest

from autograder.judging import assumptions, chains, derivations
from autograder.judging.assumptions import equal_lines, judge_uses, uses_of
from autograder.judging.chains import chain_of
from autograder.judging.derivations import (
    Broken,
    Claim,
    Line,
    Relation,
    agree,
    holding,
    judge_formulas,
    judge_lines,
    led,
    read_lines,
    relation_of,
)
from autograder.judging.finding import Finding
from autograder.judging.numbers import Floats
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


def line(relation: str, *values: float | None) -> Line:
    numbers = tuple(None if value is None else np.asarray(value) for value in values)
    return Line(relation, numbers, tuple("no" if value is None else "" for value in values))


def claimed(
    sides: list[tuple[float, float]], relation: Relation = "<=", fails: tuple[int | None, ...] | None = None
) -> Claim:
    pairs: tuple[tuple[Floats, Floats], ...] = tuple((np.asarray(left), np.asarray(right)) for left, right in sides)
    return Claim(relation, pairs, fails if fails is not None else (None,) * len(pairs))


def judged(*given: tuple[str, float | None, float | None], claim: Relation = "<=") -> Broken | None:
    return judge_lines([line(relation, *values) for relation, *values in given], claimed(ENDS, claim), EXACT)


def broken(code: str, about: dict[str, Any], verdict: Verdict = FAILED, **given: Any) -> Broken:
    sides = given.pop("sides", None)
    case = {} if sides is None else {"left": repr(sides[0]), "right": repr(sides[1])}
    left, right = sides or (None, None)
    return Broken(Finding(verdict, code, about, case), left=left, right=right, **given)


@pytest.mark.parametrize(
    ("left", "right", "are_close"),
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
def test_two_lines_agree_within_the_tolerance_of_the_larger(left: float, right: float, are_close: bool) -> None:
    found = agree(np.asarray(left), np.asarray(right), TOLERANCE)
    assert bool(found) is are_close, f"{left} and {right}"
    table = agree(np.full((2, 1), left), np.array([[right], [left]]), TOLERANCE)
    assert table.tolist() == [[are_close], [True]], f"each place of a table by itself: {table}"


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
    assert bool(holding(relation, np.asarray(left), np.asarray(right), EXACT)) is true, f"{left} {relation} {right}"


def test_a_relation_holds_up_to_the_tolerance() -> None:
    small, large, larger = (np.asarray(value) for value in (4.0, 6.0, 7.0))
    assert holding("<=", large, small, TOLERANCE) and holding(">=", small, large, TOLERANCE), "what is close is equal"
    assert not holding("<=", larger, small, TOLERANCE), "what is not is not"
    assert not holding(">=", small, larger, TOLERANCE), "nor from the other side"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("=", "="),
        ("==", "="),
        (" ≤ ", "<="),
        ("=<", "<="),
        ("⩽", "<="),
        ("≥", ">="),
        ("⩾", ">="),
        (" Start", "start"),
        ("<", "<"),
        ("=>", "=>"),
        ("", ""),
    ],
)
def test_a_relation_is_read_as_it_is_meant(text: str, meant: str) -> None:
    assert relation_of(text) == meant, f"{text!r}; what may mean something else is left as it stands"


@pytest.mark.parametrize(
    "given",
    [
        (START, SAME, BOUND, END),
        (START, BOUND, END, END),
        (START, BOUND),
        (START, SAME, SAME, SAME, BOUND, END),
        (START, ("<=", 1.5, 0.0), ("<=", 2.0, 4.0), ("<=", 2.0, 5.0)),
    ],
)
def test_a_chain_that_proves_the_claim_is_right(given: tuple[tuple[str, float, float], ...]) -> None:
    assert judged(*given) is None, "nothing is wrong with it"


def test_each_relation_proves_its_claim_and_no_other() -> None:
    lower = [line(r, v) for r, v in (("start", 2.0), ("=", 2.0), (">=", 1.0), ("=", 1.0))]
    equal = [line("start" if n == 0 else "=", 2.0) for n in range(4)]

    def found(lines: list[Line], sides: tuple[float, float], relation: Relation) -> Broken | None:
        return judge_lines(lines, claimed([sides], relation), EXACT)

    assert found(lower, (2.0, 1.0), ">=") is None, "a lower bound"
    for relation in ("=", "<=", ">="):
        assert found(equal, (2.0, 2.0), relation) is None, f"an equality is a bound, too: {relation}"
    assert found(lower, (2.0, 1.0), "<=") == broken("other_claim", {"shows": ">=", "asked": "<="}), "the wrong way"
    assert found(lower, (2.0, 1.0), "=") == broken("other_claim", {"shows": ">=", "asked": "="}), "less"
    assert judged(START, SAME, BOUND, END, claim=">=") == broken("other_claim", {"shows": "<=", "asked": ">="})


def test_both_relations_prove_nothing() -> None:
    found = judged(START, ("<=", 3.0, 6.0), (">=", 2.0, 5.0), END)
    assert found == broken("both_relations", {}), f"up and down is nowhere: {found}"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (((("start", 1.5, -1.0)), SAME, BOUND, END), ("first", "left", 0, (1.5, 1.0), 1)),
        ((("start", 1.0, -2.0), SAME, BOUND, END), ("first", "left", 1, (-2.0, -1.0), 1)),
        ((START, SAME, BOUND, ("=", 2.0, 6.0)), ("last", "right", 1, (6.0, 5.0), 4)),
        ((START, SAME, BOUND, ("=", 3.0, 5.0)), ("last", "right", 0, (3.0, 2.0), 4)),
    ],
)
def test_an_end_that_is_not_its_side_is_named(
    given: tuple[tuple[str, float, float], ...], wanted: tuple[str, str, int, tuple[float, float], int]
) -> None:
    end, side, case, values, at = wanted
    told = broken("wrong_end", {"end": end, "side": side}, case=case, sides=values, at=at)
    assert judged(*given) == told, f"with both values on the smallest case: {judged(*given)}"


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
    relation, number, case, sides = wanted
    about = {"line": number, "relation": relation}
    assert found == broken("broken_link", about, case=case, sides=sides, at=number + 1, link=True), f"{found}"


def test_what_is_off_by_little_is_coarse_and_not_false() -> None:
    near = judged(START, ("=", 1.0, -1.00005), BOUND, END)
    about = {"line": 1, "relation": "=", "by": "5e-05"}
    assert near == broken("coarse_link", about, case=1, sides=(-1.0, -1.00005), at=2, link=True), f"{near}"
    mixed = judged(START, ("=", 1.00005, -1.5), BOUND, END)
    assert mixed is not None and mixed.finding.code == "broken_link", (
        f"where it is far off anywhere, it is false: {mixed}"
    )
    end = judged(("start", 1.00005, -1.0), BOUND)
    assert end == broken("coarse_line", {"line": 1, "by": "5e-05"}, case=0, sides=(1.00005, 1.0), at=1), f"{end}"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ((SAME, SAME, BOUND, END), broken("first_is_not_start", {}, WRONG_TYPE, at=1)),
        ((("stop", 1.0, -1.0), SAME, BOUND, END), broken("first_is_not_start", {}, WRONG_TYPE, at=1)),
        ((START, ("<", 1.0, -1.0), BOUND, END), broken("no_relation", {"line": 2}, WRONG_TYPE, at=2, link=True)),
        ((START, SAME, BOUND, ("start", 2.0, 5.0)), broken("no_relation", {"line": 4}, WRONG_TYPE, at=4, link=True)),
        (
            (START, SAME, ("=>", 2.0, 5.0), ("!", 2.0, 5.0)),
            broken("no_relation", {"line": 3}, WRONG_TYPE, at=3, link=True),
        ),
    ],
)
def test_a_chain_without_its_form_is_named(given: tuple[tuple[str, float, float], ...], wanted: Broken) -> None:
    assert judged(*given) == wanted, f"before any link is looked at: {judged(*given)}"


def test_one_line_is_no_chain() -> None:
    same = claimed([(1.0, 1.0)], "=")
    assert judge_lines([line("start", 1.0)], same, EXACT) == broken("one_line", {}), "it leads nowhere"
    found = judge_lines([line("a", 1.0), line("b", 1.0)], same, EXACT)
    assert found is not None and found.finding.code == "first_is_not_start", f"the first thing first: {found}"


def test_a_line_without_a_number_is_named_before_all_else() -> None:
    good = line("start", 1.0, -1.0)
    raises = Line("=", (np.asarray(1.0), None), ("", "raises ValueError"))
    found = judge_lines([good, raises, Line("=", (None, None), ("nan", "nan"))], claimed(ENDS, "="), EXACT)
    about = {"line": 2, "reason": "raises ValueError"}
    assert found == broken("line_reason", about, Verdict.RAISED, case=1, at=2), f"the first, by its case: {found}"
    found = judge_lines([Line("start", (None, None), ("nan", "no_number")), raises], claimed(ENDS, "="), EXACT)
    assert found == broken("line_reason", {"line": 1, "reason": "nan"}, WRONG_TYPE, case=0, at=1), f"{found}"
    assert found.verdict is WRONG_TYPE, "the verdict is the finding's"


# --- assumptions -----------------------------------------------------------------------------------------------------
# One ordinary case, then one on which assumption 0 fails, and one on which assumption 1 does.

FACTS = claimed([(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)], "=", (None, 0, 1))
PROOF = [line("start", 1.0, 1.0, 1.0), line("=", 1.0, 2.0, 1.0), line("=", 1.0, 2.0, 3.0)]
SENTENCES = ("a is b", "b is c")


def test_cases_are_ordinary_or_without_one_assumption() -> None:
    assert FACTS.ordinary == [0] and FACTS.further == [1, 2], f"{FACTS}"
    turned = FACTS.turned()
    assert turned.is_turned and list(map(float, turned.sides[1])) == [2.0, 1.0] and turned.fails == (None, 0, 1), (
        f"{turned}"
    )
    assert claimed(ENDS, "<=").turned().relation == ">=", "from above"
    assert not turned.turned().is_turned, "twice is not at all"


def test_a_chain_may_lead_from_either_side() -> None:
    back = [line("start", 1.0, 2.0, 3.0), line("=", 1.0, 2.0, 1.0), line("=", 1.0, 1.0, 1.0)]
    assert led(back, FACTS, EXACT).is_turned and not led(PROOF, FACTS, EXACT).is_turned, "by its ends on every case"
    unclear = [line("start", 1.0, 1.5, 1.5), line("=", 1.0, 1.5, 1.5)]
    assert not led(unclear, FACTS, EXACT).is_turned, "from its left side unless the other is plain to see"
    middle = [line("start", 9.0, 9.0, 9.0), line("=", 1.0, 2.0, 3.0), line("=", 9.0, 9.0, 9.0)]
    assert not led(middle, FACTS, EXACT).is_turned, "the ends alone tell"
    assert not led([line("start", 1.0, 2.0, 3.0)], FACTS, EXACT).is_turned, "of one line, which is both ends"
    tables = Claim("=", ((np.ones((2, 3)), np.zeros((2, 3))),), (None,))
    numbers = [line("start", 0.0), line("=", 1.0)]
    assert not led(numbers, tables, EXACT).is_turned, "a number is no table"


def test_a_link_that_breaks_where_an_assumption_fails_uses_it() -> None:
    assert uses_of(PROOF, FACTS, EXACT) == (frozenset({0}), frozenset({1})), "one after the other"
    at_once = [PROOF[0], PROOF[2]]
    assert uses_of(at_once, FACTS, EXACT) == (frozenset({0, 1}),), "both in one link"
    assert uses_of(PROOF[:1] * 2, FACTS, EXACT) == (frozenset(),), "nothing is used where nothing changes"


def test_no_link_uses_two_and_no_assumption_is_unused() -> None:
    assert judge_uses((frozenset({0}), frozenset(), frozenset({1})), SENTENCES) is None, "this is a proof"
    assert judge_uses((frozenset({1}), frozenset({0}), frozenset({1})), SENTENCES) is None, "one may be used again"
    about = {"line": 2, "facts": ["a is b", "b is c"]}
    found = judge_uses((frozenset({0}), frozenset({0, 1})), SENTENCES)
    assert found == broken("facts_at_once", about, at=3, link=True), f"the link is told, and both facts: {found}"
    assert judge_uses((frozenset({0}),), SENTENCES) == broken("facts_unused", {"facts": ["b is c"]}), "one is not used"
    assert judge_uses((), SENTENCES) == broken("facts_unused", {"facts": list(SENTENCES)}), "none is"


def test_equal_lines_are_those_that_say_the_same_on_every_case() -> None:
    given = [PROOF[0], line("=", 1.0, 1.0, 1.0), *PROOF[1:], line("=", 1.0, 2.0, 3.0)]
    assert equal_lines(given, FACTS, EXACT) == (2, 5), f"by number: {equal_lines(given, FACTS, EXACT)}"
    assert equal_lines([line("start", 1.0), line("=", None)], claimed([(1.0, 1.0)]), EXACT) == (), "no number is unlike"


def test_the_ends_are_formulas_also_where_an_assumption_fails() -> None:
    assert judge_formulas(PROOF, FACTS, EXACT) is None, "they are the sides on every case"
    late = [line("start", 1.0, 2.0, 1.0), *PROOF[2:]]
    assert judge_formulas(late, FACTS, EXACT) == broken("end_no_formula", {"end": "first"}, at=1), "no case is told"
    early = [*PROOF[:1], line("=", 1.0, 2.0, 1.0)]
    assert judge_formulas(early, FACTS, EXACT) == broken("end_no_formula", {"end": "last"}, at=2), "nor of the last"
    raises = Line("=", (np.asarray(1.0), np.asarray(2.0), None), ("", "", "raises ValueError"))
    about = {"line": 2, "reason": "raises ValueError"}
    found = judge_formulas([PROOF[0], raises, PROOF[2]], FACTS, EXACT)
    assert found == broken("no_formula", about, Verdict.RAISED, at=2), f"a line is a formula for whatever: {found}"


# --- tables ----------------------------------------------------------------------------------------------------------

TABLE = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
TABLES = Claim("=", ((TABLE, TABLE),), (None,))


def of_tables(*values: Floats) -> list[Line]:
    return [Line("start" if n == 0 else "=", (value,), ("",)) for n, value in enumerate(values)]


def test_the_first_place_at_which_two_tables_differ_is_told() -> None:
    other = TABLE.copy()
    other[0, 1], other[1, 2] = 7.0, 9.0
    found = judge_lines(of_tables(TABLE, other, TABLE), TABLES, EXACT)
    about = {"line": 1, "relation": "="}
    assert found == broken("broken_link", about, case=0, sides=(2.0, 7.0), at=2, link=True, index=(0, 1)), f"{found}"
    shown = chain_of(of_tables(TABLE, other, np.asarray(3.0)), found, TABLES, (), ())
    assert [each.value for each in shown.lines] == [2.0, 7.0, None], f"there, of what has the shape: {shown}"
    assert shown.ends == (2.0, 2.0), f"and both sides: {shown}"


def test_a_value_of_another_shape_says_which_is_asked() -> None:
    for wrong in (np.asarray(1.0), np.ones(3), np.ones((3, 2)), np.ones((2, 4))):
        found = judge_lines(of_tables(TABLE, wrong, TABLE), TABLES, EXACT)
        about = {"line": 2, "reason": "shape"}
        assert found == broken("line_reason", about, WRONG_TYPE, case=0, at=2), f"a table is asked: {found}"
    found = judge_lines([line("start", 1.0), Line("=", (np.ones(2),), ("",))], claimed([(1.0, 1.0)], "="), EXACT)
    about = {"line": 2, "reason": "no_number"}
    assert found == broken("line_reason", about, WRONG_TYPE, case=0, at=2), f"one number is asked: {found}"


def test_a_line_of_no_place_has_no_value() -> None:
    found = Broken(Finding(FAILED, "broken_link"), case=0, at=2, link=True)
    shown = chain_of(of_tables(TABLE, TABLE), found, TABLES, (), ())
    assert [each.value for each in shown.lines] == [None, None] and shown.ends is None, (
        f"of a table, no number: {shown}"
    )
    small = chain_of(of_tables(np.ones(3), TABLE), Broken(found.finding, 0, index=(0, 1)), TABLES, (), ())
    assert [each.value for each in small.lines] == [None, 2.0], f"a line of another shape has none: {small}"


def read(*entries: Any, cases: int = 2) -> list[Line]:
    found = read_lines([["=", list(entries)]], cases)
    assert isinstance(found, list), f"it is a line: {found}"
    return found


def test_lines_are_read_with_their_values_and_reasons() -> None:
    value = [["start", [["ok", 1], ["ok", np.float64(-1.0)]]], ["<=", [["ok", inf], ["ok", np.array(2.0)]]]]
    found = read_lines(value, 2)
    assert found == [Line("start", (1.0, -1.0), ("", "")), Line("<=", (inf, 2.0), ("", ""))], f"as numbers: {found}"  # type: ignore[arg-type]
    assert read(["ok", nan], ["ok", ["a"]]) == [Line("=", (None, None), ("nan", "no_number"))], "or why there is none"
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
    loose = [name for module in (assumptions, chains, derivations) for name in changeable(module)]
    assert loose == [], f"a value that can change is no fact: {loose}"


def test_faults_are_alike_where_the_line_at_fault_is_the_same() -> None:
    table, other = np.arange(4.0).reshape(2, 2), np.arange(4.0)
    fault = chains.Fault("broken_link", "=", (np.asarray(1.0), table))
    assert fault.is_like(chains.Fault("broken_link", "=", (np.asarray(1.0), table + 0.0)), EXACT), "the same"
    for unlike in (
        chains.Fault("another", "=", fault.values),
        chains.Fault("a_code_before", "=", fault.values),
        chains.Fault("broken_link", "<=", fault.values),
        chains.Fault("broken_link", ">=", fault.values),
        chains.Fault("broken_link", "=", fault.values[:1]),
        chains.Fault("broken_link", "=", (*fault.values, table)),
        chains.Fault("broken_link", "=", (np.asarray(1.0), table + 1.0)),
        chains.Fault("broken_link", "=", (np.asarray(1.0), other)),
        chains.Fault("broken_link", "=", (np.ones(1), table)),
    ):
        assert not fault.is_like(unlike, EXACT) and not unlike.is_like(fault, EXACT), f"{unlike}"


def test_a_place_is_looked_up_in_values_of_the_right_shape_alone() -> None:
    table = np.arange(4.0).reshape(2, 2)
    assert chains._at(table, (1, 0), (2, 2)) is not None, "a place of a table"
    for value, index, shape in (
        (None, (1, 0), (2, 2)),
        (table, (1,), (2, 2)),
        (table, (1, 0, 0), (2, 2)),
        (np.zeros((2, 3)), (1, 0), (2, 2)),
        (np.zeros((2, 1)), (1, 0), (2, 2)),
        (np.zeros(2), (1, 0), (2, 2)),
        (np.zeros((3, 2)), (1, 0), (2, 2)),
        (table, (), (2, 2)),
    ):
        assert chains._at(value, index, shape) is None, f"{value} at {index} of {shape}"


def test_ends_are_shown_of_both_sides_or_of_none() -> None:
    table = np.ones((2, 2))
    both = Claim("=", ((table, 2.0 * table),), (None,))
    given = [Line("start", (table,), ("",)), Line("=", (2.0 * table,), ("",))]
    found = Broken(Finding(FAILED, "broken_link", {}), 0, index=(0, 1))
    assert chain_of(given, found, both, (), ()).ends is not None, "one number of each"
    left_only = Claim("=", ((table, np.ones(3)),), (None,))
    right_only = Claim("=", ((np.ones(3), table),), (None,))
    assert chain_of(given, found, left_only, (), ()).ends is None, "a side of another shape has no such place"
    assert chain_of(given, Broken(found.finding, 0, index=(0,)), right_only, (), ()).ends is None, "nor the other"
