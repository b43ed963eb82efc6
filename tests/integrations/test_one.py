"""One submission, as platforms hand them over: graded as in a class, with the course's policy on lateness."""

from pathlib import Path

from autograder.integrations.single import grade_one
from autograder.submissions import Entry, HandedIn
from tests.small import REFERENCE
from tests.small.making import WRONG, course, run

LATE = """
[assignments.b1_squares]
due = 2026-03-01T12:00:00+00:00
weight = 100.0
[late]
penalty = 0.25
"""


def handed_in(folder: Path, source: str, at: str = "") -> Entry:
    (folder / "work").mkdir(exist_ok=True)
    (folder / "work" / "squares.py").write_text(source)
    return Entry("anna@uni.example", folder / "work", handed_in=HandedIn(at=at))


def test_the_record_is_that_of_a_class(tmp_path: Path) -> None:
    solutions = course(tmp_path / "solutions")
    for source in (REFERENCE, WRONG):
        graded = grade_one(handed_in(tmp_path, source), solutions, isolation="none")
        (tmp_path / "class" / "anna@uni.example").mkdir(parents=True, exist_ok=True)
        (tmp_path / "class" / "anna@uni.example" / "squares.py").write_text(source)
        (record,) = run(tmp_path / "class", tmp_path / "out", solutions)
        assert graded.score == record.score, f"the same score: {graded.score} and {record.score}"
        assert graded.final.record.assignments[0].questions == record.assignments[0].questions, "check by check"


def test_lateness_counts_and_weights_do_not(tmp_path: Path) -> None:
    solutions = course(tmp_path / "solutions", LATE)
    early = grade_one(handed_in(tmp_path, REFERENCE, "2026-03-01T10:00:00Z"), solutions, isolation="none")
    late = grade_one(handed_in(tmp_path, REFERENCE, "2026-03-02T10:00:00Z"), solutions, isolation="none")
    assert early.score == 16.0, f"points, not shares of the course's total: {early.score}"
    most = early.final.assignments[0].max_score
    assert late.score == 16.0 - 0.25 * most, f"a quarter of {most} points for the first day: {late.score}"
    (told,) = late.final.applied
    assert "22 h after it was due" in told, f"that is told, and nothing of weights: {told}"


def test_cases_of_each_student_are_theirs(tmp_path: Path) -> None:
    solutions = course(tmp_path / "solutions", top='cases = "per-student"')
    assert grade_one(handed_in(tmp_path, REFERENCE), solutions, isolation="none").score == 16.0, "its own exam is made"
