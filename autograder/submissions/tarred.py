"""A .tar or .tar.gz inside a submission, read into memory within a bound; nothing is extracted.

The format is read here, block by block: Python's own reader follows whatever numbers a damaged header gives it.
"""

import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from autograder.files.names import shown
from autograder.submissions.intake_limits import CHUNK_BYTES, DEPTH, FILES, PATH_CHARACTERS
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
from autograder.submissions.zipped import LONG_PATH, OUTSIDE, leads_out, parts_of

GZIP = b"\x1f\x8b"
_BLOCK = 512
_DAMAGED = "cannot be read as a tar archive: it is damaged or something else. Make it again, or hand in a .zip"
# Kinds of entries: ordinary files, folders; links; what gives the next entry a longer name.
_FILES, _FOLDER, _LINKS, _LONG_NAME, _EXTENDED = b"0\x007", b"5", b"12", b"L", b"x"
_DEVICES = b"346"
# Bytes of an entry that only gives a name.
_MOST_OF_A_NAME = 65_536


def is_tar(start: bytes) -> bool:
    """Whether a file that begins so, in its first 512 bytes, is a tar archive."""
    return len(start) >= _BLOCK and _checked(start[:_BLOCK])


def inflated(file: io.BufferedIOBase, limit: int) -> bytes:
    """All of a file, inflated where it is a gzip archive, if that is no more than `limit` bytes.

    Raises:
        RefusedError: it is more, or damaged.
    """
    start = file.read(len(GZIP))
    file.seek(0)
    inflate = zlib.decompressobj(wbits=31) if start == GZIP else None
    data = bytearray()
    try:
        while chunk := file.read(CHUNK_BYTES):
            if inflate is None:
                data += chunk
            else:
                data += inflate.decompress(chunk, limit + 1 - len(data))
            if len(data) > limit or (inflate is not None and inflate.unconsumed_tail):
                raise RefusedError(
                    f"holds more than {limit:,} bytes, which is more than is read: hand in only your work"
                )
            if inflate is not None and inflate.eof:
                break
    except (zlib.error, OSError) as error:
        raise RefusedError(_DAMAGED) from error
    return bytes(data)


class TarTree(Tree):
    """The members of a tar archive that is held in memory.

    Args:
        data: the archive, inflated.

    Raises:
        RefusedError: it is none.
    """

    kind = "tar archive"

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = data
        self._members: dict[str, tuple[int, int]] = {}
        twice: list[str] = []
        packed: set[str] = set()
        for count, (name, kind, at, size) in enumerate(_entries(data)):
            if count == FILES:
                self.notes.append(TOO_MANY)
                break
            parts = parts_of(name)
            path = "/".join(parts)
            if not parts or any(is_skipped(part) for part in parts):
                continue
            found = _kind(name, parts, kind)
            if found in ("file", ARCHIVE):
                twice += [path] if path in self._members else []
                self._members[path] = (at, size)
            if found == ARCHIVE:
                packed.add(path)
            if found not in ("file", "folder"):
                self.refused[path] = found
        self.files = tuple(sorted(self._members.keys() - packed, key=shallowest_first))
        self.packed = tuple(sorted(packed, key=shallowest_first))
        self.notes += [
            f"{shown(path)} is in the archive more than once: the last one was taken." for path in set(twice)
        ]

    @contextmanager
    def open(self, path: str) -> Iterator[tuple[int, Callable[[int], bytes]]]:
        """As declared."""
        at, size = self._members[path]
        yield size, io.BytesIO(self._data[at : at + size]).read


def _kind(name: str, parts: list[str], kind: bytes) -> str:
    """ "folder", "file", or why it is refused."""
    if leads_out(name, parts):
        return OUTSIDE
    if kind in _FOLDER or (kind in _FILES and name.endswith("/")):
        return "folder"
    if kind in _LINKS:
        return SYMLINK
    if kind not in _FILES:
        return SPECIAL
    if len(name) > PATH_CHARACTERS:
        return LONG_PATH
    if len(parts) > DEPTH + 1:
        return TOO_DEEP
    return archive_kind(parts[-1]) or "file"


def _entries(data: bytes) -> Iterator[tuple[str, bytes, int, int]]:
    """Each entry's name and kind, and where its content begins and how many bytes it has."""
    at, longer = 0, ""
    while at + _BLOCK <= len(data):
        header = data[at : at + _BLOCK]
        if not any(header):
            return
        size = _number(header[124:136])
        at += _BLOCK
        if not _checked(header) or size is None or at + size > len(data):
            raise RefusedError(_DAMAGED)
        kind = header[156:157]
        if kind in _LONG_NAME:
            longer = _text(data[at : at + min(size, _MOST_OF_A_NAME)])
        elif kind in _EXTENDED:
            longer = _extended_path(data[at : at + min(size, _MOST_OF_A_NAME)]) or longer
        elif kind in _FILES + _FOLDER + _LINKS + _DEVICES:
            yield longer or _name(header), kind, at, size
            longer = ""
        at += -(-size // _BLOCK) * _BLOCK
    if at == 0:
        raise RefusedError(_DAMAGED)


def _checked(header: bytes) -> bool:
    """Whether the sum that a header states is its own."""
    stated = _number(header[148:156])
    return stated == sum(header[:148]) + 8 * ord(" ") + sum(header[156:])


def _number(field: bytes) -> int | None:
    """A number of a header, in octal digits or, where it is large, in bytes; None for what is none."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:])
    digits = field.strip(b" \0")
    return int(digits or b"0", 8) if all(digit in b"01234567" for digit in digits) else None


def _name(header: bytes) -> str:
    name = _text(header[:100])
    prefix = _text(header[345:500]) if header[257:265] == b"ustar\x0000" else ""
    return f"{prefix}/{name}" if prefix else name


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _extended_path(data: bytes) -> str:
    """The name in a header of the newer form: records "LENGTH KEY=VALUE", each ended by a line end."""
    found = ""
    while data:
        length, _, _ = data.partition(b" ")
        if not length.isdigit() or len(length) > 6 or not 0 < int(length) <= len(data):
            break
        key, _, value = data[len(length) + 1 : int(length)].rstrip(b"\n").partition(b"=")
        found = _text(value) if key == b"path" else found
        data = data[int(length) :]
    return found
