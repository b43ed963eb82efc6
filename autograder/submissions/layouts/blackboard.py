"""Blackboard's "Assignment File Download", flat.

A name is ASSIGNMENT_USER_attempt_TIME_FILE, the time as 2026-05-12-23-41-07; for each attempt there is a receipt,
ASSIGNMENT_USER_attempt_TIME.txt, with the student's name and what was typed into Blackboard. Of several attempts the
latest counts.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from autograder.files.names import enumerated, shown, visible_name
from autograder.submissions.layouts.layout import Guess, Layout, others, parted, share
from autograder.submissions.roots import FOLDER, Root, RootItem
from autograder.submissions.submission import Entry, HandedIn, Listing, Piece
from autograder.submissions.tree import RefusedError

TITLE = "a Blackboard download"
_NAMED = re.compile(
    r".+_(?P<user>[^_]+)_attempt_(?P<day>\d{4}-\d\d-\d\d)-(?P<clock>\d\d-\d\d-\d\d)(?:_(?P<file>.+)|\.txt)", re.DOTALL
)
_LONGEST, _MOST_OF_A_RECEIPT = 1_000, 200_000
_NAME = re.compile(r"^Name: (?P<name>.*?) \([^()]*\)\s*$", re.MULTILINE)
_TYPED = re.compile(r"^Submission Field:\s*\n(?P<text>.*?)^Comments:", re.MULTILINE | re.DOTALL)
_NOTHING = "There is no student submission text data for this assignment."


@dataclass(frozen=True)
class _Part:
    """One file of an attempt; of a receipt `file` is empty."""

    item: RootItem
    at: str
    file: str


def _named(item: RootItem) -> re.Match[str] | None:
    return None if item.kind == FOLDER or len(item.name) > _LONGEST else _NAMED.fullmatch(item.name)


def detect(root: Root) -> Guess:
    """By names alone."""
    return share(_named, root.items(), "ASSIGNMENT_USER_attempt_TIME_FILE")


def entries(root: Root) -> Listing:
    """A student per user name, with the files of the latest attempt."""
    parts: defaultdict[str, list[_Part]] = defaultdict(list)
    named, left = parted(_named, root.items())
    for item, found in named:
        at = f"{found['day']}T{found['clock'].replace('-', ':')}"
        parts[found["user"]].append(_Part(item, at, found["file"] or ""))
    more, notes = others(root, left, TITLE)
    return Listing((*(_entry(root, user, own) for user, own in parts.items()), *more), tuple(notes))


def _entry(root: Root, user: str, parts: list[_Part]) -> Entry:
    times = sorted({part.at for part in parts})
    latest, notes = times[-1], list[str]()
    pieces = tuple(Piece(root.source(p.item.name), p.file) for p in parts if p.at == latest and p.file)
    if len(times) > 1:
        left = enumerated([part.item.name for part in parts if part.at != latest and part.file])
        notes.append(f"The attempt of {latest.replace('T', ' ')} is the latest and was taken; earlier: {left}.")
    name = ""
    for receipt in (part for part in parts if part.at == latest and not part.file):
        text = _read(root, receipt.item)
        found, typed = _NAME.search(text), _TYPED.search(text)
        name = found["name"].strip() if found else ""
        if typed and typed["text"].strip() not in ("", _NOTHING):
            notes.append(f"{shown(receipt.item.name)} holds what was written on Blackboard: a person must read it.")
    handed_in = HandedIn(at=latest, attempt=str(len(times)), id=user, name=name)
    return Entry(visible_name(user), root.path, pieces, uploaded=True, handed_in=handed_in, notes=tuple(notes))


def _read(root: Root, item: RootItem) -> str:
    try:
        return root.read(item.name, _MOST_OF_A_RECEIPT).decode("utf-8", "replace").replace("\r\n", "\n")
    except RefusedError:
        return ""


LAYOUT = Layout("blackboard", TITLE, detect, entries)
