"""A submission that another program holds in memory, as files by their names; read as if they had been uploaded."""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from autograder.files.names import shown
from autograder.submissions.asked import Asked
from autograder.submissions.intake_limits import DEPTH, FILES, PATH_CHARACTERS
from autograder.submissions.picking import pick
from autograder.submissions.pieced import PiecedTree
from autograder.submissions.submission import HandedIn, Piece, Submission
from autograder.submissions.tree import (
    ARCHIVE,
    TOO_DEEP,
    TOO_MANY,
    RefusedError,
    Tree,
    archive_kind,
    is_skipped,
    shallowest_first,
)
from autograder.submissions.zipped import LONG_PATH, OUTSIDE, leads_out, parts_of


class FilesTree(Tree):
    """Files in memory.

    Args:
        named: their bytes by path, parts joined by "/".
    """

    kind = "submission"

    def __init__(self, named: Mapping[str, bytes]) -> None:
        super().__init__()
        self._data: dict[str, bytes] = {}
        for name, data in named.items():
            parts = parts_of(name)
            path = "/".join(parts)
            if not parts or any(is_skipped(part) for part in parts):
                continue
            if path in self._data:
                self.notes.append(f"{shown(path)} was handed in more than once; the first was taken.")
                continue
            if reason := _why_refused(name, parts):
                self.refused[path] = reason
            if reason in ("", ARCHIVE):
                self._data[path] = data
        ordered = sorted(self._data.keys() - self.refused.keys(), key=shallowest_first)
        if len(ordered) > FILES:
            self.notes.append(TOO_MANY)
        self.files = tuple(ordered[:FILES])
        self.packed = tuple(sorted(self._data.keys() & self.refused.keys(), key=shallowest_first))

    @contextmanager
    def open(self, path: str) -> Iterator[tuple[int, Callable[[int], bytes]]]:
        """As declared."""
        data = self._data[path]
        yield len(data), io.BytesIO(data).read


def _why_refused(name: str, parts: list[str]) -> str:
    """Why a file of this name is not read; empty where it is."""
    if leads_out(name, parts):
        return OUTSIDE
    if len(name) > PATH_CHARACTERS:
        return LONG_PATH
    if len(parts) > DEPTH + 1:
        return TOO_DEEP
    return archive_kind(parts[-1])


class _Uploaded:
    """All the files as one folder, in which zips are opened."""

    def __init__(self, named: Mapping[str, bytes]) -> None:
        self._named = named

    def kind(self, path: str) -> str:
        return "folder"

    def tree(self, folder: str) -> Tree:
        return FilesTree(self._named)

    def alone(self, path: str) -> Tree:
        raise RefusedError("is no folder")


def read_files(
    student: str, named: Mapping[str, bytes], modules: Mapping[str, Asked], handed_in: HandedIn | None = None
) -> Submission:
    """What a student handed in; nothing that can be handed in makes it raise.

    Args:
        student: whose it is.
        named: the files' bytes by name; a zip among them is opened.
        modules: what each assignment asks for, by its name.
        handed_in: what is known of the hand-in.
    """
    with ExitStack() as opened:
        tree = PiecedTree(_Uploaded(named), (Piece(""),), uploaded=True, opened=opened)
        return replace(pick(student, tree, modules), handed_in=handed_in)
