"""From records to what people read: the table of scores, the pages, and the run's own file."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from autograder import __version__
from autograder.course.settings import Course
from autograder.course.solutions import course_at
from autograder.files.names import safe_name
from autograder.files.writing import write_whole
from autograder.forking import undisturbed
from autograder.gradebook.final import Final, each_final, final, told_of_class
from autograder.gradebook.journal import read_marks
from autograder.gradebook.marks_file import MARKS, Marks
from autograder.grading.grader import Cost
from autograder.grading.plan import LoadedCourse
from autograder.records.compact import CompactRecords
from autograder.records.fingerprint import digest, engine_hash, sources_of
from autograder.records.record import Result, scores_csv, shown_of, write_shown
from autograder.records.store import Store

CHANGES_RECORDS = False


def publish(
    store: Store,
    records: Mapping[str, Result],
    course: Course,
    marks: Marks,
    run: Mapping[str, Any],
    pages: Callable[[int, int], object] | None = None,
) -> tuple[list[Final], list[str]]:
    """Write scores, pages and the run's own file; a page that is up to date is not made again.

    Args:
        store: where to.
        records: all of the class, by student.
        course: its title, policy, and what students may see.
        marks: given by people.
        run: what the run's own file says beside the pages.
        pages: called after each student's page with the number made and the number of all that are not up to date.

    Returns:
        the scores with light records, and what was applied to come to them, in a few lines.
    """
    # Loaded by whoever first needs it, and no process that another thread forks may find it half loaded.
    with undisturbed():
        from autograder.feedback.pages import write_pages

    before = store.pages()
    same = [course.title, str(course.reveal), engine_hash(), _made_by()]
    # Whole records are needed one at a time only: a large class of them would not fit into memory.
    light, made_from, found = CompactRecords(), dict[str, str](), list[Final]()
    for each in each_final(records, marks, course):
        made_from[each.student] = digest([msgspec.json.encode(each.record), *each.applied, *same])
        parts = tuple(map(light.one, each.assignments))
        found.append(msgspec.structs.replace(each, assignments=parts, record=light.record(each.record)))
    found.sort(key=lambda each: each.student)
    shown = [each.record for each in found]
    applied = {each.student: each.applied for each in found}
    sources = {each.student: each.source for each in found}
    table = scores_csv(shown)
    if not (store.folder / "scores.csv").exists() or (store.folder / "scores.csv").read_bytes() != table:
        write_whole(store.folder / "scores.csv", table)
    paths = {record.student: f"feedback/{safe_name(record.student)}.html" for record in shown}
    keys = {paths[student]: key for student, key in made_from.items()}
    keys["index.html"] = digest(made_from[student] for student in sorted(made_from))
    fresh = {path for path, key in keys.items() if path in before and before[path] == store.page(path, key)}
    # What the pages need beside the records, so that they can be made again without the references.
    write_shown(store.folder, shown_of(course))
    if len(fresh) < len(keys):
        skipped = {student for student, path in paths.items() if path in fresh}

        def whole(light: Result) -> Result:
            return final(records[sources[light.student]], marks, course, light.student).record

        write_pages(shown, store.folder, course.title, course.reveal, skipped, applied, whole=whole, done=pages)
    made = {path: page for path, key in sorted(keys.items()) if (page := store.page(path, key))}
    store.write_run({**run, "pages": made})
    return found, told_of_class(found, marks, course)


def apply_marks(
    results: str | Path,
    *,
    marks: str | Path | None = None,
    solutions: str | Path | None = None,
    pages: Callable[[int, int], object] | None = None,
) -> list[Final]:
    """Bring the table of scores and the pages up to date with the marks of people; nothing is graded.

    Args:
        results: the folder that `grade` wrote.
        marks: the file of marks; default: `marks.csv` in `results`.
        solutions: the folder with the course's rules; default: the nearest `solutions`.
        pages: called after each student's page with the number made and the number of all that are not up to date.

    Returns:
        the scores, with light records.

    Raises:
        RecordsError: there are no records, or one cannot be read.
        MarksError, CourseError, SolutionsError: a file cannot be used; says which and why.
        StoreError: a run is writing there.
    """
    store, course = Store(Path(results)), course_at(solutions)
    # Without one that is damaged, its student would vanish from the scores.
    records = store.records()
    given = read_marks(Path(marks) if marks else store.folder / MARKS)
    with store.writing():
        found, _ = publish(store, records, course, given, store.run(), pages)
    return found


def _made_by() -> str:
    """A hash of what makes pages: their templates and code, which no record depends on."""
    folder = Path(__file__).parents[1] / "feedback"
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return digest(part for path in files for part in (str(path.relative_to(folder)), path.read_bytes()))


def run_of(store: Store, loaded: LoadedCourse, costs: Mapping[str, Cost], how: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that depends on the clock or the machine, and what was asked: for a later `diff`."""
    before = store.run()
    students = before.get("students", {}) | {student: cost.as_data() for student, cost in costs.items()}
    kept: dict[str, Any] = {key: before[key] for key in ("workers", "isolation") if key in before}
    return {
        "version": __version__,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        **kept,
        **how,
        "assignments": list(loaded.chosen),
        "engine": engine_hash(),
        "sources": {name: sources_of(loaded.folder, name) for name in loaded.chosen},
        "tolerances": loaded.course.tolerances,
        "students": dict(sorted(students.items())),
    }
