"""What a record keeps of the hand-in before: one of another submission, as far as the same was asked."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from autograder.grading.earlier import earlier_of
from autograder.grading.grader import Grader
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, EarlierHandIn, Result
from tests.feedback.making import check, question
from tests.small import REFERENCE
from tests.small.making import WRONG, hand_in, run


def assignment(submission: str, **more: object) -> AssignmentResult:
    questions = (
        question("f", [check("a", 1.0), check("b", 0.0)], exam="one"),
        question("g", [check("c", 0.0, verdict=Verdict.RAISED)], exam="one"),
        question("written_1", [check("k", 0.0, verdict=Verdict.UNGRADED)], written=True, exam="one"),
    )
    return replace(AssignmentResult("a1", "The first", 1.0, 4.0, questions, submission=submission), **more)


def test_the_one_of_another_submission_is_kept_in_short() -> None:
    found = earlier_of(assignment("old", at="2023-05-01"), assignment("new"), failed=False)
    assert found is not None, "another submission came before"
    assert [(q.function, q.score, q.failed) for q in found.questions] == [("f", 1.0, ("b",)), ("g", 0.0, ("c",))], (
        f"points, and the checks that failed; a written answer is not the machine's: {found}"
    )
    assert (found.at, found.submission) == ("2023-05-01", "old"), f"when, and which: {found}"


def test_a_first_hand_in_has_none_before_it() -> None:
    assert earlier_of(None, assignment("new"), failed=False) is None, "nothing was there"


def test_grading_the_same_again_keeps_what_was_known() -> None:
    before = earlier_of(assignment("older"), assignment("old"), failed=False)
    again = earlier_of(assignment("old", before=before), assignment("old"), failed=False)
    assert again == before, "a new engine or rubric is no new hand-in"


def test_a_failure_of_the_grader_is_no_hand_in() -> None:
    before = earlier_of(assignment("older"), assignment(""), failed=False)
    assert before is not None, "the record in which the grader failed keeps it"
    found = earlier_of(assignment("", before=before), assignment("new"), failed=True)
    assert found == before, "and hands it on"
    same = earlier_of(assignment("", before=before), assignment("older"), failed=True)
    assert same is None, "the same hand-in, graded at last, has changed nothing since"


def test_what_is_asked_in_another_way_is_not_compared() -> None:
    new = assignment("new")
    changed = replace(new, questions=tuple(replace(q, exam="two") if q.function == "f" else q for q in new.questions))
    found = earlier_of(assignment("old"), changed, failed=False)
    assert found is not None and [q.function for q in found.questions] == ["g"], f"f is another question now: {found}"
    none = replace(new, questions=tuple(replace(q, exam="two") for q in new.questions))
    assert earlier_of(assignment("old"), none, failed=False) is None, "nothing is left to compare"


def before_of(result: Result) -> EarlierHandIn | None:
    return result.assignments[0].before


def second(tmp_path: Path) -> tuple[Path, Path]:
    """The folders of submissions and of results, after anna has handed in wrong work and then right work."""
    folder, out = hand_in(tmp_path / "submissions", {"anna": WRONG, "berta": REFERENCE}), tmp_path / "out"
    run(folder, out)
    hand_in(folder, {"anna": REFERENCE})
    return folder, out


def test_a_second_hand_in_is_compared_with_the_first(tmp_path: Path) -> None:
    folder, out = second(tmp_path)
    anna, berta = run(folder, out).records
    earlier = before_of(anna)
    assert earlier is not None, "anna handed in before"
    scores = {q.function: q.score for q in earlier.questions}
    assert scores["total"] == 1.0, f"one check of four passed then: {scores}"
    assert before_of(berta) is None, "berta did not"
    page = (out / "feedback" / "anna.html").read_text()
    assert "Since your last hand-in: +4 points" in page, "the page says it"
    assert "total now passes." in page, "and what passes now"


@pytest.mark.slow
def test_it_outlives_regrades_and_failures_of_the_grader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out = second(tmp_path)
    earlier = before_of(run(folder, out).records[0])
    assert before_of(run(folder, out, force=True).records[0]) == earlier, "graded again, it is the same"
    assert before_of(run(folder, out, seed=5).records[0]) is None, "with other cases nothing can be compared"

    def fail(self: Grader, submission: object) -> object:
        raise RuntimeError("a fault of ours")

    hand_in(folder, {"anna": WRONG})
    run(folder, out)
    with monkeypatch.context() as patch:
        patch.setattr(Grader, "grade", fail)
        hand_in(folder, {"anna": REFERENCE + "# again"})
        assert run(folder, out).grader_errors, "the grader failed"
    kept = before_of(run(folder, out).records[0])
    assert kept is not None, "what was before the failure is not lost"
    assert {q.function: q.score for q in kept.questions}["total"] == 1.0, f"as it was then: {kept}"
