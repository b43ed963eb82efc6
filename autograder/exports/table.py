"""What the exports share: tables as bytes, and a roster's rows with cells filled in."""

import csv
import io
from collections.abc import Mapping, Sequence

from autograder.files.formula_cells import defused
from autograder.gradebook.roster import Roster


def csv_bytes(rows: Sequence[Sequence[str]], *, mark: bool = False, delimiter: str = ",") -> bytes:
    """Rows as CSV in UTF-8; cells that a spreadsheet would take for a formula are defused.

    Args:
        rows: the header first.
        mark: begin with a byte-order mark, by which spreadsheets know that it is UTF-8.
        delimiter: between cells.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", delimiter=delimiter)
    writer.writerows([[defused(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig" if mark else "utf-8", "backslashreplace")


def filled(roster: Roster, cells: Mapping[str, Mapping[int, str]], width: int | None = None) -> list[list[str]]:
    """The roster's rows, all of them, with the given cells of each matched student put in.

    Args:
        roster: matched.
        cells: by student and column.
        width: number of columns, where some are added.
    """
    width = width or len(roster.header)
    rows = [[*row, *[""] * (width - len(row))] for row in roster.rows]
    for student, place in roster.people.items():
        for column, text in cells.get(student, {}).items():
            rows[place][column] = text
    return rows


def split_name(name: str) -> tuple[str, str]:
    """First and last name: "Novák, Jan" is split at the comma, "Jan Novák" at the last space."""
    last, comma, first = name.partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _, last = name.strip().rpartition(" ")
    return first, last
