"""A submission that is put together from pieces: files, folders and zips that a platform keeps in one place for all."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from autograder.files.names import shown
from autograder.submissions.bulk import bulk_at
from autograder.submissions.folder import FolderTree, joined, kind_below, open_folder
from autograder.submissions.intake_limits import INNER_ZIP_BYTES, INNER_ZIP_DEPTH, INNER_ZIPS, ZIP_DIRECTORY_BYTES
from autograder.submissions.submission import Entry, Piece
from autograder.submissions.tree import ARCHIVE, RefusedError, Tree, is_zip, shallowest_first
from autograder.submissions.zipped import ZipTree

# "smooth_ap (1).py", as browsers, Windows and Moodle write where there is a file of that name already.
_NUMBERED = re.compile(r" ?\(\d{1,3}\)(?=\.(?:py|ipynb|md)$)", re.IGNORECASE)


class _Holder(Protocol):
    """Where pieces lie."""

    def kind(self, path: str) -> str:
        """ "folder", "file", or why it is refused."""

    def tree(self, folder: str) -> Tree:
        """The files below a folder."""

    def alone(self, path: str) -> Tree:
        """A tree of one file, by its name."""


class _FolderHolder:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def kind(self, path: str) -> str:
        return kind_below(self._descriptor, path)

    def tree(self, folder: str) -> Tree:
        return FolderTree(self._descriptor, folder)

    def alone(self, path: str) -> Tree:
        return _OneFile(self._descriptor, path)


class _OneFile(FolderTree):
    """One file of a folder."""

    def __init__(self, descriptor: int, path: str) -> None:
        self._path = path
        super().__init__(descriptor, path.rpartition("/")[0])

    def _list(self) -> None:
        name = self._path.rpartition("/")[2]
        kind = kind_below(self._descriptor, self._path)
        if kind == "file":
            self.files = (name,)
        else:
            self.refused[name] = kind
            if kind == ARCHIVE and is_zip(name):
                self.zips = (name,)


class PiecedTree(Tree):
    """The files of an entry's pieces, as the student had named them.

    Args:
        holder: where the pieces lie.
        pieces: in order of preference, should two stand for the same file.
        uploaded: as in `Entry`.
        opened: closes what is opened here.
    """

    kind = "submission"

    def __init__(self, holder: _Holder, pieces: tuple[Piece, ...], uploaded: bool, opened: ExitStack) -> None:
        super().__init__()
        self._opened = opened
        self._uploaded = uploaded
        self._at: dict[str, tuple[Tree, str]] = {}
        self._zips_left, self._bytes_left, self._table_left = INNER_ZIPS, INNER_ZIP_BYTES, ZIP_DIRECTORY_BYTES
        for piece in pieces:
            self._add(holder, piece)
        if uploaded:
            self._without_numbers()
        self.files = tuple(sorted(self._at, key=shallowest_first))

    def _add(self, holder: _Holder, piece: Piece) -> None:
        if holder.kind(piece.source) == "folder":
            self._mount(holder.tree(piece.source), piece.target, self._uploaded)
            return
        alone, name = holder.alone(piece.source), piece.source.rpartition("/")[2]
        if alone.zips and (piece.opened or self._uploaded):
            # A zip that is all of a submission is its top; one file among others is a folder of its name.
            self._mount_zip(alone, name, "" if piece.opened else piece.target, piece.target or name)
            return
        self.notes += alone.notes
        target = piece.target or name
        if alone.files:
            self._place(target, alone, alone.files[0])
        for reason in alone.refused.values():
            self.refused[target] = reason

    def _mount(self, tree: Tree, target: str, with_zips: bool) -> None:
        """Take a tree's files, all below `target`."""
        for path in tree.files:
            self._place(joined(target, path), tree, path)
        opened = [path for path in tree.zips if with_zips and path.count("/") < INNER_ZIP_DEPTH]
        for path, reason in tree.refused.items():
            if path not in opened:
                self.refused[joined(target, path)] = reason
        self.notes += tree.notes
        for path in opened:
            self._mount_zip(tree, path, joined(target, path), joined(target, path))

    def _mount_zip(self, tree: Tree, path: str, target: str, called: str) -> None:
        """Take the files of a zip inside the submission; a zip inside that one stays closed."""
        if self._zips_left == 0:
            self.refused[called] = f"is one of more than {INNER_ZIPS} zips and was not opened: hand in one"
            return
        self._zips_left -= 1
        try:
            file = self._opened.enter_context(tree.open_zip(path, self._bytes_left))
            inner = ZipTree(file, self._table_left)
        except RefusedError as error:
            self.refused[called] = str(error)
            return
        self._table_left -= inner.table_bytes
        if isinstance(file, io.BytesIO):
            self._bytes_left -= file.getbuffer().nbytes
        self._mount(inner, target, with_zips=False)

    def _place(self, path: str, tree: Tree, inside: str) -> None:
        if path in self._at:
            self.notes.append(f"{shown(path)} was handed in more than once; one of them was taken.")
            return
        self._at[path] = (tree, inside)

    def _without_numbers(self) -> None:
        """Gives files their own names back, where those are free."""
        for path in sorted(self._at, key=shallowest_first):
            folder, _, name = path.rpartition("/")
            own = joined(folder, _NUMBERED.sub("", name))
            if own != path and own not in self._at:
                self._at[own] = self._at.pop(path)

    def open(self, path: str) -> AbstractContextManager[tuple[int, Callable[[int], bytes]]]:
        """As declared; in the piece that holds it."""
        tree, inside = self._at[path]
        return tree.open(inside)


@contextmanager
def open_pieces(entry: Entry) -> Iterator[Tree]:
    """The files of an entry that has pieces, which can be read as long as the context lasts.

    Raises:
        RefusedError: what holds them cannot be opened (any more).
    """
    with ExitStack() as opened:
        yield PiecedTree(_holder(entry.path, opened), entry.pieces, entry.uploaded, opened)


def _holder(path: Path, opened: ExitStack) -> _Holder:
    if path.is_dir():
        return _FolderHolder(opened.enter_context(open_folder(path)))
    return bulk_at(path)
