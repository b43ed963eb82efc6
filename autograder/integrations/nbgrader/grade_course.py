"""Grades a course in parallel, while another process loads nbgrader, which then writes down what is new."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from autograder.errors import CourseFolderError, RecordingError
from autograder.grading.run import Results, grade
from autograder.integrations.nbgrader.course_folder import CourseFolder, place_of, read_settings
from autograder.integrations.nbgrader.recorded import RecordedByNbgrader
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
    context = get_context("fork")
    here, there = context.Pipe()
    # Loading nbgrader takes longer than grading a small class: so it begins first.
    writer = context.Process(target=_write, args=(there, here, course, jobs or os.cpu_count() or 1))
    writer.start()
    there.close()
    try:
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
        if recording is not None:
            recording(names)
        here.send((names, force))
        try:
            recorded = here.recv()
        except EOFError:
            raise RecordingError("nbgrader ended before it had written down what was graded; see above") from None
    finally:
        # Without an order, or when this process ends, the writer ends.
        here.close()
        writer.join()
    return GradedCourse(results, recorded)


def _write(end: Connection, other: Connection, course: Path, jobs: int) -> None:
    """In a process of its own: load nbgrader, wait for the order, write down."""
    other.close()
    from autograder.integrations.nbgrader.fast_import import without_slow_grammar

    without_slow_grammar()
    from autograder.integrations.nbgrader.recording import record

    # The end of the process above is the end of this; Ctrl-C is told by that one.
    with suppress(EOFError, KeyboardInterrupt):
        names, force = end.recv()
        end.send(record(course, names, force=force, jobs=jobs))
