"""Lets nbgrader write down what is new or has changed among our records."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from zlib import crc32

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGrader
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from traitlets import Any as AnyTrait
from traitlets import List

from autograder.errors import RecordingError
from autograder.files.names import visible_name
from autograder.integrations.nbgrader.cell_ids import SHOWS
from autograder.integrations.nbgrader.cell_outputs import told_of
from autograder.integrations.nbgrader.course_folder import CourseFolder, place_of
from autograder.integrations.nbgrader.fresh_record import declare_fresh
from autograder.integrations.nbgrader.recorded import RecordedByNbgrader
from autograder.integrations.nbgrader.running import one_engine, opened
from autograder.integrations.nbgrader.scoring import write_down
from autograder.integrations.nbgrader.shown_hash import shown_hash
from autograder.records.record import Result
from autograder.records.store import Store
from autograder.submissions.notebook_reader import decoded, metadata_of
from autograder.submissions.tree import RefusedError

# A process more is worth it from so many submissions on.
LEAST_SHARE = 8


class RecordingAutograde(Autograde):
    """nbgrader's own step, run on the submissions whose notebooks do not show what our records say."""

    place = AnyTrait()
    share = AnyTrait((0, 1))
    tried = List()

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Whether a submission is written down; what was before is removed, as `--force` does."""
        number, count = self.share
        if crc32(student_id.encode()) % count != number:
            return False
        record = Store(self.place.records).read_one(visible_name(student_id))
        dest = Path(self._format_dest(assignment_id, student_id))
        if record is not None and not self.force and _is_recorded(dest, record, assignment_id, self.place):
            return False
        if dest.exists():
            shutil.rmtree(dest)
        self.tried = [*self.tried, (assignment_id, student_id)]
        return True

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Sanitize and write down in one pass: nbgrader writes the notebook out between the two, and reads it again."""
        self.exporter._preprocessors = []
        for step in (*self.sanitize_preprocessors, *self.autograde_preprocessors):
            self.exporter.register_preprocessor(step)
        BaseConverter.convert_single_notebook(self, notebook_filename)


def _is_recorded(folder: Path, record: Result, assignment: str, place: CourseFolder) -> bool:
    """Whether the autograded notebooks in a folder show this record."""
    wanted = shown_hash(record, assignment, place)
    notebooks = list(folder.glob("*.ipynb"))
    try:
        shown = {metadata_of(decoded(path.read_bytes())).get(SHOWS) for path in notebooks}
    except (OSError, RefusedError, TypeError):
        return False
    return shown == {wanted}


def record(course: Path, assignments: Sequence[str], *, force: bool, jobs: int) -> RecordedByNbgrader:
    """Let nbgrader write down what its notebooks do not show yet; all records are up to date.

    Args:
        course: the folder.
        assignments: by name.
        force: also what they show.
        jobs: processes; each takes some of the students.
    """
    written: list[tuple[str, str]] = []
    failed: list[tuple[str, str]] = []
    with opened(course) as app, one_engine():
        place = place_of(course, app.config)
        for name in assignments:
            count = min(jobs, 1 + len(list(place.submitted.glob(f"*/{name}"))) // LEAST_SHARE)
            tried = _in_shares(app, place, name, force, count)
            alone = list(_without_notebook(app, name, place))
            lost = [each for each in tried if each not in alone and not _is_there(app, each)]
            written += [each for each in dict.fromkeys([*tried, *alone]) if each not in lost]
            failed += lost
    return RecordedByNbgrader(tuple(written), tuple(failed))


def _in_shares(app: NbGrader, place: CourseFolder, name: str, force: bool, count: int) -> list[tuple[str, str]]:
    """Write down one assignment in so many processes; returns the submissions that were tried."""
    if count == 1:
        return _share(app, place, name, force, 0, 1)
    context = get_context("fork")
    ends = []
    for number in range(count):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_send_share, args=(there, app, place, name, force, number, count))
        process.start()
        there.close()
        ends.append((process, here))
    tried: list[tuple[str, str]] = []
    for process, here in ends:
        try:
            tried += here.recv()
        except EOFError:
            raise RecordingError(f"a process that wrote {name} into the gradebook ended before it was done") from None
        finally:
            process.join()
    return sorted(tried)


def _send_share(end: Connection, *share: Any) -> None:
    # Ctrl-C is told by the process above.
    with suppress(KeyboardInterrupt):
        end.send(_share(*share))


def _share(
    app: NbGrader, place: CourseFolder, name: str, force: bool, number: int, count: int
) -> list[tuple[str, str]]:
    app.coursedir.assignment_id = name
    converter = RecordingAutograde(coursedir=app.coursedir, parent=app, place=place, force=force)
    converter.share = (number, count)
    declare_fresh(converter, name)
    # It has said why, for each; the others are written down.
    with suppress(NbGraderException):
        converter.start()
    return list(converter.tried)


def _is_there(app: NbGrader, each: tuple[str, str]) -> bool:
    assignment, student = each
    folder = app.coursedir.format_path(app.coursedir.autograded_directory, student, assignment)
    return any(Path(folder).glob("*.ipynb"))


def _without_notebook(app: NbGrader, assignment: str, place: CourseFolder) -> Iterator[tuple[str, str]]:
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
            record = Store(place.records).read_one(visible_name(student))
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
