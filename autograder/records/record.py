"""The record of one submission, and the table of a class. Everything after grading reads only this.

The record's JSON has the fixed fields student, score, max_score and assignments (see the README); the same submission,
exam and seed give the same bytes, so nothing that depends on the clock stands in it.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from autograder.course.settings import Course
from autograder.files.table_writing import table_bytes
from autograder.files.writing import write_whole
from autograder.judging.counterexample import Counterexample
from autograder.judging.evidence import Evidence, Number
from autograder.judging.finding import Finding
from autograder.judging.judgement import SmallestCase
from autograder.judging.levels import Reveal
from autograder.judging.verdicts import Verdict
from autograder.submissions.receipt import Attachment, Receipt
from autograder.submissions.submission import HandedIn

# Of the record's form. Raised when a field changes its meaning or goes; a new field alone changes nothing.
SCHEMA_VERSION = 2


class CurveResult(msgspec.Struct, frozen=True):
    """A failed function along one number; `got` is None where no number came back. It holds no hidden case."""

    title: str
    label: str
    log: bool
    over: tuple[float, ...]
    got: tuple[Number | None, ...]
    expected: tuple[Number, ...]


class SourceFile(msgspec.Struct, frozen=True):
    """A file of the student's code: its path beside the module, and its text, cut where it is very long."""

    path: str
    text: str


class CheckResult(msgspec.Struct, frozen=True):
    """One check: what was found as data, and the same in words for programs.

    `brief` holds nothing of a hidden case; `message`, `case` and `evidence` do. These texts and `hint` are made of
    `finding`, `failing`, `notes` and `diagnosis` by `feedback.words`. `kind` is that of the declaration ("value",
    "gradient", ...), or "criterion"; `reveal` is the check's own level. `example` is of a case that is none of the
    hidden ones, and may be shown with what is right.
    """

    name: str
    title: str
    verdict: Verdict
    points: float
    max_points: float
    message: str = ""
    hint: str = ""
    brief: str = ""
    case: SmallestCase | None = None
    kind: str = "value"
    reveal: Reveal | None = None
    evidence: Evidence | None = None
    finding: Finding | None = None
    failing: tuple[int, int] | None = None
    notes: tuple[Finding, ...] = ()
    diagnosis: Finding | None = None
    example: Counterexample | None = None


class QuestionResult(msgspec.Struct, frozen=True):
    """One function, or one written answer; `mistakes` are the known ones that the answers agree with.

    `task` says once more what is asked, in Markdown with `$formulas$`; `comment` is what a person says of a written
    answer.
    `depends_on` are failed functions that this failed one builds on or calls.
    `exam` and `engine` are the hashes of what was asked and of the engine that graded it.
    """

    function: str
    score: float
    max_score: float
    checks: tuple[CheckResult, ...]
    written: bool = False
    mistakes: tuple[str, ...] = ()
    task: str = ""
    comment: str = ""
    curves: tuple[CurveResult, ...] = ()
    exam: str = ""
    engine: str = ""
    depends_on: tuple[str, ...] = ()


class EarlierQuestion(msgspec.Struct, frozen=True):
    """A function in an earlier hand-in: its points, and the names of the checks that failed."""

    function: str
    score: float
    failed: tuple[str, ...] = ()


class EarlierHandIn(msgspec.Struct, frozen=True):
    """What a student had handed in before: of each function that was asked then as it is now, how it did.

    `at` is the platform's time of it, where it is known; `submission` the hash of what was read.
    """

    questions: tuple[EarlierQuestion, ...]
    at: str = ""
    submission: str = ""


