"""The value of a function must equal the reference's."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from autograder.authoring.kinds.comparing import FailedCase, compared, judgement
from autograder.authoring.kinds.kind import Arguments, Case, Drawing, DrawnCheck, Kind, Scale, copied
from autograder.judging.diagnosis import Observed
from autograder.judging.finding import Finding
from autograder.judging.judgement import Judgement
from autograder.judging.literals import show
from autograder.sandbox.answers import Answer, Returned


class Comparing(Kind):
    """The kinds that ask for one value a case and compare it with the reference's."""

    __slots__ = ()

    compares: ClassVar[bool] = True
    # How the sandbox is asked.
    mode: ClassVar[str] = "call"

    def scale_of(self, arguments: Arguments) -> object:
        """Sizes against which the error on a case is measured; None for the usual."""
        return None

    def case(self, drawing: Drawing, arguments: Arguments) -> Case:
        """A case with what is right on it."""
        return Case(arguments, drawing.right(*arguments), self.scale_of(arguments))

    def draw(self, drawing: Drawing) -> DrawnCheck:
        """Every case with the reference's value."""
        drawn = drawing.cases()
        return drawing.drawn([self.case(drawing, args) for args in drawn], [(self.mode, args) for args in drawn])

    def judge_case(self, check: DrawnCheck, case: Case, answer: Answer) -> Finding | None:
        """The answer against the expected value."""
        return compared(check, case, answer)

    def value(self, answer: Answer) -> object:
        """What came back, to be compared number by number."""
        return answer.value if isinstance(answer, Returned) else None

    def shown(self, answer: Answer) -> str:
        """What came back, as NumPy code; empty where no value did."""
        return show(self.value(answer)) if isinstance(answer, Returned) else ""

    def judge(self, check: DrawnCheck, answers: Sequence[Answer]) -> Judgement:
        """Told on the smallest case whose value is wrong."""
        failures = [
            FailedCase(
                found, case, answer, partial(self.shown, answer), partial(show, case.expected), self.value(answer)
            )
            for case, answer in zip(check.cases, answers, strict=True)
            if (found := self.judge_case(check, case, answer)) is not None
        ]
        return judgement(check, failures)


class Telling(Comparing):
    """Those of them whose cases tell one mistake from another."""

    __slots__ = ()

    def telling(self, check: DrawnCheck) -> tuple[Case, ...]:
        """All cases."""
        return check.cases

    def observed(self, check: DrawnCheck, answers: Sequence[Answer]) -> list[Observed]:
        """All cases, with the values that are right."""
        pairs = zip(check.cases, answers, strict=True)
        return [Observed(case.arguments, answer, case.expected, check.tolerance, case.scale) for case, answer in pairs]


@dataclass(frozen=True, slots=True)
class Value(Telling):
    """The value must equal the reference's.

    `scale` gives, from a case's arguments, sizes of the expected shape; the error is then measured against the larger
    of them and the expected value, with no absolute allowance. It is for results whose terms cancel.
    """

    name: ClassVar[str] = "value"

    scale: Scale | None = None

    def scale_of(self, arguments: Arguments) -> object:
        """As declared."""
        return None if self.scale is None else self.scale(*copied(arguments))
