"""The course's late penalty, as nbgrader's plugin."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties

from autograder.course.settings import Course
from autograder.feedback.remake import read_shown
from autograder.gradebook.policy import due_of, lateness
from autograder.integrations.nbgrader.course_folder import place_of
from autograder.integrations.nbgrader.scoring import converter_of


class CoursePenalty(LateSubmissionPlugin):
    """Takes off what `course.toml` says; the later of its due date and the gradebook's counts, extensions included."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """The points that lateness costs of a notebook; None where it costs nothing.

        Args:
            student_id: of nbgrader.
            score: of the notebook, marks included.
            total_seconds_late: after the gradebook's due date.
        """
        step = self.parent
        if not isinstance(step, AssignLatePenalties):
            return None
        course = _course(step)
        if course is None or course.late is None:
            return None
        if course.late.slip_days:
            step.log.warning("slip_days of course.toml are of all assignments together, and not counted here.")
        submission = step.gradebook.find_submission(step.assignment_id, student_id)
        at = submission.timestamp.replace(tzinfo=UTC)
        late = penalty(course, student_id, step.assignment_id, at, total_seconds_late, score, submission.max_score)
        return late or None


def penalty(
    course: Course, student: str, assignment: str, at: datetime, seconds: float, earned: float, most: float
) -> float:
    """The points that lateness costs.

    Args:
        course: its policy.
        student: for extensions in `course.toml`.
        assignment: its name.
        at: when it was handed in.
        seconds: how late that is by the gradebook.
        earned: points of the assignment.
        most: points that it could earn.
    """
    due = at - timedelta(seconds=seconds)
    own = due_of(course, student, assignment)
    late = lateness(course.late, due if own is None else max(due, own), at, earned, most)
    return 0.0 if late is None else late.points


def _course(step: AssignLatePenalties) -> Course | None:
    converter = converter_of(step)
    return read_shown(place_of(Path(converter.coursedir.root), converter.config).records).rules
