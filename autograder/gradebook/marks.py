"""What can be marked in a record, and one mark."""

from collections.abc import Iterator

import msgspec

from autograder.records.fingerprint import digest
from autograder.records.record import AssignmentResult, QuestionResult, Result, points
from autograder.records.written_answers import written_text

WRITTEN = "written_"


class Mark(msgspec.Struct, frozen=True):
    """Points that a person gave.

    `item` is a criterion ("a4_smooth_ap.written_4a.1") or, to override, a function, a written answer or a whole
    assignment ("a4_smooth_ap.smooth_ap", "a4_smooth_ap"); `comment` is for the student, and of an override the reason;
    `of` is the hash of what was marked.
    """

    student: str
    item: str
    points: float
    comment: str = ""
    of: str = ""

    @property
    def is_override(self) -> bool:
        """Whether it stands in place of a score, rather than being one criterion's."""
        return self.item.count(".") < 2


class MarkableCriterion(msgspec.Struct, frozen=True):
    """One criterion of one student's written answer: what a person is asked.

    `attached` is the written work of the assignment that is no text, each with where it lies; `of` is the hash of all
    that a mark would be given on; `also` are the others of a group whose answer it is.
    """

    student: str
    item: str
    assignment: str
    answer: str
    criterion: int
    text: str
    max_points: float
    written: str
    of: str
    attached: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def whose(self) -> str:
        """All whose answer it is."""
        return ", ".join((self.student, *self.also))


def items(record: Result) -> Iterator[MarkableCriterion]:
    """All criteria of a student's written answers."""
    for assignment in record.assignments:
        for question in assignment.questions:
            if not question.written:
                continue
            answer = question.function.removeprefix(WRITTEN)
            text = written_text(assignment, answer)
            # Another picture is another answer, as another text is.
            of = digest([text, *(one.hash for one in assignment.attachments)])
            for number, check in enumerate(question.checks, start=1):
                name = f"{assignment.name}.{question.function}.{number}"
                yield MarkableCriterion(
                    student=record.student,
                    item=name,
                    assignment=assignment.name,
                    answer=answer,
                    criterion=number,
                    text=check.title,
                    max_points=check.max_points,
                    written=text,
                    of=of,
                    attached=tuple(one.words for one in assignment.attachments),
                )


def question_of(record: Result, item: str) -> tuple[AssignmentResult | None, QuestionResult | None]:
    """The assignment and the question that an item names; None where the record has none."""
    name, _, rest = item.partition(".")
    assignment = next((found for found in record.assignments if found.name == name), None)
    function = rest.partition(".")[0]
    if assignment is None or not function:
        return assignment, None
    return assignment, next((found for found in assignment.questions if found.function == function), None)


def mark_hash(record: Result, item: str) -> str:
    """The hash of what a mark on this item would be given on; empty where the record has no such item.

    Of a criterion that is the answer's text; of an override the submission and the machine's score.
    """
    assignment, question = question_of(record, item)
    depth = item.count(".")
    if assignment is None or (depth and question is None):
        return ""
    if depth >= 2:
        return next((found.of for found in items(record) if found.item == item), "")
    score = question.score if question else assignment.score
    return digest([assignment.submission, points(score)])
