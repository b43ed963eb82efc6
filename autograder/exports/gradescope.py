"""Gradescope: a zip with a `results.json` for each student, in the format of its autograder specifications.

Gradescope has no import of scores: they come from an autograder's `/autograder/results/results.json`. A run_autograder
that copies a student's file there gives the score. `scores.csv` beside them has the columns of Gradescope's roster.
"""

from collections import Counter
from collections.abc import Sequence

from autograder.exports.results_json import ResultsOptions, encoded, results_json
from autograder.exports.roster_rows import split_name
from autograder.files.names import safe_name
from autograder.files.table_writing import table_bytes
from autograder.files.zips import zip_bytes
from autograder.gradebook.people import Recipient
from autograder.gradebook.roster import Roster

HEADER = ("First Name", "Last Name", "SID", "Email", "Total Score", "Max Points")


def export(students: Sequence[Recipient], roster: Roster | None, column: str) -> bytes:
    """The zip; a student for whom the grader failed has no results.json, which is no zero."""
    chosen = [(p, _who(p, roster)) for p in students if roster is None or p.student in roster.people]
    emails = Counter(email for _, (*_, email) in chosen)
    rows, files = [], dict[str, bytes]()
    for person, (first, last, sid, email) in chosen:
        rows.append([first, last, sid, email, person.total.text, f"{person.total.max_score:g}"])
        if person.total.score is not None:
            # An address that two have in common is neither's name.
            folder = safe_name(email if email and emails[email] == 1 else person.student)
            names = [score.name for score in person.scores]
            fields = results_json(person.final, person.total.score, ResultsOptions(reveal=person.reveal), names)
            files[f"{folder}/results.json"] = encoded(fields)
    return zip_bytes({**files, "scores.csv": table_bytes([HEADER, *rows])})


def _who(person: Recipient, roster: Roster | None) -> tuple[str, str, str, str]:
    """First and last name, number and address: the roster's, where it has them."""
    first, last = split_name(person.name or person.student)
    if roster is None:
        return first, last, person.id, person.email
    row = roster.rows[roster.people[person.student]]
    whole = split_name(roster.value(row, "name", "full name"))
    return (
        roster.value(row, "first name") or whole[0] or first,
        roster.value(row, "last name") or whole[1] or last,
        roster.value(row, "sid") or person.id,
        roster.value(row, "email") or person.email,
    )
