"""A promised exception must come, and none where it is not promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from autograder.authoring.kinds.comparing import FailedCase, judgement
from autograder.authoring.kinds.kind import Arguments, Case, Check, Drawing, DrawnCheck, Kind, Maker
from autograder.judging.diagnosis import NOTHING, Observed
from autograder.judging.finding import Finding, Plain
from autograder.judging.judgement import Judgement
from autograder.judging.outcomes import exception_name, no_value, raised_finding, shown, where
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer, Raised


@dataclass(frozen=True, slots=True)
class Raises(Kind):
    """An exception of this class must come on every case, and none on the cases that `unless` makes."""

    name: ClassVar[str] = "raises"

    error: type[Exception]
    unless: Maker

    def draw(self, drawing: Drawing) -> DrawnCheck:
        """The bad cases, then the good ones; the reference must raise on all of the one and on none of the other."""
        return self._drawn(drawing, drawing.cases(), [self.unless(drawing.rng, size) for size in drawing.check.sizes])

    def _drawn(self, drawing: Drawing, bad: Sequence[Arguments], good: Sequence[Arguments]) -> DrawnCheck:
        for arguments in bad:
            try:
                drawing.right(*arguments)
            except self.error:
                continue
            raise drawing.refuse(f"the reference raises no {self.error.__name__}")
        for arguments in good:
            drawing.right(*arguments)
        calls = [("call", arguments) for arguments in [*bad, *good]]
        return drawing.drawn([Case(each) for each in bad], calls, [Case(each) for each in good])

    def fresh(self, drawing: Drawing) -> list[DrawnCheck]:
        """A bad case and a good one, each by itself."""
        bad, good = drawing.cases(), [self.unless(drawing.rng, size) for size in drawing.check.sizes]
        return [self._drawn(drawing, bad, []), self._drawn(drawing, [], good)]

    def again(self, drawing: Drawing, fresh: DrawnCheck, arguments: Arguments) -> DrawnCheck:
        """On other arguments, which must be bad or good as those were."""
        return self._drawn(drawing, [arguments], []) if fresh.cases else self._drawn(drawing, [], [arguments])

    def maker(self, declared: Check, fresh: DrawnCheck) -> Maker:
        """Good cases have a maker of their own."""
        return declared.make if fresh.cases else self.unless

    def _found(self, bad: bool, answer: Answer) -> Finding | None:
        """On a bad case the promised exception must come; on a good one none."""
        name = self.error.__name__
        if isinstance(answer, Raised) and not answer.is_a("NotImplementedError") and not answer.is_a("MemoryError"):
            if not bad:
                return raised_finding(answer)
            if answer.is_a(name):
                return None
            about: dict[str, Plain] = {"error": exception_name(answer), "promised": name, **where(answer)}
            case: dict[str, Plain] = {"error": answer.types[0], "message": answer.message}
            return Finding(Verdict.RAISED, "raises_another", about, case)
        wrong = no_value(answer)
        if wrong is None and bad:
            return Finding(Verdict.FAILED, "does_not_raise", {"promised": name})
        return wrong

    def judge(self, check: DrawnCheck, answers: Sequence[Answer]) -> Judgement:
        """Told on the smallest case of either sort."""
        name, failures = self.error.__name__, []
        for place, (case, answer) in enumerate(zip((*check.cases, *check.good_cases), answers, strict=True)):
            bad = place < len(check.cases)
            found = self._found(bad, answer)
            if found is not None:
                expected = name if bad else f"no {name}"
                failures.append(FailedCase(found, case, answer, partial(shown, answer), partial(str, expected)))
        return judgement(check, failures)

    def telling(self, check: DrawnCheck) -> tuple[Case, ...]:
        """The bad cases: a known mistake may give a value there."""
        return check.cases

    def observed(self, check: DrawnCheck, answers: Sequence[Answer]) -> list[Observed]:
        """The bad cases, on which an exception is right."""
        pairs = zip(check.cases, answers, strict=False)
        return [Observed(case.arguments, answer, NOTHING, check.tolerance) for case, answer in pairs]
