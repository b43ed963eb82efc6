"""Who is in which group, where the platform's download does not say: a CSV that the assistant gives."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.errors import SubmissionsError
from autograder.files.names import enumerated
from autograder.submissions.intake_limits import TABLE_BYTES
from autograder.submissions.layouts.layout import Person, called
from autograder.submissions.layouts.tables import parse, rows_of
from autograder.submissions.submission import Entry, Listing

# Columns by any of their names, in small letters: our own, those of Canvas's group CSV, those of Moodle's participants.
_COLUMNS: dict[str, Sequence[str]] = {
    "group": ("group", "group_name", "groups"),
    "student": ("student", "name", "full name"),
    "first": ("first name",),
    "last": ("last name",),
    "id": ("id", "canvas_user_id", "id number"),
    "email": ("email", "email address"),
}
_SHOULD_HAVE = "give a CSV with the columns group and student, and if you like id and email"


def read_groups(path: Path) -> Mapping[str, Sequence[Person]]:
    """The members of each group, by its name.

    Raises:
        SubmissionsError: it cannot be read, or has not the columns.
    """
    try:
        with path.open("rb") as file:
            data = file.read(TABLE_BYTES)
    except OSError as error:
        raise SubmissionsError(f"{path} cannot be read ({error.strerror}): {_SHOULD_HAVE}.") from None
    table = parse(data)
    head = {cell.strip().lower(): cell.strip() for cell in table[0]} if table else {}
    column = {field: next((head[name] for name in names if name in head), "") for field, names in _COLUMNS.items()}
    if not column["group"] or not (column["student"] or column["last"]):
        raise SubmissionsError(
            f"{path} has the columns {enumerated(list(head)) if head else '(none)'}: {_SHOULD_HAVE}."
        )
    groups: dict[str, list[Person]] = {}
    for row in rows_of(table):
        said = {field: row.get(name, "") for field, name in column.items()}
        name = said["student"] or f"{said['first']} {said['last']}".strip()
        for group in said["group"].split(",") if column["group"].lower() == "groups" else [said["group"]]:
            if group.strip() and name:
                groups.setdefault(group.strip(), []).append(Person(name, said["id"], said["email"]))
    return groups


def _letters(name: str) -> str:
    """What is left of a name on every platform: Canvas takes all else out of a group's."""
    return "".join(character for character in name.casefold() if character.isalnum())


def with_members(listing: Listing, groups: Mapping[str, Sequence[Person]]) -> Listing:
    """The listing, in which each hand-in of a group has the group's members."""
    by_letters = {_letters(group): group for group in groups}
    names = called(person for members in groups.values() for person in members)
    entries, met = [], set()
    for entry in listing.entries:
        name = entry.handed_in.name if entry.handed_in and entry.handed_in.name else entry.student
        group = by_letters.get(_letters(name))
        if group is None:
            entries.append(entry)
            continue
        met.add(group)
        entries.append(_of_group(entry, groups[group], names))
    absent = sorted(set(groups) - met)
    notes = [f"Nothing was handed in by {enumerated(absent)}."] if absent and met else []
    if not met:
        notes = [f"No hand-in is named as a group is ({enumerated(sorted(groups))}): none was shared among members."]
    return replace(listing, entries=tuple(entries), notes=(*listing.notes, *notes))


def _of_group(entry: Entry, members: Sequence[Person], names: Mapping[Person, str]) -> Entry:
    people = list(dict.fromkeys(members))
    return replace(
        entry, student=names[people[0]], members=tuple((names[person], person.handed_in) for person in people)
    )
