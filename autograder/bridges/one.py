"""Grades one submission, as platforms hand them over: with the engine, tiers and policy of `autograder grade`."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from autograder.exam.making import make_exam
from autograder.grading.resume import Asked, merge, plan, read_asked
from autograder.grading.run import choose_tier
from autograder.grading.workers import Room, grade_all
from autograder.marks import Marks
from autograder.sandbox.tiers import Tier
from autograder.scores.final import Final, final
from autograder.solutions.course import Course
from autograder.submissions import Entry


@dataclass(frozen=True, slots=True)
class Graded:
    """One submission, graded.

    Args:
        final: the record, with the course's policy applied.
        asked: what was asked.
        tier: of isolation.
        seconds: by the wall.
    """

    final: Final
    asked: Asked
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
) -> Graded:
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
    asked = read_asked(solutions, assignments, None, None)
    exam = make_exam(asked.folder, asked.chosen, None) if asked.course.cases == "shared" else None
    tier = choose_tier(isolation)
    tasks, _ = plan(asked, [entry], {}, force=True)
    ((_, result, _),) = grade_all(Room(asked, exam, None, tier), tasks, 1)
    record = merge(asked, None, replace(result, handed_in=result.handed_in or entry.handed_in))
    return Graded(final(record, Marks(), _alone(asked.course)), asked, tier, time.perf_counter() - started)
