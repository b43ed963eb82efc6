"""Gradescope: a zip with a `results.json` for each student, in the format of its autograder specifications.

Gradescope has no import of scores: they come from an autograder's `/autograder/results/results.json`. A run_autograder
that copies a student's file there gives the score. `scores.csv` beside them has the columns of Gradescope's roster.
"""

import io
import zipfile
from collections.abc import Sequence

from autograder.exports.results_json import ResultsOptions, encoded, results_json
from autograder.exports.table import csv_bytes, split_name
from autograder.files.names import safe_name
from autograder.gradebook.people import Recipient
from autograder.gradebook.roster import Roster

# A zip's files all have this time, so that the same scores give the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)
HEADER = ("First Name", "Last Name", "SID", "Email", "Total Score", "Max Points")


def export(students: Sequence[Recipient], roster: Roster | None, column: str) -> bytes:
    """The zip; a student for whom the grader failed has no results.json, which is no zero."""
    out = io.BytesIO()
    rows = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for person in students:
            if roster is not None and person.student not in roster.people:
                continue
            first, last, sid, email = *split_name(person.name or person.student), person.id, person.email
            if roster is not None:
                row = roster.rows[roster.people[person.student]]
                whole = split_name(roster.value(row, "name", "full name"))
                first = roster.value(row, "first name") or whole[0] or first
                last = roster.value(row, "last name") or whole[1] or last
                sid, email = roster.value(row, "sid") or sid, roster.value(row, "email") or email
            rows.append([first, last, sid, email, person.total.text, f"{person.total.max_score:g}"])
            if person.total.score is not None:
                name = f"{safe_name(email or person.student)}/results.json"
                names = [score.name for score in person.scores]
                fields = results_json(person.final, person.total.score, ResultsOptions(reveal=person.reveal), names)
                archive.writestr(zipfile.ZipInfo(name, EPOCH), encoded(fields))
        archive.writestr(zipfile.ZipInfo("scores.csv", EPOCH), csv_bytes([HEADER, *rows]))
    return out.getvalue()
