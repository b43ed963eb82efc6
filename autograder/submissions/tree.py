"""Reads a folder or a zip to the same thing: a few small files in memory, and notes on what was left out.

Everything here was made by a student, so everything is bounded, nothing is followed, and nothing raises.
"""

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.submissions.entries import of_the_system
from autograder.visible import printable

MOST_BYTES_OF_A_FILE = 1 << 20
MOST_BYTES_OF_ALL = 8 << 20
MOST_FILES_READ = 400
MOST_FILES_SEEN = 10_000
MOST_DEPTH = 12
MOST_NOTES = 20

WANTED = (".py", ".md")


@dataclass(slots=True)
class Tree:
    """The files of a submission that matter, by path with slashes; `seen` are the names of all files."""

    files: dict[str, bytes] = field(default_factory=dict)
    too_large: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    size: int = 0
    unreadable: str = ""

    def note(self, text: str) -> None:
        """Say something of this submission; past a number of notes, only that there are more."""
        if len(self.notes) < MOST_NOTES:
            self.notes.append(text)
        elif len(self.notes) == MOST_NOTES:
            self.notes.append("There is more that was left out, not listed here.")

    def saw(self, name: str) -> bool:
        """Count a file; False once there are too many."""
        if len(self.seen) >= MOST_FILES_SEEN:
            self.note(f"Holds more than {MOST_FILES_SEEN:,} files; the rest was not looked at.")
            return False
        self.seen.append(name)
        return True

    def wants(self, name: str) -> bool:
        """Whether a file of this name is read at all."""
        if not name.lower().endswith(WANTED):
            return False
        if len(self.files) >= MOST_FILES_READ:
            self.note(f"Holds more than {MOST_FILES_READ} Python files; {printable(name)} was not read.")
            return False
        return True

    def take(self, name: str, read: Callable[[int], bytes]) -> None:
        """Read a file, at most one byte past the limit."""
        data = read(MOST_BYTES_OF_A_FILE + 1)
        if len(data) > MOST_BYTES_OF_A_FILE:
            self._leave_out(name, f"is larger than {MOST_BYTES_OF_A_FILE >> 20} MB")
        elif self.size + len(data) > MOST_BYTES_OF_ALL:
            self._leave_out(name, f"makes the submission larger than {MOST_BYTES_OF_ALL >> 20} MB of text")
        else:
            self.files[name] = data
            self.size += len(data)

    def _leave_out(self, name: str, why: str) -> None:
        self.too_large[name] = f"{printable(name)} {why}; it was not read."
        self.note(self.too_large[name])


def read_tree(path: Path) -> Tree:
    """The tree of a student's folder or zip; what cannot be read is noted."""
    tree = Tree()
    try:
        if path.is_symlink():
            tree.unreadable = f"{printable(path.name)} is a link; links are not followed. Hand in the files themselves."
        elif path.is_dir():
            _read_folder(tree, path, "", 0)
        else:
            _read_zip(tree, path)
    except OSError as error:
        tree.unreadable = f"{printable(path.name)} cannot be read: {error.strerror or error}."
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, zlib.error) as error:
        tree.unreadable = f"{printable(path.name)} is not a zip that can be read ({printable(str(error))[:200]})."
    return tree


def _read_folder(tree: Tree, folder: Path, prefix: str, depth: int) -> None:
    if depth > MOST_DEPTH:
        tree.note(f"{printable(prefix)} lies deeper than {MOST_DEPTH} folders; it was not looked at.")
        return
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        tree.note(f"{printable(prefix or folder.name)} cannot be read: {error.strerror}.")
        return
    for entry in entries:
        name = f"{prefix}{entry.name}"
        if of_the_system(entry.name):
            continue
        if entry.is_symlink():
            tree.note(f"{printable(name)} is a link; links are not followed.")
        elif entry.is_dir(follow_symlinks=False):
            _read_folder(tree, folder / entry.name, f"{name}/", depth + 1)
        elif not tree.saw(name):
            return
        elif tree.wants(name):
            _read_file(tree, folder / entry.name, name)


def _read_file(tree: Tree, path: Path, name: str) -> None:
    """Read a regular file; what became a link or a device since it was listed is not opened for reading."""
    try:
        with _opened(path) as descriptor:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                tree.note(f"{printable(name)} is not a regular file; it was not read.")
                return
            with open(descriptor, "rb", closefd=False) as file:
                tree.take(name, file.read)
    except OSError as error:
        tree.note(f"{printable(name)} cannot be read: {error.strerror}.")


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    # Not blocking: opening a pipe that nobody writes to would wait for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _read_zip(tree: Tree, path: Path) -> None:
    with _opened(path) as descriptor:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            tree.unreadable = f"{printable(path.name)} is not a regular file; it was not read."
            return
        with open(descriptor, "rb", closefd=False) as file, zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                if not member.is_dir() and not _take_member(tree, archive, member):
                    return


def _take_member(tree: Tree, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Take one file of a zip; False where no more are to be looked at."""
    name = member.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if any(of_the_system(part) and part != ".." for part in parts):
        return True
    if not tree.saw(name):
        return False
    if name.startswith("/") or ".." in parts or (len(name) > 1 and name[1] == ":"):
        tree.note(f"{printable(name)} has a path that leads out of the zip; it was not read.")
    elif stat.S_ISLNK(member.external_attr >> 16):
        tree.note(f"{printable(name)} is a link; links are not followed.")
    elif len(parts) > MOST_DEPTH:
        tree.note(f"{printable(name)} lies deeper than {MOST_DEPTH} folders; it was not read.")
    elif name in tree.files or name in tree.too_large:
        tree.note(f"{printable(name)} is in the zip twice; the first was taken.")
    elif tree.wants(name):
        _inflate(tree, archive, member, name)
    return True


def _inflate(tree: Tree, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    if member.flag_bits & 1:
        tree.note(f"{printable(name)} is encrypted; it was not read.")
        return
    try:
        with archive.open(member) as file:
            tree.take(name, file.read)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, zlib.error) as error:
        tree.note(f"{printable(name)} in the zip is damaged ({printable(str(error))[:100]}); it was not read.")
