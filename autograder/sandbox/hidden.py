"""The folders that no submission may read, tried by their real paths from inside before the first student."""

import os
import tempfile
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from autograder.errors import UsageError
from autograder.sandbox.readable_places import places, reaching, ways_in
from autograder.sandbox.tiers import Tier

# Of one folder, so many files are opened, and so many of its own folders are looked into for them.
MOST_FILES, MOST_FOLDERS = 100, 20
# In tier C everything is readable; it says so, and is taken only by name.
HIDING = (Tier.A, Tier.A_MINUS, Tier.B)

# What the self-test is given, and runs inside: the names that it sees in each folder, the files that it can open.
SOURCE = b"""
def look(folders, files):
    seen, opened = {}, []
    for folder in folders:
        try:
            seen[folder] = sorted(os.listdir(folder))[:1000]
        except OSError:
            pass
    for path in files:
        try:
            os.close(os.open(path, os.O_RDONLY))
            opened.append(path)
        except OSError:
            pass
    return {"seen": seen, "opened": opened}
"""


def hidden_folders(named: Mapping[str, Path]) -> dict[str, str]:
    """What must not be read, by its real path: these folders, the home folder and the one of temporary files.

    Args:
        named: folders by what they are called, such as "the folder of references".
    """
    home = Path("~").expanduser()
    own = {"the home folder": home} if home.is_absolute() else {}
    found = {**named, **own, "the folder of temporary files": Path(tempfile.gettempdir())}
    return {os.path.realpath(path): what for what, path in reversed(found.items())}


def refuse_below(hidden: Mapping[str, str]) -> None:
    """Refuse a folder that lies in one which all submissions may read.

    Raises:
        UsageError: names both.
    """
    readable = places().readable
    for folder, what in hidden.items():
        if above := reaching(folder, readable):
            raise UsageError(_told(folder, what, f"it lies in {above}, where the Python that grades has its libraries"))


def _told(path: str, what: str, why: str) -> str:
    return (
        f"{path} ({what}) could be read by every submission: {why}. No submission was run. Move it out of there, "
        "or grade with a Python that is installed elsewhere; `--isolation=none` goes on all the same."
    )


def questions(hidden: Mapping[str, str]) -> list[list[str]]:
    """The arguments of `look`: the folders that are there, and files of theirs."""
    readable = places().readable
    folders = [folder for folder in hidden if Path(folder).is_dir()]
    files = [path for path in hidden if Path(path).is_file()]
    for folder in folders:
        files += islice((path for path in _files(folder) if not reaching(path, readable)), MOST_FILES)
    return [folders, files]


def _files(folder: str) -> list[str]:
    """Files in a folder, and in folders of its own, by their real paths; none where they may not be looked at."""
    found: list[str] = []
    pending, looked = [folder], 0
    while pending and looked <= MOST_FOLDERS and len(found) < MOST_FILES:
        looked += 1
        try:
            with os.scandir(pending.pop(0)) as entries:
                for entry in islice(entries, 10 * MOST_FILES):
                    if entry.is_file(follow_symlinks=False):
                        found.append(entry.path)
                    elif entry.is_dir(follow_symlinks=False) and looked == 1:
                        pending.append(entry.path)
        except OSError:
            continue
    return found


def refuse_seen(found: Any, hidden: Mapping[str, str]) -> None:
    """Refuse what `look` saw or opened, but for names that lead to what may be read.

    Raises:
        UsageError: names the path.
    """
    readable = places().readable
    for path in found["opened"]:
        what = next(hidden[above] for above in (path, *map(str, Path(path).parents)) if above in hidden)
        raise UsageError(_told(path, what, "the self-test opened it from inside"))
    for folder, names in found["seen"].items():
        if more := sorted(set(names) - set(ways_in(folder, readable))):
            raise UsageError(_told(folder, hidden[folder], f"the self-test saw {more[0]} in it from inside"))
