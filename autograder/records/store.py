"""The folder of results: records read and written whole, one run at a time, and what a killed run left is cleaned."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from autograder.errors import RecordsError, StoreError
from autograder.files.locks import locked
from autograder.files.names import safe_name
from autograder.files.writing import PART, write_whole
from autograder.records.record import Result, decode, encode

CHANGES_RECORDS = False


class Page(msgspec.Struct, frozen=True):
    """A file made from records: a hash of what it was made from, and what tells whether it is still that file."""

    made_from: str
    size: int
    changed: int
    inode: int


class Records(Mapping[str, Result]):
    """The records of a folder, by student. Each is read when it is asked for: a class of any size needs no memory."""

    def __init__(self, store: "Store", students: Iterable[str]) -> None:
        self._store = store
        self._students = set(students)

    def __getitem__(self, student: str) -> Result:
        if student not in self._students:
            raise KeyError(student)
        return decode(self._store.path(student).read_bytes())

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._students))

    def __len__(self) -> int:
        return len(self._students)

    def __contains__(self, student: object) -> bool:
        return student in self._students

    def write(self, record: Result) -> None:
        """Write a record, which is one of these from then on."""
        self._store.write(record)
        self._students.add(record.student)


class Store:
    """The records in a folder of results.

    Args:
        folder: need not exist to be read: it then holds no record.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, student: str) -> Path:
        """Where a student's record stands."""
        return self.folder / "results" / f"{safe_name(student)}.json"

    def read(self) -> tuple[Records, list[str]]:
        """All records, by student, and notes on files that are none."""
        students, notes = [], []
        for path in sorted((self.folder / "results").glob("*.json")):
            try:
                record = decode(path.read_bytes())
            except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
                notes.append(f"{path} is no record of this grader and is not used ({error}).")
                continue
            if self.path(record.student).name != path.name:
                notes.append(f"{path} holds the record of {record.student!r}, whose file has another name; not used.")
                continue
            students.append(record.student)
        return Records(self, students), notes

    def records(self) -> Records:
        """All records, none left out: a score must not be missing from what is handed over without a word.

        Raises:
            RecordsError: there are none, or a file is no record.
        """
        found, notes = self.read()
        if notes:
            raise RecordsError(f"{notes[0]} Grade again to renew it.")
        if not found:
            raise RecordsError(
                f"{self.folder} has no results/*.json: it is the folder that `autograder grade --out` wrote to"
            )
        return found

    def read_one(self, student: str) -> Result | None:
        """One student's record; None where there is none that can be read."""
        try:
            record = decode(self.path(student).read_bytes())
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        return record if record.student == student else None

    def write(self, record: Result) -> None:
        """Write one record, whole, whatever happens meanwhile."""
        write_whole(self.path(record.student), encode(record))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the folder for one run; half-written files of a run that was killed are removed.

        Raises:
            StoreError: another run is writing here.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        busy = StoreError(f"another run is writing to {self.folder}; let it finish, or choose another folder.")
        with locked(self.folder, busy):
            for folder in (self.folder, self.folder / "results", self.folder / "feedback"):
                for part in folder.glob(f".*{PART}"):
                    part.unlink(missing_ok=True)
            yield

    def run(self) -> dict[str, Any]:
        """The last finished run's own file, `run.json`; empty where there is none."""
        try:
            found = msgspec.json.decode((self.folder / "run.json").read_bytes())
        except (OSError, msgspec.DecodeError):
            return {}
        return found if isinstance(found, dict) else {}

    def write_run(self, run: Mapping[str, Any]) -> None:
        """Write `run.json`."""
        write_whole(self.folder / "run.json", msgspec.json.format(msgspec.json.encode(run), indent=2) + b"\n")

    def pages(self) -> dict[str, Page]:
        """The pages of the last finished run, by path below the folder."""
        try:
            return msgspec.convert(self.run().get("pages", {}), dict[str, Page])
        except msgspec.ValidationError:
            return {}

    def page(self, path: str, made_from: str) -> Page | None:
        """A page as it stands now; None where there is none."""
        try:
            status = (self.folder / path).stat()
        except OSError:
            return None
        return Page(made_from, status.st_size, status.st_mtime_ns, status.st_ino)


def read_records(results: str | Path) -> Records:
    """The records in a folder of results, by student; each is read when it is asked for.

    Args:
        results: the folder that `grade` wrote.

    Raises:
        RecordsError: there are none, or one cannot be read.
    """
    return Store(Path(results)).records()
