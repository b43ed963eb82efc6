"""What can be marked in a record, and the hash of what a mark was given on."""

import pytest
from msgspec.structs import replace

from autograder.gradebook import marks as marks_module
from autograder.gradebook.marks import Mark, MarkableCriterion, items, mark_hash, question_of
from autograder.judging.verdicts import Verdict
from autograder.records.fingerprint import digest
from autograder.records.record import AssignmentResult, CheckResult, QuestionResult, Result
from tests.values import changeable

ANSWERS = "## 1. The proof\n\nBecause.\n\n## 2. The rest\n\nTrivially.\n"


def criterion(number: int, points: float) -> CheckResult:
    return CheckResult(f"criterion_{number}", f"Says {number}", Verdict.UNGRADED, 0.0, points)


def assignment(name: str, submission: str = "s") -> AssignmentResult:
    questions = (
        QuestionResult("f", 1.5, 4.0, (CheckResult("values", "Is right", Verdict.FAILED, 1.5, 4.0),)),
        QuestionResult("written_1", 0.0, 4.0, (criterion(1, 3.0), criterion(2, 1.0)), written=True),
        QuestionResult("written_2", 0.0, 2.0, (criterion(1, 2.0),), written=True),
    )
    return AssignmentResult(name, name.upper(), 1.5, 10.0, questions, answers=ANSWERS, submission=submission)


RECORD = Result("anna", 3.0, 20.0, (assignment("a"), assignment("b")))


def test_each_criterion_of_each_written_answer_can_be_marked() -> None:
    found = list(items(RECORD))
    names = ["written_1.1", "written_1.2", "written_2.1"]
    assert [item.item for item in found] == [f"{a}.{name}" for a in "ab" for name in names], f"in order: {found}"
    because = digest(["Because."])
    assert found[1] == MarkableCriterion(
        student="anna",
        item="a.written_1.2",
        assignment="a",
        answer="1",
        criterion=2,
        text="Says 2",
        max_points=1.0,
        written="Because.",
        of=because,
    ), f"with what is asked and what was written: {found[1]}"
    assert found[2].written == "Trivially.", f"each answer its own words: {found[2]}"


def test_an_item_names_an_assignment_and_a_question() -> None:
    a, b = RECORD.assignments
    assert question_of(RECORD, "b") == (b, None), "a whole assignment"
    assert question_of(RECORD, "b.f") == (b, b.questions[0]), "a function"
    assert question_of(RECORD, "a.written_1.2") == (a, a.questions[1]), "a criterion is of its answer"
    assert question_of(RECORD, "a.absent") == (a, None), "a question that is not there"
    assert question_of(RECORD, "c.f") == (None, None), "an assignment that is not there"
    assert question_of(RECORD, "aa") == (None, None) and question_of(RECORD, "") == (None, None), "names are whole"
    assert question_of(RECORD, "a.") == (a, None), "nothing below it is the whole"


def test_a_marks_hash_is_of_what_it_was_given_on() -> None:
    assert mark_hash(RECORD, "a.written_1.2") == digest(["Because."]), "of a criterion, the answer"
    assert mark_hash(RECORD, "a.written_2.1") == digest(["Trivially."]), "of each its own"
    assert mark_hash(RECORD, "a.f") == digest(["s", "1.5"]), "of an override, the submission and the score"
    assert mark_hash(RECORD, "a") == digest(["s", "1.5"]), "also of a whole assignment"
    assert mark_hash(RECORD, "a.written_1") == digest(["s", "0"]), "also of a whole written answer"
    other = replace(RECORD, assignments=(assignment("a", "t"), replace(assignment("b"), score=2.0)))
    assert mark_hash(other, "a.f") == digest(["t", "1.5"]), "another submission"
    assert mark_hash(other, "b") == digest(["s", "2"]), "another score"


@pytest.mark.parametrize(
    "item", ["c", "c.f", "a.absent", "a.written_1.3", "a.written_3.1", "a.f.1", "", "a.written_1.1.1"]
)
def test_what_is_not_there_has_no_hash(item: str) -> None:
    assert mark_hash(RECORD, item) == "", f"the record has no {item!r}"


@pytest.mark.parametrize(
    ("item", "override"),
    [("a", True), ("a.f", True), ("a.written_1", True), ("a.written_1.1", False), ("a.b.c.d", False)],
)
def test_what_stands_in_place_of_a_score_is_an_override(item: str, override: bool) -> None:
    assert Mark("anna", item, 1.0).is_override is override, f"{item}: one criterion's is none"


def test_values_do_not_change() -> None:
    assert changeable(marks_module) == [], "a value that can change is no fact"
