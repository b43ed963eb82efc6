"""No earlier score stands for what is handed in now: whatever fails, and whatever lies in the folder of records."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nbgrader", reason="nbgrader is not installed (the extra `nbgrader`)")

from autograder.cli import main
from autograder.integrations.nbgrader.grade_course import grade_course
from tests.integrations.nbgrader.students import ASSIGNMENT, NOTEBOOK, generate, nbgrader, new_course, own_copy, right
from tests.integrations.nbgrader.test_course import Scores, scores_in
from tests.once import once
from tests.repository import SOLUTIONS

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]

STUDENT = "gina"


def make(folder: Path) -> None:
    """A course with references of its own to break, and one right submission, which is recorded."""
    shutil.copytree(SOLUTIONS, folder / "solutions", ignore=shutil.ignore_patterns("__pycache__", "alternatives"))
    made = new_course(folder, folder / "solutions")
    generate(made)
    submit(made, right)
    assert autograde(made)["success"], "the first hand-in is graded"
    assert sum(auto or 0.0 for auto, _ in machine(scores_in(made)).values()) == 20, "and has all points"


@pytest.fixture
def course(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it."""
    return own_copy(once(tmp_path_factory, "stale", make), tmp_path / "own")


def submit(course: Path, edit: Callable[[dict[str, Any]], None], second: int = 0) -> None:
    """What `nbgrader collect` leaves of a hand-in."""
    notebook = json.loads((course / "release" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_text())
    edit(notebook)
    folder = course / "submitted" / STUDENT / ASSIGNMENT
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NOTEBOOK}.ipynb").write_text(json.dumps(notebook))
    (folder / "timestamp.txt").write_text(f"2026-11-26 12:00:{second:02}.000000 UTC")


def untouched(_: dict[str, Any]) -> None:
    """Nothing is written: worth 0."""


def autograde(course: Path) -> dict[str, Any]:
    """The button of formgrader, and what it would show."""
    from nbgrader.apps.api import NbGraderAPI

    with nbgrader(course) as app:
        found: dict[str, Any] = NbGraderAPI(app.coursedir, parent=app).autograde(ASSIGNMENT, STUDENT)
    return found


def machine(scores: Scores) -> dict[str, tuple[float | None, bool]]:
    """By cell of a function the machine's score, and whether it waits for a person."""
    return {cell: (auto, waits) for (_, cell), (auto, _, waits) in scores.items() if cell.endswith("-checks")}


def has_no_score(course: Path) -> None:
    found = machine(scores_in(course))
    assert found and set(found.values()) == {(None, True)}, f"each waits for a person, and no score stands: {found}"
    shown = course / "autograded" / STUDENT / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    assert not shown.exists(), "no notebook shows the earlier result"


def break_another_rubric(course: Path) -> Path:
    """The rubric of an assignment that nobody grades now."""
    rubric = course.parent / "solutions" / "a3_kl_normal" / "rubric.toml"
    before = rubric.read_text()
    rubric.write_text(before.replace("points = 2", "points = 0", 1))
    assert rubric.read_text() != before, "it must be another now"
    return rubric


def test_a_resubmission_worth_nothing_while_another_rubric_is_broken(course: Path) -> None:
    submit(course, untouched, 1)
    rubric = break_another_rubric(course)
    told = autograde(course)
    assert not told["success"], f"formgrader must show an error: {told}"
    assert str(rubric) in told["log"] + told["error"], f"that names the rubric: {told}"
    has_no_score(course)
    shutil.copy(SOLUTIONS / "a3_kl_normal" / "rubric.toml", rubric)
    assert autograde(course)["success"], "mended, it is graded"
    assert set(machine(scores_in(course)).values()) == {(0.0, False)}, f"and is worth nothing: {scores_in(course)}"


def test_the_whole_course_while_another_rubric_is_broken(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    submit(course, untouched, 1)
    rubric = break_another_rubric(course)
    assert main(["nbgrader", "grade", str(course), "--jobs", "1"]) == 2, "settings are wrong"
    printed = capsys.readouterr()
    assert str(rubric) in printed.err and "Traceback" not in printed.err, f"that is told: {printed.err}"
    assert "written into the gradebook" not in printed.out, f"and nothing is said to be written: {printed.out}"
    record = course / "autograded" / STUDENT / ASSIGNMENT / "timestamp.txt"
    assert record.read_text().endswith("00.000000 UTC"), "what is recorded is said to be of the first hand-in"


def test_grading_that_ends_like_a_grader_error_proves_nothing(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(course, untouched, 1)
    # As an older engine did, whatever broke in it: it ended with 1, and the record of before lay there.
    monkeypatch.setattr("autograder.integrations.nbgrader.current_records.GRADES", "no.such.module")
    told = autograde(course)
    assert not told["success"] and "could not be graded" in told["log"] + told["error"], f"{told}"
    has_no_score(course)


def test_a_submission_that_comes_while_the_class_is_graded(course: Path) -> None:
    done = grade_course(course, jobs=1, force=True, recording=lambda _: submit(course, untouched, 1))
    assert not done.recorded.failed, f"it is graded when nbgrader comes to it: {done.recorded}"
    assert set(machine(scores_in(course)).values()) == {(0.0, False)}, f"and worth nothing: {scores_in(course)}"


def test_a_submission_that_cannot_be_graded_any_more(
    course: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(_: object) -> None:
        submit(course, untouched, 1)
        break_another_rubric(course)

    monkeypatch.setattr("autograder.cli.nbgrader.say", lambda text: meanwhile(text) if "writes down" in text else None)
    assert main(["nbgrader", "grade", str(course), "--jobs", "1", "--force"]) == 1, "it has no score"
    printed = capsys.readouterr()
    assert f"without a score there: {STUDENT}, {ASSIGNMENT}" in printed.err, f"that is told: {printed.err}"
    assert "Traceback" not in printed.err, f"in words: {printed.err}"
    has_no_score(course)
