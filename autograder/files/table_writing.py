"""Tables as text, CSV: the one way to write what spreadsheets and platforms read; `tables` reads them."""

import csv
import io
from collections.abc import Iterable, Sequence

from autograder.files.formula_cells import defused

CHANGES_RECORDS = False


def table_bytes(
    rows: Iterable[Sequence[str]], *, delimiter: str = ",", mark: bool = False, line_end: str = "\r\n"
) -> bytes:
    """Rows as UTF-8; cells that a spreadsheet would take for a formula are defused.

    Args:
        rows: the header first.
        delimiter: between cells.
        mark: begin with a byte-order mark, by which spreadsheets know that it is UTF-8.
        line_end: after each row.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=line_end, delimiter=delimiter)
    writer.writerows([[defused(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig" if mark else "utf-8", "backslashreplace")


def with_decimal(text: str, decimal: str) -> str:
    """A number of ours as a table writes it that has this mark before decimals.

    >>> with_decimal("12.5", ",")
    '12,5'
    """
    return text.replace(".", decimal)
