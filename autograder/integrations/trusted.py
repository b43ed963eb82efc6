"""Whether a record is the one of what was handed in, what is asked and what is installed now: its hashes say so.

Programs beside ours (nbgrader, otter, Gradescope, a worker of Dask) take a record for a score. That one lies where it
should, or that a command ended well, proves nothing: it may be of an earlier hand-in, or of another exam.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from autograder.errors import EngineError
from autograder.records.fingerprint import engine_hash, work_hashes
from autograder.records.record import Result
from autograder.submissions import Entry, Submission, read_submission
from autograder.submissions.asked import AskedWork

if TYPE_CHECKING:
    # Who only takes records needs nothing of grading.
    from autograder.grading.plan import LoadedCourse

# Of questions that were asked otherwise, so many are named.
MOST_NAMED = 5


class Asked(msgspec.Struct, frozen=True):
    """What the records of a course must be made from now; plain, so that it can be sent to who holds no references.

    Args:
        engine: its hash.
        modules: what to hand in, by assignment, which reading a submission needs.
        exams: by student, assignment and question the hash of what is asked; "" stands for every student.
    """

    engine: str
    modules: dict[str, AskedWork]
    exams: dict[str, dict[str, dict[str, str]]]

    def exam(self, student: str, assignment: str) -> Mapping[str, str]:
        """What a student is asked in one assignment, by question."""
        return self.exams.get(student, self.exams.get("", {})).get(assignment, {})


def asked_now(loaded: "LoadedCourse", students: Iterable[str]) -> Asked:
    """What the students of a course are asked now, by the engine of this process."""
    keys = students if loaded.course.cases == "per-student" else [""]
    exams = {key: {name: dict(found) for name, found in loaded.hashes(key).items()} for key in keys}
    return Asked(engine_hash(), dict(loaded.modules), exams)


def another_submission(record: Result, student: str, read: Mapping[str, str]) -> str:
    """Why a record is not of what was read of a submission, as the end of a sentence; empty where it is.

    A record that says that the grader failed gives nobody a score, whatever it was made from.

    Args:
        record: that might be taken.
        student: who handed in.
        read: the hash of what was read, by assignment, of those whose scores are to be taken.
    """
    if record.student != student:
        return f"is of {record.student}, not of {student}"
    if record.score is None:
        return ""
    made_from = {assignment.name: assignment.submission for assignment in record.assignments}
    for name, found in read.items():
        if name not in made_from:
            return f"holds nothing of {name}"
        if made_from[name] != found:
            return f"is of another hand-in of {name} than the one that is there"
    return ""


def why_another(record: Result, assignment: str, submission: Submission, asked: Asked) -> str:
    """Why a record is not the one of a submission, as the end of a sentence; empty where it is.

    Args:
        record: that might be taken.
        assignment: whose score is to be taken.
        submission: as it was just read.
        asked: of the course.
    """
    if why := another_submission(record, submission.student, work_hashes(submission, [assignment])):
        return why
    if record.score is None:
        return ""
    (found,) = (each for each in record.assignments if each.name == assignment)
    wanted = asked.exam(record.student, assignment)
    given = {question.function: question.exam for question in found.questions}
    other = sorted(name for name in {*wanted, *given} if wanted.get(name) != given.get(name))
    if other:
        more = f" and {len(other) - MOST_NAMED} more" if len(other) > MOST_NAMED else ""
        return f"is of another exam of {assignment} than is set now ({', '.join(other[:MOST_NAMED])}{more})"
    if any(question.engine != asked.engine for question in found.questions):
        return f"was made by another engine than is installed now, in {assignment}"
    return ""


def refuse_another(record: Result, loaded: "LoadedCourse", entry: Entry) -> None:
    """Make sure that a record, just made, is the one of a hand-in: it is read once more.

    Args:
        record: of all assignments chosen.
        loaded: what is asked.
        entry: what was handed in.

    Raises:
        EngineError: it is not; no score may be written down.
    """
    submission, asked = read_submission(entry, loaded.modules), asked_now(loaded, [entry.student])
    for name in loaded.chosen:
        if why := why_another(record, name, submission, asked):
            raise EngineError(f"the record {why}: no score is written down. Grade it again.")
