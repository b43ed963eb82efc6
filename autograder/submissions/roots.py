"""What was downloaded, as layouts look at it: names and kinds, in a folder or in a zip alike; no content is read but
that of the few files that the platform itself wrote."""

import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SubmissionsError
from autograder.files.names import enumerated
from autograder.submissions.bulk import BulkZip, bulk_at
from autograder.submissions.folder import descend, joined, kind_below, open_file, open_folder
from autograder.submissions.tree import ARCHIVE, RefusedError, bounded, is_skipped, is_zip

FOLDER, ZIP, FILE, OTHER = "folder", "zip", "file", "other"


@dataclass(frozen=True)
class RootItem:
    """One name in a folder. What stands where a student's folder or zip should, and is none, is of kind `OTHER`."""

    name: str
    kind: str

    @property
    def hidden(self) -> bool:
        """Whether it is to be overlooked, unless a platform has named it: some students' names begin with a dot."""
        return self.name.startswith(".")


class Root(ABC):
    """Where submissions lie.

    Args:
        path: the folder or zip that was given.
        within: the folder in it that the submissions lie in; "" for its top.
    """

    on_disk = False

    def __init__(self, path: Path, within: str = "") -> None:
        self.path = path
        self.within = within
        # Every layout asks for it.
        self._top: tuple[RootItem, ...] | None = None

    @property
    def name(self) -> str:
        """The folder's own name, without .zip."""
        name = self.within.rpartition("/")[2] or self.path.absolute().name
        return name[: -len(".zip")] if not self.within and is_zip(name) else name

    @property
    def title(self) -> str:
        """For messages."""
        return str(self.path / self.within) if self.within else str(self.path)

    @property
    def notes(self) -> tuple[str, ...]:
        """What concerns no student."""
        return ()

    @abstractmethod
    def below(self, folder: str) -> "Root":
        """The same, looked at from a folder below."""

    def items(self, folder: str = "") -> tuple[RootItem, ...]:
        """What lies in a folder below, sorted, without what systems leave behind.

        Raises:
            SubmissionsError: it cannot be listed.
        """
        if folder:
            return self._list(folder)
        if self._top is None:
            self._top = self._list("")
        return self._top

    def inside(self, item: RootItem) -> list["Root"]:
        """What a folder holds, or a zip on disk, if that can be read: as a root of its own."""
        if item.kind == FOLDER:
            return [self.below(item.name)]
        try:
            path = self.path / self.source(item.name)
            return [ZipRoot(path, bulk_at(path))] if self.kind(item.name) == ARCHIVE and self.on_disk else []
        except RefusedError:
            return []

    @abstractmethod
    def _list(self, folder: str) -> tuple[RootItem, ...]:
        """As `items`."""

    @abstractmethod
    def kind(self, path: str) -> str:
        """ "folder", "file", or why it would be refused."""

    @abstractmethod
    def read(self, path: str, limit: int) -> bytes:
        """A file that the platform wrote.

        Raises:
            RefusedError: it cannot be read, or is larger.
        """

    def source(self, path: str) -> str:
        """A path below as it stands from the top of `path`."""
        return joined(self.within, path)


class FolderRoot(Root):
    """A folder, held open."""

    on_disk = True

    def __init__(self, path: Path, descriptor: int, within: str = "") -> None:
        super().__init__(path, within)
        self._descriptor = descriptor

    def below(self, folder: str) -> Root:
        """As declared."""
        return FolderRoot(self.path, self._descriptor, self.source(folder))

    def _list(self, folder: str) -> tuple[RootItem, ...]:
        try:
            with descend(self._descriptor, self.source(folder)) as below, os.scandir(below) as entries:
                found = [RootItem(entry.name, _kind(entry)) for entry in entries if not is_skipped(entry.name)]
        except OSError as error:
            raise SubmissionsError(f"{self.path / self.source(folder)} cannot be listed ({error.strerror}).") from None
        return tuple(sorted(found, key=lambda item: item.name))

    def kind(self, path: str) -> str:
        """As declared."""
        return kind_below(self._descriptor, self.source(path))

    def read(self, path: str, limit: int) -> bytes:
        """As declared."""
        with open_file(self._descriptor, self.source(path)) as (descriptor, size):
            return bounded(size, lambda count: os.read(descriptor, count), limit)


