"""Makes reports again from a run's records, without the references and without grading."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from autograder.marks import MARKS, read_marks
from autograder.reports.archive import archive
from autograder.reports.comment import comment
from autograder.reports.pages import write_pages
from autograder.results.record import Result, Shown, decode, write_whole
from autograder.results.reveal import revealed
from autograder.scores.final import finals
from autograder.solutions.course import Reveal
from autograder.submissions import safe_name

FORMATS = ("html", "md", "pdf", "terminal")


class RecordsError(ValueError):
    """There are no records to report on, or one cannot be read; says which file."""


def read_records(folder: Path) -> list[Result]:
    """The records of a run, in order of students.

    Raises:
        RecordsError: there are none, or one is no record.
    """
    found = []
    for path in sorted((folder / "results").glob("*.json")):
        try:
            found.append(decode(path.read_bytes()))
        except (OSError, msgspec.DecodeError) as error:
            raise RecordsError(f"{path} is not a record of this version: {error}; grade again to renew it") from error
    if not found:
        raise RecordsError(f"{folder} has no results/*.json: it is the folder that `autograder grade --out` wrote to")
    return sorted(found, key=lambda result: result.student)


def read_shown(folder: Path) -> Shown:
    """The course's title and policy, as the run wrote them; title-less and `hint` where it wrote none.

    Raises:
        RecordsError: the file is damaged: guessing a policy could show too much.
    """
    path = folder / "course.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Shown)
    except FileNotFoundError:
        return Shown()
    except (OSError, msgspec.DecodeError) as error:
        raise RecordsError(f"{path}: {error}") from error


def with_marks(
    folder: Path, records: Sequence[Result], shown: Shown
) -> tuple[list[Result], dict[str, tuple[str, ...]]]:
    """The records with the marks of people and the course's policy, and by student how the total comes about.

    Raises:
        MarksError: the file of marks cannot be read.
    """
    if shown.rules is None:
        return list(records), {}
    found = finals(records, read_marks(folder / MARKS), shown.rules)
    return [each.record for each in found], {each.student: each.applied for each in found}


def chosen(records: Sequence[Result], students: Iterable[str] | None) -> list[Result]:
    """The records of the students named, or all.

    Raises:
        RecordsError: there is no such student.
    """
    if students is None:
        return list(records)
    by_name = {record.student: record for record in records}
    unknown = [student for student in students if student not in by_name]
    if unknown:
        raise RecordsError(
            f"there is no record of {unknown[0]!r}; there are {len(by_name)}, such as {next(iter(by_name))!r}"
        )
    return [by_name[student] for student in students]


def report(
    folder: str | Path,
    *,
    formats: Sequence[str] = ("html",),
    students: Sequence[str] | None = None,
    reveal: Reveal | None = None,
    jobs: int | None = None,
    done: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write feedback again from a run's records; returns the files or folders written.

    Args:
        folder: that `grade` wrote to.
        formats: of "html", "md", "pdf"; the class page is made with "html".
        students: by name; default all.
        reveal: in place of the course's setting.
        jobs: processes; default one per processor.
        done: called after each student's page with the number done and the number of all.

    Raises:
        RecordsError, MarksError: the records or marks cannot be read.
        MissingExtraError: "pdf" is asked for and Typst is not installed.
        ReportError: some page could not be made.
    """
    source = Path(folder)
    shown = read_shown(source)
    records, applied = with_marks(source, read_records(source), shown)
    some = chosen(records, students)
    level = reveal or shown.reveal
    written: list[Path] = []
    if "html" in formats:
        skipped = {record.student for record in records} - {record.student for record in some}
        write_pages(records, source, shown.title, level, skipped, applied, jobs=jobs, done=done)
        written += [source / "index.html", source / "feedback"]
    for name, make in (("md", _markdown), ("pdf", archive)):
        if name not in formats:
            continue
        for count, record in enumerate(some, start=1):
            path = source / "feedback" / f"{safe_name(record.student)}.{name}"
            write_whole(path, make(revealed(record, level), shown.title), lasting=False)
            written.append(path)
            if done is not None:
                done(count, len(some))
    return written


def _markdown(seen: Result, course: str) -> bytes:
    return comment(seen, course).encode(errors="backslashreplace")
