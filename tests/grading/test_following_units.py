"""Follow-through, step by step, on a made-up submission that only answers what it is asked: no sandbox is started."""

import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from autograder.authoring.kinds.gradient import Gradient
from autograder.authoring.kinds.quiet import Quiet
from autograder.authoring.kinds.raises import Raises
from autograder.authoring.kinds.value import Value
from autograder.exam.exam import Part, Question
from autograder.exam.foundations import Foundation, key
from autograder.grading import following
from autograder.grading.following import (
    AnsweredPart,
    FoundationCalls,
    follow,
    gives_one_number,
    judge_on_own,
    may_build,
    own_value,
)
from autograder.judging.finding import Finding
from autograder.judging.judgement import Judgement
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer, Missing, Raised, Returned
from tests.authoring.drawing import RAISED, answers, drawn
from tests.values import changeable

DIFFERENCES = Tolerance(1e-5, 1e-7)
SOURCE = """
import numpy as np

def base(x):
    return float(np.sum(x**2))

def shift(x, by=1.0):
    return x + by

def twice(x):
    return 2 * base(x)

def moved(x):
    return base(shift(x, by=2.0)) + base(x)

def slope(x):
    return 2 * x
"""
REFERENCE = types.ModuleType("reference")
exec(SOURCE, vars(REFERENCE))


def functions(first: str) -> dict[str, Callable[..., Any]]:
    names = (first, "base", "shift", "twice", "moved", "slope")
    return {name: getattr(REFERENCE, name) for name in names}


def question(name: str, *kinds: Any, on: tuple[str, ...] = ()) -> Question:
    checks = tuple(drawn(kind, functions(name)) for kind in kinds or (Value(),))
    return Question(name, checks, 1.0, foundation=Foundation(REFERENCE, on) if on else None)


@dataclass
class Submission:
    """What a student wrote, and which calls were asked of it beyond the exam's."""

    functions: dict[str, Callable[..., Any]]
    asked: list[tuple[str, int, str]] = field(default_factory=list)
    refuses: frozenset[str] = frozenset()

    def ask(self, name: str, calls: Sequence[tuple[str, Any]], of: Question) -> Sequence[Answer] | None:
        self.asked.append((name, len(calls), of.function))
        if name in self.refuses:
            return None
        found: list[Answer] = []
        for mode, arguments in calls:
            assert mode == "call", f"values alone are asked for: {mode}"
            try:
                found.append(Returned(self.functions[name](*arguments)))
            except Exception as error:
                found.append(Raised((type(error).__name__,), str(error)))
        return found


def sat(submission: Submission, *questions: Question) -> AnsweredPart:
    """The questions as the grader has judged them before anything is followed."""
    given = [
        [each for check in asked.checks for each in answers(check, submission.functions[asked.function])]
        for asked in questions
    ]
    judged = [
        [
            check.check.kind.judge(check, own)
            for check, own in zip(asked.checks, asked.by_check(own_answers), strict=True)
        ]
        for asked, own_answers in zip(questions, given, strict=True)
    ]
    return AnsweredPart(Part("a", "m", "A", questions, ()), given, judged)


def followed(submission: Submission, *questions: Question) -> list[list[Judgement]]:
    part = sat(submission, *questions)
    follow(part, submission.ask, DIFFERENCES, FoundationCalls())
    return part.judged


def right() -> dict[str, Callable[..., Any]]:
    return {name: getattr(REFERENCE, name) for name in ("base", "shift", "twice", "moved", "slope")}


def tripled(x: Any) -> float:
    return 3 * float(np.sum(x**2))


# What is right on top of a base that gives three times as much.
ON_TRIPLED = {**right(), "base": tripled, "twice": lambda x: 2 * tripled(x)}
OWN = Finding(Verdict.FAILED, "right_on_own", {"functions": ["base"]})


def test_what_is_right_on_top_of_wrong_work_earns_half() -> None:
    base, twice = question("base"), question("twice", on=("base",))
    submission = Submission(ON_TRIPLED)
    before = sat(submission, base, twice).judged
    (of_base,), (of_twice,) = followed(submission, base, twice)
    assert of_base == before[0][0], f"what is wrong stays so: {of_base}"
    assert (of_twice.share, of_twice.notes, of_twice.verdict) == (0.5, (OWN,), Verdict.FAILED), (
        f"and says of which: {of_twice}"
    )
    assert submission.asked == [("base", 3, "twice")], f"its own function is asked on three cases: {submission.asked}"


