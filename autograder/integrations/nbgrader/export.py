"""An exporter for `nbgrader export`: its own columns, with texts quoted and none taken for a formula."""

from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

from autograder.exports.nbgrader import HEADER
from autograder.files.table_writing import table_bytes
from autograder.files.writing import write_whole
from autograder.records.record import points


class QuotedCsv(ExportPlugin):
    """A row per assignment and student.

    `nbgrader export --exporter autograder.integrations.nbgrader.export.QuotedCsv` writes it."""

    def export(self, gradebook: Gradebook) -> None:
        """Write `grades.csv`, or what `--to` names."""
        rows = [
            _row(gradebook, assignment, student)
            for assignment in gradebook.assignments
            if not self.assignment or assignment.name in map(str, self.assignment)
            for student in gradebook.students
            if not self.student or student.id in map(str, self.student)
        ]
        path = Path(self.to or "grades.csv")
        write_whole(path, table_bytes([HEADER, *rows]))
        self.log.info("%d rows in %s", len(rows), path)


def _row(gradebook: Gradebook, assignment: Any, student: Any) -> list[str]:
    names = [student.id, student.last_name or "", student.first_name or "", student.email or ""]
    due = str(assignment.duedate or "")
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return [assignment.name, due, "", *names, "0", "0", "0", points(assignment.max_score)]
    late = submission.late_submission_penalty or 0.0
    scores = [submission.score, late, max(0.0, submission.score - late), assignment.max_score]
    return [assignment.name, due, str(submission.timestamp or ""), *names, *map(points, scores)]
