"""The files that a course has handed out, known again by content: whoever returns them is not graded by them.

`autograder handout` writes every version of them down as hashes, in a file beside the references that is committed with
them. What an editor or Jupyter changes by opening and saving (ends of lines, outputs, ids of cells) changes no hash.
"""

import codecs
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.errors import SettingsError
from autograder.submissions.notebook_reader import SUFFIX, decoded, texts_of_cells
from autograder.submissions.tree import RefusedError

FILE = "handed_out.json"
VERSION = 1
# Hexadecimal digits of a hash: 96 bits, far beyond chance.
DIGITS = 24

# By assignment and path in its folder, the hash of each version, the oldest first.
Versions = Mapping[str, Mapping[str, Sequence[str]]]


ABOUT = (
    "Hashes of all files that were ever handed out, written by `autograder handout`; commit it. "
    "By them the files are known again when students return them."
)


def content_hash(name: str, data: bytes) -> str:
    """The hash of a file's content, as far as it matters.

    Args:
        name: of the file; of a notebook only the cells' kinds, sources and names of attached pictures count.
        data: its bytes; of a text, neither ends of lines nor spaces before them count.
    """
    return hashlib.sha256("\0".join(_normal(name, data)).encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def _normal(name: str, data: bytes) -> Iterable[str]:
    if name.endswith(SUFFIX):
        try:
            return ["cells", *(_lines(text) for cell in texts_of_cells(decoded(data)) for text in cell)]
        except RefusedError:
            pass
    try:
        return ["text", _lines(data.removeprefix(codecs.BOM_UTF8).decode())]
    except UnicodeDecodeError:
        return ["bytes", hashlib.sha256(data).hexdigest()]


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).rstrip()


def read_handed_out(solutions: Path) -> dict[str, dict[str, list[str]]]:
    """What was handed out so far; nothing where the list is not there.

    Args:
        solutions: the folder of the references.

    Raises:
        SettingsError: the list is damaged.
    """
    path = solutions / FILE
    try:
        found = json.loads(path.read_bytes())
        version = found["version"]
        known = {name: {file: [*map(_hash, hashes)] for file, hashes in files.items()} for name, files in _parts(found)}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SettingsError(
            f"{path} cannot be read ({type(error).__name__}: {error}). Take it back from version control, or delete it "
            "and run `autograder handout`, which then knows the files of today alone."
        ) from error
    if version != VERSION:
        raise SettingsError(f"{path} has version {version}, and this package reads {VERSION}: install a newer one.")
    return known


def _parts(found: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(found["assignments"], dict):
        raise TypeError("`assignments` is no table")
    return found["assignments"].items()


def _hash(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no hash")
    return value


def with_files(known: Versions, handouts: Mapping[str, Mapping[str, bytes]]) -> dict[str, dict[str, list[str]]]:
    """The list with these files in it, too.

    Args:
        known: the list so far; nothing is taken out of it.
        handouts: by assignment and path in its folder, the bytes of each file.
    """
    made: dict[str, dict[str, list[str]]] = {
        name: {path: list(hashes) for path, hashes in files.items()} for name, files in known.items()
    }
    for name, files in handouts.items():
        for path, data in files.items():
            hashes = made.setdefault(name, {}).setdefault(path, [])
            if (found := content_hash(path, data)) not in hashes:
                hashes.append(found)
    return made


def encoded(versions: Versions) -> bytes:
    """The list as a file: sorted, a hash a line, so that versions of it merge."""
    ordered = {
        name: {path: list(hashes) for path, hashes in sorted(files.items())} for name, files in sorted(versions.items())
    }
    return (json.dumps({"version": VERSION, "about": ABOUT, "assignments": ordered}, indent=2) + "\n").encode()
