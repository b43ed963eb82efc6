"""What nbgrader shows of a result: a cell's points and message, a comment, and what is beside a proof for staff."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from autograder.course.rubric import read_rubric
from autograder.feedback.comment import code_block, escaped, function_comment
from autograder.feedback.plain_report import PlainFunction, plain
from autograder.feedback.remake import read_shown
from autograder.gradebook.beside_proof import beside
from autograder.gradebook.marks import WRITTEN
from autograder.integrations.nbgrader.course_folder import CourseFolder
from autograder.records.record import AssignmentResult, QuestionResult, Result, points
from autograder.records.reveal import revealed
from autograder.records.written_answers import written_text

MOST_COMMENT = 1000
# A comment is read both as it is, in a text box, and as Markdown: only what would make it act is escaped.
_ACTS = re.compile(r"([\\`*\[\]<>$!])")


@dataclass(frozen=True)
class CellOutputs:
    """One assignment of one student, for nbgrader.

    Args:
        assignment: the result as it stands in the record.
        failed: the grader itself failed: there is no score.
        outputs: by function, what its student may see, as Markdown.
        comments: by function, the same in a few words; None where all is right.
        staff: by written answer, what a person sees who marks it, as Markdown.
    """

    assignment: AssignmentResult
    failed: bool
    outputs: Mapping[str, str]
    comments: Mapping[str, str | None]
    staff: Mapping[str, str]

    def score(self, question: str) -> float | None:
        """The machine's points of a function; None where it has none."""
        found = next((q for q in self.assignment.questions if q.function == question and not q.written), None)
        return None if found is None or self.failed else found.score

    def written(self, question: str) -> str:
        """What the student wrote on a written answer, in a cell or a file."""
        return written_text(self.assignment, question.removeprefix(WRITTEN)).strip()

    def staff_on(self, question: str, shown: str) -> str:
        """What is beside a cell for whoever marks: also what was written elsewhere than in the cell.

        Args:
            question: the written answer.
            shown: the cell's own text.
        """
        written = self.written(question)
        if not written or shown.strip() in written:
            return self.staff[question]
        return f"{self.staff[question]}\n\n**Handed in elsewhere than in this cell:**\n\n{code_block(written, 'text')}"


def told_of(record: Result, assignment: str, place: CourseFolder) -> CellOutputs:
    """What is told of one assignment.

    Raises:
        KeyError: the record has no such assignment.
    """
    found = next((each for each in record.assignments if each.name == assignment), None)
    if found is None:
        raise KeyError(f"the record of {record.student} has no assignment {assignment}")
    only = replace(record, assignments=(found,))
    shown = read_shown(place.records)
    (seen,) = plain(revealed(only, shown.reveal), shown.title).assignments
    functions = {each.name: each for each in seen.functions if not each.written}
    outputs: dict[str, str] = {}
    comments: dict[str, str | None] = {}
    for question in found.questions:
        if question.written:
            continue
        if record.score is None:
            outputs[question.function] = "The grader itself failed: this is not your fault, and a person looks at it."
            comments[question.function] = None
        elif seen.problem:
            outputs[question.function] = f"**{escaped(seen.problem)}**"
            comments[question.function] = _quiet(seen.problem)
        else:
            outputs[question.function] = function_comment(functions[question.function])
            comments[question.function] = _comment(functions[question.function])
    return CellOutputs(found, record.score is None, outputs, comments, _staff(only, found, place))


def _quiet(text: str) -> str:
    return _ACTS.sub(r"\\\1", " ".join(text.split()))[:MOST_COMMENT]


def _comment(function: PlainFunction) -> str | None:
    if function.passed:
        return None
    told = [f"{function.words}, {function.points} points.", function.hint, function.brief]
    if not function.hint and not function.brief:
        failed = [check for check in function.checks if not check.passed]
        told += [text for check in failed for text in (check.hint, check.brief) if text][:2]
    told += [case.line for check in function.checks for case in check.cases if case.line][:1]
    return " ".join(_quiet(text) for text in dict.fromkeys(told) if text)[:MOST_COMMENT]


def _staff(record: Result, assignment: AssignmentResult, place: CourseFolder) -> dict[str, str]:
    rubric = place.solutions / assignment.name / "rubric.toml"
    answers = read_rubric(rubric) if rubric.exists() else ()
    verdicts = beside([record], {assignment.name: answers}).verdicts
    told = {}
    for question in assignment.questions:
        if question.written:
            verdict = verdicts.get((record.student, f"{assignment.name}.{question.function}.1"), "")
            told[question.function] = _beside(question, verdict)
    return told


def _beside(question: QuestionResult, verdict: str) -> str:
    """The rubric, and the machine's verdict of the same proof line by line."""
    lines = ["**For whoever marks; students never see this.**", ""]
    lines += [f"- {points(check.max_points)}: {check.title}" for check in question.checks]
    if verdict:
        lines += ["", f"**The machine's verdict of the derivation.** {escaped(verdict)}"]
    return "\n".join(lines)
