"""Makes the exam once a run: from declarations, references and the seed come cases, calls and expected values.

The exam knows the answers and never leaves the grader; `sandbox_questions` is the part of it that the sandbox sees.
"""

import hashlib
import inspect
import time
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np

from autograder.authoring.declarations import (
    Arguments,
    Check,
    Derivation,
    Gradient,
    Limit,
    Mistake,
    Quiet,
    Raises,
    Training,
    Untouched,
    Value,
)
from autograder.course.rubric import WrittenAnswer
from autograder.course.settings import Course, read_course
from autograder.course.solutions import Solution, load_solutions
from autograder.errors import SolutionsError
from autograder.exam.curves import ExamCurve, make_curve
from autograder.exam.foundations import Foundation, copied
from autograder.exam.gradients import Probe, agrees, probes
from autograder.judging.tolerance import Tolerance
from autograder.sandbox.inside.usual_limits import SECONDS_MORE, TIMES_THE_REFERENCE

Call = tuple[str, Any]
A = TypeVar("A")


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
class ExamCheck:
    """A check with its cases and the calls that it makes of a submission.

    `good_cases`, for a check of errors, are those on which none may come.
    """

    check: Check
    cases: tuple[Case, ...]
    calls: tuple[Call, ...]
    tolerance: Tolerance
    good_cases: tuple[Case, ...] = ()

    def by_probe(self, answers: Sequence[A]) -> list[list[Sequence[A]]]:
        """What was answered to the calls of a gradient's probes, by case and probe."""
        found: list[list[Sequence[A]]] = []
        at = 0
        for case in self.cases:
            found.append([])
            for probe in case.probes:
                found[-1].append(answers[at : at + len(probe.calls)])
                at += len(probe.calls)
        return found


@dataclass(frozen=True, slots=True)
class Question:
    """One function: its checks, in order, and its limits: processor seconds, and bytes where not the usual.

    `asked` tells students once more what is asked; `curves` are drawn where the function failed.
    """

    function: str
    parameters: tuple[str, ...]
    checks: tuple[ExamCheck, ...]
    seconds: float
    memory: int | None = None
    mistakes: tuple[Mistake, ...] = ()
    foundation: Foundation | None = None
    asked: str = ""
    curves: tuple[ExamCurve, ...] = ()

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls of all its checks, in order."""
        return tuple(call for check in self.checks for call in check.calls)

    def by_check(self, answers: Sequence[A]) -> list[Sequence[A]]:
        """What was answered to its calls, check by check."""
        found, at = [], 0
        for check in self.checks:
            found.append(answers[at : at + len(check.calls)])
            at += len(check.calls)
        return found


@dataclass(frozen=True, slots=True)
class Part:
    """One assignment of the exam."""

    name: str
    module: str
    title: str
    questions: tuple[Question, ...]
    written: tuple[WrittenAnswer, ...]


@dataclass(frozen=True, slots=True)
class Exam:
    """Everything that is asked in one run."""

    course: Course
    parts: tuple[Part, ...]

    @property
    def modules(self) -> dict[str, str]:
        """The module to hand in, by assignment."""
        return {part.name: part.module for part in self.parts}

    def only(self, wanted: Mapping[str, Collection[str]]) -> "Exam":
        """The exam of some functions, by assignment; an assignment of which none is wanted is left out."""
        parts = [
            replace(part, questions=tuple(q for q in part.questions if q.function in wanted[part.name]))
            for part in self.parts
            if wanted.get(part.name)
        ]
        return Exam(self.course, tuple(parts))


def generator(seed: int, *names: str) -> np.random.Generator:
    """The random numbers of one check: of their own, so that adding a check changes no other's cases."""
    digest = hashlib.sha256("/".join(names).encode()).digest()
    words = np.frombuffer(digest, dtype=np.uint32).tolist()
    return np.random.default_rng(np.random.SeedSequence([seed, *words]))