def test_what_is_wrong_on_top_of_it_earns_nothing() -> None:
    submission = Submission({**ON_TRIPLED, "twice": lambda x: 4 * tripled(x)})
    _, (of_twice,) = followed(submission, question("base"), question("twice", on=("base",)))
    assert (of_twice.share, of_twice.notes) == (0.0, ()), f"{of_twice}"
    once = Submission({**ON_TRIPLED, "twice": lambda x: 2 * tripled(x) if len(x) < 3 else 0.0})
    _, (of_twice,) = followed(once, question("base"), question("twice", on=("base",)))
    assert of_twice.share == 0.0, f"on every case, or not at all: {of_twice}"


def test_where_nothing_below_is_wrong_nothing_is_asked() -> None:
    submission = Submission({**right(), "twice": lambda x: 6 * float(np.sum(x**2))})
    _, (of_twice,) = followed(submission, question("base"), question("twice", on=("base",)))
    assert of_twice.share == 0.0 and submission.asked == [], f"its own mistake is its own: {submission.asked}"
    fine = Submission({**right(), "base": tripled})
    _, (of_twice,) = followed(fine, question("base"), question("twice", on=("base",)))
    assert of_twice.verdict is Verdict.PASSED and fine.asked == [], "what is right needs no second look"
    alone = Submission(ON_TRIPLED)
    _, (of_twice,) = followed(alone, question("base"), question("twice"))
    assert of_twice.share == 0.0 and alone.asked == [], "nor what builds on nothing"


def test_every_failed_check_of_a_function_is_looked_at() -> None:
    others = drawn(Quiet(), functions("twice"), lambda rng, size: (rng.normal(size=size) + 10.0,))
    checks = (*question("twice").checks, others)
    base, twice = question("base"), Question("twice", checks, 1.0, foundation=Foundation(REFERENCE, ("base",)))
    submission = Submission(ON_TRIPLED)
    _, (value, silence) = followed(submission, base, twice)
    assert (value.share, silence.share) == (0.5, 0.5), f"each earns half: {value} {silence}"
    assert submission.asked == [("base", 6, "twice")], f"asked at once: {submission.asked}"
    loud = sat(submission, base, twice)
    loud.judged[1][0] = Judgement(Verdict.PASSED, share=1.0)
    follow(loud, submission.ask, DIFFERENCES, FoundationCalls())
    assert loud.judged[1][0].share == 1.0 and loud.judged[1][1].share == 0.5, "one that passed is left alone"
    assert submission.asked[-1] == ("base", 3, "twice"), f"and not asked for: {submission.asked}"


def backwards(x: Any, by: float = 1.0) -> Any:
    return x - by


def test_all_functions_below_are_asked_and_the_wrong_ones_named() -> None:
    base, shift, moved = question("base"), question("shift"), question("moved", on=("shift", "base"))
    of = {
        **right(),
        "shift": backwards,
        "moved": lambda x: float(np.sum((x - 2.0) ** 2)) + float(np.sum(x**2)),
    }
    submission = Submission(of)
    assert followed(submission, base, shift, moved)[2][0].share == 0.0, (
        "a reference calls its own on what is not its own"
    )
    assert [(name, of) for name, _, of in submission.asked] == [("shift", "moved"), ("base", "moved")], (
        f"{submission.asked}"
    )
    both = {
        **right(),
        "base": tripled,
        "moved": lambda x: tripled(x + 2.0) + tripled(x),
    }
    found = followed(Submission(both), base, shift, moved)[2][0]
    assert found.share == 0.5 and found.notes == (OWN,), f"that which is right is not named: {found}"


def _raises(x: Any) -> float:
    raise ZeroDivisionError


@pytest.mark.parametrize("own", [lambda x: None, lambda x: "text", lambda x: np.ones(2), _raises])
def test_own_values_of_another_form_tell_nothing(own: Callable[..., Any]) -> None:
    submission = Submission({**ON_TRIPLED, "base": own})
    _, (of_twice,) = followed(submission, question("base"), question("twice", on=("base",)))
    assert of_twice.share == 0.0, f"no reference runs on these: {of_twice}"


def test_a_submission_that_cannot_be_asked_again_stays_as_it_is() -> None:
    submission = Submission(ON_TRIPLED, refuses=frozenset({"base"}))
    _, (of_twice,) = followed(submission, question("base"), question("twice", on=("base",)))
    assert of_twice.share == 0.0 and submission.asked == [("base", 3, "twice")], f"{of_twice}"


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e308])
def test_own_values_that_are_not_finite_earn_nothing_by_chance(value: float) -> None:
    submission = Submission({**right(), "base": lambda x: value, "twice": lambda x: 1.0})
    _, (of_twice,) = followed(submission, question("base"), question("twice", on=("base",)))
    assert of_twice.share == 0.0, f"{of_twice}"


