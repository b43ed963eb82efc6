"""Kinds that compare no single value, drawn and judged without a sandbox: exceptions and trainings."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from autograder.authoring.kinds import raises, training
from autograder.authoring.kinds.kind import Kind
from autograder.authoring.kinds.raises import Raises
from autograder.authoring.kinds.training import Training
from autograder.errors import SolutionsError
from autograder.judging.diagnosis import NOTHING, Observed
from autograder.judging.finding import Finding, Plain
from autograder.judging.judgement import PASS, Judgement, SmallestCase
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Ended, Raised, Returned
from tests.authoring.drawing import RAISED, TOLERANCE, answers, drawing, drawn
from tests.values import changeable

FAILED = Verdict.FAILED


def found(kind: Kind, call: Callable[..., Any], functions: Any, *given: Any) -> Judgement:
    check = drawn(kind, functions, *given)
    return kind.judge(check, answers(check, call))


def root(x: float) -> float:
    if x < 0:
        raise ValueError("negative")
    return float(x**0.5)


def negative(rng: np.random.Generator, size: int) -> tuple[float]:
    """A negative number"""
    return (-float(size),)


def positive(rng: np.random.Generator, size: int) -> tuple[float]:
    return (float(size),)


RAISES = Raises(ValueError, positive)
ROOT = {"root": root}


def test_a_promised_exception_must_come_and_no_other() -> None:
    check = drawn(RAISES, ROOT, negative)
    numbers = [case.arguments for case in (*check.cases, *check.good_cases)]
    assert numbers == [(-1.0,), (-2.0,), (-3.0,), (1.0,), (2.0,), (3.0,)], f"bad ones, then good: {numbers}"
    assert check.calls == tuple(("call", each) for each in numbers), "a call each"
    assert found(RAISES, root, ROOT, negative) == PASS, "it comes where it is promised, and nowhere else"
    silent = found(RAISES, abs, ROOT, negative)
    assert silent.finding == Finding(FAILED, "does_not_raise", {"promised": "ValueError"}), f"{silent}"
    assert silent.case == SmallestCase("x=-1.0", "1.0", "ValueError") and silent.failing == (3, 6), f"{silent}"

    def always(x: float) -> float:
        raise ValueError(f"{x}")

    loud = found(RAISES, always, ROOT, negative)
    assert loud.finding is not None and loud.finding.code == "raised" and loud.failing == (3, 6), f"{loud}"
    assert loud.case is not None and (loud.case.arguments, loud.case.expected) == ("x=1.0", "no ValueError"), f"{loud}"


def test_another_exception_is_told_as_such() -> None:
    check = drawn(RAISES, ROOT, negative)
    good = [Returned(1.0)] * 3
    other = Raised(("TypeError", "Exception"), "bad", "f.py", 3, "x = 1")
    about: dict[str, Plain] = {
        "error": "TypeError",
        "promised": "ValueError",
        "file": "f.py",
        "line": 3,
        "code": "x = 1",
    }
    told = RAISES.judge(check, [RAISED, RAISED, other, *good])
    assert told.finding == Finding(Verdict.RAISED, "raises_another", about, {"error": "TypeError", "message": "bad"})
    below = Raised(("UnicodeError", "ValueError", "Exception"), "bad")
    assert RAISES.judge(check, [below, below, below, *good]) == PASS, "a class below it is one of it"
    for answer, code in (
        (Raised(("NotImplementedError", "ValueError"), ""), "not_written"),
        (Raised(("MemoryError", "ValueError"), ""), "memory_error"),
        (Ended("timeout", ""), "ended_timeout"),
    ):
        for at in (0, 3):
            given: list[Any] = [RAISED, RAISED, RAISED, *good]
            given[at] = answer
            judged = RAISES.judge(check, given)
            assert judged.finding is not None and judged.finding.code == code, f"{code} keeps no promise: {judged}"


def test_a_reference_that_keeps_no_promise_is_refused() -> None:
    with pytest.raises(SolutionsError, match="root, check checked: the reference raises no ValueError"):
        drawn(RAISES, {"root": lambda x: 1.0 if x == -2.0 else root(x)}, negative)
    with pytest.raises(ValueError, match="negative"):
        drawn(Raises(ValueError, negative), ROOT, negative)


def test_the_bad_cases_tell_one_mistake_from_another() -> None:
    check = drawn(RAISES, ROOT, negative)
    given = answers(check, root)
    pairs = zip(check.cases, given[:3], strict=True)
    wanted = [Observed(case.arguments, answer, NOTHING, TOLERANCE) for case, answer in pairs]
    assert RAISES.observed(check, given) == wanted, "an exception is right on them"
    assert RAISES.telling(check) == check.cases and RAISES.catches == "value", "and on no other"


def test_a_bad_and_a_good_case_are_made_anew_each_by_its_maker() -> None:
    made = drawing(RAISES, ROOT, negative)
    bad, good = RAISES.fresh(made)
    assert [case.arguments for case in bad.cases] == [(-1.0,), (-2.0,), (-3.0,)] and not bad.good_cases, f"{bad}"
    assert [case.arguments for case in good.good_cases] == [(1.0,), (2.0,), (3.0,)] and not good.cases, f"{good}"
    assert RAISES.maker(made.check, bad) is negative and RAISES.maker(made.check, good) is positive, "their own makers"
    assert [case.arguments for case in RAISES.again(made, bad, (-9.0,)).cases] == [(-9.0,)], "a bad one stays bad"
    assert [case.arguments for case in RAISES.again(made, good, (9.0,)).good_cases] == [(9.0,)], "a good one good"


def sample(rng: np.random.Generator, size: int) -> tuple[tuple[Any, int], float]:
    """A sample, and its mean"""
    x = np.arange(float(size))
    return (x, 3), float(np.mean(x))


def near(arguments: Any, facts: Any, values: Sequence[Any]) -> str | None:
    return None if all(abs(each - facts) < 0.5 for each in values) else "Is far from the mean."


def fit(x: Any, seed: int) -> float:
    return float(np.mean(x))


def trained(call: Callable[..., Any], **given: Any) -> Judgement:
    return found(Training(near, **given), call, {"fit": fit}, sample)


def test_a_training_is_asked_several_times_and_judged_by_its_outcome() -> None:
    check = drawn(Training(near), {"fit": fit}, sample)
    sizes = [len(arguments[0]) for _, arguments in check.calls]
    assert sizes == [1, 1, 2, 2, 3, 3], f"each case twice: {sizes}"
    assert [(case.expected, case.facts) for case in check.cases] == [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)], "facts stay"
    assert trained(lambda x, seed: fit(x, seed) + 0.4) == PASS, "near enough"
    far = trained(lambda x, seed: fit(x, seed) + (len(x) > 1))
    assert far.finding == Finding(FAILED, "not_accepted", {"why": "Is far from the mean."}), f"and no further: {far}"
    assert far.failing == (2, 3) and far.case == SmallestCase("x=np.array([0.0, 1.0]), seed=3", "1.5"), f"{far.case}"
    assert len(drawn(Training(near, repeats=3), {"fit": fit}, sample).calls) == 9, "as often as declared"


def test_each_training_of_a_case_counts() -> None:
    check = drawn(Training(near), {"fit": fit}, sample)
    right = answers(check, fit)
    for at in range(6):
        given: list[Any] = [*right]
        given[at] = Returned(9.0)
        assert Training(near).judge(check, given).failing == (1, 3), f"the outcome of call {at}"
        given[at] = RAISED
        judged = Training(near).judge(check, given)
        assert judged.verdict is Verdict.RAISED, f"call {at} raised: {judged}"
        assert judged.case is not None and judged.case.outcome is not None, f"and is what is told: {judged.case}"
    for odd, code in (
        (Returned(np.ones(2)), "no_single_number"),
        (Returned(np.nan), "nan"),
        (Returned(np.inf), "infinite"),
        (Returned("x"), "wrong_type"),
    ):
        judged = Training(near).judge(check, [odd, *right[1:]])
        assert judged.finding is not None and judged.finding.code == code, f"it has the reference's form: {judged}"
    free = Training(lambda arguments, facts, values: None)
    assert free.judge(check, [Returned(1e200), *right[1:]]) == PASS, "any finite number has"


def test_outcomes_come_in_the_form_of_the_reference() -> None:
    seen: list[Any] = []

    def accepts(arguments: Any, facts: Any, values: Sequence[Any]) -> None:
        seen.append(values)

    kind = Training(accepts, repeats=1)
    check = drawn(kind, {"fit": lambda x, seed: {"w": np.zeros(1)}}, sample, (1,))
    kind.judge(check, [Returned({"w": [2]})])
    assert isinstance(seen[-1][0]["w"], np.ndarray) and seen[-1][0]["w"].dtype == np.float64, (
        f"lists are arrays: {seen}"
    )


def test_a_training_may_leave_its_arguments() -> None:
    kind = Training(near, untouched=True)
    assert (kind.catches, Training(near).catches) == ("untouched", "value"), "where it is asked"
    check = drawn(kind, {"fit": fit}, sample)
    assert {mode for mode, _ in check.calls} == {"arguments"}, "it is asked for both"
    assert trained(fit, untouched=True) == PASS, "left as they were"

    def changing(x: Any, seed: int) -> float:
        result = fit(x, seed)
        x += 1
        return result

    changed = trained(changing, untouched=True)
    told = {"name": "x", "before": "np.array([0.0])", "after": "np.array([1.0])"}
    assert changed.finding == Finding(FAILED, "changes_arguments", {}, told), f"{changed}"
    assert changed.case is not None and changed.case.got == "0.0", f"the value alone is shown: {changed.case}"
    assert trained(changing) == PASS, "or not, where it is not asked"
    unread = kind.judge(check, [Returned(1.0)] * 6)
    assert unread.finding is not None and unread.finding.code == "unreadable", f"not both: {unread}"
    raised = kind.judge(check, [RAISED] * 6)
    assert raised.case is not None and raised.case.got == "", f"no value, none shown: {raised.case}"
    pair = Training(near).judge(check, [Returned([1.0, (2.0,)])] * 6)
    assert pair.case is not None and pair.case.got == "[1.0, (2.0,)]", f"a pair is one where it is not asked: {pair}"
    far = trained(lambda x, seed: 9.0, untouched=True)
    assert far.finding is not None and far.finding.code == "not_accepted", f"the outcome counts, too: {far}"


def test_a_reference_that_is_not_accepted_is_refused() -> None:
    with pytest.raises(SolutionsError, match=r"fit, check checked: the reference fails it: Is far from the mean\."):
        drawn(Training(near), {"fit": lambda x, seed: 9.0}, sample)


def test_values_do_not_change() -> None:
    loose = [name for module in (raises, training) for name in changeable(module)]
    assert loose == [], f"a value that can change is no fact: {loose}"
