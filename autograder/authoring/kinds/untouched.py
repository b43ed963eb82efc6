"""The value must be right and the arguments be as before."""

from dataclasses import dataclass
from typing import ClassVar

from autograder.authoring.kinds.comparing import UNREADABLE, changes, value_and_after, value_first
from autograder.authoring.kinds.kind import Case, CaughtBy, DrawnCheck
from autograder.authoring.kinds.value import Comparing
from autograder.judging.finding import Finding
from autograder.judging.outcomes import no_value
from autograder.judging.values import compare
from autograder.sandbox.answers import Answer, Returned


@dataclass(frozen=True, slots=True)
class Untouched(Comparing):
    """The value must be right and the arguments be as before: the sandbox is asked for both."""

    name: ClassVar[str] = "untouched"
    mode: ClassVar[str] = "arguments"

    @property
    def catches(self) -> CaughtBy:
        """Changed arguments."""
        return "untouched"

    def judge_case(self, check: DrawnCheck, case: Case, answer: Answer) -> Finding | None:
        """The value, then the arguments after the call."""
        wrong = no_value(answer)
        if wrong is not None or not isinstance(answer, Returned):
            return wrong
        pair = value_and_after(answer)
        if pair is None:
            return UNREADABLE
        wrong = compare(pair[0], case.expected, check.tolerance, case.scale)
        if wrong is not None:
            return value_first(wrong, answer)
        return changes(check.parameters, case.arguments, pair[1])

    def value(self, answer: Answer) -> object:
        """The value alone."""
        value = answer.value if isinstance(answer, Returned) else None
        return (value[0] if value else None) if isinstance(value, list) else value
