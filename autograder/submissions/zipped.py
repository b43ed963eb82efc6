"""A submission that is a zip. Members are inflated into memory, piece by piece; nothing is extracted."""

import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import cast

from autograder.files.names import shown
from autograder.submissions.intake_limits import DEPTH, FILES, PATH_CHARACTERS, ZIP_DIRECTORY_BYTES
from autograder.submissions.tree import (
    ARCHIVE,
    SPECIAL,
    SYMLINK,
    TOO_DEEP,
    TOO_MANY,
    RefusedError,
    Tree,
    archive_kind,
    is_skipped,
    shallowest_first,
)
from autograder.submissions.zip_names import member_name

ENCRYPTED = "is protected by a password and cannot be read: hand in a zip without one"
COMPRESSION = "is compressed in a way that is not supported: make the zip with your system's own zip command"
OUTSIDE = "has a path that leads out of the submission and was not read: make the zip from within your folder"
LONG_PATH = f"has a path of more than {PATH_CHARACTERS:,} characters and was not read: use shorter names"
DAMAGED = "is damaged inside the zip: make the zip again and hand it in again"

_ENCRYPTED_FLAG = 0x1
# zipfile inflates the other methods without a bound on what one piece of input becomes.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOOKS_LIKE = (
    (b"Rar!", "it is a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "it is a 7z archive"),
    (b"\x1f\x8b", "it is a gzip archive"),
    (b"PK\x03\x04", "it begins as one, but its end is missing or damaged"),
)


class _BoundedFile(io.BufferedReader):
    """A file of which no more is read at once than a zip's table of contents may have."""

    def __init__(self, raw: io.RawIOBase, most: int) -> None:
        super().__init__(raw)
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        most = self._most
        data = super().read(most + 1 if size is None or size < 0 else min(size, most + 1))
        if len(data) > most:
            raise RefusedError(f"has a table of contents of more than {most:,} bytes: hand in only your work")
        return data


def open_zip(raw: io.RawIOBase, most: int = ZIP_DIRECTORY_BYTES) -> zipfile.ZipFile:
    """A zip whose table of contents has at most so many bytes.

    Raises:
        RefusedError: it cannot be read as a zip; the file is then still open.
    """
    file = _BoundedFile(raw, most)
    try:
        try:
            return zipfile.ZipFile(file)
        except (RefusedError, MemoryError):
            raise
        except Exception as error:  # zipfile lets through whatever its parsing stumbles on
            raise RefusedError(_why_no_zip(file)) from error
    except BaseException:
        # The file stays open, and the caller's.
        file.detach()
        raise


class Members(Tree):
    """Members of an open zip.

    Args:
        archive: the zip; stays the caller's to close.
        named: each member with its name among the student's files, parts joined by "/".
    """

    kind = "zip"

    def __init__(self, archive: zipfile.ZipFile, named: Iterable[tuple[str, zipfile.ZipInfo]]) -> None:
        super().__init__()
        self._zip = archive
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._list(named)

    def _list(self, named: Iterable[tuple[str, zipfile.ZipInfo]]) -> None:
        duplicates: set[str] = set()
        packed: set[str] = set()
        for name, info in named:
            parts = parts_of(name)
            path = "/".join(parts)
            if not parts or any(is_skipped(part) for part in parts):
                continue
            kind = _kind(info, name, parts)
            if kind == "file":
                if path in self._members:
                    duplicates.add(path)
                self._members[path] = info
            elif kind != "folder":
                self.refused[path] = kind
                if kind == ARCHIVE:
                    packed.add(path)
                    self._members[path] = info
        ordered = sorted(self._members.keys() - packed, key=shallowest_first)
        if len(ordered) > FILES:
            self.notes.append(TOO_MANY)
        self.files = tuple(ordered[:FILES])
        self.packed = tuple(sorted(packed, key=shallowest_first))
        self.notes += [
            f"{shown(path)} is in the zip more than once: the last one was taken, as unpacking would."
            for path in self.files
            if path in duplicates and path.endswith((".py", ".md", ".ipynb"))
        ]

    @contextmanager
    def open(self, path: str) -> Iterator[tuple[int, Callable[[int], bytes]]]:
        """As declared; inflated no further than it is read."""
        try:
            info = self._members[path]
            if info.flag_bits & _ENCRYPTED_FLAG:
                raise RefusedError(ENCRYPTED)
            if info.compress_type not in _METHODS:
                raise RefusedError(COMPRESSION)
            with self._zip.open(info) as member:
                yield info.file_size, member.read
        except (RefusedError, MemoryError):
            raise
        except Exception as error:  # as above
            raise RefusedError(DAMAGED) from error


class ZipTree(Members):
    """All members of a zip.

    Args:
        source: the descriptor of the file, or the file itself; stays the caller's to close.
        most: bytes that its table of contents may have.

    Raises:
        RefusedError: it cannot be read as a zip.
    """

    def __init__(self, source: int | io.BufferedIOBase, most: int = ZIP_DIRECTORY_BYTES) -> None:
        raw = io.FileIO(source, closefd=False) if isinstance(source, int) else cast(io.RawIOBase, source)
        archive = open_zip(raw, most)
        self.table_bytes = sum(46 + len(info.filename) + len(info.extra) for info in archive.infolist())
        super().__init__(archive, ((member_name(info).text, info) for info in archive.infolist()))


def parts_of(name: str) -> list[str]:
    """The parts of a member's name, without those that say nothing."""
    return [part for part in name.split("/") if part not in ("", ".")]


def leads_out(name: str, parts: list[str]) -> bool:
    """Whether a member's name would leave the folder that it is unpacked to."""
    return name.startswith("/") or ".." in parts or re.match("[A-Za-z]:", name) is not None or "\0" in name


def _kind(info: zipfile.ZipInfo, name: str, parts: list[str]) -> str:
    """ "folder", "file", or why it is refused."""
    if leads_out(name, parts):
        return OUTSIDE
    mode = stat.S_IFMT(info.external_attr >> 16)
    if name.endswith("/") or mode == stat.S_IFDIR:
        return "folder"
    if mode == stat.S_IFLNK:
        return SYMLINK
    if mode not in (0, stat.S_IFREG):
        return SPECIAL
    if len(name) > PATH_CHARACTERS:
        return LONG_PATH
    if len(parts) > DEPTH + 1:
        return TOO_DEEP
    if archive := archive_kind(parts[-1]):
        return archive
    if info.flag_bits & _ENCRYPTED_FLAG:
        return ENCRYPTED
    return "file" if info.compress_type in _METHODS else COMPRESSION


def _why_no_zip(file: io.BufferedReader) -> str:
    try:
        file.seek(0)
        start = file.read(8)
    except OSError:
        start = b"?"
    if not start:
        return "is empty (0 bytes): hand it in again"
    looks = next((text for magic, text in _LOOKS_LIKE if start.startswith(magic)), "it is something else or damaged")
    return f"cannot be read as a zip: {looks}. Make the zip again and hand it in again"
