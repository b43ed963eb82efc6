"""Sees to it that a submission's record is up to date before nbgrader writes it down.

Grading runs in a process of its own: the one that serves formgrader never holds the references, nor forks.
"""

import subprocess
import sys
from weakref import WeakKeyDictionary

from nbgrader.converters import Autograde

from autograder.errors import EngineError
from autograder.files.names import visible_name
from autograder.integrations.nbgrader.course_folder import CourseFolder
from autograder.records.record import Result
from autograder.records.store import Store

# By run of nbgrader: the assignments and students whose records are up to date; "*" stands for all students.
_fresh: WeakKeyDictionary[Autograde, set[tuple[str, str]]] = WeakKeyDictionary()


def declare_fresh(converter: Autograde, assignment: str) -> None:
    """All students' records of an assignment have just been brought up to date."""
    _fresh.setdefault(converter, set()).add((assignment, "*"))


def fresh_record(converter: Autograde, place: CourseFolder, assignment: str, student: str) -> Result:
    """A student's record, graded anew if anything changed since.

    Where nbgrader was asked to grade the class, the whole class is graded with the first student, in parallel.

    Raises:
        EngineError: it could not be made.
    """
    done = _fresh.setdefault(converter, set())
    if not done & {(assignment, "*"), (assignment, student)}:
        everyone = converter.coursedir.student_id == "*"
        converter.log.info("Grading %s of %s", assignment, "all students" if everyone else student)
        _grade(place, assignment, "" if everyone else student)
        done.add((assignment, "*" if everyone else student))
    name = visible_name(student)
    record = Store(place.records).read_one(name)
    if record is None:
        raise EngineError(f"{Store(place.records).path(name)} is missing or no record: grade the course again")
    return record


def _grade(place: CourseFolder, assignment: str, student: str) -> None:
    command = [sys.executable, "-m", "autograder", "grade", str(place.submitted), "--layout", "nbgrader"]
    command += ["--out", str(place.records), "--solutions", str(place.solutions), "--assignment", assignment]
    command += ["--student", visible_name(student)] if student else []
    command += ["--isolation", place.isolation] if place.isolation else []
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    # 1 is a grader error, which the record says: no score is written down for it.
    if ran.returncode not in (0, 1):
        raise EngineError(f"grading {assignment} failed: {ran.stderr.strip()[-2000:]}")
