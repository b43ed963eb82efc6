"""What every kind is made of: cases, drawing, generic wrong versions, and how the smallest failing case is told."""

from typing import Any

import numpy as np
import pytest

from autograder.authoring.kinds import comparing, kind
from autograder.authoring.kinds.comparing import (
    UNREADABLE,
    FailedCase,
    changes,
    compared,
    judgement,
    size_of,
    unchanged,
    value_and_after,
    value_first,
)
from autograder.authoring.kinds.follow_through import half
from autograder.authoring.kinds.kind import Case, Drawing, DrawnCheck, Kind, Stopwatch, copied
from autograder.authoring.kinds.value import Value
from autograder.errors import SolutionsError
from autograder.judging.evidence import Element, Evidence
from autograder.judging.finding import Finding
from autograder.judging.judgement import PASS, Judgement, SmallestCase
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Returned
from tests.authoring.drawing import RAISED, TOLERANCE, drawing, drawn, row
from tests.values import changeable

FUNCTIONS = {"f": lambda x: x + 1}
CHANGES = Finding(Verdict.FAILED, "changes_arguments")
WRONG = Finding(Verdict.FAILED, "wrong_value")


def test_arguments_for_a_reference_are_copies() -> None:
    array = np.zeros(2)
    value = ([array, (array, "text")], {"a": array}, 3)
    made = copied(value)
    assert repr(made) == repr(value) and type(made) is tuple and type(made[0]) is list, f"the same, to look at: {made}"
    for copy in (made[0][0], made[0][1][0], made[1]["a"]):
        copy += 1
    assert array.tolist() == [0.0, 0.0], "and no reference can change the case"


