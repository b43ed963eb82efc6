"""A workbook: scores as numbers, everything else as text that no spreadsheet takes for a formula."""

import io
from collections.abc import Sequence

from autograder.exports.plain import table
from autograder.extras import needs
from autograder.gradebook.people import Recipient
from autograder.gradebook.roster import Roster


def export(students: Sequence[Recipient], roster: Roster | None, column: str) -> bytes:
    """The table of `csv` as a workbook with a frozen header; with a roster, only its students."""
    needs("openpyxl", "xlsx")
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    chosen = [person for person in students if roster is None or person.student in roster.people]
    header, *rows = table(chosen)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "scores"
    sheet.append(header)
    for place, row in enumerate(rows, start=2):
        for number, text in enumerate(row, start=1):
            if not text:
                continue
            cell = sheet.cell(place, number)
            if number > 4:
                cell.value = float(text)
            else:
                # A text is a text whatever it begins with: the type is set, not guessed.
                cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.data_type = "s"
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
