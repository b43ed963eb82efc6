"""The curves of a submission that failed, beside the right ones."""

from collections.abc import Sequence

from autograder.exam.curves import ExamCurve
from autograder.judging.evidence import Number, number
from autograder.judging.numbers import as_floats
from autograder.records.record import CurveResult
from autograder.sandbox.answers import Answer, Returned


def _value(answer: Answer) -> Number | None:
    array = as_floats(answer.value) if isinstance(answer, Returned) else None
    return None if array is None or array.ndim else number(float(array))


def read_curve(made: ExamCurve, answers: Sequence[Answer]) -> CurveResult:
    """The record of a curve; where no number came back there is a gap."""
    return CurveResult(
        title=made.curve.title,
        label=made.curve.label,
        log=made.curve.log,
        over=made.curve.over,
        got=tuple(_value(answer) for answer in answers),
        expected=tuple(number(value) for value in made.expected),
    )
