"""Reads the files of one hand-in, each once, and knows those of them that are our own."""

from collections.abc import Mapping

from autograder.submissions.asked import AskedWork
from autograder.submissions.file_contents import as_utf8
from autograder.submissions.handed_out import content_hash
from autograder.submissions.tree import RefusedError, TooLargeError, Tree

# What is handed out is no larger.
_MOST_OF_OURS = 4_000_000


class Reader:
    """The files of one hand-in.

    Args:
        tree: where they are.
        asked: all that the course asks for, by assignment: what one of them handed out may lie beside another's work.
    """

    def __init__(self, tree: Tree, asked: Mapping[str, AskedWork]) -> None:
        self.tree = tree
        self._ours = frozenset(hash_ for one in asked.values() for hash_ in one.ours)
        self._named = frozenset(base(path) for one in asked.values() for path in one.handed_out)
        self._data: dict[str, bytes] = {}

    def read(self, path: str, limit: int) -> bytes:
        """The content of a file, as `Tree.read` gives it; a text in UTF-16 that says so is read as UTF-8.

        Raises:
            RefusedError: as there.
        """
        if path not in self._data:
            self._data[path] = self.tree.read(path, limit)
        if len(self._data[path]) > limit:
            raise TooLargeError(f"{len(self._data[path]):,} bytes", limit)
        return self._data[path]

    def source(self, path: str, limit: int) -> tuple[bytes, str]:
        """A text as UTF-8, and the encoding that it was in where that was another one.

        Raises:
            RefusedError: as `read`.
        """
        return as_utf8(self.read(path, limit))

    def is_ours(self, path: str) -> bool:
        """Whether a file that has been read is one that the course handed out, and no place for work."""
        return bool(self._ours) and content_hash(path, self._data[path]) in self._ours

    def handed_out(self, path: str) -> bool:
        """Whether a file that need not have been read is one of those; only what is called like one is read for it."""
        if base(path) not in self._named:
            return False
        try:
            self.read(path, _MOST_OF_OURS)
        except RefusedError:
            return False
        return self.is_ours(path)


def base(path: str) -> str:
    """The name of a file."""
    return path.rpartition("/")[2]


def folder_of(path: str) -> str:
    """The folder of a file, with the "/" at its end; "" for the top."""
    return path[: -len(base(path))]


def in_apart_folder(path: str, assignment: str, asked: AskedWork) -> bool:
    """Whether a file lies in a folder of the handout that is no place for work, such as that of its checks.

    Args:
        path: of the file.
        assignment: its own folder below such a folder is a place for work again.
        asked: says which folders these are.
    """
    folders = path.split("/")[:-1]
    if assignment in folders:
        folders = folders[len(folders) - folders[::-1].index(assignment) :]
    return any(folder.casefold() in asked.apart for folder in folders)
