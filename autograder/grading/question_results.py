"""From judgements to what a record holds: results of checks, questions and assignments; and of our own failure."""

import difflib
import traceback
from collections.abc import Sequence

from autograder.authoring.kinds.kind import DrawnCheck
from autograder.course.rubric import WrittenAnswer
from autograder.exam.exam import Exam, Part, Question
from autograder.feedback.words import worded
from autograder.grading.time_limits import timed
from autograder.judging import judgement
from autograder.judging.counterexample import Counterexample
from autograder.judging.finding import Finding, Plain
from autograder.judging.judgement import Judgement
from autograder.judging.outcomes import no_value
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CheckResult, CurveResult, QuestionResult, Result
from autograder.sandbox.answers import Ended, FailedStatement, Missing, Raised
from autograder.sandbox.inside.usual_limits import IMPORT_SECONDS
from autograder.submissions.source_text import encoding_of, is_text

# Of the statements of one work that fail on import, so many are told.
MOST_NOTES = 10


def not_imported(path: str, failure: Raised | Ended, source: bytes) -> Judgement:
    """The judgement of every check of a module that cannot be imported."""
    found = no_value(failure)
    assert found is not None
    found = timed(found, on_import=IMPORT_SECONDS)
    evidence = judgement.of(found).evidence
    unreadable = isinstance(failure, Raised) and (failure.is_a("SyntaxError") or failure.is_a("UnicodeError"))
    if unreadable and not is_text(source):
        about: dict[str, Plain] = {"path": path, "encoding": encoding_of(source)}
        return judgement.of(Finding(found.verdict, "not_text", about), evidence)
    return judgement.of(Finding(found.verdict, "not_imported", {"path": path}, part=found), evidence)


def failed_statements(troubles: Sequence[FailedStatement]) -> tuple[Finding, ...]:
    """What is found of statements that failed on import while the rest was read; nothing that they could make up."""
    found = []
    for trouble in troubles[:MOST_NOTES]:
        wrong = no_value(trouble.answer)
        assert wrong is not None
        ended = isinstance(trouble.answer, Ended)
        about: dict[str, Plain] = {"file": trouble.file, "line": trouble.line} if ended else {}
        part = timed(wrong, on_import=IMPORT_SECONDS)
        found.append(Finding(wrong.verdict, "failed_statement", about, part=part))
    if len(troubles) > MOST_NOTES:
        found.append(Finding(Verdict.RAISED, "more_failed_statements", {"count": len(troubles) - MOST_NOTES}))
    return tuple(found)


def no_function(function: str, missing: Missing, passed_over: str = "") -> Judgement:
    """The judgement of every check of a function that is not there; a near name is told.

    Args:
        function: its name.
        missing: the names that are there.
        passed_over: the cell that it stands in, and why that is not run; empty where it stands in none.
    """
    if passed_over:
        about: dict[str, Plain] = {"function": function, "passed_over": passed_over}
        return Judgement(Verdict.MISSING, Finding(Verdict.MISSING, "function_not_run", about))
    near = difflib.get_close_matches(function, missing.names, n=1, cutoff=0.75)
    # The names come from the process; only one that looks like the right name is told.
    hint = Finding(Verdict.MISSING, "near_name", {"name": near[0]}) if near and near[0].isidentifier() else None
    return Judgement(Verdict.MISSING, Finding(Verdict.MISSING, "no_such_function", {"function": function}), hint=hint)


def not_read(module: str, problem: str) -> Judgement:
    """The judgement of every check of an assignment of which nothing could be taken."""
    if problem:
        return judgement.of(Finding(Verdict.MISSING, "not_read", {"problem": problem}))
    return judgement.of(Finding(Verdict.MISSING, "no_file", {"module": module}))


def rounded(value: float) -> float:
    """Points without the dust of adding floats."""
    return round(value, 6)


def _check_result(check: DrawnCheck, judged: Judgement, example: Counterexample | None) -> CheckResult:
    declared = check.check
    return CheckResult(
        name=declared.name,
        title=declared.title,
        verdict=judged.verdict,
        points=rounded(declared.points * judged.share),
        max_points=declared.points,
        case=judged.case,
        kind=declared.kind.name,
        reveal=declared.reveal,
        evidence=judged.evidence,
        finding=judged.finding,
        failing=judged.failing,
        notes=judged.notes,
        diagnosis=judged.hint,
        example=example,
    )


def question_result(
    question: Question,
    judged: Sequence[Judgement],
    mistakes: tuple[str, ...] = (),
    curves: tuple[CurveResult, ...] = (),
    examples: Sequence[Counterexample | None] | None = None,
) -> QuestionResult:
    """The result of a function from the judgements of its checks, in order, and their counterexamples."""
    each = zip(question.checks, judged, examples or [None] * len(judged), strict=True)
    checks = tuple(_check_result(*one) for one in each)
    return QuestionResult(
        function=question.function,
        score=rounded(sum(check.points for check in checks)),
        max_score=rounded(sum(check.max_points for check in checks)),
        checks=checks,
        mistakes=mistakes,
        task=question.asked,
        curves=curves,
    )


def unanswered(question: Question, judged: Judgement) -> QuestionResult:
    """The result of a function of which every check ends alike."""
    return question_result(question, [judged] * len(question.checks))


def written_question(answer: WrittenAnswer) -> QuestionResult:
    """The result of a written answer, before a person has marked it."""
    checks = tuple(
        CheckResult(
            name=f"criterion_{number}",
            title=criterion.text,
            verdict=Verdict.UNGRADED,
            points=0.0,
            max_points=criterion.points,
            kind="criterion",
            finding=Finding(Verdict.UNGRADED, "waits"),
        )
        for number, criterion in enumerate(answer.criteria, start=1)
    )
    return QuestionResult(f"written_{answer.id}", 0.0, answer.points, checks, written=True, task=answer.task)


def assignment_result(
    part: Part,
    questions: Sequence[QuestionResult],
    file: str | None,
    problem: str = "",
    failure: Finding | None = None,
    statements: tuple[Finding, ...] = (),
) -> AssignmentResult:
    """The result of an assignment.

    Args:
        part: of the exam.
        questions: its functions' results; the written answers are added.
        file: what was graded.
        problem: of the choice of the file.
        failure: what kept all of it from being graded.
        statements: that failed while the file was imported.
    """
    everything = (*questions, *(written_question(answer) for answer in part.written))
    return AssignmentResult(
        name=part.name,
        title=part.title,
        score=rounded(sum(question.score for question in everything)),
        max_score=rounded(sum(question.max_score for question in everything)),
        questions=everything,
        file=file,
        problem=problem,
        failure=failure,
        failed_statements=statements,
    )


def grader_error(exam: Exam, student: str, error: BaseException) -> Result:
    """The record where the grader itself failed: no score, and what a maintainer needs."""
    text = "".join(traceback.format_exception(error))[-4000:]
    gone = judgement.of(Finding(Verdict.GRADER_ERROR, "grader_failed", {"error": type(error).__name__}))
    parts = [assignment_result(part, [unanswered(q, gone) for q in part.questions], None) for part in exam.parts]
    total = rounded(sum(part.max_score for part in parts))
    return worded(Result(student, None, total, tuple(parts), grader_error=text))
