"""Sakai's "Download All": ASSIGNMENT/LAST, FIRST(USER)/Submission attachment(s)/FILE.

Beside the attachments lie timestamp.txt (20260512234107000, in the site's zone), what was typed into Sakai, and
comments and feedback of staff; beside the students grades.csv.
"""

import re
from dataclasses import replace

from autograder.errors import SubmissionsError
from autograder.files.names import shown, visible_name
from autograder.submissions.layouts.layout import Guess, Layout, others, parted, share
from autograder.submissions.roots import FOLDER, Root, RootItem
from autograder.submissions.submission import Entry, HandedIn, Listing, Piece
from autograder.submissions.tree import RefusedError

TITLE = "a Sakai download"
ATTACHMENTS, CLOCK = "Submission attachment(s)", "timestamp.txt"
# What Sakai itself writes, and nobody hands in.
_OF_SAKAI = frozenset({"grades.csv", "grades.xls", "grades.xlsx"})
_NAMED = re.compile(r"(?P<last>[^,()]+), ?(?P<first>[^()]*)\((?P<user>[^()]+)\)")
_TYPED = re.compile(r".*_submissionText\.html", re.DOTALL)
_LOOKED_AT = 20


def _named(item: RootItem) -> re.Match[str] | None:
    return _NAMED.fullmatch(item.name) if item.kind == FOLDER else None


def _class(root: Root) -> tuple[Root, bool]:
    """Where the students' folders lie: here, or in the only assignment's folder."""
    folders = [item for item in root.items() if item.kind == FOLDER and not item.hidden]
    if len(folders) == 1 and _named(folders[0]) is None:
        return root.below(folders[0].name), True
    return root, False


def detect(root: Root) -> Guess:
    """By names, and by the folder of attachments in the first of them."""
    try:
        inner, _ = _class(root)
        items = [item for item in inner.items() if item.name not in _OF_SAKAI]
        named = [item for item in items if _named(item)][:_LOOKED_AT]
        attached = [item for item in named if any(below.name == ATTACHMENTS for below in inner.items(item.name))]
    except SubmissionsError:
        return Guess(0.0, "it cannot be listed")
    if not attached:
        return Guess(0.0, f"no folder LAST, FIRST(USER) holds {ATTACHMENTS}")
    return share(_named, items, "LAST, FIRST(USER)")


def entries(root: Root) -> Listing:
    """A student per user name."""
    inner, _ = _class(root)
    named, left = parted(_named, inner.items())
    more, notes = others(inner, [item for item in left if item.name not in _OF_SAKAI], TITLE)
    return Listing((*(_entry(inner, item, found) for item, found in named), *more), tuple(notes))


def _entry(root: Root, item: RootItem, found: re.Match[str]) -> Entry:
    below = {each.name for each in root.items(item.name)}
    folder = f"{item.name}/{ATTACHMENTS}"
    pieces = (Piece(root.source(folder)),) if ATTACHMENTS in below else ()
    notes = tuple(
        f"{shown(name)} of {shown(item.name)} was written on Sakai: a person must read it."
        for name in sorted(below)
        if _TYPED.fullmatch(name)
    )
    name = " ".join(f"{found['first'].strip()} {found['last'].strip()}".split())
    handed_in = HandedIn(at=_at(root, item) if CLOCK in below else "", id=found["user"], name=name)
    entry = Entry(visible_name(found["user"]), root.path, pieces, uploaded=True, handed_in=handed_in)
    return replace(entry, notes=notes)


def _at(root: Root, item: RootItem) -> str:
    """The time in timestamp.txt after ISO 8601; "" if it is none. Sakai says no time zone."""
    try:
        text = root.read(f"{item.name}/{CLOCK}", 100).decode("ascii", "replace").strip()
    except RefusedError:
        return ""
    found = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d*", text)
    return "{}-{}-{}T{}:{}:{}".format(*found.groups()) if found else ""


LAYOUT = Layout("sakai", TITLE, detect, entries)
