"""Files that could be the work of an assignment under another name: offered to a person, and never graded silently."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from autograder.files.names import enumerated, shown
from autograder.submissions.asked import AskedWork
from autograder.submissions.choosing import ChosenFile
from autograder.submissions.found_file import FoundFile, read_file
from autograder.submissions.intake_limits import OTHER_FILES
from autograder.submissions.reader import Reader, base, in_apart_folder
from autograder.submissions.receipt import OfferedFile
from autograder.submissions.tree import RefusedError, shallowest_first

# Files that may hold a module under another name: smooth_ap.py.txt, smooth_ap.PY, smooth_ap.
_MAY_BE_SOURCE = re.compile(r"\.(?:py\w?|txt|ipynb)$|^[^.]+$", re.IGNORECASE)
_ENDINGS = re.compile(r"\.(?:py\w?|txt|ipynb)\b", re.IGNORECASE)
_NEAR = 0.75
_MOST_OFFERED = 3


def offered(reader: Reader, assignment: str, course: Mapping[str, AskedWork], chosen: ChosenFile) -> list[OfferedFile]:
    """The files that hold more of an assignment than what is graded, the likeliest first.

    Args:
        reader: of the hand-in.
        assignment: its name.
        course: all that is asked, by assignment: what has the name of another one's module is that one's work.
        chosen: what is graded.
    """
    taken, asked = chosen.taken, course[assignment]
    if taken is not None and len(taken.written) >= max(1, len(asked.functions)):
        return []
    others = _others(reader, assignment, course, chosen)
    near = _near_names(asked.module, [path for path in others if not in_apart_folder(path, assignment, asked)])
    least = 0 if taken is None else len(taken.written)
    found = []
    for path in sorted(others, key=lambda path: (path not in near, *shallowest_first(path)))[:OTHER_FILES]:
        written = _written(reader, path, asked)
        if written is not None and (len(written) > least or (taken is None and path in near)):
            found.append(OfferedFile(shown(path), written, path in near))
    found.sort(key=lambda one: (-len(one.functions), not one.near_name))
    return found[:_MOST_OFFERED]


def _others(reader: Reader, assignment: str, course: Mapping[str, AskedWork], chosen: ChosenFile) -> list[str]:
    """The files that may be source under another name, or lie where no work is looked for; no tests."""
    asked = course[assignment]
    own = (asked.file, asked.notebook)
    named = {name for one in course.values() for name in (one.file, one.notebook)}
    elsewhere = course.keys() - {assignment}
    found = []
    for path in reader.tree.files:
        name = base(path)
        if name in own:
            may_be = path not in chosen.candidates and not elsewhere.intersection(path.split("/")[:-1])
        else:
            may_be = name not in named and not name.startswith("test_") and _MAY_BE_SOURCE.search(name) is not None
        if may_be:
            found.append(path)
    return found


def _written(reader: Reader, path: str, asked: AskedWork) -> tuple[str, ...] | None:
    """The functions that a file has written, in the order in which they are asked for; None where it is ours."""
    try:
        one = read_file(reader, path, asked)
    except RefusedError:
        return ()
    return None if reader.is_ours(path) else tuple(name for name in asked.functions if name in one.written)


def _letters(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _near_names(module: str, paths: Iterable[str]) -> set[str]:
    """The files whose names look as if they were meant for the module."""
    wanted = _letters(module)
    found = set()
    for path in paths:
        letters = _letters(_ENDINGS.sub("", base(path)))
        close = difflib.SequenceMatcher(None, wanted, letters).ratio() >= _NEAR
        if wanted in letters or (close and len(letters) <= 4 * len(wanted)):
            found.add(path)
    return found


def missing(reader: Reader, assignment: str, course: Mapping[str, AskedWork], offers: Sequence[OfferedFile]) -> str:
    """Why nothing of an assignment is graded, for the student; and what could be meant, for whoever decides."""
    tree, asked = reader.tree, course[assignment]
    names = (asked.file, asked.notebook)
    meant = f"; {_offer(asked, offers[0])}{_more_offers(offers)}" if offers else "."
    unread = [path for path in sorted(tree.refused, key=shallowest_first) if base(path.rstrip("/")) in names]
    if unread:
        called = base(unread[0].rstrip("/"))
        return f"No file named {called} could be read: {shown(unread[0])} {tree.refused[unread[0]]}{meant}"
    none = f"No file named {asked.file} was found"
    if not tree.files and not tree.refused:
        return f"{none}: the {tree.kind} is empty."
    if offers:
        return f"{none}{meant}"
    if not any(path.endswith(".py") for path in (*tree.files, *tree.refused)):
        holds = sorted([*tree.files, *tree.refused], key=shallowest_first)
        return f"{none}: the {tree.kind} has no Python file, only {enumerated(holds)}."
    sources = [path for path in _others(reader, assignment, course, ChosenFile(None)) if path.endswith(".py")]
    return f"{none} among {enumerated(sources)}." if sources else f"{none}."


def _offer(asked: AskedWork, one: OfferedFile) -> str:
    if not one.functions:
        return f"{one.path} is there: was it meant?"
    count = f"{len(one.functions)} of the {len(asked.functions)} functions"
    return (
        f"{one.path} defines {count}: was it meant? A person decides; or call it {asked.file} or {asked.notebook}, and "
        "hand it in again."
    )


def _more_offers(offers: Sequence[OfferedFile]) -> str:
    others = [one.path for one in offers[1:] if one.functions]
    return f" {enumerated(others)} may be meant, too." if others else ""


def fuller_elsewhere(asked: AskedWork, taken: FoundFile, offers: Sequence[OfferedFile]) -> str:
    """What a person has to decide where the file of the right name holds less than another one."""
    one, state = offers[0], f"has {len(taken.written)} of the {len(asked.functions)} functions written"
    if taken.untouched:
        state = "is as it was given out"
    elif taken.blank:
        state = "is empty"
    return (
        f"{shown(taken.path)} was graded, and {state}; {one.path} defines {len(one.functions)}: was it meant? A person "
        f"decides; or call it {asked.file} or {asked.notebook}, and hand it in again."
    )
