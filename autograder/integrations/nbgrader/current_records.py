"""The records that nbgrader may write down: of what was handed in, what is asked and what is installed now."""

import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from autograder.errors import EngineError, SubmissionsError
from autograder.files.names import visible_name
from autograder.integrations.nbgrader.course_folder import CourseFolder
from autograder.integrations.trusted import Asked, why_another
from autograder.records.record import Result
from autograder.records.store import Store
from autograder.submissions import Entry, list_entries, read_submission

# The process that serves formgrader never holds the references, nor forks: this module grades in one of its own.
GRADES = "autograder.integrations.nbgrader.grade_apart"


class Request(msgspec.Struct, frozen=True):
    """What to grade: an assignment of one student by their name in the records, or of all where that is empty."""

    submitted: str
    records: str
    solutions: str
    isolation: str
    assignment: str
    student: str


class CurrentRecords:
    """The records of a course, each looked at before it is taken, and graded anew where it is not the one.

    Args:
        place: of the course.
        asked: what the records must be made from, where grading has just said so; else it is asked for by grading.
    """

    def __init__(self, place: CourseFolder, asked: Asked | None = None) -> None:
        self._place, self._asked = place, asked
        self._entries: dict[str, Entry] | None = None

    def record(self, assignment: str, student: str, *, everyone: bool = False) -> Result:
        """The record of a student, which one assignment may be taken from.

        Args:
            assignment: its name.
            student: by nbgrader's name.
            everyone: where it must be graded, grade all students, in parallel.

        Raises:
            EngineError: there is none; says why. No score may be written down.
        """
        name = visible_name(student)
        record, why = self._looked_at(assignment, name)
        if why:
            self._asked = _graded(self._place, assignment, "" if everyone else name)
            record, why = self._looked_at(assignment, name)
        if record is None or why:
            raise EngineError(f"{name}: {why}. No score is written down; grade the course again.")
        return record

    def _looked_at(self, assignment: str, name: str) -> tuple[Result | None, str]:
        """A record, and why it may not be taken; empty where it may."""
        store = Store(self._place.records)
        record = store.read_one(name)
        if record is None:
            return None, f"{store.path(name)} is missing or no record"
        if self._asked is None:
            return record, f"{store.path(name)} is not known to be up to date"
        entry = self._listed().get(name)
        if entry is None:
            return record, f"there is no submission of theirs in {self._place.submitted}"
        why = why_another(record, assignment, read_submission(entry, self._asked.modules), self._asked)
        return record, f"{store.path(name)} {why}" if why else ""

    def _listed(self) -> dict[str, Entry]:
        """The submissions by student: where they lie, of which nothing has been read."""
        if self._entries is None:
            try:
                listing = list_entries(self._place.submitted, "nbgrader")
            except SubmissionsError as error:
                raise EngineError(str(error)) from error
            self._entries = {student: entry for entry in listing.entries for student in entry.students}
        return self._entries


def _graded(place: CourseFolder, assignment: str, student: str) -> Asked:
    """Bring records up to date, in a process apart; returns what they must now be made from.

    Raises:
        EngineError: nothing is known to be up to date; says why.
    """
    folders = (str(place.submitted), str(place.records), str(place.solutions))
    request = msgspec.json.encode(Request(*folders, place.isolation, assignment, student))
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        reply = Path(folder) / "reply.json"
        command = [sys.executable, "-m", GRADES, str(reply)]
        ran = subprocess.run(command, input=request, capture_output=True, check=False)
        try:
            return msgspec.json.decode(reply.read_bytes(), type=Asked)
        except (OSError, msgspec.DecodeError):
            said = ran.stderr.decode(errors="replace").strip()
            last = said.splitlines()[-1] if said else f"the process ended with {ran.returncode}"
            error = EngineError(f"{assignment} could not be graded: {last}")
            error.add_note(said)
            raise error from None
