"""One submission that is graded by itself, and the score that it has by itself."""

import time
from dataclasses import dataclass

from msgspec.structs import replace

from autograder.course.settings import Course
from autograder.gradebook.final import Final, final
from autograder.gradebook.marks_file import Marks
from autograder.grading.plan import LoadedCourse, merge
from autograder.records.record import Result
from autograder.sandbox.tiers import Tier

CHANGES_RECORDS = False


@dataclass(frozen=True, slots=True)
class GradedSubmission:
    """One submission, graded by itself.

    Args:
        record: what the machine found, as it stands in a folder of results.
        final: the score that follows, lateness counted.
        tier: of isolation.
        seconds: by the wall.
    """

    record: Result
    final: Final
    tier: Tier
    seconds: float

    @property
    def score(self) -> float | None:
        """The points of all its assignments, lateness counted; None where the grader itself failed."""
        return self.final.score

    @property
    def max_score(self) -> float:
        """The most that its assignments give."""
        return self.final.max_score


def graded_alone(loaded: LoadedCourse, result: Result, tier: Tier, started: float) -> GradedSubmission:
    """A submission with its score by itself.

    Args:
        loaded: what was asked.
        result: what grading gave.
        tier: of isolation.
        started: when it began, by `time.perf_counter`.
    """
    record = merge(loaded, None, result)
    return GradedSubmission(record, final(record, Marks(), _alone(loaded.course)), tier, time.perf_counter() - started)


def _alone(course: Course) -> Course:
    """The rules on one submission: weights, drops and rounding are of a total, which a class or a platform makes."""
    plain = {name: replace(terms, weight=None) for name, terms in course.assignments.items()}
    return replace(course, assignments=plain, drop=0, rounding=None)
