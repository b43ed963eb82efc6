"""A submission that is put together from pieces: files, folders and zips that a platform keeps in one place for all."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from autograder.submissions.bulk import bulk_at
from autograder.submissions.folder import FolderTree, joined, kind_below, open_folder
from autograder.submissions.submission import Entry, Piece
from autograder.submissions.tree import ARCHIVE, Tree, shallowest_first
from autograder.submissions.unpacked import UnpackedTree

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
            if kind == ARCHIVE:
                self.packed = (name,)


class PiecedTree(UnpackedTree):
    """The files of an entry's pieces, as the student had named them.

    Args:
        holder: where the pieces lie.
        pieces: in order of preference, should two stand for the same file.
        uploaded: as in `Entry`.
        opened: closes what is opened here.
    """

    def __init__(self, holder: _Holder, pieces: tuple[Piece, ...], uploaded: bool, opened: ExitStack) -> None:
        super().__init__("submission", opened)
        for piece in pieces:
            self._add(holder, piece)
        if uploaded:
            self._without_numbers()
        self.listed()

    def _add(self, holder: _Holder, piece: Piece) -> None:
        if holder.kind(piece.source) == "folder":
            self.mount(holder.tree(piece.source), piece.target)
            return
        alone, name = holder.alone(piece.source), piece.source.rpartition("/")[2]
        target = piece.target or name
        if alone.packed:
            # An archive that is all of a submission is its top; one file among others is a folder of its name.
            self.mount_archive(alone, name, "" if piece.opened else target, target, 0 if piece.opened else 1)
            return
        self.notes += alone.notes
        if alone.files:
            self.place(target, alone, alone.files[0])
        for reason in alone.refused.values():
            self.refused[target] = reason

    def _without_numbers(self) -> None:
        """Gives files their own names back, where those are free."""
        for path in sorted(self._at, key=shallowest_first):
            folder, _, name = path.rpartition("/")
            own = joined(folder, _NUMBERED.sub("", name))
            if own != path and own not in self._at:
                self._at[own] = self._at.pop(path)


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