@contextmanager
def _strict(where: str) -> Iterator[None]:
    """A reference's error or warning is the author's to mend, and is named as such."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            yield
    except SolutionsError:
        raise
    except Exception as error:
        raise SolutionsError(f"{where}: {type(error).__name__}: {error}") from error


class _Writer:
    """Makes the questions of one assignment."""

    def __init__(self, solution: Solution, course: Course) -> None:
        self.solution = solution
        self.course = course
        self.spent = 0.0

    def reference(self, function: str) -> Callable[..., Any]:
        """The reference's function, its time counted."""
        call = getattr(self.solution.reference, function)

        def timed(*arguments: Any) -> Any:
            own = copied(arguments)
            started = time.perf_counter()
            try:
                return call(*own)
            finally:
                self.spent += time.perf_counter() - started

        return timed

    def _tolerance(self, name: str, where: str) -> Tolerance:
        found = self.course.tolerances.get(name)
        if found is None:
            raise SolutionsError(f"{where}: the course has no tolerance named {name!r}")
        return found

    def check(self, check: Check, parameters: tuple[str, ...]) -> ExamCheck:
        """Draw a check's cases and ask the reference."""
        where = f"{self.solution.assignment.name}.{check.function}, check {check.name}"
        rng = generator(self.course.seed, self.solution.assignment.name, check.function, check.name)
        with _strict(where):
            drawn = [check.make(rng, size) for size in check.sizes]
            tolerance = self._tolerance(check.close, where)
            match check.kind:
                case Derivation(start=start, end=end):
                    cases = [Case(args, (start(*copied(args)), end(*copied(args)))) for args in drawn]
                    self._time_steps(check.function, drawn)
                    return ExamCheck(check, tuple(cases), (("steps", drawn),), tolerance)
                case Raises(error=error, unless=unless):
                    good = [unless(rng, size) for size in check.sizes]
                    return self._errors(check, drawn, good, error, tolerance)
                case Training() as training:
                    return self._training(check, training, drawn, tolerance)
                case Gradient() as kind:
                    return self._gradient(check, kind, drawn, parameters, rng, tolerance)
                case Value() | Quiet() | Untouched():
                    mode = "arguments" if isinstance(check.kind, Untouched) else "call"
                    cases = [self._case(check, args) for args in drawn]
                    return ExamCheck(check, tuple(cases), tuple((mode, args) for args in drawn), tolerance)

    def _case(self, check: Check, arguments: Arguments) -> Case:
        scale = None
        if isinstance(check.kind, Value | Gradient) and check.kind.scale is not None:
            scale = check.kind.scale(*copied(arguments))
        return Case(arguments, self.reference(check.function)(*arguments), scale)

    def _time_steps(self, function: str, cases: Sequence[Arguments]) -> None:
        started = time.perf_counter()
        for _, step in getattr(self.solution.reference, function)():
            for arguments in cases:
                step(*copied(arguments))
        self.spent += time.perf_counter() - started

    def _errors(
        self,
        check: Check,
        bad: Sequence[Arguments],
        good: Sequence[Arguments],
        error: type[Exception],
        tolerance: Tolerance,
    ) -> ExamCheck:
        for arguments in bad:
            try:
                self.reference(check.function)(*arguments)
            except error:
                continue
            raise SolutionsError(f"{check.function}, check {check.name}: the reference raises no {error.__name__}")
        for arguments in good:
            self.reference(check.function)(*arguments)
        calls = tuple(("call", arguments) for arguments in [*bad, *good])
        good_cases = tuple(Case(arguments) for arguments in good)
        return ExamCheck(check, tuple(Case(arguments) for arguments in bad), calls, tolerance, good_cases)

    def _training(self, check: Check, kind: Training, drawn: Sequence[Arguments], tolerance: Tolerance) -> ExamCheck:
        cases = []
        for arguments, facts in drawn:
            values = [self.reference(check.function)(*arguments) for _ in range(kind.repeats)]
            problem = kind.judge(arguments, facts, values)
            if problem is not None:
                raise SolutionsError(f"{check.function}, check {check.name}: the reference fails it: {problem}")
            cases.append(Case(arguments, values[0], facts=facts))
        mode = "arguments" if kind.untouched else "call"
        calls = tuple((mode, case.arguments) for case in cases for _ in range(kind.repeats))
        return ExamCheck(check, tuple(cases), calls, tolerance)

    def _gradient(
        self,
        check: Check,
        kind: Gradient,
        drawn: Sequence[Arguments],
        parameters: tuple[str, ...],
        rng: np.random.Generator,
        tolerance: Tolerance,
    ) -> ExamCheck:
        """Cases of a gradient, each reference's gradient held against differences of the reference itself."""
        of = getattr(self.solution.reference, kind.of)
        differences = self.course.tolerances["differences"]
        cases = []
        for arguments in drawn:
            plain = self._case(check, arguments)
            found = tuple(probes(kind, parameters, arguments, rng))
            value = None
            for probe in found:
                values = [of(*copied(call)) for call in probe.calls]
                if not agrees(kind, probe, plain.expected, values, differences):
                    raise SolutionsError(
                        f"{check.function}, check {check.name}: the reference's gradient is not that of {kind.of} "
                        "on one of its cases; is the case at a kink?"
                    )
                value = kind.pick(values[-1]) if kind.pick else values[-1]
            cases.append(Case(arguments, plain.expected, plain.scale, facts=value, probes=found))
        return ExamCheck(check, tuple(cases), tuple(("call", args) for args in drawn), tolerance)

    def question(self, function: str) -> Question:
        """All checks of one function."""
        self.spent = 0.0
        parameters = tuple(inspect.signature(getattr(self.solution.reference, function)).parameters)
        checks = [check for check in self.solution.assignment.checks if check.function == function]
        if checks and isinstance(checks[0].kind, Derivation):
            parameters = tuple(inspect.signature(checks[0].kind.start).parameters)
        made = tuple(self.check(check, parameters) for check in checks)
        own = self.solution.assignment.limits.get(function, Limit())
        usual = SECONDS_MORE + TIMES_THE_REFERENCE * self.spent
        known = tuple(mistake for mistake in self.solution.assignment.mistakes if mistake.function == function)
        seconds = usual if own.seconds is None else own.seconds
        return Question(
            function=function,
            parameters=parameters,
            checks=made,
            seconds=seconds,
            memory=own.memory,
            mistakes=known,
            foundation=self._foundation(function, made),
            asked=self._asked(function),
            curves=self._curves(function),
        )

    def _asked(self, function: str) -> str:
        told = inspect.getdoc(getattr(self.solution.reference, function)) or ""
        return self.solution.assignment.formulas.get(function, " ".join(told.partition("\n\n")[0].split()))

    def _curves(self, function: str) -> tuple[ExamCurve, ...]:
        found = []
        for curve in self.solution.assignment.curves:
            if curve.function == function:
                with _strict(f"{self.solution.assignment.name}.{function}, curve {curve.title!r}"):
                    found.append(make_curve(curve, self.reference(function)))
        return tuple(found)

    def _foundation(self, function: str, checks: Sequence[ExamCheck]) -> Foundation | None:
        """What the reference builds on, as declared; tried on the smallest case, so that it is true."""
        names = self.solution.assignment.foundations.get(function, ())
        if not names:
            return None
        where = f"{self.solution.assignment.name}.{function} builds on {' and '.join(names)}"
        foundation = Foundation(self.solution.reference, names)
        valued = [check for check in checks if isinstance(check.check.kind, Value | Gradient)]
        with _strict(where):
            called = {name for check in valued for name, _ in foundation.calls(function, check.cases[0].arguments)}
        if called != set(names):
            raise SolutionsError(f"{where}: its reference does not call {', '.join(sorted(set(names) - called))}")
        return foundation


def make_exam(folder: Path, names: Sequence[str] | None = None, seed: int | None = None, student: str = "") -> Exam:
    """The exam of the assignments in `names` (default: all in the folder).

    Args:
        folder: of the solutions, with `course.toml`.
        names: of the assignments.
        seed: in place of the course's.
        student: whose cases they are, in a course that gives each student cases of their own.

    Raises:
        SolutionsError, CourseError: the solutions contradict themselves or cannot be read.
    """
    course = read_course(folder / "course.toml").with_seed(seed)
    parts = []
    for solution in load_solutions(folder, names):
        own = msgspec.structs.replace(course, seed=course.seed_of(solution.assignment.name, student))
        writer = _Writer(solution, own)
        questions = tuple(writer.question(function) for function in solution.assignment.functions)
        assignment = solution.assignment
        parts.append(Part(assignment.name, assignment.module, assignment.title, questions, solution.written))
    return Exam(course, tuple(parts))
