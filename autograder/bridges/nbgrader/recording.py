"""Grades a course in parallel, then lets nbgrader write down what is new or has changed."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGrader
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from traitlets import Any as AnyTrait

from autograder.bridges.nbgrader.fresh import declare_fresh
from autograder.bridges.nbgrader.names import SHOWS
from autograder.bridges.nbgrader.place import Place, PlaceError, place_of
from autograder.bridges.nbgrader.running import one_engine, opened
from autograder.bridges.nbgrader.scoring import write_down
from autograder.bridges.nbgrader.shown_hash import shown_hash
from autograder.bridges.nbgrader.telling import told_of
from autograder.grading import Results, grade
from autograder.results import Result
from autograder.store import Store
from autograder.submissions.names import visible


class RecordingAutograde(Autograde):
    """nbgrader's own step, run on the submissions whose notebooks do not show what our records say."""

    place = AnyTrait()
    recorded = AnyTrait()

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Whether a submission is written down; what was before is removed, as `--force` does."""
        record = Store(self.place.records).read_one(visible(student_id))
        dest = Path(self._format_dest(assignment_id, student_id))
        if record is not None and not self.force and _is_recorded(dest, record, assignment_id, self.place):
            return False
        if dest.exists():
            _remove(dest)
        self.recorded.append((assignment_id, student_id))
        return True


def _is_recorded(folder: Path, record: Result, assignment: str, place: Place) -> bool:
    """Whether the autograded notebooks in a folder show this record."""
    wanted = shown_hash(record, assignment, place)
    notebooks = list(folder.glob("*.ipynb"))
    try:
        shown = {json.loads(path.read_bytes())["metadata"].get(SHOWS) for path in notebooks}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return shown == {wanted}


def _remove(folder: Path) -> None:
    # nbgrader leaves its files without write permission, which only their folders need to have.
    shutil.rmtree(folder)


@dataclass(frozen=True)
class Recorded:
    """What a run did: our results, the submissions that nbgrader wrote down, and those that it could not."""

    results: Results
    recorded: tuple[tuple[str, str], ...]
    failed: tuple[tuple[str, str], ...]


def submitted_assignments(place: Place) -> list[str]:
    """The assignments of which there is a submission and a reference."""
    known = {path.parent.name for path in place.solutions.glob("*/questions.py")}
    return sorted({path.name for path in place.submitted.glob("*/*") if path.name in known and path.is_dir()})


def grade_course(
    course: Path,
    *,
    assignments: Sequence[str] | None = None,
    jobs: int | None = None,
    force: bool = False,
    begin: Callable[[int, Sequence[str]], None] | None = None,
    done: Callable[[int, int, Result], None] | None = None,
    recording: Callable[[str], None] | None = None,
) -> Recorded:
    """Grade what is new or has changed in a course, and write it into nbgrader's gradebook.

    Every record is whole as soon as it is made, and a notebook shows which record it shows: a run that is stopped
    goes on where it was.

    Args:
        course: the folder.
        assignments: names; default: all of which there is a submission.
        jobs: worker processes.
        force: grade and write down also what is up to date.
        begin: as of `grade`.
        done: as of `grade`.
        recording: called with the name of each assignment before nbgrader writes it down.

    Raises:
        PlaceError: the folder is no course, or there is nothing to grade.
        UsageError, SubmissionsError, SolutionsError, CourseError, MarksError, StoreError: as of `grade`.
    """
    with opened(course) as app, one_engine():
        place = place_of(app.coursedir, app.config)
        names = list(assignments or submitted_assignments(place))
        if not names:
            raise PlaceError(f"{place.submitted} holds no submission of an assignment in {place.solutions}")
        results = grade(
            place.submitted,
            place.records,
            assignments=names,
            jobs=jobs,
            solutions=place.solutions,
            isolation=place.isolation or None,
            layout="nbgrader",
            force=force,
            begin=begin,
            done=done,
        )
        written: list[tuple[str, str]] = []
        failed: list[tuple[str, str]] = []
        for name in names:
            if recording is not None:
                recording(name)
            app.coursedir.assignment_id = name
            converter = RecordingAutograde(coursedir=app.coursedir, parent=app, place=place, recorded=[], force=force)
            declare_fresh(converter, name)
            try:
                converter.start()
            except NbGraderException:
                # It has said why, for each; the others are written down.
                failed += _not_there(converter)
            alone = list(_without_notebook(app, name, place))
            written += [each for each in dict.fromkeys([*converter.recorded, *alone]) if each not in failed]
            failed = [each for each in failed if each not in alone]
    return Recorded(results, tuple(written), tuple(failed))


def _not_there(converter: RecordingAutograde) -> Iterator[tuple[str, str]]:
    for assignment, student in converter.recorded:
        if not any(Path(converter._format_dest(assignment, student)).glob("*.ipynb")):
            yield assignment, student


def _without_notebook(app: NbGrader, assignment: str, place: Place) -> Iterator[tuple[str, str]]:
    """Write down submissions that lack the notebook which nbgrader expects, and which it would leave out.

    Who handed in a module, renamed the notebook or handed in a link has a record, and its score counts.
    """
    with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        try:
            expected = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
        except MissingEntry:
            return
        for folder in sorted(place.submitted.glob(f"*/{assignment}")):
            student = folder.parent.name
            record = Store(place.records).read_one(visible(student))
            if record is None or any((folder / f"{name}.ipynb").exists() for name in expected):
                continue
            told = told_of(record, assignment, place)
            gradebook.update_or_create_student(student)
            stamp = app.coursedir.get_existing_timestamp(str(folder))
            submission = gradebook.update_or_create_submission(assignment, student, timestamp=stamp)
            for notebook in submission.notebooks:
                write_down(notebook, record, told, place, ())
            gradebook.db.commit()
            yield assignment, student
