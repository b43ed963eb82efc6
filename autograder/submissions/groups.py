"""Who is in which group, where the platform's download does not say: a CSV that the assistant gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.errors import SubmissionsError
from autograder.files.names import enumerated, shown
from autograder.files.tables import read_table
from autograder.submissions.layouts.layout import Person, called
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


def read_groups(path: Path, tell: Callable[[str], object]) -> Mapping[str, Sequence[Person]]:
    """The members of each group, by its name.

    Args:
        path: of the table.
        tell: is told what a person must look at: an encoding that was guessed, members without a name.

    Raises:
        SubmissionsError: it cannot be read, or has not the columns.
    """
    table = read_table(path, lambda told: SubmissionsError(f"{told}. For groups, {_SHOULD_HAVE}."), tell)
    columns = table.columns
    column = {field: next((name for name in names if name in columns), "") for field, names in _COLUMNS.items()}
    if not column["group"] or not (column["student"] or column["last"]):
        raise SubmissionsError(
            f"{path} has the columns {enumerated([c.strip() for c in table.header])}: {_SHOULD_HAVE}."
        )
    groups: dict[str, list[Person]] = {}
    nameless = []
    for number, row in table.records():
        said = {field: row.get(name, "").strip() for field, name in column.items()}
        name = said["student"] or f"{said['first']} {said['last']}".strip()
        named = [
            part.strip() for part in (said["group"].split(",") if column["group"] == "groups" else [said["group"]])
        ]
        for group in filter(None, named):
            if name:
                groups.setdefault(group, []).append(Person(name, said["id"], said["email"]))
            else:
                nameless.append(f"row {number} ({group})")
    if not groups:
        raise SubmissionsError(f"{path} names nobody who is in a group: {_SHOULD_HAVE}.")
    if nameless:
        tell(f"{path}: who belongs to a group has no name in {enumerated(nameless)}: left out.")
    return groups


def _letters(name: str) -> str:
    """What is left of a name on every platform: Canvas takes all else out of a group's."""
    return "".join(character for character in name.casefold() if character.isalnum())


def with_members(listing: Listing, groups: Mapping[str, Sequence[Person]]) -> Listing:
    """The listing, in which each hand-in of a group has the group's members."""
    by_letters: dict[str, list[str]] = {}
    for group in groups:
        by_letters.setdefault(_letters(group), []).append(group)
    names = called(person for members in groups.values() for person in members)
    entries, met, notes = [], set(), list[str]()
    for entry in listing.entries:
        name = entry.handed_in.name if entry.handed_in and entry.handed_in.name else entry.student
        found = by_letters.get(_letters(name), [])
        # Of two groups that a platform writes alike, the one that is named exactly so.
        exact = [group for group in found if group == name] if len(found) > 1 else found
        if not exact:
            entries.append(entry)
            notes += [f"{shown(name)} may be of {enumerated(found)}: it was not shared among members."] if found else []
            continue
        met.add(exact[0])
        entries.append(_of_group(entry, groups[exact[0]], names))
    absent = sorted(set(groups) - met)
    notes += [f"Nothing was handed in by {enumerated(absent)}."] if absent and met else []
    if not met:
        notes += [f"No hand-in is named as a group is ({enumerated(sorted(groups))}): none was shared among members."]
    return replace(listing, entries=tuple(entries), notes=(*listing.notes, *notes))


def _of_group(entry: Entry, members: Sequence[Person], names: Mapping[Person, str]) -> Entry:
    people = list(dict.fromkeys(members))
    return replace(
        entry, student=names[people[0]], members=tuple((names[person], person.handed_in) for person in people)
    )
