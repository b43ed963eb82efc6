"""Moodle: the assignment's offline grading worksheet, to be uploaded again.

The importer (`mod/assign/feedback/offline/importgradeslib.php`) reads comma-separated UTF-8 and looks for the columns
`Identifier` ("Participant 123"), `Grade` and `Last modified (grade)`, and for each feedback plugin's, `Feedback
comments` among them. It finds the student by the number of the identifier alone.
"""

from collections.abc import Sequence

from autograder.errors import RosterError
from autograder.exports.roster_rows import filled
from autograder.files.table_writing import table_bytes
from autograder.gradebook.people import Recipient
from autograder.gradebook.roster import Roster

HEADER = ("Identifier", "Full name", "Email address", "Grade", "Maximum grade", "Last modified (grade)")
COMMENTS = "Feedback comments"


def export(students: Sequence[Recipient], roster: Roster | None, column: str) -> bytes:
    """The worksheet: the one downloaded with grades and comments filled in, or one of our own."""
    if roster is None:
        numbered = [person for person in students if person.id]
        if not numbered:
            raise RosterError(
                "nothing says which participant of Moodle each student is: give the grading worksheet of the "
                "assignment (Submissions, Download grading worksheet) with --roster"
            )
        rows = [
            [
                f"Participant {person.id.removeprefix('Participant ')}",
                person.name or person.student,
                person.email,
                person.total.text,
                f"{person.total.max_score:.2f}",
                "-",
                person.comment,
            ]
            for person in numbered
        ]
        return table_bytes([[*HEADER, COMMENTS], *rows])
    for needed in ("identifier", "grade"):
        if roster.place(needed) is None:
            raise RosterError(
                f"the roster has no column {needed.capitalize()}: it must be Moodle's grading worksheet (Submissions, "
                "Download grading worksheet), in English"
            )
    grade, comments = roster.place(column.lower(), "grade"), roster.place(COMMENTS.lower())
    assert grade is not None
    cells = {
        person.student: {grade: person.total.text, **({comments: person.comment} if comments is not None else {})}
        for person in students
        if person.total.score is not None
    }
    return table_bytes([list(roster.header), *filled(roster, cells)])
