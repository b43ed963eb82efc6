"""GitHub Classroom: a clone per student, as `gh classroom clone student-repos` makes them.

By the source of gh-classroom the clones lie in a folder ASSIGNMENT-submissions, each named as its repository,
ASSIGNMENT-USERNAME, or ASSIGNMENT-TEAM. `gh classroom assignment-grades` writes a CSV (grades.csv) with the columns
github_username, roster_identifier, student_repository_name, submission_timestamp and, for teams, group_name; if it lies
among the clones it says who is in a team, and when work was handed in. The working tree is graded; git is never run,
since a clone's own settings can make git run programs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from autograder.files.names import visible_name
from autograder.files.tables import Table
from autograder.submissions.layouts.layout import Guess, Layout, Person, called, iso, others, uploaded
from autograder.submissions.layouts.platform_tables import platform_tables, rows_of
from autograder.submissions.roots import FOLDER, Root, RootItem
from autograder.submissions.submission import Entry, Listing

TITLE = "GitHub Classroom's clones"
_SUFFIX = "-submissions"
_COLUMNS = ("github_username", "student_repository_name")
_LOOKED_AT = 50


def detect(root: Root) -> Guess:
    """By the clones' .git, in the first of them."""
    folders = [item for item in root.items() if item.kind == FOLDER and not item.hidden]
    looked_at = folders[:_LOOKED_AT]
    clones = sum(root.kind(f"{item.name}/.git") in ("folder", "file") for item in looked_at)
    if not clones:
        return Guess(0.0, "no folder holds .git")
    return Guess(clones / len(looked_at), f"{clones} of the first {len(looked_at)} folders are clones (.git)")


def entries(root: Root) -> Listing:
    """A student, or a team, per clone."""
    items = root.items()
    clones = [item for item in items if item.kind == FOLDER and not item.hidden]
    said = platform_tables(root, items, _COLUMNS)
    rows = _rows(said.tables)
    prefix = _prefix(root, [item.name for item in clones])
    names = called(person for found in rows.values() for person, _ in found)
    taken = [_entry(root, item, rows.get(item.name, []), names, prefix) for item in clones]
    left = [item for item in items if (item.hidden or item.kind != FOLDER) and item.name not in said.names]
    more, notes = others(root, left, TITLE)
    if prefix and not rows:
        notes.append(f'Students are called by their clones\' names, less "{visible_name(prefix)}".')
    return Listing((*taken, *more), (*said.notes, *notes))


def _rows(tables: Iterable[Table]) -> Mapping[str, list[tuple[Person, str]]]:
    """The students of each repository, with the time."""
    found: defaultdict[str, list[tuple[Person, str]]] = defaultdict(list)
    for table in tables:
        for row in rows_of(table):
            user = row["github_username"]
            person = Person(user, row.get("roster_identifier", "") or user)
            found[row["student_repository_name"]].append((person, row.get("submission_timestamp", "")))
    return found


def _prefix(root: Root, names: Sequence[str]) -> str:
    """What the repositories' names begin with before the student's."""
    slug = f"{root.name[: -len(_SUFFIX)]}-" if root.name.endswith(_SUFFIX) else ""
    if len(slug) > 1 and all(name.startswith(slug) and name != slug for name in names):
        return slug
    if len(names) < 2:
        return ""
    # The first and the last in order differ as early as any two do.
    first, last = min(names), max(names)
    common = first[: next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), 0)]
    return common[: common.rfind("-") + 1]


def _entry(
    root: Root, item: RootItem, rows: Sequence[tuple[Person, str]], names: Mapping[Person, str], prefix: str
) -> Entry:
    if not rows:
        user = item.name[len(prefix) :]
        return uploaded(root, visible_name(user), item, Person(user, user).handed_in)
    time = max(iso(text)[0] for _, text in rows)
    people = list(dict.fromkeys(person for person, _ in rows))
    members = tuple((names[person], person.handed_in) for person in people) if len(people) > 1 else ()
    handed_in = replace(people[0].handed_in, at=time)
    return replace(uploaded(root, names[people[0]], item, handed_in), members=members)


LAYOUT = Layout("classroom", TITLE, detect, entries)
