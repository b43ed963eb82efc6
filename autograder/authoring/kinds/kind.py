"""What every kind of check is: how it makes its cases, what it asks of the sandbox, and how it judges the answers.

The exam, the grader, the diagnosis and the audit know kinds by this form alone.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any, ClassVar, Literal

import numpy as np

from autograder.authoring.kinds.simpler import simpler
from autograder.errors import SolutionsError
from autograder.judging.chains import Fault
from autograder.judging.diagnosis import Observed
from autograder.judging.differences import Probe
from autograder.judging.finding import Finding
from autograder.judging.judgement import Judgement
from autograder.judging.levels import Reveal
from autograder.judging.tolerance import Tolerance
from autograder.sandbox.answers import Answer

Arguments = tuple[Any, ...]
Maker = Callable[[np.random.Generator, int], Arguments]
Scale = Callable[..., Any]
CaughtBy = Literal["value", "untouched", "quiet"]
# How the sandbox is asked ("call", "arguments", "steps"), and with what.
Call = tuple[str, Any]


def copied(value: Any) -> Any:
    """Arguments for a reference, which then cannot change the case."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list | tuple):
        return type(value)(copied(item) for item in value)
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class Check:
    """One declared check of one function.

    `sizes` has an entry for each case; `close` names a tolerance of the course; `reveal`, where given, says in place of
    the course's setting how much of it students see; `counterexample`, whether a student who fails it is shown a case
    that is none of the hidden ones.
    """

    function: str
    name: str
    title: str
    points: float
    kind: "Kind"
    make: Maker
    sizes: tuple[int, ...]
    close: str = "value"
    reveal: Reveal | None = None
    counterexample: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its arguments, and what the grader knows of it.

    `facts` are what a training's judge needs; of a gradient, the reference's value of the function.
    """

    arguments: Arguments
    expected: Any = None
    scale: Any = None
    facts: Any = None
    probes: tuple[Probe, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnCheck:
    """A check with its cases and the calls that it makes of a submission.

    `parameters` are the names of a case's arguments; `good_cases`, of a check of errors, those on which none may come.
    """

    check: Check
    parameters: tuple[str, ...]
    cases: tuple[Case, ...]
    calls: tuple[Call, ...]
    tolerance: Tolerance
    good_cases: tuple[Case, ...] = ()


@dataclass(slots=True)
class Stopwatch:
    """The seconds that references took."""

    seconds: float = 0.0

    def timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """`call` on copies of its arguments, its time counted."""

        def run(*arguments: Any) -> Any:
            own = copied(arguments)
            started = perf_counter()
            try:
                return call(*own)
            finally:
                self.seconds += perf_counter() - started

        return run


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a kind draws the cases of a check from.

    Args:
        check: as declared.
        rng: random numbers of this check alone.
        reference: gives a function of the reference by its name.
        parameters: names of a case's arguments.
        tolerance: of the check.
        tolerances: all of the course, by name.
        stopwatch: counts the time of the references, from which a submission's limit follows.
    """

    check: Check
    rng: np.random.Generator
    reference: Callable[[str], Callable[..., Any]]
    parameters: tuple[str, ...]
    tolerance: Tolerance
    tolerances: Mapping[str, Tolerance]
    stopwatch: Stopwatch = field(default_factory=Stopwatch)

    def right(self, *arguments: Any) -> Any:
        """What the reference of the checked function gives, its time counted."""
        return self.stopwatch.timed(self.reference(self.check.function))(*arguments)

    def cases(self) -> list[Arguments]:
        """The arguments of every case, in order of size."""
        return [self.check.make(self.rng, size) for size in self.check.sizes]

    def on(self, arguments: Arguments) -> "Drawing":
        """The same, with one case, which has these arguments."""
        return replace(self, check=replace(self.check, make=lambda *_: copied(arguments), sizes=(1,)))

    def refuse(self, why: str) -> SolutionsError:
        """The error of a check that its own reference does not pass."""
        return SolutionsError(f"{self.check.function}, check {self.check.name}: {why}")

    def drawn(self, cases: Sequence[Case], calls: Sequence[Call], good: Sequence[Case] = ()) -> DrawnCheck:
        """The check with these cases and calls."""
        return DrawnCheck(self.check, self.parameters, tuple(cases), tuple(calls), self.tolerance, tuple(good))


@dataclass(frozen=True, slots=True)
class GenericWrong:
    """A wrong version that any function of a kind may have, for the audit.

    `expression` gives it in a module in which `reference` is the staff's module; `helpers` is source that it needs.
    """

    name: str
    expression: str
    caught_by: CaughtBy = "value"
    helpers: str = ""


CHANGING = """
def change(value):
    if isinstance(value, np.ndarray) and value.size:
        value[...] = value[::-1] + 1 if value.ndim else value + 1
        return True
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return any([change(part) for part in parts])


def changing(right):
    def wrong(*arguments):
        value = right(*arguments)
        change(arguments)
        return value

    return wrong
"""


