"""The outcome of training, which no single value describes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from autograder.authoring.kinds.comparing import UNREADABLE, FailedCase, changes, judgement, value_and_after
from autograder.authoring.kinds.kind import Arguments, Case, CaughtBy, Drawing, DrawnCheck, Kind
from autograder.judging.finding import Finding
from autograder.judging.judgement import Judgement
from autograder.judging.literals import show
from autograder.judging.outcomes import no_value, shown
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import compare, in_form
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer, Returned

# Every finite number is close enough: what is left to compare is type and shape.
ANY_FINITE = Tolerance(relative=0.0, absolute=1e300)


@dataclass(frozen=True, slots=True)
class Training(Kind):
    """An outcome that no single value describes.

    A case is `(arguments, facts)`: facts stay with the grader. `accepts(arguments, facts, values)` says what is wrong,
    without any number of the case, or None; `values` are what `repeats` equal calls gave, each finite and of the
    structure of the reference's value. `untouched` asks that the arguments be as before, too.
    """

    name: ClassVar[str] = "training"
    has_counterexamples: ClassVar[bool] = False

    accepts: Callable[[Arguments, Any, Sequence[Any]], str | None]
    repeats: int = 2
    untouched: bool = False

    @property
    def catches(self) -> CaughtBy:
        """Wrong outcomes, or changed arguments where these are looked at."""
        return "untouched" if self.untouched else "value"

    def draw(self, drawing: Drawing) -> DrawnCheck:
        """Each case with what the reference gives on it, which must be accepted."""
        cases = []
        for arguments, facts in drawing.cases():
            values = [drawing.right(*arguments) for _ in range(self.repeats)]
            problem = self.accepts(arguments, facts, values)
            if problem is not None:
                raise drawing.refuse(f"the reference fails it: {problem}")
            cases.append(Case(arguments, values[0], facts=facts))
        mode = "arguments" if self.untouched else "call"
        return drawing.drawn(cases, [(mode, case.arguments) for case in cases for _ in range(self.repeats)])

    def _trained(self, check: DrawnCheck, case: Case, answer: Answer) -> Any | Finding:
        """The value of one training, in the reference's form, or what keeps it from being judged.

        That is: no value, or not of the reference's structure, or not finite, or arguments that changed.
        """
        wrong = no_value(answer)
        if wrong is not None or not isinstance(answer, Returned):
            return wrong
        value = answer.value
        if self.untouched:
            pair = value_and_after(answer)
            if pair is None:
                return UNREADABLE
            changed = changes(check.parameters, case.arguments, pair[1])
            if changed is not None:
                return changed
            value = pair[0]
        return compare(value, case.expected, ANY_FINITE) or in_form(value, case.expected)

    def judge(self, check: DrawnCheck, answers: Sequence[Answer]) -> Judgement:
        """Every case's trainings together."""
        failures = []
        for at, case in enumerate(check.cases):
            own = answers[at * self.repeats : (at + 1) * self.repeats]
            trained = [self._trained(check, case, answer) for answer in own]
            found, told = next(
                ((t, a) for t, a in zip(trained, own, strict=True) if isinstance(t, Finding)), (None, own[0])
            )
            if found is None:
                problem = self.accepts(case.arguments, case.facts, trained)
                found = None if problem is None else Finding(Verdict.FAILED, "not_accepted", {"why": problem})
            if found is not None:
                failures.append(FailedCase(found, case, told, partial(self._shown, told)))
        return judgement(check, failures)

    def _shown(self, answer: Answer) -> str:
        """What came back, as NumPy code, without the arguments that came with it; empty where no value did."""
        pair = value_and_after(answer) if self.untouched and isinstance(answer, Returned) else None
        return shown(answer) if pair is None else show(pair[0])