class ZipRoot(Root):
    """A zip of a whole class."""

    def __init__(self, path: Path, bulk: BulkZip, within: str = "") -> None:
        super().__init__(path, within)
        self._bulk = bulk

    @property
    def notes(self) -> tuple[str, ...]:
        """As declared."""
        found = []
        if self._bulk.outside:
            found.append(
                f"{enumerated(self._bulk.outside)} in {self.path.name}: the path leads out of the zip; not read."
            )
        if self._bulk.guessed:
            parts = [next(part for part in name.split("/") if not part.isascii()) for name in self._bulk.guessed]
            names = enumerated(list(dict.fromkeys(parts)))
            told = f"{self.path.name} does not say in which encoding its names are; see whether these are read right"
            found.append(f"{told}: {names}.")
        return tuple(found)

    def below(self, folder: str) -> Root:
        """As declared."""
        return ZipRoot(self.path, self._bulk, self.source(folder))

    def _list(self, folder: str) -> tuple[RootItem, ...]:
        above = self.source(folder)
        names = [name for name in self._bulk.children(above) if not is_skipped(name)]
        return tuple(RootItem(name, self._kind(joined(above, name))) for name in sorted(names))

    def _kind(self, path: str) -> str:
        kind = self._bulk.kind(path)
        if kind == FOLDER:
            return FOLDER
        return ZIP if is_zip(path) else FILE

    def kind(self, path: str) -> str:
        """As declared."""
        return self._bulk.kind(self.source(path))

    def read(self, path: str, limit: int) -> bytes:
        """As declared."""
        tree = self._bulk.alone(self.source(path))
        base = path.rpartition("/")[2]
        if base not in tree.files:
            raise RefusedError(tree.refused.get(base, "is not there"))
        with tree.open(base) as (size, read):
            return bounded(size, read, limit)


class WithFilesBeside(Root):
    """A download, and files that lay beside it, such as the platform's worksheet: as if they lay on its top.

    Args:
        inner: the download.
        outer: where it lay.
        files: the names there.
    """

    def __init__(self, inner: Root, outer: Root, files: Sequence[str]) -> None:
        super().__init__(inner.path, inner.within)
        self._inner, self._outer, self._files = inner, outer, frozenset(files)
        self.on_disk = inner.on_disk

    @property
    def name(self) -> str:
        """As declared."""
        return self._inner.name

    @property
    def notes(self) -> tuple[str, ...]:
        """As declared."""
        return self._inner.notes

    def below(self, folder: str) -> Root:
        """As declared."""
        return self._inner.below(folder)

    def inside(self, item: RootItem) -> list[Root]:
        """As declared."""
        return [] if item.name in self._files else self._inner.inside(item)

    def _list(self, folder: str) -> tuple[RootItem, ...]:
        found = self._inner.items(folder)
        if folder:
            return found
        own = {item.name for item in found}
        beside = [RootItem(name, FILE) for name in self._files if name not in own]
        return tuple(sorted([*found, *beside], key=lambda item: item.name))

    def _holder(self, path: str) -> Root:
        is_beside = path in self._files and path not in {item.name for item in self._inner.items()}
        return self._outer if is_beside else self._inner

    def kind(self, path: str) -> str:
        """As declared."""
        return self._holder(path).kind(path)

    def read(self, path: str, limit: int) -> bytes:
        """As declared."""
        return self._holder(path).read(path, limit)


def _kind(found: os.DirEntry[str]) -> str:
    """What an entry is. What cannot be read where a student should be is listed too, so that it gets a record."""
    named_zip = is_zip(found.name)
    try:
        if found.is_symlink():
            return FILE if found.is_file() and not named_zip else OTHER
        if found.is_dir(follow_symlinks=False):
            return FOLDER
        if found.is_file(follow_symlinks=False):
            return ZIP if named_zip else FILE
    except OSError:
        return OTHER
    return OTHER if named_zip else FILE


@contextmanager
def open_root(path: Path) -> Iterator[Root]:
    """The folder or zip that was given, to be looked at as long as the context lasts.

    Raises:
        SubmissionsError: it is neither, or cannot be opened.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise SubmissionsError(f"{path} does not exist: give the folder or zip that holds the submissions.") from None
    except OSError as error:
        raise SubmissionsError(f"{path} cannot be listed ({error.strerror}).") from None
    if not stat.S_ISDIR(mode):
        try:
            bulk = bulk_at(path)
        except RefusedError as error:
            raise SubmissionsError(
                f"{path} is not a folder, and {error}. Give the folder that holds the submissions, or the zip as the "
                "platform gave it."
            ) from None
        yield ZipRoot(path, bulk)
        return
    with ExitStack() as opened:
        try:
            descriptor = opened.enter_context(open_folder(path))
        except RefusedError as error:
            raise SubmissionsError(f"{path} {error}.") from None
        yield FolderRoot(path, descriptor)
