"""The gradient of a function must equal the reference's, which is held against central differences."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from autograder.authoring.kinds.follow_through import half
from autograder.authoring.kinds.kind import Arguments, Call, Case, Drawing, DrawnCheck, Scale, copied
from autograder.authoring.kinds.value import Telling
from autograder.judging.differences import Derivative, agrees, probes
from autograder.judging.finding import Finding
from autograder.judging.judgement import Judgement
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import compare
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer, Returned


@dataclass(frozen=True, slots=True)
class Gradient(Telling):
    """The gradient of `of` with respect to the parameters `wrt` must equal the reference's.

    `through` maps the case's arguments to those of `of` (default: the same). `pick` takes (value of `of`) -> function
    value, and `pick_gradient` (value of the checked function) -> gradient, where one function returns both.
    `elementwise` says that all arguments broadcast and each derivative has the broadcast shape.
    """

    name: ClassVar[str] = "gradient"
    tolerances: ClassVar[tuple[str, ...]] = ("differences",)

    of: str
    wrt: tuple[str, ...]
    through: Callable[..., Arguments] | None = None
    pick: Callable[[Any], Any] | None = None
    pick_gradient: Callable[[Any], Any] | None = None
    elementwise: bool = False
    scale: Scale | None = None

    @property
    def derivative(self) -> Derivative:
        """How the gradient and its function are read."""
        return Derivative(self.wrt, self.through, self.pick, self.pick_gradient, self.elementwise)

    @property
    def parts(self) -> tuple[str, ...]:
        """What is differentiated by names the parts."""
        return self.wrt

    def scale_of(self, arguments: Arguments) -> object:
        """As declared."""
        return None if self.scale is None else self.scale(*copied(arguments))

    def draw(self, drawing: Drawing) -> DrawnCheck:
        """Each case with its probes; the reference's gradient is held against differences of the reference itself."""
        drawn = drawing.cases()
        cases = [self._probed(drawing, arguments) for arguments in drawn]
        return drawing.drawn(cases, [("call", arguments) for arguments in drawn])

    def _probed(self, drawing: Drawing, arguments: Arguments) -> Case:
        plain, how = self.case(drawing, arguments), self.derivative
        found = tuple(probes(how, drawing.parameters, arguments, drawing.rng))
        of, value = drawing.reference(self.of), None
        for probe in found:
            values = [of(*copied(call)) for call in probe.calls]
            if not agrees(how, probe, plain.expected, values, drawing.tolerances["differences"]):
                raise drawing.refuse(
                    f"the reference's gradient is not that of {self.of} on one of its cases; is the case at a kink?"
                )
            value = self.pick(values[-1]) if self.pick else values[-1]
        return replace(plain, facts=value, probes=found)

    def own_calls(self, check: DrawnCheck) -> tuple[str, list[Call]]:
        """The student's own function along every probe."""
        return self.of, [("call", call) for case in check.cases for probe in case.probes for call in probe.calls]

    def _by_probe(self, check: DrawnCheck, own: Sequence[Answer]) -> Iterable[tuple[Case, list[Sequence[Answer]]]]:
        """Each case with what was answered to the calls of its probes."""
        at = 0
        for case in check.cases:
            found: list[Sequence[Answer]] = []
            for probe in case.probes:
                found.append(own[at : at + len(probe.calls)])
                at += len(probe.calls)
            yield case, found

    def judge_own(
        self,
        check: DrawnCheck,
        judged: Judgement,
        answers: Sequence[Answer],
        own: Sequence[Answer],
        tolerance: Tolerance,
    ) -> Judgement:
        """Half of the points where it is the gradient of the student's own function, which is wrong."""
        function_is_wrong = False
        for gradient, (case, by_probe) in zip(answers, self._by_probe(check, own), strict=True):
            if not isinstance(gradient, Returned):
                return judged
            for probe, told in zip(case.probes, by_probe, strict=True):
                values = [answer.value for answer in told if isinstance(answer, Returned)]
                if len(values) != len(told) or not agrees(self.derivative, probe, gradient.value, values, tolerance):
                    return judged
                value = self.pick(values[-1]) if self.pick else values[-1]
                function_is_wrong = function_is_wrong or compare(value, case.facts, check.tolerance) is not None
        if not function_is_wrong:
            # Differences of the right function agree, so the gradient is right but not precise enough.
            return judged
        return half(judged, Finding(Verdict.FAILED, "gradient_of_own", {"function": self.of}))
