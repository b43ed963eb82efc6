"""Sees to it that a submission's record is up to date before nbgrader writes it down."""

from weakref import WeakKeyDictionary

from nbgrader.converters import Autograde

from autograder.integrations.nbgrader.course_folder import CourseFolder
from autograder.integrations.nbgrader.current_records import CurrentRecords
from autograder.records.record import Result

# By run of nbgrader.
_records: WeakKeyDictionary[Autograde, CurrentRecords] = WeakKeyDictionary()


def declare_records(converter: Autograde, records: CurrentRecords) -> None:
    """The records that a run of nbgrader takes: of a class that has just been graded."""
    _records[converter] = records


def fresh_record(converter: Autograde, place: CourseFolder, assignment: str, student: str) -> Result:
    """A student's record, graded anew if anything changed since.

    Where nbgrader was asked to grade the class, the whole class is graded with the first student, in parallel.

    Raises:
        EngineError: it could not be made.
    """
    records = _records.setdefault(converter, CurrentRecords(place))
    return records.record(assignment, student, everyone=converter.coursedir.student_id == "*")
