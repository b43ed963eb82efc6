"""A hash of what an autograded notebook shows: by it, what nbgrader has already written down is told from what not."""

import msgspec

from autograder.feedback.remake import read_shown
from autograder.integrations.nbgrader.course_folder import CourseFolder
from autograder.records.fingerprint import digest
from autograder.records.record import Result


def shown_hash(record: Result, assignment: str, place: CourseFolder) -> str:
    """The hash of one assignment's result, and of how much of it is shown.

    Args:
        record: of the student.
        assignment: its name.
        place: of the course, whose reveal policy counts.
    """
    shown = read_shown(place.records)
    found = [msgspec.json.encode(each) for each in record.assignments if each.name == assignment]
    failed = "failed" if record.score is None else ""
    return digest([record.student, failed, str(shown.reveal), shown.title, *found])
