"""Brings points and comments that were given in formgrader into our marks, and so into pages and exports."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from autograder.course.settings import read_course
from autograder.files.names import visible_name
from autograder.files.writing import write_whole
from autograder.gradebook.journal import change_marks
from autograder.gradebook.marks import Mark, mark_hash
from autograder.gradebook.marks_file import MARKS, Marks
from autograder.grading.outputs import publish
from autograder.integrations.nbgrader.cell_ids import comment_cell, is_written, question_of
from autograder.integrations.nbgrader.course_folder import CourseFolder, place_of
from autograder.integrations.nbgrader.running import opened
from autograder.records.record import Result
from autograder.records.store import Store

# The marks that the last pull brought, so that one taken back in formgrader is taken back here.
PULLED = "pulled.json"
NO_COMMENT = "Marked in formgrader."


@dataclass
class PulledMarks:
    """What came of a pull, by student and item: marks, those to look at again, those taken back; and notes."""

    marks: dict[tuple[str, str], Mark] = field(default_factory=dict)
    unsettled: set[tuple[str, str]] = field(default_factory=set)
    taken_back: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def pull(course: Path, pages: Callable[[int, int], object] | None = None) -> PulledMarks:
    """Take the points and comments from the gradebook, and bring scores and pages up to date.

    A score given there replaces the question's: formgrader has one number for each. Comments on a function without a
    score keep the machine's score as it is now.

    Args:
        course: the folder.
        pages: called after each page with the number made and the number of all that are not up to date.

    Raises:
        CourseFolderError: the folder is no course.
        RecordsError, MarksError, CourseError: our own files cannot be read.
    """
    found = PulledMarks()
    with opened(course) as app:
        place = place_of(course, app.config)
        store = Store(place.records)
        # Without one that is damaged, its student would vanish from the scores.
        records = store.records()
        with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
            for submission in _submissions(gradebook):
                _read(found, submission, records)
    marks = _write(found, place)
    rules = read_course(place.solutions / "course.toml")
    with store.writing():
        publish(store, records, rules, marks, store.run(), pages)
    return found


def _submissions(gradebook: Gradebook) -> Iterator[Any]:
    for assignment in gradebook.assignments:
        yield from gradebook.assignment_submissions(assignment.name)


def _read(found: PulledMarks, submission: Any, records: Mapping[str, Result]) -> None:
    student, assignment = visible_name(submission.student.id), submission.assignment.name
    record = records.get(student)
    for notebook in submission.notebooks:
        comments = {comment.name: comment.manual_comment or "" for comment in notebook.comments}
        for grade in notebook.grades:
            question = question_of(grade.name)
            comment = comments.get(comment_cell(question), "").strip()
            extra = float(grade.extra_credit or 0.0)
            given = grade.manual_score
            if given is None and not extra and not comment:
                continue
            if record is None:
                found.notes.append(f"{student} has marks in formgrader and no record here: grade the course first.")
                return
            item = f"{assignment}.{question}"
            if given is None and is_written(question) and not extra:
                found.notes.append(f"{student}, {item}: a comment and no points; give points in formgrader, too.")
                continue
            base = given if given is not None else grade.auto_score
            if base is None:
                found.notes.append(f"{student}, {item}: extra credit and no points; give points in formgrader, too.")
                continue
            of = mark_hash(record, item)
            if not of:
                found.notes.append(f"{student}: the record has no {item}; what formgrader has of it is not taken.")
                continue
            mark = Mark(student, item, round(float(base) + extra, 6), comment or NO_COMMENT, of)
            found.marks[student, item] = mark
            if grade.needs_manual_grade:
                found.unsettled.add((student, item))


def _write(found: PulledMarks, place: CourseFolder) -> Marks:
    """Bring our marks up to date with what was found; gives all of them."""
    marks = change_marks(place.records / MARKS, partial(_brought_up_to_date, found, _pulled_before(place)))
    write_whole(place.records / PULLED, (json.dumps(sorted(found.marks)) + "\n").encode())
    return marks


def _brought_up_to_date(found: PulledMarks, pulled: Iterable[tuple[str, str]], marks: Marks) -> Marks:
    for student, item in pulled:
        if (student, item) not in found.marks and item in marks.student(student):
            marks = marks.without(student, item)
            found.taken_back.append((student, item))
    for (student, item), mark in found.marks.items():
        own = marks.student(student).get(item)
        # What a mark was given on stays until a person has looked again: a regrade between must stay visible.
        same = own is not None and (own.points, own.comment) == (mark.points, mark.comment)
        marks = marks if same and (student, item) in found.unsettled else marks.with_mark(mark)
    return marks


def _pulled_before(place: CourseFolder) -> list[tuple[str, str]]:
    try:
        read = json.loads((place.records / PULLED).read_bytes())
        return [(str(student), str(item)) for student, item in read]
    except (OSError, ValueError, TypeError):
        return []
