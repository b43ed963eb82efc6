"""The value must be right and come without a RuntimeWarning."""

from dataclasses import dataclass
from typing import ClassVar

from autograder.authoring.kinds.comparing import compared, value_first
from autograder.authoring.kinds.kind import Case, CaughtBy, DrawnCheck
from autograder.authoring.kinds.value import Telling
from autograder.judging.finding import Finding
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer, Returned


@dataclass(frozen=True, slots=True)
class Quiet(Telling):
    """The value must be right and come without a RuntimeWarning."""

    name: ClassVar[str] = "quiet"

    @property
    def catches(self) -> CaughtBy:
        """Warnings."""
        return "quiet"

    def judge_case(self, check: DrawnCheck, case: Case, answer: Answer) -> Finding | None:
        """The answer against the expected value, then its silence."""
        wrong = compared(check, case, answer)
        if wrong is not None or not isinstance(answer, Returned):
            return value_first(wrong, answer)
        return None if answer.warning is None else Finding(Verdict.FAILED, "warns", {}, {"warning": answer.warning})