def _holds_array(value: Any) -> bool:
    """Whether there is an array in it that could be changed."""
    if isinstance(value, Mapping):
        return any(map(_holds_array, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_holds_array, value))
    return isinstance(value, np.ndarray) and value.size > 0


class Kind:
    """A kind of check. A subclass is a frozen dataclass of what an author declares of one check."""

    __slots__ = ()

    # As it stands in a record.
    name: ClassVar[str] = ""
    # Whether each call's value is compared with the reference's: such a check may be right on top of the student's own
    # wrong functions, and its cases tell known mistakes.
    compares: ClassVar[bool] = False
    # Whether the function returns lines that are functions themselves, which the sandbox evaluates case by case.
    has_lines: ClassVar[bool] = False
    # Whether one case can show what is wrong; not so where an outcome is judged as a whole.
    has_counterexamples: ClassVar[bool] = True
    # Named tolerances of the course that it uses beside the check's own.
    tolerances: ClassVar[tuple[str, ...]] = ()

    @property
    def catches(self) -> CaughtBy:
        """What a check of this kind is there to catch."""
        return "value"

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts of a result, where they have some."""
        return ()

    def parameters(self, function: Callable[..., Any]) -> tuple[str, ...]:
        """The names of a case's arguments, given the reference."""
        return tuple(inspect.signature(function).parameters)

    def draw(self, drawing: Drawing) -> DrawnCheck:
        """The cases, what is right on each, and the calls to make.

        Raises:
            SolutionsError: the reference does not pass it.
        """
        raise NotImplementedError

    def judge(self, check: DrawnCheck, answers: Sequence[Answer]) -> Judgement:
        """The judgement of the answers to the check's calls, in order."""
        raise NotImplementedError

    def judge_case(self, check: DrawnCheck, case: Case, answer: Answer) -> Finding | None:
        """What is wrong with one answer; for kinds that compare."""
        raise NotImplementedError

    def observed(self, check: DrawnCheck, answers: Sequence[Answer]) -> list[Observed]:
        """The cases that tell one mistake from another, with the answers to them."""
        return []

    def telling(self, check: DrawnCheck) -> tuple[Case, ...]:
        """The cases of `observed`, in the same order."""
        return ()

    def fault(self, check: DrawnCheck, answers: Sequence[Answer]) -> Fault | None:
        """What is wrong with the lines that came back, for kinds that have lines; None where nothing is."""
        return None

    def fault_of_known(self, check: DrawnCheck, wrong: Callable[[], Any]) -> Fault | None:
        """The same of a known mistake."""
        return None

    def fresh(self, drawing: Drawing) -> list[DrawnCheck]:
        """The check on further cases, each by itself, among which a counterexample is looked for.

        Args:
            drawing: of one size.

        Raises:
            SolutionsError: the reference does not pass it there; the case is then dropped.
        """
        return [self.draw(drawing)]

    def again(self, drawing: Drawing, fresh: DrawnCheck, arguments: Arguments) -> DrawnCheck:
        """A check of `fresh` on other arguments.

        Raises:
            SolutionsError: the reference does not pass it there.
        """
        return self.draw(drawing.on(arguments))

    def maker(self, declared: Check, fresh: DrawnCheck) -> Maker:
        """What makes the arguments of a check of `fresh`, of the check as declared."""
        return declared.make

    def simpler(self, case: Case) -> Iterator[Arguments]:
        """The arguments of a case with simpler numbers, the simplest first.

        What is given here is tried only where it has what all cases of the check have in common, and where the
        reference passes the check on it. A kind that knows its domain may give more than this careful default.
        """
        return simpler(case.arguments)

    def own_calls(self, check: DrawnCheck) -> tuple[str, list[Call]] | None:
        """Calls of another function of the submission, for which a failed check may be right; else None."""
        return None

    def judge_own(
        self,
        check: DrawnCheck,
        judged: Judgement,
        answers: Sequence[Answer],
        own: Sequence[Answer],
        tolerance: Tolerance,
    ) -> Judgement:
        """The judgement of a failed check once `own_calls` have been answered.

        Args:
            check: of this kind.
            judged: its judgement against the reference.
            answers: to its calls.
            own: to `own_calls`.
            tolerance: of central differences.
        """
        return judged

    def generic_wrongs(self, function: str, right: Callable[..., Any], case: Arguments) -> Iterator[GenericWrong]:
        """Wrong versions that any function with such a check may have.

        Args:
            function: its name.
            right: the reference.
            case: the arguments of a large case.
        """
        if _holds_array(case):
            yield GenericWrong("changes_its_arguments", f"changing(reference.{function})", "untouched", CHANGING)
