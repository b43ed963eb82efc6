"""Grades a course in parallel, while another process loads nbgrader, which then writes down what is new."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from autograder.errors import CourseFolderError
from autograder.grading.plan import load_course
from autograder.grading.run import Results, grade
from autograder.integrations.nbgrader.answering import Answering
from autograder.integrations.nbgrader.course_folder import CourseFolder, place_of, read_settings
from autograder.integrations.nbgrader.recorded import RecordedByNbgrader
from autograder.integrations.trusted import asked_now
from autograder.records.record import Result


@dataclass(frozen=True)
class GradedCourse:
    """What a run did: our results, and what nbgrader wrote down."""

    results: Results
    recorded: RecordedByNbgrader


def submitted_assignments(place: CourseFolder) -> list[str]:
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
    pages: Callable[[int, int], object] | None = None,
    recording: Callable[[Sequence[str]], None] | None = None,
) -> GradedCourse:
    """Grade what is new or has changed in a course, and write it into nbgrader's gradebook.

    Every record is whole as soon as it is made, and a notebook shows which record it shows: a run that is stopped
    goes on where it was.

    Args:
        course: the folder.
        assignments: names; default: all of which there is a submission.
        jobs: worker processes; default one per processor.
        force: grade and write down also what is up to date.
        begin: as of `grade`.
        done: as of `grade`.
        pages: as of `grade`.
        recording: called with the names of the assignments before nbgrader writes them down.

    Raises:
        CourseFolderError: the folder is no course, or there is nothing to grade.
        UsageError, SubmissionsError, SolutionsError, CourseError, MarksError, StoreError: as of `grade`.
        RecordingError: nbgrader could not be run.
    """
    course = course.absolute()
    place = place_of(course, read_settings(course))
    names = list(assignments or submitted_assignments(place))
    if not names:
        raise CourseFolderError(f"{place.submitted} holds no submission of an assignment in {place.solutions}")
    # Loading nbgrader takes longer than grading a small class: so it begins first.
    with _writer(course, jobs or os.cpu_count() or 1) as write:
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
            pages=pages,
        )
        loaded = load_course(place.solutions, names, None, None)
        asked = asked_now(loaded, (record.student for record in results))
        if recording is not None:
            recording(names)
        return GradedCourse(results, write((names, asked, force)))


Order = tuple[Sequence[str], Any, bool]


@contextmanager
def _writer(course: Path, jobs: int) -> Iterator[Callable[[Order], RecordedByNbgrader]]:
    """A process that loads nbgrader, and writes down what it is ordered to; it ends with the context."""
    there, here = get_context("fork").Pipe(duplex=False)
    writer = Answering(partial(_write, there, here, course, jobs), "write down what was graded")
    there.close()

    def order(given: Order) -> RecordedByNbgrader:
        # Where it has ended, it says why instead of an answer.
        with suppress(BrokenPipeError):
            here.send(given)
        found: RecordedByNbgrader = writer.answer()
        return found

    try:
        yield order
    finally:
        here.close()
        writer.close()


def _write(end: Connection, other: Connection, course: Path, jobs: int) -> RecordedByNbgrader | None:
    """In a process of its own: load nbgrader, wait for the order, write down."""
    other.close()
    from autograder.integrations.nbgrader.fast_import import without_slow_grammar

    without_slow_grammar()
    from autograder.integrations.nbgrader.recording import record

    try:
        names, asked, force = end.recv()
    except EOFError:
        # The process above has nothing to write down, or is gone.
        return None
    return record(course, names, asked, force=force, jobs=jobs)
