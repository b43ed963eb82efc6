"""Grades one submission, as platforms hand them over: with the engine, tiers and policy of `autograder grade`."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from autograder.grading.one_submission import GradedSubmission, graded_alone
from autograder.grading.plan import LoadedCourse, load_course, plan
from autograder.grading.run import choose_tier, shared_exam
from autograder.grading.workers import Run, grade_all
from autograder.submissions import Entry


@dataclass(frozen=True, slots=True)
class GradedEntry(GradedSubmission):
    """One submission that a platform handed over, graded.

    Args:
        loaded: what was asked.
    """

    loaded: LoadedCourse


def grade_one(
    entry: Entry, solutions: Path, assignments: Sequence[str] | None = None, isolation: str | None = None
) -> GradedEntry:
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
    tier = choose_tier(isolation, {"the folder of references": loaded.folder})
    run = Run(loaded, shared_exam(loaded, None), None, tier)
    tasks, _ = plan(loaded, [entry], {}, force=True)
    ((_, result, _),) = grade_all(run, tasks, 1)
    whole = replace(result, handed_in=result.handed_in or entry.handed_in)
    graded = graded_alone(loaded, whole, run.tier, started)
    return GradedEntry(graded.record, graded.final, graded.tier, graded.seconds, loaded)
