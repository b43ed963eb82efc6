"""Canvas's "Download Submissions": all files of a class flat in one zip.

A name is made as lib/content_zipper.rb of canvas-lms makes it: the student's sortable name ("Nováková, Žofie") in
small letters with only its letters, digits and underscores; "LATE" if it was; the user's number; the number of the
uploaded file, which grows with time; the file's name; all joined by "_". Where students are anonymous there is no name,
and "anon_" and five letters or digits for the user. Text entries end in "_text.html", links in "_link.html". A group's
has the group's name and the number of one member. A file that is uploaded once more is "smooth_ap-1.py": the number
stands before the first dot, or the last.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.files.names import shown
from autograder.submissions.layouts.layout import Guess, Layout, Person, called, others, parted, share
from autograder.submissions.roots import FOLDER, Root, RootItem
from autograder.submissions.submission import Entry, HandedIn, Listing, Piece

TITLE = "a Canvas download"
_WHO = r"(?:(?!LATE_|anon_[A-Za-z0-9]+_\d+_)(?P<name>.*?)_)?(?P<late>LATE_)?(?P<id>\d+|anon_[A-Za-z0-9]+)_"
_NAMED = re.compile(_WHO + r"(?:(?P<number>\d+)_(?P<file>.+)|(?P<entry>text|link)\.html)", re.DOTALL)
_AGAIN = re.compile(r"(?P<own>[^.]+?)-(?P<times>\d{1,3})(?P<ending>(?:\.[^.]*)*\.(?:py|ipynb|md|zip))", re.IGNORECASE)
_LONGEST = 1_000


@dataclass(frozen=True)
class _Upload:
    """One file of a student. `own` is its name before Canvas put a number into it."""

    item: RootItem
    number: int
    file: str
    late: bool

    @property
    def own(self) -> str:
        found = _AGAIN.fullmatch(self.file)
        return found["own"] + found["ending"] if found else self.file


def _named(item: RootItem) -> re.Match[str] | None:
    if item.kind == FOLDER or len(item.name) > _LONGEST:
        return None
    return _NAMED.fullmatch(item.name)


def detect(root: Root) -> Guess:
    """By names alone."""
    return share(_named, root.items(), "NAME_NUMBER_NUMBER_FILE")


def entries(root: Root) -> Listing:
    """A student, or a group, per user number."""
    uploads: defaultdict[str, list[_Upload]] = defaultdict(list)
    names: dict[str, str] = {}
    named, left = parted(_named, root.items())
    for item, found in named:
        file = found["file"] or f"{found['entry']}.html"
        uploads[found["id"]].append(_Upload(item, int(found["number"] or 0), file, found["late"] is not None))
        names[found["id"]] = found["name"] or names.get(found["id"], "")
    people = {number: Person(names[number], number) for number in uploads}
    students = called(people.values())
    taken = [_entry(root, students[people[number]], people[number], files) for number, files in uploads.items()]
    more, notes = others(root, left, TITLE)
    return Listing((*taken, *more), tuple(notes))


def _entry(root: Root, student: str, person: Person, uploads: Sequence[_Upload]) -> Entry:
    pieces, notes = [], []
    by_own: defaultdict[str, list[_Upload]] = defaultdict(list)
    for upload in uploads:
        by_own[upload.own].append(upload)
    for own, attempts in sorted(by_own.items()):
        *earlier, latest = sorted(attempts, key=lambda upload: (upload.number, upload.item.name))
        pieces.append(Piece(root.source(latest.item.name), own))
        if earlier:
            notes.append(
                f"{shown(latest.item.name)} was uploaded last and was taken as {shown(own)}; "
                + " and ".join(shown(upload.item.name) for upload in earlier)
                + " stood for it before."
            )
        # What was uploaded before is still there to look at, under the name that it came with, unless that is taken.
        pieces += [Piece(root.source(upload.item.name), upload.file) for upload in earlier if upload.file not in by_own]
        if own in ("text.html", "link.html") and latest.number == 0:
            notes.append(f"{shown(latest.item.name)} was entered on Canvas: a person must read it.")
    newest = max(uploads, key=lambda upload: upload.number)
    handed_in = HandedIn(late=newest.late, id=person.id, name=person.name)
    return Entry(student, root.path, tuple(pieces), uploaded=True, handed_in=handed_in, notes=tuple(notes))


LAYOUT = Layout("canvas", TITLE, detect, entries)