KIND = Gradient("base", ("x",))


def test_a_gradient_of_ones_own_function_is_followed() -> None:
    base, slope = question("base"), question("slope", KIND)
    submission = Submission({**right(), "base": tripled, "slope": lambda x: 6 * x})
    _, (of_slope,) = followed(submission, base, slope)
    assert of_slope.share == 0.5 and of_slope.notes[0].code == "gradient_of_own", f"it is that of its own: {of_slope}"
    assert submission.asked == [("base", 30, "slope")], f"asked along each direction: {submission.asked}"
    fine = Submission({**right(), "base": tripled})
    _, (of_slope,) = followed(fine, base, slope)
    assert of_slope.verdict is Verdict.PASSED and fine.asked == [], "a right one needs none"
    raising = Submission({**right(), "base": tripled, "slope": lambda x: 1 / 0})
    _, (of_slope,) = followed(raising, base, slope)
    assert of_slope.verdict is Verdict.RAISED and raising.asked == [], "nor one that gave no value"
    ended = sat(raising, base, slope)
    ended.judged[1][0] = Judgement(Verdict.CRASHED)
    follow(ended, raising.ask, DIFFERENCES, FoundationCalls())
    assert raising.asked == [], "nor one that ended its process"
    gone = Submission({**right(), "base": tripled, "slope": lambda x: 6 * x}, refuses=frozenset({"base"}))
    _, (of_slope,) = followed(gone, base, slope)
    assert of_slope.share == 0.0 and len(gone.asked) == 1, f"nor can one be followed that cannot be asked: {of_slope}"
    tight = sat(submission, base, slope)
    follow(tight, submission.ask, Tolerance(0.0, 0.0), FoundationCalls())
    assert tight.judged[1][0].share == 0.0, "differences agree within their tolerance alone"


def test_what_earned_half_as_a_gradient_is_not_followed_twice() -> None:
    slope = Question("slope", question("slope", KIND).checks, 1.0, foundation=Foundation(REFERENCE, ("base",)))
    submission = Submission({**right(), "base": tripled, "slope": lambda x: 6 * x})
    _, (of_slope,) = followed(submission, question("base"), slope)
    assert len(of_slope.notes) == 1 and of_slope.share == 0.5, f"half once: {of_slope}"
    assert [name for name, *_ in submission.asked] == ["base"], f"{submission.asked}"


def test_which_checks_may_build_on_others() -> None:
    check = question("twice").checks[0]
    values: list[Answer] = [Returned(1.0), Returned(2.0), Returned(3.0)]
    failed, typed = Judgement(Verdict.FAILED), Judgement(Verdict.WRONG_TYPE)
    assert may_build(check, failed, values) and may_build(check, typed, values), "wrong, with a value on every case"
    assert not may_build(check, Judgement(Verdict.PASSED), values), "what passed need not"
    assert not may_build(check, Judgement(Verdict.RAISED), values), "what raised gave none"
    assert not may_build(check, Judgement(Verdict.FAILED, share=0.5), values), "what earned half has it"
    for place in range(3):
        some: list[Answer] = [*values]
        some[place] = RAISED
        assert not may_build(check, failed, some), f"case {place} has no value"
    promises = drawn(Raises(ValueError, lambda rng, size: (1.0,)), {"root": lambda x: _negative(x)}, _minus)
    assert not may_build(promises, failed, [Returned(1.0)] * 6), "exceptions are not compared"


def _minus(rng: np.random.Generator, size: int) -> tuple[float]:
    """A negative number"""
    return (-float(size),)


def _negative(x: float) -> float:
    if x < 0:
        raise ValueError
    return x


def test_a_reference_that_raises_on_own_values_says_nothing() -> None:
    check = question("twice").checks[0]
    judged, foundation = Judgement(Verdict.FAILED), Foundation(REFERENCE, ("base",))
    given: list[Answer] = [Returned(0.0)] * 3
    assert judge_on_own(check, given, judged, foundation, ["base"], {}) is judged, "a call that nobody answered"
    texts = {key("base", case.arguments): None for case in check.cases}
    assert judge_on_own(check, given, judged, foundation, ["base"], texts) is judged, "or with what it cannot use"
    zeros = {key("base", case.arguments): 0.0 for case in check.cases}
    assert judge_on_own(check, given, judged, foundation, ["base", "shift"], zeros) == Judgement(
        Verdict.FAILED, share=0.5, notes=(Finding(Verdict.FAILED, "right_on_own", {"functions": ["base", "shift"]}),)
    ), "twice 0 is 0"


