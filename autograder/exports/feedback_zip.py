"""Feedback pages as the zip that a platform takes back.

Moodle (`mod/assign/feedback/file/importziplib.php`) takes a folder per student named
`Full name_NUMBER_assignsubmission_file_`; what stands in it becomes the student's feedback. Canvas takes files with the
names under which it gave the submissions out, `name_USER_ATTACHMENT_file`, and attaches each to the student's
submission. Others get a file per student.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from autograder.files.names import safe_name
from autograder.files.zips import zip_bytes
from autograder.gradebook.people import Recipient
from autograder.gradebook.roster import Roster

_CANVAS = re.compile(r"^(?P<who>.+?_(?:LATE_)?(?P<user>\d+)_(?P<file>\d+))_.+$")


def feedback_zip(
    folder: Path, students: Sequence[Recipient], platform: str, roster: Roster | None, names: Iterable[str] = ()
) -> tuple[bytes, list[str]]:
    """The zip, and the students of whom it holds nothing because the platform could not know whose it is.

    Args:
        folder: of results.
        students: whose pages.
        platform: "moodle", "canvas", or another.
        roster: matched; gives Moodle's numbers where the hand-in does not.
        names: of the files that Canvas gave out.
    """
    given_out = _given_out(names)
    found: dict[str, Path] = {}
    owners: defaultdict[str, list[str]] = defaultdict(list)
    left = []
    for person in students:
        page = folder / "feedback" / f"{safe_name(person.student)}.html"
        name = _name(person, platform, roster, given_out)
        if name is None or not page.exists():
            left.append(person.student)
            continue
        found[name] = page
        owners[name].append(person.student)
    # Of two who would be one person to the platform, neither may get the other's page.
    for name, several in owners.items():
        if len(several) > 1:
            del found[name]
            left += several
    return zip_bytes(found), sorted(left)


def _given_out(names: Iterable[str]) -> dict[str, str]:
    """By Canvas's number of a student, how the names of the files given out begin."""
    found: dict[str, str] = {}
    for name in sorted(names):
        matched = _CANVAS.match(name.rpartition("/")[2])
        if matched:
            found.setdefault(matched["user"], matched["who"])
    return found


def _name(person: Recipient, platform: str, roster: Roster | None, given_out: Mapping[str, str]) -> str | None:
    row = roster.rows[roster.people[person.student]] if roster and person.student in roster.people else ()
    match platform:
        case "moodle":
            number = re.sub(r"\D", "", roster.value(row, "identifier") if roster else "") or person.id
            if not number.isdigit():
                return None
            name = (roster.value(row, "full name") if roster else "") or person.name or person.student
            # The importer splits at underscores, and would read a part of the name as the number.
            plain = re.sub(r"[_/\\\x00-\x1f]", " ", name).strip() or "student"
            return f"{plain}_{number}_assignsubmission_file_/feedback.html"
        case "canvas":
            number = (roster.value(row, "id") if roster else "") or person.id
            begins = given_out.get(number)
            return f"{begins}_feedback.html" if begins else None
        case _:
            return f"{safe_name(person.student)}.html"
