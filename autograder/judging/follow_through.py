"""Half of the points for work that is right on top of the student's own wrong work."""

from collections.abc import Sequence
from dataclasses import replace

from autograder.authoring import Gradient
from autograder.course import Tolerance
from autograder.exam import ExamCheck
from autograder.judging.gradients import agrees
from autograder.judging.values import compare
from autograder.judging.verdicts import Judgement
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
    note = f"It is the gradient of your own {kind.of}, which is wrong: half of the points, as follow-through."
    return replace(judged, share=SHARE, brief=f"{judged.brief} {note}", message=f"{judged.message} {note}")