def test_an_own_value_has_the_form_of_the_right_one() -> None:
    assert own_value(Returned(3), 1.0) == 3.0 and type(own_value(Returned(3), 1.0)) is float, "a number"
    assert own_value(Returned([1, 2]), np.zeros(2)).tolist() == [1.0, 2.0], "an array"
    assert own_value(RAISED, 1.0) is None and own_value(Missing(), 1.0) is None, "no value, none"
    for value, form in (
        ("x", 1.0),
        (None, 1.0),
        ([1.0, "x"], np.zeros(2)),
        (1.0, (1.0, 2.0)),
        ({}, {"a": 1.0}),
        ((1.0,), (1.0, 2.0)),
    ):
        assert own_value(Returned(value), form) is None, f"{value!r} has not the form of {form!r}"


def test_what_references_call_is_found_once_and_kept() -> None:
    asked, built = question("moved", on=("shift", "base")), FoundationCalls()
    (check,), foundation = asked.checks, asked.foundation
    assert foundation is not None, "it builds on two"
    found = built.of(asked, foundation, check)
    assert [name for _, name, _, _ in found] == ["shift", "base", "base"] * 3, f"each call of each case: {found}"
    for called, name, arguments, value in found:
        assert called == key(name, arguments), "by its key"
        assert np.array_equal(value, getattr(REFERENCE, name)(*arguments)), "with what is right"
    assert built.of(asked, foundation, check) is found, "found once"
    other = question("twice", on=("base",))
    assert other.foundation is not None, "it builds on one"
    (base,) = other.checks
    assert len(built.of(other, other.foundation, base)) == 3, "another check has its own"


def test_equal_calls_are_asked_once() -> None:
    same = drawn(Value(), functions("twice"), lambda rng, size: (np.ones(2),))
    asked = Question("twice", (same,), 1.0, foundation=Foundation(REFERENCE, ("base",)))
    submission = Submission(ON_TRIPLED)
    _, (of_twice,) = followed(submission, question("base"), asked)
    assert submission.asked == [("base", 1, "twice")] and of_twice.share == 0.5, (
        f"three equal cases: {submission.asked}"
    )


def test_whether_a_function_failed() -> None:
    part = sat(Submission(ON_TRIPLED), question("base", Value(), Quiet()), question("slope", KIND))
    assert part.failed("base") and not part.failed("slope") and not part.failed("absent"), "one that is wrong"
    part.judged[0][0] = Judgement(Verdict.PASSED)
    assert part.failed("base"), "one check is enough"
    for verdict in (Verdict.RAISED, Verdict.WRONG_TYPE, Verdict.CRASHED):
        part.judged[0][1] = Judgement(verdict)
        assert part.failed("base"), f"{verdict} is no pass"


def test_values_do_not_change() -> None:
    assert changeable(following) == [], "a value that can change is no fact"


def test_one_number_everywhere_is_known_in_every_form() -> None:
    zeros = [0.0, np.zeros(3), (0.0, np.zeros((2, 2))), {"a": [0, 0]}]
    assert gives_one_number(zeros), "zeros of any form are the same number"
    assert gives_one_number([1.5, np.full(2, 1.5)]), "so is any other"
    assert not gives_one_number([0.0, np.array([0.0, 1e-9])]), "one that differs makes it a function"
    assert not gives_one_number([0.0]), "a single number tells nothing"
    assert not gives_one_number([]) and not gives_one_number([0.0, "text"]), "nor does nothing, or a text"


@pytest.mark.parametrize(
    ("values", "one"),
    [
        ([0.0, 0.0], True),
        ([np.zeros(3)], True),
        ([(0.0, np.zeros(2)), 0.0], True),
        ([0.0], False),
        ([], False),
        ([1.0, 2.0, 1.0], False),
        ([2.0, 1.0, 2.0], False),
        ([1.0, 1.0, 2.0], False),
        ([1.0, 2.0, 2.0], False),
        ([0.0, "text", 0.0], False),
        ([None, 0.0, 0.0], False),
    ],
)
def test_one_number_everywhere_is_told_from_several(values: list[Any], one: bool) -> None:
    assert gives_one_number(values) is one, f"{values}"
