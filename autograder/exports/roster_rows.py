"""What the exports share: a roster's rows with cells filled in, and names in two parts."""

from collections.abc import Mapping

from autograder.gradebook.roster import Roster


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