def test_a_stopwatch_adds_up_what_references_take(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([1.0, 3.0, 10.0, 10.5])
    monkeypatch.setattr(kind, "perf_counter", lambda: next(ticks))
    watch, array = Stopwatch(), np.zeros(1)

    def change(x: Any) -> Any:
        x += 1
        return x

    assert watch.timed(change)(array).tolist() == [1.0] and array.tolist() == [0.0], "on a copy"
    assert watch.seconds == 2.0, "two seconds"

    def fail() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        watch.timed(fail)()
    assert watch.seconds == 2.5 and Stopwatch().seconds == 0.0, "and half a one, though it raised"


def test_a_drawing_gives_cases_in_order_of_size() -> None:
    made = drawing(Value(), FUNCTIONS)
    assert [len(x) for (x,) in made.cases()] == [1, 2, 3], "each as large as declared"
    assert made.right(np.ones(2)).tolist() == [2.0, 2.0] and made.stopwatch.seconds > 0, "and times the reference"
    assert isinstance(made.refuse("why"), SolutionsError) and str(made.refuse("why")) == "f, check checked: why"
    assert Drawing(made.check, made.rng, made.reference, (), TOLERANCE, {}).stopwatch is not made.stopwatch, "its own"
    cases, good = [Case((1,))], [Case((2,))]
    wanted = DrawnCheck(made.check, ("x",), tuple(cases), (("call", (1,)),), TOLERANCE, tuple(good))
    assert made.drawn(cases, [("call", (1,))], good) == wanted, "as they were given"
    assert made.drawn(cases, []).good_cases == (), "good cases are of some kinds alone"


def test_a_kind_that_says_nothing_has_the_plainest_form() -> None:
    class Plain(Kind):
        """Says nothing."""

    plain = Plain()
    assert (plain.catches, plain.parts, plain.compares, plain.has_lines, plain.tolerances) == (
        "value",
        (),
        False,
        False,
        (),
    )
    assert plain.parameters(lambda x, tau=1.0: x) == ("x", "tau"), "parameters are those of the reference"
    check = drawn(Value(), FUNCTIONS)
    assert plain.observed(check, []) == [] and plain.telling(check) == () and plain.own_calls(check) is None, "none"
    judged = Judgement(Verdict.FAILED)
    assert plain.judge_own(check, judged, [], [], TOLERANCE) is judged, "there is nothing to follow"
    for ask in (
        lambda: plain.draw(drawing(Value(), FUNCTIONS)),
        lambda: plain.judge(check, []),
        lambda: plain.judge_case(check, check.cases[0], RAISED),
    ):
        with pytest.raises(NotImplementedError):
            ask()


@pytest.mark.parametrize(
    ("case", "may"),
    [
        ((np.ones(2),), True),
        (([1.0, np.ones(1)],), True),
        (({"a": (np.ones(1),)},), True),
        ((np.zeros(0),), False),
        ((1.0, "text", [2.0]), False),
        ((), False),
    ],
)
def test_an_array_may_be_changed_by_a_wrong_version(case: Any, may: bool) -> None:
    found = list(Value().generic_wrongs("f", FUNCTIONS["f"], case))
    assert [(each.name, each.caught_by) for each in found] == ([("changes_its_arguments", "untouched")] if may else [])
    if may:
        assert found[0].expression == "changing(reference.f)", f"{found[0]}"


def test_the_version_that_changes_its_arguments_does() -> None:
    (wrong,) = Value().generic_wrongs("f", FUNCTIONS["f"], (np.ones(2),))
    space: dict[str, Any] = {"np": np}
    exec(wrong.helpers, space)
    array, inner, number = np.array([1.0, 2.0]), np.array([5.0]), np.array(3.0)
    assert space["changing"](lambda *given: "right")(array, {"a": (inner,)}, number, "text") == "right", (
        "its value stays"
    )
    assert (array.tolist(), inner.tolist(), number.tolist()) == ([3.0, 2.0], [6.0], 4.0), "its arguments do not"


@pytest.mark.parametrize(
    ("value", "size"),
    [
        (np.zeros((2, 3)), 6),
        ([1, [2, 3]], 3),
        ((np.zeros(2), 1.0), 3),
        ({"a": np.zeros(2), "b": 1}, 3),
        ("text", 1),
        ([], 0),
    ],
)
def test_the_size_of_a_case_is_its_number_of_numbers(value: Any, size: int) -> None:
    assert size_of(value) == size, f"{value!r}: {size_of(value)}"


@pytest.mark.parametrize(
    ("after", "before", "same"),
    [
        (np.ones(2), np.ones(2), True),
        ([1.0, 1.0], np.ones(2), True),
        (np.array([1.0, 1.0 + 1e-16]), np.ones(2), True),
        (np.array([1.0, 1.0 + 3e-16]), np.ones(2), False),
        (np.ones(3), np.ones(2), False),
        ([np.ones(1)], (np.ones(1),), True),
        ((np.ones(1),), [np.ones(1)], True),
        ([np.ones(1)], [np.ones(1), np.ones(1)], False),
        ([np.ones(1), np.ones(1)], [np.ones(1)], False),
        ([np.zeros(1), np.ones(1)], [np.ones(1), np.ones(1)], False),
        ([np.ones(1), np.zeros(1)], [np.ones(1), np.ones(1)], False),
        (np.ones(1), [1.0], False),
        ({"a": np.ones(1)}, {"a": np.ones(1)}, True),
        ({"a": np.zeros(1), "b": 1.0}, {"a": np.ones(1), "b": 1.0}, False),
        ({"a": np.ones(1)}, {"a": np.ones(1), "b": 1.0}, False),
        ({"a": np.ones(1), "b": 1.0}, {"a": np.ones(1)}, False),
        ([("a", 1.0)], {"a": 1.0}, False),
    ],
)
def test_arguments_are_unchanged_to_the_last_bit(after: Any, before: Any, same: bool) -> None:
    assert unchanged(after, before) is same, f"{before!r} became {after!r}"


@pytest.mark.parametrize("value", [None, 1.0, (1.0, ()), [1.0], [1.0, (), 2.0], [1.0, [2.0]]])
def test_a_value_without_its_arguments_is_none(value: Any) -> None:
    assert value_and_after(Returned(value)) is None, f"{value!r}"


def test_a_value_comes_with_its_arguments() -> None:
    assert value_and_after(Returned([1.0, (2.0,)])) == (1.0, (2.0,)), "a pair of both"
    assert value_first(None, Returned(1.0)) is None, "a right value"
    assert value_first(WRONG, Returned(1.0)) == Finding(Verdict.FAILED, "value_first", part=WRONG), "a wrong one"
    assert value_first(WRONG, RAISED) is WRONG, "or none, which says enough"


def test_an_answer_is_compared_with_the_tolerance_and_the_scale_of_its_case() -> None:
    check = drawn(Value(), FUNCTIONS, tolerance=Tolerance(0.25, 0.0))
    assert compared(check, Case((), 4.0), Returned(5.0)) is None, "within a quarter"
    found = compared(check, Case((), 4.0), Returned(5.1))
    assert found is not None and found.code == "wrong_value", f"and no more: {found}"
    assert compared(check, Case((), 4.0, 8.0), Returned(5.1)) is None, "against a scale"
    raised = compared(check, Case((), 4.0), RAISED)
    assert raised is not None and raised.code == "raised", f"an exception is no value: {raised}"


def failed(size: int, value: Any, finding: Finding = WRONG, expected: Any = None) -> FailedCase:
    case = Case((np.arange(float(size)),), np.zeros(size))
    return FailedCase(finding, case, Returned(value), lambda: f"got {size}", expected, value)


def test_a_check_is_told_on_its_smallest_failing_case() -> None:
    check = drawn(Value(), FUNCTIONS)
    assert judgement(check, []) == PASS, "nothing failed"
    found = judgement(
        check, [failed(3, np.ones(3)), failed(2, np.array([0.0, 5.0]), expected=lambda: "right"), failed(4, 0.0)]
    )
    assert found == Judgement(
        Verdict.FAILED,
        WRONG,
        (3, 3),
        SmallestCase("x=np.array([0.0, 1.0])", "got 2", "right"),
        evidence=Evidence(
            code="x = np.array([0.0, 1.0])\nf(x)",
            elements=(Element("[0]", 0.0, 0.0, True), Element("[1]", 5.0, 0.0, False)),
            count=2,
        ),
    ), f"the one of two numbers, of three that failed of three: {found}"
    good = DrawnCheck(check.check, ("x",), check.cases, check.calls, TOLERANCE, (Case((1.0,)), Case((2.0,))))
    assert judgement(good, [failed(2, np.ones(2))]).failing == (1, 5), "good cases are asked, too"


def test_numbers_are_shown_of_a_wrong_value_alone() -> None:
    check = drawn(Value(), FUNCTIONS)
    code = "x = np.array([0.0, 1.0])\nf(x)"
    place = Finding(Verdict.RAISED, "raised", {"file": "f.py", "line": 3})
    assert judgement(check, [failed(2, np.ones(2), place)]).evidence == Evidence("f.py", 3, code), "not of an exception"
    assert judgement(check, [failed(2, None)]).evidence == Evidence(code=code), "not where there is no value"
    right = judgement(check, [failed(2, np.zeros(2), Finding(Verdict.FAILED, "warns"))])
    assert right.evidence == Evidence(code=code), f"not where the value is right: {right.evidence}"
    ended = FailedCase(place, Case((1.0,)), RAISED, lambda: "")
    assert judgement(check, [ended]).case == SmallestCase(
        "x=1.0",
        "",
        None,
        outcome=Finding(
            Verdict.RAISED,
            "raised",
            {"error": "ValueError", "file": "f.py", "line": 3, "code": "x = 1"},
            {"error": "ValueError", "message": "bad"},
        ),
    ), "what came in place of a value is told"


def test_a_check_may_earn_half() -> None:
    judged = Judgement(Verdict.FAILED, WRONG, notes=(CHANGES,))
    found = half(judged, UNREADABLE)
    assert found == Judgement(Verdict.FAILED, WRONG, share=0.5, notes=(CHANGES, UNREADABLE)), f"and why: {found}"


def test_what_is_found_of_arguments_and_of_what_cannot_be_read() -> None:
    gone = changes(("x",), (1.0,), ())
    assert gone == CHANGES, f"an argument that did not come back: {gone}"
    assert (UNREADABLE.verdict, UNREADABLE.code) == (Verdict.WRONG_TYPE, "unreadable"), f"{UNREADABLE}"


def test_values_do_not_change() -> None:
    loose = [name for name in (*changeable(kind), *changeable(comparing)) if name != "Stopwatch"]
    assert loose == [], f"a value that can change is no fact: {loose}"
    assert not hasattr(Value(), "__dict__") and row.__doc__, "nor has a kind fields that nobody declared"
    assert not hasattr(Stopwatch(), "__dict__"), "nor a stopwatch"


def test_a_drawing_on_other_arguments_has_one_case() -> None:
    given = np.ones(2)
    (only,) = drawing(Value(), FUNCTIONS).on((given,)).cases()
    assert only[0].tolist() == [1.0, 1.0] and only[0] is not given, "a copy, once"


def test_counterexamples_are_shown_unless_somebody_forbids_it() -> None:
    assert Kind.has_counterexamples and drawing(Value(), FUNCTIONS).check.counterexample, "of most kinds"
