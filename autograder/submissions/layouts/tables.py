"""Tables that a platform gives out beside the submissions, as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from autograder.submissions.intake_limits import TABLE_BYTES
from autograder.submissions.roots import FILE, Root, RootItem
from autograder.submissions.tree import RefusedError

Table = list[list[str]]


def parse(data: bytes) -> Table:
    """The rows of a CSV; what cannot be decoded or parsed ends it."""
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    rows: Table = []
    with suppress(csv.Error):
        rows += csv.reader(io.StringIO(text, newline=""))
    return rows


def tables(root: Root, items: Iterable[RootItem], columns: Sequence[str]) -> Iterator[tuple[str, Table]]:
    """The CSV files among `items` that have these columns, with their names."""
    for item in items:
        if item.kind != FILE or not item.name.lower().endswith(".csv"):
            continue
        try:
            table = parse(root.read(item.name, TABLE_BYTES))
        except RefusedError:
            continue
        if table and set(columns) <= {cell.strip() for cell in table[0]}:
            yield item.name, table


def rows_of(table: Table) -> Iterator[dict[str, str]]:
    """The rows below the head, by column; a cell that a short row lacks is empty."""
    head = [cell.strip() for cell in table[0]]
    for row in table[1:]:
        yield {column: row[at].strip() if at < len(row) else "" for at, column in enumerate(head)}