class AssignmentResult(msgspec.Struct, frozen=True):
    """One assignment; `file` is what was graded, `problem` why nothing was.

    `notes` tell what failed while `file` was imported, though the rest was graded; they hold nothing of a hidden case.
    `failure` and `failed_statements` are what was found, of which `problem` and `notes` are made.
    `sources` are the module or cells, and helpers in which something was raised; `answers` is the Markdown of the
    answer sheet, bounded. `unusual` is for staff: what in the code no answer has a use for. `submission` is the hash of
    all that was read. `at` and `late` are the platform's, of the hand-in that this assignment was graded from; `before`
    is the one that it took the place of. `attachments` are written work that is no text, each with where in the hand-in
    it lies; `receipt` says what is graded and what is left out.
    """

    name: str
    title: str
    score: float
    max_score: float
    questions: tuple[QuestionResult, ...]
    file: str | None = None
    problem: str = ""
    notes: tuple[str, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    answers: str | None = None
    unusual: tuple[str, ...] = ()
    submission: str = ""
    at: str = ""
    late: bool | None = None
    failure: Finding | None = None
    failed_statements: tuple[Finding, ...] = ()
    before: EarlierHandIn | None = None
    attachments: tuple[Attachment, ...] = ()
    receipt: Receipt | None = None


class Result(msgspec.Struct, frozen=True):
    """The record of one student. The score is None where the grader itself failed: that is no student's zero.

    `schema_version` counts the changes of this form that a program which reads records must know of; it is published
    as docs/record.schema.json. Records of version 0.1 of the package had none.
    """

    student: str
    score: float | None
    max_score: float
    assignments: tuple[AssignmentResult, ...]
    notes: tuple[str, ...] = ()
    grader_error: str = ""
    handed_in: HandedIn | None = None
    schema_version: int = SCHEMA_VERSION

    @property
    def checks(self) -> Iterator[CheckResult]:
        """All checks of all questions."""
        for assignment in self.assignments:
            for question in assignment.questions:
                yield from question.checks


def encode(result: Result) -> bytes:
    """The record's JSON, indented, one line end at its end."""
    return msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n"


def decode(data: bytes) -> Result:
    """The record that `encode` made.

    Raises:
        msgspec.DecodeError: it is not a record.
    """
    return msgspec.json.decode(data, type=Result)


class RunCourse(msgspec.Struct, frozen=True):
    """`course.json` of a run: what its pages were made with. `rules` are the course's settings without any seed."""

    title: str = ""
    reveal: Reveal = Reveal.HINT
    rules: Course | None = None


def shown_of(course: Course) -> RunCourse:
    """What stands in `course.json`: the seeds are the course's secret, and no page needs them."""
    plain = {name: msgspec.structs.replace(terms, seed=None) for name, terms in course.assignments.items()}
    return RunCourse(course.title, course.reveal, msgspec.structs.replace(course, seed=0, assignments=plain))


def write_shown(folder: Path, shown: RunCourse) -> None:
    """Write the run's `course.json`, if it is not there as it must be."""
    path, data = folder / "course.json", msgspec.json.format(msgspec.json.encode(shown), indent=2) + b"\n"
    if not path.exists() or path.read_bytes() != data:
        write_whole(path, data)


def points(value: float) -> str:
    """Points for people and tables: no more digits than needed."""
    return f"{round(value, 4):g}"


def scores_csv(results: Iterable[Result]) -> bytes:
    """One row per student: `student,total,max,` then a column per `assignment.function`.

    A written answer that waits for a person is empty; so are all scores of a record that the grader could not make.
    """
    rows = sorted(results, key=lambda result: result.student)
    columns = dict.fromkeys(f"{a.name}.{q.function}" for r in rows for a in r.assignments for q in a.questions)
    table = [["student", "total", "max", *columns]]
    for result in rows:
        total = "" if result.score is None else points(result.score)
        scores = {} if result.score is None else _question_scores(result)
        row = [result.student, total, points(result.max_score)]
        table.append([*row, *(scores.get(column, "") for column in columns)])
    return table_bytes(table, line_end="\n")


def _question_scores(result: Result) -> dict[str, str]:
    return {
        f"{assignment.name}.{question.function}": points(question.score)
        for assignment in result.assignments
        for question in assignment.questions
        if not all(check.verdict is Verdict.UNGRADED for check in question.checks)
    }
