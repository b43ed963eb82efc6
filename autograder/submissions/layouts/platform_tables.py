"""Tables that a platform gives out beside the submissions, and that say who students are and when they handed in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.files.names import shown
from autograder.files.tables import MOST_BYTES, DamagedTableError, Table, parse
from autograder.submissions.roots import FILE, Root, RootItem
from autograder.submissions.tree import RefusedError


@dataclass(frozen=True)
class PlatformTables:
    """The tables that were found.

    Args:
        tables: those that can be read.
        names: of all their files, which hold nobody's work.
        notes: on those that cannot be read, or had to be guessed at.
    """

    tables: tuple[Table, ...]
    names: frozenset[str]
    notes: tuple[str, ...]


def platform_tables(root: Root, items: Iterable[RootItem], columns: Sequence[str]) -> PlatformTables:
    """The CSV files among `items` that have these columns, in whatever letters."""
    wanted = {column.lower() for column in columns}
    found, names, notes = [], set(), []
    for item in items:
        if item.kind != FILE or not item.name.lower().endswith(".csv"):
            continue
        try:
            table = parse(root.read(item.name, MOST_BYTES))
        except RefusedError:
            continue
        except DamagedTableError as error:
            # Any other file is told as one that is nobody's work.
            if wanted <= {cell.strip().lower() for cell in error.header}:
                names.add(item.name)
                notes.append(f"{shown(item.name)}{error}. Nothing of it is used: no name, address or time.")
            continue
        if not wanted <= set(table.columns):
            continue
        names.add(item.name)
        found.append(table)
        if table.guessed:
            notes.append(f"{shown(item.name)} {table.guessed}.")
    return PlatformTables(tuple(found), frozenset(names), tuple(notes))


def rows_of(table: Table) -> Iterator[dict[str, str]]:
    """The rows by column, in small letters, without spaces around the cells."""
    for _, row in table.records():
        yield {column: cell.strip() for column, cell in row.items()}
