"""Grades one submission, as platforms hand them over: with the engine, tiers and policy of `autograder grade`."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from autograder.course.settings import Course
from autograder.exam.exam import make_exam
from autograder.gradebook.final import Final, final
from autograder.gradebook.marks_file import Marks
from autograder.grading.plan import LoadedCourse, load_course, merge, plan
from autograder.grading.run import choose_tier
from autograder.grading.workers import Run, grade_all
from autograder.sandbox.tiers import Tier
from autograder.submissions import Entry


@dataclass(frozen=True, slots=True)
class GradedSubmission:
    """One submission, graded.

    Args:
        final: the record, with the course's policy applied.
        loaded: what was asked.
        tier: of isolation.
        seconds: by the wall.
    """

    final: Final
    loaded: LoadedCourse
    tier: Tier
    seconds: float

    @property
    def score(self) -> float | None:
        """The points of all its assignments, lateness counted; None where the grader itself failed."""
        return self.final.score


def _alone(course: Course) -> Course:
    """The rules on one submission: weights, drops and rounding are of a total, which the platform makes of its own."""
    plain = {name: replace(terms, weight=None) for name, terms in course.assignments.items()}
    return replace(course, assignments=plain, drop=0, rounding=None)


def grade_one(
    entry: Entry, solutions: Path, assignments: Sequence[str] | None = None, isolation: str | None = None
) -> GradedSubmission:
    """Grade one submission.

    Args:
        entry: what was handed in.
        solutions: the folder of the references.
        assignments: names; default all.
        isolation: a tier by name; default: the best that works here.

    Raises:
        SolutionsError, CourseError, UsageError, BreachError: nothing was graded, and why. A submission never raises.
    """
    started = time.perf_counter()
    loaded = load_course(solutions, assignments, None, None)
    exam = make_exam(loaded.folder, loaded.chosen, None) if loaded.course.cases == "shared" else None
    tier = choose_tier(isolation)
    tasks, _ = plan(loaded, [entry], {}, force=True)
    ((_, result, _),) = grade_all(Run(loaded, exam, None, tier), tasks, 1)
    record = merge(loaded, None, replace(result, handed_in=result.handed_in or entry.handed_in))
    return GradedSubmission(final(record, Marks(), _alone(loaded.course)), loaded, tier, time.perf_counter() - started)
