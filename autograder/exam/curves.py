"""Curves for pictures: a function's right values along one number."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.authoring.declarations import Curve
from autograder.authoring.kinds.kind import Arguments


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
