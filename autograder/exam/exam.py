"""Makes the exam once a run: from declarations, references and the seed come cases, calls and expected values.

The exam knows the answers and never leaves the grader; `sandbox_questions` is the part of it that the sandbox sees.
"""

import inspect
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from autograder.authoring.declarations import Limit, Mistake
from autograder.authoring.kinds.kind import Call, Case, Check, Drawing, DrawnCheck, Stopwatch
from autograder.course.rubric import WrittenAnswer
from autograder.course.settings import Course, read_course
from autograder.course.solutions import Solution, load_solutions
from autograder.errors import SolutionsError
from autograder.exam.curves import ExamCurve, make_curve
from autograder.exam.foundations import Foundation
from autograder.exam.fresh_cases import FreshDraws
from autograder.exam.streams import generator
from autograder.judging.diagnosis import Names, Observed
from autograder.judging.tolerance import Tolerance
from autograder.sandbox.answers import Answer
from autograder.sandbox.inside.usual_limits import SECONDS_MORE, TIMES_THE_REFERENCE

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Question:
    """One function: its checks, in order, and its limits: processor seconds, and bytes where not the usual.

    `asked` tells students once more what is asked; `curves` are drawn where the function failed; `fresh` draws cases
    beside the hidden ones. `own_seconds` are those of `seconds` that the author declared.
    """

    function: str
    checks: tuple[DrawnCheck, ...]
    seconds: float
    memory: int | None = None
    mistakes: tuple[Mistake, ...] = ()
    foundation: Foundation | None = None
    asked: str = ""
    curves: tuple[ExamCurve, ...] = ()
    fresh: FreshDraws | None = None
    own_seconds: float | None = None

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls of all its checks, in order."""
        return tuple(call for check in self.checks for call in check.calls)

    @property
    def names(self) -> Names:
        """What arguments, and the parts of a result, are called."""
        telling = [check for check in self.checks if check.check.kind.telling(check)]
        parts = next((check.check.kind.parts for check in telling if check.check.kind.parts), ())
        return Names(telling[0].parameters if telling else (), parts)

    @property
    def plain(self) -> int:
        """The number of telling cases of the first check, in which nothing is extreme."""
        return next((len(cases) for check in self.checks if (cases := check.check.kind.telling(check))), 0)

    @property
    def telling_cases(self) -> list[Case]:
        """Every case that tells one mistake from another."""
        return [case for check in self.checks for case in check.check.kind.telling(check)]

    def observed(self, answers: Sequence[Answer]) -> list[Observed]:
        """The telling cases, in the same order, with the answers to them."""
        pairs = zip(self.checks, self.by_check(answers), strict=True)
        return [seen for check, own in pairs for seen in check.check.kind.observed(check, own)]

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
        self.stopwatch = Stopwatch()

    def reference(self, function: str) -> Callable[..., Any]:
        """The reference's function."""
        call: Callable[..., Any] = getattr(self.solution.reference, function)
        return call

    def _tolerance(self, name: str, where: str) -> Tolerance:
        found = self.course.tolerances.get(name)
        if found is None:
            raise SolutionsError(f"{where}: the course has no tolerance named {name!r}")
        return found

    def check(self, check: Check) -> DrawnCheck:
        """Draw a check's cases and ask the reference."""
        where = f"{self.solution.assignment.name}.{check.function}, check {check.name}"
        with _strict(where):
            drawing = Drawing(
                check=check,
                rng=generator(self.course.seed, self.solution.assignment.name, check.function, check.name),
                reference=self.reference,
                parameters=check.kind.parameters(self.reference(check.function)),
                tolerance=self._tolerance(check.close, where),
                tolerances=self.course.tolerances,
                stopwatch=self.stopwatch,
            )
            return check.kind.draw(drawing)

    def question(self, function: str) -> Question:
        """All checks of one function."""
        self.stopwatch.seconds = 0.0
        made = tuple(self.check(check) for check in self.solution.assignment.checks if check.function == function)
        own = self.solution.assignment.limits.get(function, Limit())
        usual = SECONDS_MORE + TIMES_THE_REFERENCE * self.stopwatch.seconds
        known = tuple(mistake for mistake in self.solution.assignment.mistakes if mistake.function == function)
        seconds = usual if own.seconds is None else own.seconds
        return Question(
            function=function,
            checks=made,
            seconds=seconds,
            memory=own.memory,
            mistakes=known,
            foundation=self._foundation(function, made),
            asked=self._asked(function),
            curves=self._curves(function),
            fresh=self._fresh(),
            own_seconds=own.seconds,
        )

    def _fresh(self) -> FreshDraws | None:
        if not self.course.counterexamples:
            return None
        return FreshDraws(self.solution.assignment.name, self.reference, self.course.tolerances)

    def _asked(self, function: str) -> str:
        told = inspect.getdoc(getattr(self.solution.reference, function)) or ""
        return self.solution.assignment.formulas.get(function, " ".join(told.partition("\n\n")[0].split()))

    def _curves(self, function: str) -> tuple[ExamCurve, ...]:
        found = []
        for curve in self.solution.assignment.curves:
            if curve.function == function:
                with _strict(f"{self.solution.assignment.name}.{function}, curve {curve.title!r}"):
                    found.append(make_curve(curve, self.stopwatch.timed(self.reference(function))))
        return tuple(found)

    def _foundation(self, function: str, checks: Sequence[DrawnCheck]) -> Foundation | None:
        """What the reference builds on, as declared; tried on the smallest case, so that it is true."""
        names = self.solution.assignment.foundations.get(function, ())
        if not names:
            return None
        where = f"{self.solution.assignment.name}.{function} builds on {' and '.join(names)}"
        foundation = Foundation(self.solution.reference, names)
        compared = [check for check in checks if check.check.kind.compares]
        with _strict(where):
            called = {name for check in compared for name, _ in foundation.calls(function, check.cases[0].arguments)}
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
