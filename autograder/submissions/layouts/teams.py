"""Assignments of Microsoft Teams, as SharePoint synchronizes them: Submitted files/NAME/ASSIGNMENT/Version N/FILE.

"Working files" beside it holds what students have not handed in. A name is the display name.
"""

from autograder.files.names import visible_name
from autograder.submissions.layouts.layout import Guess, Layout, others
from autograder.submissions.roots import FOLDER, Root
from autograder.submissions.submission import Entry, HandedIn, Listing, Piece

TITLE = "assignments of Microsoft Teams"
SUBMITTED, WORKING = "Submitted files", "Working files"


def detect(root: Root) -> Guess:
    """By the two folders that Teams makes."""
    folders = {item.name for item in root.items() if item.kind == FOLDER}
    if SUBMITTED not in folders:
        return Guess(0.0, f"it has no folder {SUBMITTED}")
    return Guess(1.0 if folders <= {SUBMITTED, WORKING} else 0.6, f"it has the folder {SUBMITTED}")


def entries(root: Root) -> Listing:
    """A student per folder of the submitted files; of several versions reading takes the latest."""
    found = [item for item in root.items(SUBMITTED) if item.kind == FOLDER and not item.hidden]
    taken = [
        Entry(
            visible_name(item.name),
            root.path,
            (Piece(root.source(f"{SUBMITTED}/{item.name}")),),
            uploaded=True,
            handed_in=HandedIn(id=item.name, name=item.name),
        )
        for item in found
    ]
    left = [item for item in root.items() if item.name not in (SUBMITTED, WORKING)]
    more, notes = others(root, left, TITLE)
    if any(item.name == WORKING for item in root.items()):
        notes.append(f"{WORKING} was not graded: it holds what was not handed in.")
    return Listing((*taken, *more), tuple(notes))


LAYOUT = Layout("teams", TITLE, detect, entries)
