"""Makes reports again from a run's records, without the references and without grading."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.errors import RecordsError
from autograder.feedback.comment import comment
from autograder.feedback.pages import write_pages
from autograder.feedback.pdf import archive
from autograder.files.names import safe_name
from autograder.files.writing import write_whole
from autograder.gradebook.final import each_final, final
from autograder.gradebook.journal import read_marks
from autograder.gradebook.marks_file import MARKS
from autograder.judging.levels import Reveal
from autograder.records.compact import CompactRecords
from autograder.records.record import Result, RunCourse
from autograder.records.reveal import revealed
from autograder.records.store import Store

FORMATS = ("html", "md", "pdf", "terminal")


def read_shown(folder: Path) -> RunCourse:
    """The course's title and policy, as the run wrote them; title-less and `hint` where it wrote none.

    Raises:
        RecordsError: the file is damaged: guessing a policy could show too much.
    """
    path = folder / "course.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=RunCourse)
    except FileNotFoundError:
        return RunCourse()
    except (OSError, msgspec.DecodeError) as error:
        raise RecordsError(f"{path}: {error}") from error


@dataclass(frozen=True, slots=True)
class RemadeReport:
    """A class to report on: its records are light, and each is read whole when it is asked for.

    Args:
        results: with marks and policy, in order of students.
        applied: by student, sentences on how the total comes about.
        whole: gives the whole record of a light one.
    """

    results: Sequence[Result]
    applied: Mapping[str, tuple[str, ...]]
    whole: Callable[[Result], Result]


def read_class(folder: Path, shown: RunCourse) -> RemadeReport:
    """The records of a run, with the marks of people and the course's policy.

    Raises:
        RecordsError: there are none, or one cannot be read.
        MarksError: the file of marks cannot be read.
    """
    records = Store(folder).records()
    light, rules = CompactRecords(), shown.rules
    if rules is None:
        results = [light.record(records[student]) for student in records]
        return RemadeReport(results, {}, lambda seen: records[seen.student])
    marks = read_marks(folder / MARKS)
    results, applied, sources = [], {}, {}
    for each in each_final(records, marks, rules):
        results.append(light.record(each.record))
        applied[each.student], sources[each.student] = each.applied, each.source
    results.sort(key=lambda result: result.student)
    return RemadeReport(
        results, applied, lambda seen: final(records[sources[seen.student]], marks, rules, seen.student).record
    )


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

    What shows more or less than the course lets students see is for staff, and goes to `staff/LEVEL/` in the folder:
    what students get is never another thing than the course decided.

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
    found = read_class(source, shown)
    some = chosen(found.results, students)
    level = reveal or shown.reveal
    target = source if level == shown.reveal else source / "staff" / str(level)
    written: list[Path] = []
    if "html" in formats:
        skipped = {light.student for light in found.results} - {light.student for light in some}
        title, applied = shown.title, found.applied
        write_pages(found.results, target, title, level, skipped, applied, whole=found.whole, jobs=jobs, done=done)
        written += [target / "index.html", target / "feedback"]
    for name, make in (("md", _markdown), ("pdf", archive)):
        if name not in formats:
            continue
        for count, light in enumerate(some, start=1):
            path = target / "feedback" / f"{safe_name(light.student)}.{name}"
            write_whole(path, make(revealed(found.whole(light), level), shown.title), lasting=False)
            written.append(path)
            if done is not None:
                done(count, len(some))
    return written


def _markdown(seen: Result, course: str) -> bytes:
    return comment(seen, course).encode(errors="backslashreplace")
