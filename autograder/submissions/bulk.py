"""The submissions of a class in one zip, as a platform hands it out; nothing is extracted."""

import io
import os
import stat
import threading
import zipfile
from bisect import bisect_left
from pathlib import Path

from autograder.submissions.intake_limits import BULK_DIRECTORY_BYTES
from autograder.submissions.tree import SPECIAL, SYMLINK, RefusedError, Tree, archive_kind, why_not_read
from autograder.submissions.zip_names import member_name
from autograder.submissions.zipped import Members, leads_out, open_zip, parts_of

# Tools that know of no modes write 0.
_KINDS = {0: "file", stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: SYMLINK}

# How deep layouts look; a path may have 30,000 parts, each of which would be kept with all above it.
_INDEXED = 10


class _Positioned(io.RawIOBase):
    """A file with a position of its own: processes that inherit the descriptor do not move one another's."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}.get(whence)
        at = offset + (os.fstat(self._descriptor).st_size if start is None else start)
        if at < 0:
            raise OSError("before the start of the file")
        self._at = at
        return at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "memoryview | bytearray", /) -> int:  # type: ignore[override]
        data = os.pread(self._descriptor, len(buffer), self._at)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()


class BulkZip:
    """The table of contents of a class's zip, by folder.

    Args:
        descriptor: of the file; closed when nobody has the zip any more.

    Raises:
        RefusedError: it cannot be read as a zip.
    """

    def __init__(self, descriptor: int) -> None:
        self._raw = _Positioned(descriptor)
        try:
            self._zip = open_zip(self._raw, BULK_DIRECTORY_BYTES)
        except BaseException:
            self._raw.close()
            raise
        self.outside: list[str] = []
        # Whose encoding nothing says.
        self.guessed: list[str] = []
        self._kinds: dict[str, str] = {}
        self._children: dict[str, list[str]] = {"": []}
        named: list[tuple[str, str, zipfile.ZipInfo]] = []
        for info in self._zip.infolist():
            found = member_name(info)
            name = found.text
            if found.guessed:
                self.guessed.append(name)
            parts = parts_of(name)
            if leads_out(name, parts[:1]):
                # It leads out at once: it can be nobody's.
                self.outside.append(name)
            elif parts:
                named.append(("/".join(parts), name, info))
                self._place(name, parts, info)
        named.sort(key=lambda one: one[0])
        self._named = named
        self._paths = [path for path, _, _ in named]

    def _place(self, name: str, parts: list[str], info: zipfile.ZipInfo) -> None:
        above = ""
        kept = parts[: parts.index("..")] if ".." in parts else parts
        for depth, part in enumerate(kept[:_INDEXED], start=1):
            path = f"{above}/{part}" if above else part
            if depth < len(parts) or name.endswith("/"):
                kind = "folder"
            else:
                mode = stat.S_IFMT(info.external_attr >> 16)
                kind = _KINDS.get(mode, SPECIAL)
                if kind == "file":
                    kind = archive_kind(part) or kind
            if path not in self._kinds:
                self._children.setdefault(above, []).append(part)
                self._kinds[path] = kind
            elif kind == "folder":
                self._kinds[path] = kind
            above = path

    def children(self, folder: str = "") -> list[str]:
        """The names of what lies in a folder."""
        return self._children.get(folder, [])

    def kind(self, path: str) -> str:
        """ "folder", "file", or why it is refused."""
        return self._kinds.get(path, "is not in the zip (any more): grade it again")

    def tree(self, folder: str) -> Members:
        """The files below a folder; its name is not empty."""
        found = []
        for at in range(bisect_left(self._paths, f"{folder}/"), len(self._named)):
            path, name, info = self._named[at]
            if not path.startswith(f"{folder}/"):
                break
            found.append((path[len(folder) + 1 :] + ("/" if name.endswith("/") else ""), info))
        return Members(self._zip, found)

    def alone(self, path: str) -> Tree:
        """A tree of one file, by its name; of several of one path the last is taken, as unpacking would."""
        start = bisect_left(self._paths, path)
        base = path.rpartition("/")[2]
        found = []
        for at in range(start, len(self._named)):
            if self._paths[at] != path:
                break
            found.append((base, self._named[at][2]))
        return Members(self._zip, found)


class _LastZip(threading.local):
    """The last zip that a thread used: a worker reads many entries of the same one, and inherits it by fork.

    Each thread has its own: two runs at once read two zips. One that is dropped closes its file once nobody uses it.
    """

    key: tuple[object, ...] | None = None
    bulk: BulkZip | None = None


_last = _LastZip()


def bulk_at(path: Path) -> BulkZip:
    """The zip at a path; its table of contents is read once as long as it does not change.

    Raises:
        RefusedError: it is no zip, or cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise RefusedError(why_not_read(error)) from error
    status = os.fstat(descriptor)
    key = (path, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    if _last.bulk is not None and _last.key == key:
        os.close(descriptor)
        return _last.bulk
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise RefusedError(SPECIAL)
    bulk = BulkZip(descriptor)
    _last.key, _last.bulk = key, bulk
    return bulk
