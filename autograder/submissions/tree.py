"""What a student handed in, as a tree of files that are read one by one, and only into memory."""

import errno
import io
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager

from autograder.files.names import shown
from autograder.submissions.intake_limits import CHUNK_BYTES, DEPTH, FILES, NOTES_OF_A_KIND, SUBMISSION_BYTES

# What systems and tools leave behind; nobody means to hand it in. Kept to exact names: a hidden folder may hold work.
_SKIPPED = frozenset(
    "__MACOSX .DS_Store Thumbs.db desktop.ini __pycache__ .git .hg .svn .venv .tox .idea .vscode "
    ".ipynb_checkpoints .mypy_cache .pytest_cache .ruff_cache site-packages node_modules".split()
)
# Those that are opened; and those that are not, of which Python's own library reads none within a bound.
_OPENED = (".zip", ".tar", ".tar.gz", ".tgz")
_CLOSED = (
    *(".rar", ".7z", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tar.lz", ".tar.z"),
    *(".py.gz", ".ipynb.gz", ".md.gz"),
)

SYMLINK = "is a symbolic link, which is never followed: hand in the file itself"
SPECIAL = "is a device, pipe or socket and was not opened: hand in an ordinary file"
ARCHIVE = "is an archive inside the submission and was not opened: hand in its files themselves"
CLOSED = "is an archive of a kind that is not opened: unpack it, and hand in its files themselves or as a .zip"
TOO_DEEP = f"lies more than {DEPTH} folders deep and was not looked at: hand in your work higher up"
TOO_MANY = (
    f"More than {FILES:,} files and folders were handed in; the deepest were not looked at: hand in only your work."
)


class RefusedError(Exception):
    """A file is not read; the message is the end of a sentence that begins with the file's name."""


class TooLargeError(RefusedError):
    """A file has more bytes than were asked for.

    Args:
        size: bytes that it has, as far as is known: "1,234 bytes", "more than 1,000 bytes".
        limit: the bytes allowed.
    """

    def __init__(self, size: str, limit: int) -> None:
        super().__init__(f"has {size}, and at most {limit:,} are read: hand in a smaller file")
        self.size = size


class Tree(ABC):
    """The files of one entry. Closing it is the business of who opened it.

    Attributes:
        kind: what a student calls it: "folder", "zip" or "submission".
        files: paths of ordinary files from the entry's top, parts joined by "/"; the shallowest first, then sorted.
        refused: what is there but will not be read: the reason, by path.
        packed: those of `refused` that are archives of a kind that can be opened.
        notes: what else a person should know.
    """

    kind: str

    def __init__(self) -> None:
        self.files: tuple[str, ...] = ()
        self.refused: dict[str, str] = {}
        self.packed: tuple[str, ...] = ()
        self.notes: list[str] = []
        self._spent = 0

    @abstractmethod
    def open(self, path: str) -> AbstractContextManager[tuple[int, Callable[[int], bytes]]]:
        """Open one of `files` or `packed`: its size as it claims, and what reads up to so many bytes; RefusedError."""

    def open_packed(self, path: str, limit: int) -> io.BufferedIOBase:
        """One of `packed`, to be read from anywhere; the caller's to close; of at most `limit` bytes if held in memory.

        Raises:
            RefusedError: it cannot be opened, or is too large to be held in memory.
        """
        with self.open(path) as (size, read):
            return io.BytesIO(bounded(size, read, limit))

    def read(self, path: str, limit: int) -> bytes:
        """The content of one of `files`; never more than a chunk beyond `limit` bytes are held.

        Raises:
            TooLargeError: it has more than `limit` bytes.
            RefusedError: it cannot be read, or too much of the submission has been read already.
        """
        if self._spent >= SUBMISSION_BYTES:
            raise RefusedError(
                f"was not read: {SUBMISSION_BYTES:,} bytes of this submission, the most, were read before"
            )

        def counted(most: int) -> bytes:
            chunk = read(most)
            self._spent += len(chunk)
            return chunk

        with self.open(path) as (size, read):
            return bounded(size, counted, limit)


def bounded(size: int, read: Callable[[int], bytes], limit: int) -> bytes:
    """All that is read, piece by piece, if it is no more than `limit` bytes."""
    if size > limit:
        raise TooLargeError(f"{size:,} bytes", limit)
    data = bytearray()
    while len(data) <= limit:
        chunk = read(min(CHUNK_BYTES, limit + 1 - len(data)))
        if not chunk:
            return bytes(data)
        data += chunk
    raise TooLargeError(f"more than {limit:,} bytes", limit)


def is_skipped(name: str) -> bool:
    """Whether a file or folder of this name is passed over in silence."""
    return name in _SKIPPED or name.startswith("._")


def is_zip(name: str) -> bool:
    """Whether a file of this name is taken for a zip."""
    return name.lower().endswith(".zip")


def archive_kind(name: str) -> str:
    """`ARCHIVE` or `CLOSED` for the name of a file that holds further files, as the reason to refuse it; else ""."""
    if name.lower().endswith(_OPENED):
        return ARCHIVE
    return CLOSED if name.lower().endswith(_CLOSED) else ""


def shallowest_first(path: str) -> tuple[int, str]:
    """The order of files in a tree."""
    return path.count("/"), path


def why_not_read(error: OSError) -> str:
    """The reason of a RefusedError where the file system gave one."""
    if isinstance(error, PermissionError):
        return "may not be read (permission denied): ask for it to be handed in again"
    if isinstance(error, FileNotFoundError):
        return "was there when the submission was listed, and was gone when it was read: grade it again"
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "was replaced by something else while it was read: grade it again"
    return f"could not be read ({error.strerror}): grade it again"


def refusals(refused: dict[str, str]) -> list[str]:
    """Notes on what was refused; of many of one kind only the first are named."""
    by_reason: dict[str, list[str]] = {}
    for path in sorted(refused, key=shallowest_first):
        by_reason.setdefault(refused[path], []).append(path)
    notes = []
    for reason, paths in by_reason.items():
        notes += [f"{shown(path)} {reason}." for path in paths[:NOTES_OF_A_KIND]]
        if further := paths[NOTES_OF_A_KIND:]:
            notes.append(f"{len(further):,} more, {shown(further[0])} the first of them: each {reason}.")
    return notes
