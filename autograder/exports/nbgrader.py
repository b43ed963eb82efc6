"""nbgrader: the columns of its own `nbgrader export` (`nbgrader/plugins/export.py`), a row per assignment and student.

`raw_score` is without, `score` with the late penalty, as there.
"""

from collections.abc import Sequence

from autograder.exports.roster_rows import split_name
from autograder.files.table_writing import table_bytes
from autograder.gradebook.people import Recipient
from autograder.gradebook.roster import Roster
from autograder.records.record import points

HEADER = (
    "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,max_score"
).split(",")


def export(students: Sequence[Recipient], roster: Roster | None, column: str) -> bytes:
    """All scores; with a roster, only of its students, under the ids that it has."""
    rows = []
    for person in students:
        if roster is not None and person.student not in roster.people:
            continue
        student, email = person.id or person.student, person.email
        first, last = split_name(person.name)
        if roster is not None:
            row = roster.rows[roster.people[person.student]]
            student = roster.value(row, "id", "student_id", "student id", "username", "sid") or student
            email = roster.value(row, "email", "email address") or email
            first = roster.value(row, "first_name", "first name") or first
            last = roster.value(row, "last_name", "last name", "surname") or last
        for score in person.scores:
            if score.score is None or score.raw is None:
                continue
            numbers = [points(score.raw), points(score.late), score.text, points(score.max_score)]
            rows.append([score.name, "", score.at, student, last, first, email, *numbers])
    return table_bytes([HEADER, *sorted(rows)])
