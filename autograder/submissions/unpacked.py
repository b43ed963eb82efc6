"""Several trees as one, with the archives in them opened: each is a folder of its own name."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

from autograder.files.names import shown
from autograder.submissions.folder import joined
from autograder.submissions.intake_limits import (
    FILES,
    INNER_ARCHIVE_BYTES,
    INNER_ARCHIVES,
    NESTED_ARCHIVES,
    ZIP_DIRECTORY_BYTES,
)
from autograder.submissions.tarred import GZIP, TarTree, inflated, is_tar
from autograder.submissions.tree import TOO_MANY, RefusedError, Tree, shallowest_first
from autograder.submissions.zipped import ZipTree

_NESTED = (
    f"is an archive in an archive in an archive, of which {NESTED_ARCHIVES} are opened, and was not opened: "
    "hand in its files themselves"
)
_TOO_MANY_ARCHIVES = f"is one of more than {INNER_ARCHIVES} archives and was not opened: hand in one"
# As many bytes as tell what an archive is.
_BEGINNING = 512


class UnpackedTree(Tree):
    """Trees, each mounted in a folder, and what their archives hold.

    Args:
        kind: what a student calls it.
        opened: closes what is opened here.
    """

    def __init__(self, kind: str, opened: ExitStack) -> None:
        super().__init__()
        self.kind = kind
        self._opened = opened
        self._at: dict[str, tuple[Tree, str]] = {}
        # A tree that is let go closes its file, out of which others may still be read.
        self._mounted: list[Tree] = []
        self._archives_left, self._bytes_left, self._table_left = (
            INNER_ARCHIVES,
            INNER_ARCHIVE_BYTES,
            ZIP_DIRECTORY_BYTES,
        )

    def mount(self, tree: Tree, target: str = "", above: int = 0) -> None:
        """Take a tree's files, all below `target`; `above` counts the archives that it lies in."""
        self._mounted.append(tree)
        for path in tree.files:
            self.place(joined(target, path), tree, path)
        for path, reason in tree.refused.items():
            if path not in tree.packed:
                self.refused[joined(target, path)] = reason
        self.notes += tree.notes
        for path in tree.packed:
            name = joined(target, path)
            self.mount_archive(tree, path, name, name, above + 1)

    def mount_archive(self, tree: Tree, path: str, target: str, called: str, above: int) -> None:
        """Take the files of an archive.

        Args:
            tree: that holds it.
            path: its path there.
            target: the folder that they are taken to.
            called: its name, for messages.
            above: how many archives they lie in.
        """
        if above > NESTED_ARCHIVES or self._archives_left == 0:
            self.refused[called] = _NESTED if above > NESTED_ARCHIVES else _TOO_MANY_ARCHIVES
            return
        self._archives_left -= 1
        try:
            file = self._opened.enter_context(tree.open_packed(path, self._bytes_left))
            inner = self._archive(file)
        except RefusedError as error:
            self.refused[called] = str(error)
            return
        self.mount(inner, target, above)

    def _archive(self, file: io.BufferedIOBase) -> Tree:
        """An archive by its content: browsers unpack a .tar.gz half and keep its name."""
        start = file.read(_BEGINNING)
        file.seek(0)
        if start.startswith(GZIP) or is_tar(start):
            data = inflated(file, self._bytes_left)
            self._bytes_left -= len(data)
            return TarTree(data)
        inner = ZipTree(file, self._table_left)
        self._table_left -= inner.table_bytes
        if isinstance(file, io.BytesIO):
            self._bytes_left -= file.getbuffer().nbytes
        return inner

    def place(self, path: str, tree: Tree, inside: str) -> None:
        """Take one file."""
        if path in self._at:
            self.notes.append(f"{shown(path)} was handed in more than once; one of them was taken.")
        elif len(self._at) == FILES:
            self.notes += [] if TOO_MANY in self.notes else [TOO_MANY]
        else:
            self._at[path] = (tree, inside)

    def listed(self) -> None:
        """All is taken: say what there is."""
        self.files = tuple(sorted(self._at, key=shallowest_first))

    def open(self, path: str) -> AbstractContextManager[tuple[int, Callable[[int], bytes]]]:
        """As declared; in the tree that holds it."""
        tree, inside = self._at[path]
        return tree.open(inside)


def unpacked(tree: Tree, opened: ExitStack) -> Tree:
    """A tree with its archives opened; the tree itself where it holds none.

    Args:
        tree: open as long as what is made of it.
        opened: closes what is opened here.
    """
    if not tree.packed:
        return tree
    made = UnpackedTree(tree.kind, opened)
    made.mount(tree)
    made.listed()
    return made
