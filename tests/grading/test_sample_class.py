"""A class of whole submissions, each with the expected verdict of every question beside it."""

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.run import Results, grade
from autograder.judging.verdicts import Verdict
from autograder.records.record import QuestionResult, Result
from autograder.records.store import Store
from tests.once import once
from tests.repository import SAMPLE_CLASS

SUBMISSIONS = SAMPLE_CLASS / "submissions"
# These end by a limit of time or memory, for which a test must wait.
WAITING = ("hangs", "hangs_on_import", "too_much_memory")
EXPECTED = [
    pytest.param(path, marks=pytest.mark.slow if path.stem in WAITING else (), id=path.stem)
    for path in sorted((SAMPLE_CLASS / "expected").glob("*.toml"))
]
RIGHT = ("perfect_compact", "perfect_lists", "perfect_loops.zip", "helper_modules", "nested_zip_folders.zip")


def results_in(out: Path) -> Results:
    records, notes = Store(out).read()
    assert not notes, f"every file is a record: {notes}"
    return Results(tuple(records.values()), out)


def grade_quick_ones(folder: Path) -> None:
    """All but those for which one must wait."""
    shutil.copytree(SUBMISSIONS, folder / "class", ignore=shutil.ignore_patterns("__pycache__", *WAITING))
    grade(folder / "class", folder / "out", jobs=1)


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The class without those for which one must wait, graded once for all of pytest's processes."""
    return results_in(once(tmp_path_factory, "sample-class", grade_quick_ones) / "out")


@pytest.fixture(scope="session")
def whole(graded: Results, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The whole class, for which the others are graded into a copy of that folder."""

    def grade_the_others(folder: Path) -> None:
        grade(SUBMISSIONS, Path(shutil.copytree(graded.folder, folder / "out")), jobs=1)

    return results_in(once(tmp_path_factory, "whole-sample-class", grade_the_others) / "out")


def verdict_of(question: QuestionResult) -> Verdict:
    """The first verdict of a question that is not `passed`."""
    return next((check.verdict for check in question.checks if check.verdict is not Verdict.PASSED), Verdict.PASSED)


def test_every_submission_has_its_expectation_beside_it(graded: Results) -> None:
    handed_in = {path.name.removesuffix(".zip") for path in SUBMISSIONS.iterdir()}
    assert handed_in == {path.stem for path in (SAMPLE_CLASS / "expected").iterdir()}, "a file of verdicts for each"
    assert len(handed_in) >= 24, f"the class has {len(handed_in)} submissions"
    assert {record.student for record in graded} == handed_in - {*WAITING}, "every submission has a record"


@pytest.mark.slow
def test_every_submission_of_the_whole_class_has_a_record(whole: Results) -> None:
    handed_in = {path.name.removesuffix(".zip") for path in SUBMISSIONS.iterdir()}
    assert {record.student for record in whole} == handed_in, "every submission has a record"


@pytest.mark.parametrize("path", EXPECTED)
def test_every_verdict_is_as_expected(path: Path, request: pytest.FixtureRequest) -> None:
    graded: Results = request.getfixturevalue("whole" if path.stem in WAITING else "graded")
    expected: dict[str, Any] = tomllib.loads(path.read_text())
    (record,) = [found for found in graded if found.student == path.stem]
    for assignment in record.assignments:
        part = expected.get(assignment.name, {})
        for question in assignment.questions:
            wanted = (
                "ungraded"
                if question.written
                else part.get(question.function, part.get("default", expected["default"]))
            )
            got = verdict_of(question)
            told = [f"{c.name}: {c.verdict} {c.message}" for c in question.checks if c.verdict is not Verdict.PASSED]
            assert got == wanted, f"{assignment.name}.{question.function} is {got}, not {wanted}: {told}"


@pytest.mark.parametrize("which", ["graded", pytest.param("whole", marks=pytest.mark.slow)])
def test_no_wrong_submission_has_full_marks_and_no_record_failed(which: str, request: pytest.FixtureRequest) -> None:
    graded: Results = request.getfixturevalue(which)
    assert not graded.grader_errors, f"the grader failed: {[r.grader_error for r in graded.grader_errors]}"
    for record in graded:
        written = sum(q.max_score for a in record.assignments for q in a.questions if q.written)
        expected = tomllib.loads((SAMPLE_CLASS / "expected" / f"{record.student}.toml").read_text())
        right = expected == {"default": "passed"}
        full = record.score == record.max_score - written
        assert full == right, f"{record.student} has {record.score} of {record.max_score - written}"


@pytest.mark.slow
def test_another_run_gives_the_same_bytes(whole: Results, tmp_path: Path) -> None:
    grade(SUBMISSIONS, tmp_path / "out", jobs=2)
    # What depends on the clock stands in these two: the class page tells who was slow.
    clocked = ("run.json", "index.html")
    files = [path for path in sorted(whole.folder.rglob("*")) if path.is_file() and path.name not in clocked]
    assert len(files) == 3 * len(whole) + 2, "a record, a page and the same as JSON each, the table, the course's file"
    for path in files:
        again = tmp_path / "out" / path.relative_to(whole.folder)
        assert path.read_bytes() == again.read_bytes(), f"{path.name} differs between two runs"


def follow_through(record: Result) -> dict[str, float]:
    questions = [q for a in record.assignments for q in a.questions]
    return {q.function: q.score / q.max_score for q in questions if q.function.endswith("_grad")}


def test_a_gradient_of_ones_own_wrong_function_earns_some(graded: Results) -> None:
    (record,) = [found for found in graded if found.student == "own_wrong_function"]
    assert follow_through(record)["smooth_ap_grad"] > 0.2, f"half of the main check: {follow_through(record)}"
    (record,) = [found for found in graded if found.student == "mistakes_1"]
    assert follow_through(record)["kl_normal_grad"] < 0.5, f"a gradient of nothing earns less: {follow_through(record)}"


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 20))])
def test_other_seeds_give_right_work_the_same_verdicts(seed: int, tmp_path: Path) -> None:
    for name in RIGHT:
        source = SUBMISSIONS / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        (tmp_path / "class").mkdir(exist_ok=True)
        copy(source, tmp_path / "class" / name)
    for record in grade(tmp_path / "class", tmp_path / "out", seed=seed, jobs=1):
        wrong = [c for c in record.checks if c.verdict not in (Verdict.PASSED, Verdict.UNGRADED)]
        assert not wrong, f"{record.student} is right, yet at seed {seed}: {[(c.name, c.message) for c in wrong]}"
