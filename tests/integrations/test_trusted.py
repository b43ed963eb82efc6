"""A record is trusted by its hashes: one of another hand-in, exam or engine is told from the one that is wanted."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from autograder.errors import EngineError
from autograder.grading.plan import LoadedCourse, load_course
from autograder.integrations.trusted import Asked, another_submission, asked_now, refuse_another, why_another
from autograder.records.record import Result
from autograder.submissions import Entry, Submission, read_submission
from tests.integrations.two_assignments import GRADED, OTHER, two_assignments
from tests.small import REFERENCE
from tests.small.making import WRONG, course, hand_in, run


class Taken:
    """A student's record, what was read of the hand-in, and what is asked."""

    def __init__(self, folder: Path, solutions: Path) -> None:
        self.solutions = solutions
        self.submissions = hand_in(folder / "class", {"anna": REFERENCE})
        (self.record,) = run(self.submissions, folder / "out", solutions)
        self.entry = Entry("anna", self.submissions / "anna")

    def loaded(self) -> LoadedCourse:
        return load_course(self.solutions, [GRADED], None, None)

    def read(self) -> Submission:
        return read_submission(self.entry, self.loaded().modules)

    def why(self, record: Result | None = None, assignment: str = GRADED, asked: Asked | None = None) -> str:
        asked = asked or asked_now(self.loaded(), ["anna"])
        return why_another(record or self.record, assignment, self.read(), asked)


@pytest.fixture
def taken(tmp_path: Path) -> Taken:
    return Taken(tmp_path, two_assignments(tmp_path / "solutions"))


def test_the_record_of_what_is_there_may_be_taken(taken: Taken) -> None:
    assert taken.why() == "", "nothing has changed"
    assert taken.why(assignment=OTHER) == "", "nothing was handed in for the other, and the record says so"
    refuse_another(taken.record, taken.loaded(), taken.entry)


def test_another_hand_in_is_told(taken: Taken) -> None:
    hand_in(taken.submissions, {"anna": WRONG})
    assert "another hand-in of b1_squares" in taken.why(), f"{taken.why()!r}"
    assert taken.why(assignment=OTHER) == "", "for the other assignment nothing has changed"
    with pytest.raises(EngineError, match="no score is written down"):
        refuse_another(taken.record, taken.loaded(), taken.entry)


def test_another_exam_is_told(taken: Taken) -> None:
    questions = taken.solutions / GRADED / "questions.py"
    questions.write_text(f"{questions.read_text()}\n# changed\n")
    assert "another exam of b1_squares" in taken.why() and "total" in taken.why(), f"{taken.why()!r}"


def test_a_changed_rubric_is_another_exam(taken: Taken) -> None:
    rubric = taken.solutions / GRADED / "rubric.toml"
    rubric.write_text(rubric.read_text().replace("points = 2", "points = 3"))
    assert "(written_1)" in taken.why(), f"only the written answer is asked otherwise: {taken.why()!r}"


def test_a_record_with_a_hole_is_told(taken: Taken) -> None:
    (first, second) = taken.record.assignments
    holed = msgspec.structs.replace(first, questions=first.questions[1:])
    record = msgspec.structs.replace(taken.record, assignments=(holed, second))
    assert "another exam" in taken.why(record) and first.questions[0].function in taken.why(record), taken.why(record)


def test_another_engine_is_told(taken: Taken) -> None:
    other = msgspec.structs.replace(asked_now(taken.loaded(), ["anna"]), engine="0" * 20)
    assert "another engine" in taken.why(asked=other), f"{taken.why(asked=other)!r}"


def test_another_student_and_a_missing_assignment_are_told(taken: Taken) -> None:
    record = msgspec.structs.replace(taken.record, student="berta")
    assert taken.why(record) == "is of berta, not of anna", f"{taken.why(record)!r}"
    record = msgspec.structs.replace(taken.record, assignments=())
    assert taken.why(record) == "holds nothing of b1_squares", f"{taken.why(record)!r}"
    assert another_submission(record, "anna", {}) == "", "of nothing nothing is wanted"


def test_a_record_without_a_score_gives_none_to_anybody(taken: Taken) -> None:
    hand_in(taken.submissions, {"anna": WRONG})
    record = msgspec.structs.replace(taken.record, score=None)
    assert taken.why(record) == "", "what the grader failed on says so, and has no score to take"


def test_what_is_asked_can_be_sent(taken: Taken) -> None:
    asked = asked_now(taken.loaded(), ["anna"])
    assert msgspec.json.decode(msgspec.json.encode(asked), type=Asked) == asked, "all of it arrives"


def test_each_students_own_exam_is_theirs(tmp_path: Path) -> None:
    taken = Taken(tmp_path, course(tmp_path / "solutions", top='cases = "per-student"'))
    assert taken.why() == "", "anna sat her own"
    assert "another exam" in taken.why(asked=asked_now(taken.loaded(), ["berta"])), "and not berta's"
    hers = asked_now(taken.loaded(), ["berta"]).exams["berta"]
    record = msgspec.structs.replace(taken.record, student="berta")
    submission, asked = replace(taken.read(), student="berta"), asked_now(taken.loaded(), ["anna", "berta"])
    assert hers != asked.exams["anna"], "two students are asked different cases"
    assert "another exam" in why_another(record, GRADED, submission, asked), "a record that was renamed is not hers"
