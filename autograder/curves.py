"""Curves for pictures: a function's values along one number, the right ones and those of a submission that failed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.authoring import Arguments, Curve
from autograder.judging.evidence import Number, number
from autograder.judging.values import as_floats
from autograder.results import CurveResult
from autograder.sandbox.answers import Answer, Returned


@dataclass(frozen=True, slots=True)
class ExamCurve:
    """A declared curve, the calls that it makes of a submission, and the right values."""

    curve: Curve
    calls: tuple[tuple[str, Arguments], ...]
    expected: tuple[float, ...]


def make_curve(curve: Curve, reference: Callable[..., Any]) -> ExamCurve:
    """A curve with the reference's values.

    Raises:
        ValueError, TypeError: the reference does not give one number somewhere.
    """
    drawn = [curve.make(value) for value in curve.over]
    expected = tuple(float(reference(*arguments)) for arguments in drawn)
    return ExamCurve(curve, tuple(("call", arguments) for arguments in drawn), expected)


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
