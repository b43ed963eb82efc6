"""The same work earns the same, however it comes in."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from autograder.exam.exam import make_exam
from autograder.grading.grader import Grader
from autograder.records.record import Result
from autograder.sandbox.canary import best_tier
from autograder.sandbox.slot import Slot
from autograder.submissions import list_entries, read_submission
from tests.once import once
from tests.repository import SOLUTIONS
from tests.submissions.layouts.building import (
    Container,
    Files,
    Student,
    as_folder,
    as_zip,
    canvas,
    classroom,
    folders,
    gradescope,
    moodle,
    moodle_flat,
    nbgrader,
    the_class,
    zips,
)

CLASS = the_class()
Scores = dict[str, dict[str, float]]


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    tier, _ = best_tier()
    with Slot(tier=tier) as slot:
        yield Grader(make_exam(SOLUTIONS), slot, diagnoses=False)  # which scores do not depend on


def scores(result: Result) -> dict[str, float]:
    return {f"{a.name}.{q.function}": q.score for a in result.assignments for q in a.questions}


# What was read decides what is scored (another test holds records to be the same bytes), so the same is graded once.
Read = tuple[tuple[str, tuple[tuple[str, bytes], ...]], ...]
MARKED: dict[Read, dict[str, float]] = {}


def graded(grader: Grader, path: Path, layout: str = "auto") -> Scores:
    """The scores of a class, by student."""
    found: Scores = {}
    for entry in list_entries(path, layout).entries:
        submission = read_submission(entry, grader.exam.modules)
        read = tuple((name, tuple(sorted(work.files.items()))) for name, work in sorted(submission.works.items()))
        if read not in MARKED:
            MARKED[read] = scores(grader.grade(submission)[0])
        for student in entry.students:
            found[student] = MARKED[read]
    return found


@pytest.fixture(scope="module")
def expected(grader: Grader, tmp_path_factory: pytest.TempPathFactory) -> Scores:
    """Of the plain folders, by the name in the sample class; graded once for all of pytest's processes."""

    def grade_plain(folder: Path) -> None:
        found = graded(grader, as_folder(folders(CLASS), folder / "class"), "plain")
        (folder / "graded").write_bytes(pickle.dumps((found, MARKED)))

    found: Scores
    found, marked = pickle.loads((once(tmp_path_factory, "plain", grade_plain) / "graded").read_bytes())
    MARKED.update(marked)
    assert len({sum(each.values()) for each in found.values()}) >= 4, f"the class must differ in scores: {found}"
    return found


def by_sample(student: Student) -> str:
    return student.sample.removesuffix(".zip")


MAKERS: dict[str, tuple[str, Callable[[Sequence[Student]], Files], Callable[[Student], str]]] = {
    "folders": ("plain", folders, by_sample),
    "zips": ("plain", zips, by_sample),
    "moodle": ("moodle", moodle, lambda student: str(student.number)),
    "moodle_older": ("moodle", lambda students: moodle(students, "_"), lambda student: str(student.number)),
    "moodle_blind": ("moodle", lambda students: moodle(students, blind=True), lambda student: str(student.number)),
    "moodle_flat": ("moodle", moodle_flat, lambda student: str(student.number)),
    "canvas": ("canvas", canvas, lambda student: str(student.number)),
    "canvas_anonymous": (
        "canvas",
        lambda students: canvas(students, anonymous=True),
        lambda student: f"anon_{student.number:05x}",
    ),
    "gradescope": ("gradescope", gradescope, lambda student: str(student.number)),
    "nbgrader": ("nbgrader", nbgrader, lambda student: student.user),
    "classroom": ("classroom", classroom, lambda student: student.user),
}


@pytest.mark.parametrize("contain", [as_folder, as_zip])
@pytest.mark.parametrize("made", MAKERS)
def test_each_layout_grades_as_the_plain_folders(
    made: str, contain: Container, grader: Grader, expected: Scores, tmp_path: Path
) -> None:
    layout, make, identity = MAKERS[made]
    path = contain(make(CLASS), tmp_path / "download")
    listing = list_entries(path)
    assert listing.layout == layout, f"it must be recognised: {listing.why}"
    students = {entry.handed_in.id if entry.handed_in else entry.student: entry.student for entry in listing.entries}
    got = graded(grader, path)
    assert len(got) == len(CLASS), f"one record each: {sorted(got)}"
    for student in CLASS:
        found = got[students[identity(student)]]
        assert found == expected[by_sample(student)], f"{student.sample} as {students[identity(student)]!r} by {made}"
