"""Records without what only a student's own page shows: of these a class of any size fits into memory.

Most students give the same on a check as somebody else, so that equal parts of two records are one and the same value.
"""

from collections import defaultdict
from typing import Any, TypeVar

from msgspec.structs import replace

from autograder.records.record import AssignmentResult, CheckResult, QuestionResult, Result
from autograder.records.written_answers import own_answers
from autograder.submissions.receipt import Receipt

CHANGES_RECORDS = False

T = TypeVar("T")


class CompactRecords:
    """Makes records light; one is kept for each part that is different."""

    def __init__(self) -> None:
        # By type: 1 is equal to 1.0, and to True.
        self._kept: defaultdict[type, dict[Any, Any]] = defaultdict(dict)

    def one(self, value: T) -> T:
        """The first value that was equal to this one."""
        kept: T = self._kept[type(value)].setdefault(value, value)
        return kept

    def record(self, result: Result) -> Result:
        """A record with scores, verdicts, mistakes and notes; without words on cases, code and pictures."""
        return replace(
            result,
            score=self.one(result.score),
            max_score=self.one(result.max_score),
            assignments=tuple(self._assignment(assignment) for assignment in result.assignments),
        )

    def _assignment(self, assignment: AssignmentResult) -> AssignmentResult:
        light = replace(
            assignment,
            name=self.one(assignment.name),
            title=self.one(assignment.title),
            score=self.one(assignment.score),
            max_score=self.one(assignment.max_score),
            file=self.one(assignment.file),
            questions=tuple(self._question(question) for question in assignment.questions),
            sources=(),
            answers=_answered(assignment),
            submission="",
            failure=None,
            failed_statements=(),
            before=None,
            receipt=_asked_of_a_person(assignment.receipt),
        )
        return self.one(light)

    def _question(self, question: QuestionResult) -> QuestionResult:
        checks = tuple(self._check(check) for check in question.checks)
        light = replace(
            question,
            function=self.one(question.function),
            score=self.one(question.score),
            max_score=self.one(question.max_score),
            checks=checks,
            task="",
            comment="",
            curves=(),
            exam="",
            engine="",
        )
        return self.one(light)

    def _check(self, check: CheckResult) -> CheckResult:
        bare = replace(check, message="", brief="", case=None, evidence=None)
        return self.one(replace(bare, finding=None, failing=None, notes=(), diagnosis=None, example=None))


def _asked_of_a_person(receipt: Receipt | None) -> Receipt | None:
    """Of a receipt, what a person has to decide: the page of a class says no more of it."""
    return Receipt(question=receipt.question) if receipt is not None and receipt.question else None


def _answered(assignment: AssignmentResult) -> str | None:
    """Of an answer sheet, which answers are there: its headings stay, and a letter for what stands below."""
    own = own_answers(assignment)
    if not own:
        return "x" if assignment.answers else assignment.answers
    return "\n".join(f"## {name.removeprefix('written_')}\n{'x' if text else ''}" for name, text in own.items())
