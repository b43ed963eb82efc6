"""Lets nbgrader write down what is new or has changed among our records."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zlib import crc32

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGrader
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from traitlets import Any as AnyTrait
from traitlets import List

from autograder.errors import EngineError
from autograder.integrations.nbgrader.answering import Answering
from autograder.integrations.nbgrader.cell_ids import SHOWS
from autograder.integrations.nbgrader.cell_outputs import told_of
from autograder.integrations.nbgrader.course_folder import CourseFolder, place_of
from autograder.integrations.nbgrader.current_records import CurrentRecords
from autograder.integrations.nbgrader.fresh_record import declare_records
from autograder.integrations.nbgrader.recorded import NotRecorded, RecordedByNbgrader
from autograder.integrations.nbgrader.running import one_engine, opened
from autograder.integrations.nbgrader.scoring import take_scores_away, write_down
from autograder.integrations.nbgrader.shown_hash import shown_hash
from autograder.integrations.trusted import Asked
from autograder.records.record import Result
from autograder.submissions.notebook_reader import decoded, metadata_of
from autograder.submissions.tree import RefusedError

# A process more is worth it from so many submissions on.
LEAST_SHARE = 8


class RecordingAutograde(Autograde):
    """nbgrader's own step, run on the submissions whose notebooks do not show what our records say."""

    place = AnyTrait()
    records = AnyTrait()
    share = AnyTrait((0, 1))
    tried = List()
    refused = List()

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Whether a submission is written down; what was before is removed, as `--force` does."""
        number, count = self.share
        if crc32(student_id.encode()) % count != number:
            return False
        dest = Path(self._format_dest(assignment_id, student_id))
        try:
            record = self.records.record(assignment_id, student_id)
            if not self.force and _is_recorded(dest, record, assignment_id, self.place):
                return False
            self.tried = [*self.tried, (assignment_id, student_id)]
        except EngineError as error:
            record = None
            self.refused = [*self.refused, NotRecorded(assignment_id, student_id, str(error))]
        if dest.exists():
            shutil.rmtree(dest)
        return record is not None

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


def record(course: Path, assignments: Sequence[str], asked: Asked, *, force: bool, jobs: int) -> RecordedByNbgrader:
    """Let nbgrader write down what its notebooks do not show yet.

    Args:
        course: the folder.
        assignments: by name.
        asked: what the records must be made from; one that is not is graded anew, or has no score in the gradebook.
        force: write down also what the notebooks show.
        jobs: processes; each takes some of the students.
    """
    written: list[tuple[str, str]] = []
    failed: list[NotRecorded] = []
    with opened(course) as app, one_engine():
        place = place_of(course, app.config)
        for name in assignments:
            count = min(jobs, 1 + len(list(place.submitted.glob(f"*/{name}"))) // LEAST_SHARE)
            share = _Share(app, CurrentRecords(place, asked), place, name, force)
            tried, refused = share.all(count)
            alone, refused_alone = share.without_notebook()
            lost = [NotRecorded(*each) for each in tried if each not in alone and not _is_there(app, each)]
            # Whatever became of them: no earlier score may stand for what was handed in now.
            with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
                for each in (*refused, *refused_alone, *lost):
                    take_scores_away(gradebook, each.assignment, each.student)
            written += [each for each in dict.fromkeys([*tried, *alone]) if NotRecorded(*each) not in lost]
            failed += [*refused, *refused_alone, *lost]
    return RecordedByNbgrader(tuple(written), tuple(failed))


_Tried = tuple[list[tuple[str, str]], list[NotRecorded]]


@dataclass(frozen=True)
class _Share:
    """One assignment to write down, all of it or some of the students."""

    app: NbGrader
    records: CurrentRecords
    place: CourseFolder
    name: str
    force: bool

    def all(self, count: int) -> _Tried:
        """Write it down in so many processes; returns the submissions that were tried, and those that were not."""
        if count == 1:
            return self.one((0, 1))
        tried: list[tuple[str, str]] = []
        refused: list[NotRecorded] = []
        what = f"write {self.name} into the gradebook"
        started = [Answering(partial(self.one, (number, count)), what) for number in range(count)]
        for process in started:
            more, other = process.answer()
            tried += more
            refused += other
        return sorted(tried), refused

    def one(self, share: tuple[int, int]) -> _Tried:
        """Write down one share, by its number and how many there are."""
        self.app.coursedir.assignment_id = self.name
        converter = RecordingAutograde(
            coursedir=self.app.coursedir, parent=self.app, place=self.place, force=self.force
        )
        converter.records, converter.share = self.records, share
        declare_records(converter, self.records)
        # It has said why, for each; the others are written down.
        with suppress(NbGraderException):
            converter.start()
        return list(converter.tried), list(converter.refused)

    def without_notebook(self) -> _Tried:
        """Write down submissions that lack the notebook which nbgrader expects, and which it would leave out.

        Who handed in a module, renamed the notebook or handed in a link has a record, and its score counts.
        """
        done: list[tuple[str, str]] = []
        refused: list[NotRecorded] = []
        with Gradebook(self.app.coursedir.db_url, self.app.coursedir.course_id) as gradebook:
            for folder in self._folders_without(gradebook):
                student = folder.parent.name
                try:
                    found = self.records.record(self.name, student)
                except EngineError as error:
                    refused.append(NotRecorded(self.name, student, str(error)))
                    continue
                told = told_of(found, self.name, self.place)
                gradebook.update_or_create_student(student)
                stamp = self.app.coursedir.get_existing_timestamp(str(folder))
                submission = gradebook.update_or_create_submission(self.name, student, timestamp=stamp)
                for notebook in submission.notebooks:
                    write_down(notebook, found, told, self.place, ())
                gradebook.db.commit()
                done.append((self.name, student))
        return done, refused

    def _folders_without(self, gradebook: Gradebook) -> Iterator[Path]:
        try:
            expected = [notebook.name for notebook in gradebook.find_assignment(self.name).notebooks]
        except MissingEntry:
            return
        for folder in sorted(self.place.submitted.glob(f"*/{self.name}")):
            if not any((folder / f"{name}.ipynb").exists() for name in expected):
                yield folder


def _is_there(app: NbGrader, each: tuple[str, str]) -> bool:
    assignment, student = each
    folder = app.coursedir.format_path(app.coursedir.autograded_directory, student, assignment)
    return any(Path(folder).glob("*.ipynb"))
