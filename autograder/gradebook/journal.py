"""Every mark ever given, by whom and when: a journal, only ever appended to, beside the table of those that count.

The table (`marks.csv`) is for people, who may change it by hand; the journal (`marks.journal`, JSON, a line a change)
is written first. So that nothing is lost whatever ends a process in between, a line holds the hash of the table before
and after it: where the table is still as before, the line is applied when the table is next read.
"""

import getpass
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from autograder.errors import MarksError, StoreError
from autograder.files.locks import locked_file
from autograder.files.writing import write_whole
from autograder.gradebook.marks import Mark
from autograder.gradebook.marks_file import Marks, marks_table, parsed
from autograder.records.fingerprint import digest

# Many people mark at once, each for some milliseconds: a wait of this length means that something is wrong.
PATIENCE = 60.0
# Bytes at the end of a journal in which its last line is looked for first.
TAIL = 65_536
BY_HAND = "by hand"


class Given(msgspec.Struct, frozen=True, omit_defaults=True):
    """A mark as it was given; `points` is None where it was taken back."""

    student: str
    item: str
    points: float | None
    comment: str = ""
    of: str = ""


class JournalLine(msgspec.Struct, frozen=True):
    """One change: when (UTC, ISO 8601), by whom, what; and the hash of the table before and after."""

    when: str
    who: str
    given: tuple[Given, ...]
    before: str
    after: str


def journal_of(path: Path) -> Path:
    """The journal of a file of marks."""
    return path.with_suffix(".journal")


def user() -> str:
    """Who gives marks here: the name of the account, or what AUTOGRADER_USER says where several share one."""
    if named := os.environ.get("AUTOGRADER_USER", "").strip():
        return named
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return "somebody"


def read_marks(path: Path) -> Marks:
    """The marks that count; none where there is no file.

    Args:
        path: of the table.

    Raises:
        MarksError: it is wrong; the message names row and column.
    """
    data = _bytes(path)
    marks = parsed(path) if data is not None else Marks()
    last = _last(path)
    if last is not None and last.before == _hash(data) != last.after:
        # Whoever wrote this line was stopped before the table.
        return _applied(marks, last)
    return marks


def change_marks(path: Path, change: Callable[[Marks], Marks], *, who: str = "") -> Marks:
    """Change marks as they stand, with nobody in between; what was changed stands in the journal.

    Args:
        path: of the table.
        change: gives the marks that are to count from those that do.
        who: gives them; default: `user()`.

    Returns:
        the marks that count now.

    Raises:
        MarksError: the table is wrong, or whatever `change` raises.
        StoreError: somebody else is writing all the time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    journal = journal_of(path)
    with locked_file(journal, StoreError(f"somebody else is writing to {path}; try again."), PATIENCE):
        before = read_marks(path)
        _note_hand(path, journal, before)
        marks = change(before)
        given = _changes(before, marks)
        if given:
            table = marks_table(marks)
            size = _append(journal, JournalLine(_now(), who or user(), given, _hash(_bytes(path)), _hash(table)))
            try:
                write_whole(path, table)
            except OSError:
                # Whoever is told that it could not be given must not find it given later.
                os.truncate(journal, size)
                raise
    return marks


def write_marks(path: Path, marks: Marks) -> None:
    """Let these marks count in place of all that did; those that differ stand in the journal."""
    change_marks(path, lambda _: marks)


def history(path: Path) -> list[JournalLine]:
    """Every change of a file of marks, the oldest first.

    Args:
        path: of the table.

    Raises:
        MarksError: the journal cannot be read.
    """
    return list(_lines(journal_of(path)))


def latest(path: Path) -> dict[tuple[str, str], JournalLine]:
    """By student and item, the change that gave the mark, or took it back."""
    return {(given.student, given.item): line for line in history(path) for given in line.given}


def given_before(path: Path, mark: Mark) -> list[JournalLine]:
    """The changes of what this mark is on, before the last one, the newest first."""
    key = (mark.student, mark.item)
    lines = [line for line in history(path) if any((given.student, given.item) == key for given in line.given)]
    return lines[-2::-1]


def _note_hand(path: Path, journal: Path, marks: Marks) -> None:
    """Take what was changed by hand since the last line into the journal."""
    last = _last(path)
    data = _bytes(path)
    if last is None:
        if len(list(marks)):
            given = _changes(Marks(), marks)
            _append(journal, JournalLine(_now(), BY_HAND, given, "", _hash(data)))
        return
    if last.before == _hash(data) != last.after:
        write_whole(path, marks_table(marks))
    elif _hash(data) != last.after:
        known = Marks()
        for line in _lines(journal):
            known = _applied(known, line)
        if given := _changes(known, marks):
            _append(journal, JournalLine(_now(), BY_HAND, given, last.after, _hash(data)))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise MarksError(f"{path} cannot be read: {error.strerror}") from error


def _hash(data: bytes | None) -> str:
    return "" if data is None else digest([data])


def _changes(before: Marks, after: Marks) -> tuple[Given, ...]:
    """What turns one into the other."""
    old = {(mark.student, mark.item): mark for mark in before}
    new = {(mark.student, mark.item): mark for mark in after}
    found = [Given(m.student, m.item, m.points, m.comment, m.of) for key, m in new.items() if old.get(key) != m]
    return (*found, *(Given(student, item, None) for student, item in old if (student, item) not in new))


def _applied(marks: Marks, line: JournalLine) -> Marks:
    for given in line.given:
        if given.points is None:
            marks = marks.without(given.student, given.item)
        else:
            marks = marks.with_mark(Mark(given.student, given.item, given.points, given.comment, given.of))
    return marks


def _append(journal: Path, line: JournalLine) -> int:
    """Add a line, whole: what a killed process left half written is ended first, and is passed over by readers.

    Returns:
        the size of the journal before.
    """
    # Names may hold what no encoding knows, which JSON of the standard library keeps.
    data = json.dumps(msgspec.to_builtins(line)).encode() + b"\n"
    with journal.open("r+b") as file:
        end = file.seek(0, os.SEEK_END)
        if end:
            file.seek(end - 1)
            data = data if file.read(1) == b"\n" else b"\n" + data
        file.seek(0, os.SEEK_END)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return end


def _lines(journal: Path) -> Iterator[JournalLine]:
    data = _bytes(journal)
    for raw in (data or b"").splitlines():
        if (line := _read(raw)) is not None:
            yield line


def _read(raw: bytes) -> JournalLine | None:
    """A line; None for what is none, as a process that was killed may leave behind."""
    try:
        return msgspec.convert(json.loads(raw), JournalLine)
    except (ValueError, msgspec.ValidationError):
        return None


def _last(path: Path) -> JournalLine | None:
    """The last whole line, without reading the others where that can be."""
    journal = journal_of(path)
    try:
        with journal.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            tail = file.read().splitlines()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise MarksError(f"{journal} cannot be read: {error.strerror}") from error
    for raw in reversed(tail if size <= TAIL else tail[1:]):
        if (line := _read(raw)) is not None:
            return line
    return next(reversed(list(_lines(journal))), None)
