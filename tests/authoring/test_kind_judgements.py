"""Kinds that compare values, drawn and judged without a sandbox: what they ask, accept, and say otherwise."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.authoring import kinds
from autograder.authoring.kinds import OWN, gradient, kind_named, quiet, untouched, value
from autograder.authoring.kinds.gradient import Gradient
from autograder.authoring.kinds.kind import Case, Kind
from autograder.authoring.kinds.quiet import Quiet
from autograder.authoring.kinds.untouched import Untouched
from autograder.authoring.kinds.value import Value
from autograder.errors import AuthoringError, SolutionsError
from autograder.judging.diagnosis import Observed
from autograder.judging.evidence import Element, Evidence
from autograder.judging.finding import Finding
from autograder.judging.judgement import PASS, Judgement, SmallestCase
from autograder.judging.literals import show
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Returned
from tests.authoring.drawing import RAISED, TOLERANCE, answers, drawn, row
from tests.values import changeable

FAILED = Verdict.FAILED


def total(x: Any) -> float:
    return float(np.sum(x**2))


FUNCTIONS: dict[str, Callable[..., Any]] = {"total": total}
CASE_1 = row(np.random.default_rng(0), 1)[0]


def found(kind: Kind, call: Callable[..., Any], functions: Any = FUNCTIONS, *given: Any, **named: Any) -> Judgement:
    check = drawn(kind, functions, *given, **named)
    return kind.judge(check, answers(check, call))


def test_values_are_asked_and_compared() -> None:
    check = drawn(Value(), FUNCTIONS)
    assert check.calls == tuple(("call", case.arguments) for case in check.cases), "a call a case"
    assert [case.expected for case in check.cases] == [total(*case.arguments) for case in check.cases], (
        "the reference's"
    )
    assert all(case.scale is None for case in check.cases), "no scale unless declared"
    assert found(Value(), total) == PASS, "what is right passes"
    twice = found(Value(), lambda x: 2 * total(x))
    number = repr(float(CASE_1[0]))
    assert twice.failing == (3, 3), f"on each of three cases: {twice}"
    assert twice.case == SmallestCase(f"x=np.array([{number}])", repr(2 * total(CASE_1)), repr(total(CASE_1))), (
        f"what came back, and what is right: {twice.case}"
    )
    elements = (Element("", 2 * total(CASE_1), total(CASE_1), False),)
    assert twice.evidence == Evidence(code=f"x = np.array([{number}])\ntotal(x)", elements=elements, count=1)
    raised = Value().judge(check, [RAISED] * 3)
    assert raised.verdict is Verdict.RAISED and raised.case is not None and raised.case.got == "", (
        "no value, none shown"
    )
    some = answers(check, total)
    assert Value().judge(check, [some[0], some[1], RAISED]).failing == (1, 3), "one case that fails is enough"


def test_a_scale_is_made_of_a_copy_of_each_case() -> None:
    def scale(x: Any) -> Any:
        x += 100.0
        return float(len(x))

    check = drawn(Value(scale), FUNCTIONS)
    assert [case.scale for case in check.cases] == [1.0, 2.0, 3.0], "one a case"
    assert all((np.abs(x) < 50).all() for case in check.cases for x in case.arguments), "and the case is left alone"
    sloped = Gradient("total", ("x",), scale=scale)
    assert sloped.scale_of((np.zeros(4),)) == 4.0 and Gradient("total", ("x",)).scale_of((1.0,)) is None, "or of none"


def test_the_cases_of_values_tell_one_mistake_from_another() -> None:
    check = drawn(Value(lambda x: 7.0), FUNCTIONS)
    some = answers(check, total)
    seen = [Observed(c.arguments, a, c.expected, TOLERANCE, 7.0) for c, a in zip(check.cases, some, strict=True)]
    assert Value().observed(check, some) == seen and Value().telling(check) == check.cases, "all of them"
    assert Value().compares and Quiet().compares and Untouched().compares, "each is compared with the reference"
    assert Untouched().observed(check, some) == [] and Untouched().telling(check) == (), "those of arguments tell none"
    assert Value().value(RAISED) is None and Value().shown(RAISED) == "", "an exception has no value"


def test_silence_asks_for_a_right_value_first() -> None:
    check = drawn(Quiet(), FUNCTIONS)
    right = [Returned(case.expected) for case in check.cases]
    assert Quiet().judge(check, right) == PASS and Quiet().catches == "quiet", "right, and silent"
    loud = Returned(check.cases[0].expected, "overflow in exp")
    warned = Quiet().judge(check, [loud, *right[1:]])
    assert warned.finding == Finding(FAILED, "warns", {}, {"warning": "overflow in exp"}), f"right, and loud: {warned}"
    assert warned.evidence is not None and warned.evidence.elements == (), "whose numbers are no matter"
    wrong = Quiet().judge_case(check, check.cases[0], Returned(1e9, "overflow"))
    assert wrong is not None and wrong.code == "value_first" and wrong.part is not None, f"wrong is wrong: {wrong}"
    raised = Quiet().judge_case(check, check.cases[0], RAISED)
    assert raised is not None and raised.code == "raised", f"and an exception is an exception: {raised}"


def test_arguments_are_asked_for_and_must_be_as_before() -> None:
    check = drawn(Untouched(), FUNCTIONS)
    assert {mode for mode, _ in check.calls} == {"arguments"} and Untouched().catches == "untouched", "asked for both"
    assert found(Untouched(), total) == PASS, "right, and as before"

    def changing(x: Any) -> float:
        result = total(x)
        x += 1
        return result

    changed = found(Untouched(), changing)
    told = {"name": "x", "before": show(np.array(CASE_1)), "after": show(np.array(CASE_1) + 1)}
    assert changed.finding == Finding(FAILED, "changes_arguments", {}, told), f"right, and not as before: {changed}"
    assert changed.case is not None and changed.case.got == repr(total(CASE_1)), "the value alone is shown"
    assert changed.evidence is not None and changed.evidence.elements == (), "and is right"
    wrong = found(Untouched(), lambda x: 1e9)
    assert wrong.finding is not None and wrong.finding.code == "value_first", f"wrong is wrong: {wrong}"
    assert wrong.evidence is not None and wrong.evidence.count == 1, "and shown number by number"
    unread = Untouched().judge(check, [Returned(1.0)] * 3)
    assert unread.finding is not None and unread.finding.code == "unreadable", f"not both: {unread}"
    raised = Untouched().judge(check, [RAISED] * 3)
    assert raised.verdict is Verdict.RAISED, f"no value: {raised}"
    assert [Untouched().value(Returned(v)) for v in ([1.0, ()], [], 2.0)] == [1.0, None, 2.0], "the value alone"
    assert Untouched().value(RAISED) is None, "or none"


def test_arguments_are_compared_to_the_scale_of_the_case() -> None:
    check = drawn(Untouched(), FUNCTIONS, tolerance=Tolerance(0.25, 0.0))
    case = Case((1.0,), 4.0, 8.0)
    assert Untouched().judge_case(check, case, Returned([5.5, (1.0,)])) is None, "a quarter of 8"
    assert Untouched().judge_case(check, case, Returned([6.5, (1.0,)])) is not None, "and no more"


def slope(x: Any) -> Any:
    return 2 * x


SLOPE: dict[str, Callable[..., Any]] = {"slope": slope, "total": total}
KIND = Gradient("total", ("x",))


def test_a_gradient_is_asked_with_probes_of_its_function() -> None:
    check = drawn(KIND, SLOPE)
    assert check.calls == tuple(("call", case.arguments) for case in check.cases), "a call a case"
    assert [len(case.probes) for case in check.cases] == [2, 2, 2], "two directions each"
    assert [case.facts for case in check.cases] == [total(*case.arguments) for case in check.cases], "and its value"
    assert found(KIND, slope, SLOPE) == PASS and KIND.parts == ("x",), "what is right passes"
    wrong = found(KIND, lambda x: 3 * x, SLOPE)
    assert wrong.failing == (3, 3) and wrong.share == 0.0, f"what is wrong does not: {wrong}"
    assert KIND.tolerances == ("differences",) and KIND.catches == "value", "it uses a tolerance of its own"
    function, calls = KIND.own_calls(check)
    assert function == "total" and len(calls) == 3 * 2 * 5, f"the student's own function along each: {len(calls)}"
    assert calls[5] == ("call", check.cases[0].probes[1].calls[0]), "in order"


def test_a_reference_whose_gradient_is_another_is_refused() -> None:
    with pytest.raises(SolutionsError, match="slope, check checked: the reference's gradient is not that of total"):
        drawn(KIND, {"slope": lambda x: 2.001 * x, "total": total})
    picked = Gradient("total", ("x",), None, lambda pair: pair[1], lambda pair: pair[0])
    functions = {"slope": lambda x: (2 * x, "more"), "total": lambda x: ("more", total(x))}
    check = drawn(picked, functions)
    assert [case.facts for case in check.cases] == [total(*case.arguments) for case in check.cases], "picked out"
    assert picked.derivative.elementwise is False, "and not elementwise unless declared"


def judged_own(function: Any, gradient_of: Any, own: Any = None) -> Judgement:
    check = drawn(KIND, SLOPE)
    given = answers(check, gradient_of)
    judged = KIND.judge(check, given)
    _, calls = KIND.own_calls(check)
    said = own or [Returned(function(*arguments)) for _, arguments in calls]
    return KIND.judge_own(check, judged, given, said, Tolerance(1e-5, 1e-7))


def test_the_gradient_of_the_students_own_function_earns_half() -> None:
    mine = judged_own(lambda x: 3 * total(x), lambda x: 6 * x)
    note = Finding(FAILED, "gradient_of_own", {"function": "total"})
    assert (mine.share, mine.notes, mine.verdict) == (0.5, (note,), FAILED), f"and says of which: {mine}"
    assert judged_own(lambda x: 3 * total(x), lambda x: 5 * x).share == 0.0, "another gradient earns nothing"
    assert judged_own(total, lambda x: 6 * x).share == 0.0, "nor where the function is right"
    near = judged_own(total, lambda x: 2 * x * (1 + 1e-6))
    assert (near.share, near.notes) == (0.0, ()), "nor where it is the right one, and not precise enough"
    for size in (1, 2, 3):
        mixed = judged_own(
            lambda x, size=size: (3 if len(x) == size else 1) * total(x),
            lambda x, size=size: (6 if len(x) == size else 2) * x,
        )
        assert mixed.share == 0.5, f"one case on which both are wrong is enough, as that of {size} numbers"


def test_half_needs_every_answer() -> None:
    check = drawn(KIND, SLOPE)
    function, calls = KIND.own_calls(check)
    right = [Returned(3 * total(*arguments)) for _, arguments in calls]
    for place in (0, 4, 29):
        own: list[Any] = [*right]
        own[place] = RAISED
        assert judged_own(None, lambda x: 6 * x, own).share == 0.0, f"call {place} of {function} raised"
    given: list[Any] = answers(check, lambda x: 6 * x)
    judged = KIND.judge(check, given)
    given[1] = RAISED
    assert KIND.judge_own(check, judged, given, right, Tolerance(1e-5, 1e-7)) is judged, "nor where one is missing"
    picked = Gradient("total", ("x",), pick=lambda pair: pair[0])
    both = drawn(picked, {"slope": slope, "total": lambda x: (total(x), "more")})
    given = answers(both, lambda x: 6 * x)
    said = [Returned((3 * total(*arguments), "more")) for _, arguments in picked.own_calls(both)[1]]
    followed = picked.judge_own(both, picked.judge(both, given), given, said, Tolerance(1e-5, 1e-7))
    assert followed.share == 0.5, f"the value is picked out of what the student's own function gives: {followed}"
    given = answers(both, lambda x: 2 * x * (1 + 1e-6))
    said = [Returned((total(*arguments), "more")) for _, arguments in picked.own_calls(both)[1]]
    near = picked.judge_own(both, picked.judge(both, given), given, said, Tolerance(1e-5, 1e-7))
    assert near.share == 0.0, f"without a step it is the right one: {near}"


def test_kinds_are_found_by_name() -> None:
    names = "value gradient raises untouched quiet derivation training".split()
    assert [kind.name for kind in OWN] == names, f"in this order: {OWN}"
    assert [kind_named(name) for name in names] == list(OWN), "each by its own"
    with pytest.raises(AuthoringError, match="no kind of check named 'magic'; there are value, gradient"):
        kind_named("magic")


def test_a_kind_of_another_package_must_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    class Foreign(Kind):
        """Of another package."""

    others: dict[str, Any] = {"foreign": Foreign, "function": lambda: None, "class": dict}
    monkeypatch.setattr(kinds, "added", lambda group: others if group == "kinds" else {})
    monkeypatch.setattr(kinds, "load", lambda group, point: point)
    assert kind_named("foreign") is Foreign, "a subclass is one"
    for name in ("function", "class"):
        with pytest.raises(AuthoringError, match=f"the kind of check '{name}' is no subclass"):
            kind_named(name)


def test_values_do_not_change() -> None:
    loose = [name for module in (gradient, quiet, untouched, value) for name in changeable(module)]
    assert loose == [], f"a value that can change is no fact: {loose}"
