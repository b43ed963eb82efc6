"""Half of the points for work that is right on top of the student's own wrong work."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.authoring.declarations import Gradient, Quiet, Untouched, Value
from autograder.exam.exam import ExamCheck, Question
from autograder.exam.foundations import Foundation
from autograder.exam.gradients import agrees
from autograder.judging.judge import judge_value
from autograder.judging.judgements import Judgement
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import compare
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer, Returned

SHARE = 0.5


def judge_gradient_of_own(
    check: ExamCheck,
    judged: Judgement,
    gradients: Sequence[Answer],
    own: Sequence[Sequence[Sequence[Answer]]],
    differences: Tolerance,
) -> Judgement:
    """The judgement of a failed gradient, once the student's own function has been asked along random directions.

    Args:
        check: of a gradient.
        judged: its judgement against the reference.
        gradients: the submission's gradients, by case.
        own: the submission's values of the function, by case, probe and call.
        differences: the tolerance of central differences.
    """
    kind = check.check.kind
    assert isinstance(kind, Gradient)
    function_is_wrong = False
    for case, gradient, by_probe in zip(check.cases, gradients, own, strict=True):
        if not isinstance(gradient, Returned):
            return judged
        for probe, answers in zip(case.probes, by_probe, strict=True):
            values = [answer.value for answer in answers if isinstance(answer, Returned)]
            if len(values) != len(answers) or not agrees(kind, probe, gradient.value, values, differences):
                return judged
            value = kind.pick(values[-1]) if kind.pick else values[-1]
            function_is_wrong = function_is_wrong or compare(value, case.facts, check.tolerance) is not None
    if not function_is_wrong:
        # Differences of the right function agree, so the gradient is right but not precise enough.
        return judged
    return _half(judged, f"It is the gradient of your own {kind.of}, which is wrong")


def _half(judged: Judgement, reason: str) -> Judgement:
    note = f"{reason}: half of the points, as follow-through."
    return replace(judged, share=SHARE, brief=f"{judged.brief} {note}", message=f"{judged.message} {note}")


def may_build(check: ExamCheck, judged: Judgement, answers: Sequence[Answer]) -> bool:
    """Whether a check compares values, got one for every case, and failed without any credit yet."""
    valued = isinstance(check.check.kind, Value | Gradient | Quiet | Untouched)
    wrong = judged.verdict in (Verdict.FAILED, Verdict.WRONG_TYPE) and not judged.share
    return valued and wrong and all(isinstance(answer, Returned) for answer in answers)


def judge_on_own(
    question: Question,
    check: ExamCheck,
    answers: Sequence[Answer],
    judged: Judgement,
    foundation: Foundation,
    wrong: Sequence[str],
    known: Mapping[bytes, Any],
) -> Judgement:
    """The judgement of a failed check, once it is known what the functions below it give in the submission itself.

    Args:
        question: that the check belongs to.
        check: of a function that builds on others.
        answers: to the check's calls, in order.
        judged: its judgement against the reference.
        foundation: what it builds on.
        wrong: those of its functions that are wrong in the submission.
        known: the submission's own values, by `foundation.key` of the call.
    """
    for case, answer in zip(check.cases, answers, strict=True):
        try:
            own = foundation.value(question.function, case.arguments, known)
        except Exception:
            # A reference may do anything on wrong values; then nothing can be said.
            return judged
        if judge_value(check, replace(case, expected=own), answer) is not None:
            return judged
    return _half(
        judged, f"It is right for your own {' and '.join(wrong)}, which {'is' if len(wrong) == 1 else 'are'} wrong"
    )
