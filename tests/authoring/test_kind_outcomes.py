"""Kinds that compare no single value, drawn and judged without a sandbox: exceptions, trainings, derivations."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from autograder.authoring.kinds import derivation, raises, training
from autograder.authoring.kinds.derivation import Derivation
from autograder.authoring.kinds.kind import Kind
from autograder.authoring.kinds.raises import Raises
from autograder.authoring.kinds.training import Training
from autograder.errors import SolutionsError
from autograder.judging.diagnosis import NOTHING, Observed
from autograder.judging.evidence import Chain, ChainLine, Evidence
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


Step = Callable[..., float]


def left(x: float, y: float) -> float:
    return 2.0 * x * y


def right(x: float, y: float) -> float:
    return x**2 + y**2


def two(rng: np.random.Generator, size: int) -> tuple[float, float]:
    """Two numbers"""
    return float(size), float(size + 1)


def proof() -> list[tuple[str, Step]]:
    return [("start", left), ("=", lambda x, y: 2 * x * y), ("<=", right), ("=", lambda x, y: x * x + y * y)]


BOUND = Derivation(left, right, "<=")
PROOF = {"bound": proof}


def lines(given: list[tuple[str, Step]]) -> list[Any]:
    asked = [(1.0, 2.0), (2.0, 3.0), (3.0, 4.0)]
    return [[relation, [["ok", step(*case)] for case in asked]] for relation, step in given]


def proved(given: list[tuple[str, Step]]) -> Judgement:
    return BOUND.judge(drawn(BOUND, PROOF, two), [Returned(lines(given))])


def test_a_derivation_is_asked_line_by_line_in_one_call() -> None:
    check = drawn(BOUND, PROOF, two)
    assert check.calls == (("steps", [(1.0, 2.0), (2.0, 3.0), (3.0, 4.0)]),), f"all cases in one: {check.calls}"
    assert [case.expected for case in check.cases] == [(4.0, 5.0), (12.0, 13.0), (24.0, 25.0)], "both sides of each"
    assert check.parameters == ("x", "y") and BOUND.tolerances == ("derivation",) and BOUND.has_lines, "as declared"
    assert proved(proof()) == PASS, "what proves it passes"
    run: list[tuple[float, float]] = []

    def counting(step: Step) -> Step:
        def counted(x: float, y: float) -> float:
            run.append((x, y))
            return step(x, y)

        return counted

    def counted() -> list[tuple[str, Step]]:
        return [(relation, counting(step)) for relation, step in proof()]

    drawn(BOUND, {"bound": counted}, two)
    assert run == [(1.0, 2.0), (2.0, 3.0), (3.0, 4.0)] * 4, f"every line is run on every case, and timed: {run}"


def test_a_broken_link_is_shown_with_the_chain() -> None:
    start, _, bound, end = proof()
    broken = proved([start, ("=", lambda x, y: 2 * x * y + (x > 1)), bound, end])
    wanted = Finding(FAILED, "broken_link", {"line": 1, "relation": "="}, {"left": "12.0", "right": "13.0"})
    assert broken.finding == wanted, f"{broken}"
    assert (broken.failing, broken.case) == (None, SmallestCase("x=2.0, y=3.0", "12.0", "13.0")), f"{broken}"
    told = (ChainLine("start", 12.0), ChainLine("=", 13.0), ChainLine("<=", 13.0), ChainLine("=", 13.0))
    evidence = Evidence(code="x = 2.0\ny = 3.0", chain=Chain(told, 2, True, (12.0, 13.0)))
    assert broken.evidence == evidence, f"on the case that breaks it: {broken.evidence}"
    assert broken.share == 0.0, "it earns nothing"
    first = proved([start, ("=", lambda x, y: 2 * x * y + 1), bound, end])
    assert first.evidence is not None and first.evidence.chain is not None, "the chain is shown"
    assert first.evidence.chain.ends == (4.0, 5.0), f"of the first case that breaks it: {first.evidence.chain}"
    assert first.evidence.chain.lines[1] == ChainLine("=", 5.0), f"with its values: {first.evidence.chain}"


def test_a_line_without_a_number_says_why() -> None:
    given = lines(proof())
    given[2][1][1] = ["raised", {"types": ["ZeroDivisionError"]}]
    judged = BOUND.judge(drawn(BOUND, PROOF, two), [Returned(given)])
    assert judged.finding is not None and judged.finding.code == "line_reason", f"{judged}"
    assert judged.case == SmallestCase("x=2.0, y=3.0", outcome=judged.finding), f"on the case where it does: {judged}"
    assert judged.evidence is not None and judged.evidence.chain is not None, "the chain is shown"
    assert judged.evidence.chain.lines[2] == ChainLine("<=", None, "raises ZeroDivisionError"), "with the reason"
    assert judged.evidence.chain.lines[1] == ChainLine("=", 12.0, ""), "beside the others' values"


def test_a_chain_without_its_form_has_no_case() -> None:
    start, same, bound, end = proof()
    odd = proved([start, ("same as above", same[1]), bound, end])
    assert odd.finding is not None and odd.finding.code == "no_relation" and odd.case is None, f"{odd}"
    wanted = Chain((ChainLine("start"), ChainLine("?"), ChainLine("<="), ChainLine("=")), 2, True)
    assert odd.evidence == Evidence(chain=wanted), f"a student's text is not kept: {odd.evidence}"
    short = proved([start, end])
    assert short.finding is not None and short.finding.code == "too_few_lines" and short.case is None, f"{short}"


def test_what_is_no_derivation_is_said_to_be_none() -> None:
    check = drawn(BOUND, PROOF, two)
    none = BOUND.judge(check, [Returned(3.0)])
    assert none.finding is not None and none.finding.code == "no_lines" and none.evidence is None, f"{none}"
    raised = BOUND.judge(check, [RAISED])
    assert raised.verdict is Verdict.RAISED and raised.evidence == Evidence("f.py", 3), f"with its place: {raised}"


def test_a_long_chain_is_cut() -> None:
    start, same, _, end = proof()
    wrong = proved([start, *[same] * 70, ("=", lambda x, y: 0.0), end])
    assert wrong.evidence is not None and wrong.evidence.chain is not None, "the chain is shown"
    assert len(wrong.evidence.chain.lines) == 60 and wrong.evidence.chain.at == 72, f"60 lines of it: {wrong.evidence}"


def test_generic_wrong_versions_of_a_proof_prove_nothing() -> None:
    made = list(BOUND.generic_wrongs("bound", proof, (1.0, 2.0)))
    names = [each.name for each in made]
    assert names == [*(f"line_{n}_off" for n in range(1, 5)), "relations_turned", "ends_only"], f"{names}"
    space: dict[str, Any] = {"reference": type("reference", (), {"bound": staticmethod(proof)})}
    for each in made:
        exec(each.helpers, space)
        judged = proved(eval(each.expression, space)())
        assert judged.verdict is not Verdict.PASSED and each.caught_by == "value", f"{each.name}: {judged}"
    off = eval(made[1].expression, space)()
    assert [step(1.0, 2.0) for _, step in off] == [4.0, 1000004.0, 5.0, 5.0], "one line, by more than any slack"
    turned = eval(made[4].expression, space)()
    assert [relation for relation, _ in turned] == ["start", "<=", ">=", "<="], f"each is turned: {turned}"
    ends = eval(made[5].expression, space)()
    assert [step(1.0, 2.0) for _, step in ends] == [4.0, 5.0], "the first and the last"


def test_values_do_not_change() -> None:
    loose = [name for module in (derivation, raises, training) for name in changeable(module)]
    assert loose == [], f"a value that can change is no fact: {loose}"
