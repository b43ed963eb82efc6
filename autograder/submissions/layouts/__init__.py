"""The ways in which submissions come, one module each, and the choice among them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from autograder.errors import SubmissionsError
from autograder.plugins import added, load
from autograder.submissions.attempts import is_attempt
from autograder.submissions.layouts import (
    blackboard,
    brightspace,
    canvas,
    classroom,
    gradescope,
    moodle,
    nbgrader,
    plain,
    sakai,
    teams,
)
from autograder.submissions.layouts.layout import Guess, Layout
from autograder.submissions.roots import FILE, FOLDER, ZIP, Root, WithFilesBeside, ZipRoot

# Ours, in order of preference, where two are as sure.
OWN: tuple[Layout, ...] = (
    gradescope.LAYOUT,
    moodle.LAYOUT,
    canvas.LAYOUT,
    blackboard.LAYOUT,
    brightspace.LAYOUT,
    # Before nbgrader's, which has a timestamp.txt at the same depth.
    sakai.LAYOUT,
    teams.LAYOUT,
    nbgrader.LAYOUT,
    classroom.LAYOUT,
    plain.LAYOUT,
)
AUTO = "auto"
# A platform's layout is believed from here on; below, its names are more likely a few students' own.
BELIEVED = 0.5
# How many folders and zips may lie around it.
_DEEPEST = 3


def layouts() -> tuple[Layout, ...]:
    """All layouts, those of other packages first: who installs one means it."""
    others = (load("layouts", point) for point in added("layouts").values())
    return (*(layout for layout in others if isinstance(layout, Layout)), *OWN)


def names() -> tuple[str, ...]:
    """What `--layout` takes."""
    return (AUTO, *sorted(layout.name for layout in layouts()))


@dataclass(frozen=True)
class Choice:
    """The layout taken, where it begins, the reason, and what else it could have been.

    `deeper` says that it begins below what was given.
    """

    layout: Layout
    root: Root
    guess: Guess
    notes: tuple[str, ...] = ()
    deeper: bool = False

    @property
    def why(self) -> str:
        """One line for people."""
        within = f" in {self.root.title}" if self.deeper else ""
        return f"submissions: taken for {self.layout.title}{within}: {self.guess.why}"


def choose(root: Root, name: str = AUTO) -> Choice:
    """The layout that was named, or that fits best.

    Raises:
        SubmissionsError: there is no layout of that name, or what was given does not look like it.
    """
    if name != AUTO:
        return _named(root, name)
    found = _best(root)
    if found.layout is not plain.LAYOUT:
        return found
    for above, below in pairwise(_inwards(root)):
        deeper = _best(below)
        if deeper.layout is not plain.LAYOUT or (above is root and _packed_class(root, below)):
            return replace(deeper, deeper=True)
    return found


def _inwards(root: Root) -> list[Root]:
    """The root, and what is alone in it, and what is alone in that: an export in a zip in a folder, say."""
    roots = [root]
    while len(roots) <= _DEEPEST and (inner := _inner(roots[-1])):
        roots += inner
    return roots


def _packed_class(root: Root, below: Root) -> bool:
    """Whether the only folder or zip is the class's: systems put a folder into the zip that they make of it.

    What lies alone in a folder may also be one student's, with a folder for each assignment or attempt; a class's has
    the same files in several folders.
    """
    items = [item for item in below.items() if not item.hidden]
    holders = [item.name for item in items if item.kind in (FOLDER, ZIP)]
    if len(holders) < 2:
        return False
    if isinstance(root, ZipRoot):
        return all(item.kind in (FOLDER, ZIP) for item in items)
    return _same_work(below, [item.name for item in items if item.kind == FOLDER and not is_attempt(item.name)])


def _same_work(root: Root, folders: Sequence[str]) -> bool:
    """Whether a file that may be work lies in more than one of these folders, or right below."""
    seen = set[str]()
    for folder in folders:
        own = set[str]()
        for item in root.items(folder):
            own.add(item.name)
            if item.kind == FOLDER:
                own |= {below.name for below in root.items(f"{folder}/{item.name}")}
        work = set(filter(_may_be_work, own))
        if work & seen:
            return True
        seen |= work
    return False


def _best(root: Root) -> Choice:
    guesses = [(layout, layout.detect(root)) for layout in layouts()]
    layout, guess = max(guesses, key=lambda one: one[1].sure if one[1].sure >= BELIEVED else 0.0)
    if guess.sure < BELIEVED:
        layout, guess = guesses[-1]
    maybe = [(other, its) for other, its in guesses if other not in (layout, plain.LAYOUT) and its.sure > 0]
    notes = [f"It could also be {other.title} ({its.why}): --layout {other.name} takes it so." for other, its in maybe]
    return Choice(layout, root, guess, tuple(notes))


def _inner(root: Root) -> Sequence[Root]:
    """Where the submissions may lie, if not on top: in the only folder or zip, or in nbgrader's `submitted`."""
    items = [item for item in root.items() if not item.hidden]
    folders = [item.name for item in items if item.kind == FOLDER]
    if "submitted" in folders and any(item.name in ("source", "release", "nbgrader_config.py") for item in items):
        return [root.below("submitted")]
    holders = [item for item in items if item.kind in (FOLDER, ZIP)]
    beside = [item.name for item in items if item.kind == FILE]
    if len(holders) != 1 or len(beside) != len(items) - 1 or any(map(_may_be_work, beside)):
        return []
    return [WithFilesBeside(inner, root, beside) if beside else inner for inner in root.inside(holders[0])]


def _may_be_work(name: str) -> bool:
    """Whether a file may be somebody's work, rather than the worksheet or the notes of whoever teaches."""
    return name.lower().endswith((".py", ".ipynb"))


def _named(root: Root, name: str) -> Choice:
    layout = next((layout for layout in layouts() if layout.name == name), None)
    if layout is None:
        raise SubmissionsError(f"there is no layout {name!r}; there are {', '.join(names())}.")
    roots = _inwards(root) if layout is not plain.LAYOUT else [root]
    guesses = [(layout.detect(each), each) for each in roots]
    guess, taken = max(guesses, key=lambda one: one[0].sure)
    if guess.sure > 0:
        why = f"{guess.why}; --layout {name} was given"
        return Choice(layout, taken, Guess(guess.sure, why), deeper=taken is not root)
    best = choose(root)
    if best.guess.sure > 0:
        like, own = best.layout.title, best.layout.name
        instead = f"It looks like {like} ({best.guess.why}): leave --layout out, or say --layout {own}."
    else:
        instead = "It looks like no other layout either: give the folder or zip that holds the submissions."
    raise SubmissionsError(f"{root.title} does not look like {layout.title}: {guess.why}. {instead}")


__all__ = ["AUTO", "OWN", "Choice", "choose", "layouts", "names"]
