"""Marks one submission: lets it sit each part of the exam in a slot, judges the answers, and makes the record."""

import difflib
import io
import tokenize
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from autograder.course.rubric import WrittenAnswer
from autograder.exam.exam import Exam, ExamCheck, Part, Question
from autograder.feedback.places import place
from autograder.grading.curve_answers import read_curve
from autograder.grading.following import AnsweredPart, FoundationCalls, follow
from autograder.grading.known_mistakes import KnownOutcomes
from autograder.grading.own_work import with_work
from autograder.judging.diagnosis import diagnose
from autograder.judging.judge import judge, located, no_value
from autograder.judging.judgements import Judgement
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CaseResult, CheckResult, CurveResult, QuestionResult, Result
from autograder.sandbox.answers import Answer, Ended, FailedStatement, Missing, Raised, SubmissionAnswers
from autograder.sandbox.call_plan import CallPlan, QuestionCalls
from autograder.sandbox.slot import Slot
from autograder.submissions import Submission, Work

# Of the statements of one work that fail on import, so many are told.
MOST_NOTES = 10


@dataclass(slots=True)
class Cost:
    """What one submission used: seconds by the wall and of the processor, peak memory, what had to be ended."""

    seconds: float = 0.0
    processor: float = 0.0
    peak_kilobytes: int = 0
    endings: list[str] = field(default_factory=list)

    def add(self, part: str, run: SubmissionAnswers) -> None:
        """Count one run."""
        self.seconds += run.seconds
        self.processor += run.processor
        self.peak_kilobytes = max(self.peak_kilobytes, run.peak_kilobytes)
        self.endings += [f"{part}.{ending}" for ending in run.endings]


class Grader:
    """Holds a slot and the plans of an exam; marks one submission after another.

    Args:
        exam: what is asked.
        slot: of the sandbox.
        follows: whether what is right on top of the submission's own wrong functions earns half.
        diagnoses: whether known mistakes are looked for.

    Raises:
        SandboxError: the sandbox itself failed.
    """

    def __init__(self, exam: Exam, slot: Slot, *, follows: bool = True, diagnoses: bool = True) -> None:
        self.exam = exam
        self.slot = slot
        self.follows, self.diagnoses = follows, diagnoses
        self.known, self.built = KnownOutcomes(), FoundationCalls()
        self.plans = {
            part.name: CallPlan([QuestionCalls(q.function, q.calls, q.seconds, q.memory) for q in part.questions])
            for part in exam.parts
        }

    def close(self) -> None:
        """Give the plans' memory back, here and in the slot, which stays."""
        for plan in self.plans.values():
            plan.close()
        self.slot.forget()

    def grade(self, submission: Submission) -> tuple[Result, Cost]:
        """The record of one submission, and what it cost."""
        cost = Cost()
        assignments = [
            with_work(self._part(part, submission, cost), submission.works.get(part.name)) for part in self.exam.parts
        ]
        result = Result(
            student=submission.student,
            score=_rounded(sum(assignment.score for assignment in assignments)),
            max_score=_rounded(sum(assignment.max_score for assignment in assignments)),
            assignments=tuple(assignments),
            notes=tuple(submission.notes),
            handed_in=submission.handed_in,
        )
        return result, cost

    def _part(self, part: Part, submission: Submission, cost: Cost) -> AssignmentResult:
        work = submission.works.get(part.name)
        problem = submission.problems.get(part.name, "")
        if work is None:
            problem = problem or f"There is no file {part.module}.py or {part.module}.ipynb."
            gone = Judgement(Verdict.MISSING, problem, problem)
            questions = [_unanswered(question, gone) for question in part.questions]
            return _assignment(part, questions, None, problem)
        skip: dict[int, Ended] = {}
        run = self.slot.run(self.plans[part.name], work.files, work.module, work.cells, skip)
        cost.add(part.name, run)
        if run.import_failure is not None:
            gone = not_imported(work.path, run.import_failure, work.files.get(f"{work.module}.py", b""))
            questions = [_unanswered(question, gone) for question in part.questions]
            return _assignment(part, questions, work.path, gone.brief)
        judged = [
            self._question(question, answers) for question, answers in zip(part.questions, run.answers, strict=True)
        ]
        ask = partial(self._ask, part, work, skip, cost)
        if self.follows:
            follow(AnsweredPart(part, run.answers, judged), ask, self.exam.course.tolerances["differences"], self.built)
        questions = [
            _question(
                question,
                *self._diagnosed(question, question.by_check(answers), found),
                self._curves(ask, question, found),
            )
            for question, answers, found in zip(part.questions, run.answers, judged, strict=True)
        ]
        return _assignment(part, questions, work.path, problem, notes_on(run.troubles))

    @staticmethod
    def _curves(
        ask: Callable[..., Sequence[Answer] | None], question: Question, judged: Sequence[Judgement]
    ) -> tuple[CurveResult, ...]:
        """The pictures of a function that gave a wrong value: the submission is asked along the declared numbers."""
        if not question.curves or not any(found.verdict is Verdict.FAILED for found in judged):
            return ()
        calls = [call for curve in question.curves for call in curve.calls]
        answers = ask(question.function, calls, question)
        if answers is None:
            return ()
        left = iter(answers)
        return tuple(read_curve(curve, [next(left) for _ in curve.calls]) for curve in question.curves)

    @staticmethod
    def _question(question: Question, answers: Sequence[Answer]) -> list[Judgement]:
        if answers and isinstance(answers[0], Missing):
            return [_no_function(question.function, answers[0])] * len(question.checks)
        return [
            judge(question, check, own) for check, own in zip(question.checks, question.by_check(answers), strict=True)
        ]

    def _diagnosed(
        self, question: Question, answers: Sequence[Sequence[Answer]], judged: Sequence[Judgement]
    ) -> tuple[list[Judgement], tuple[str, ...]]:
        """The judgements of a function, the hint of its diagnosis on those that failed; and the mistakes it names."""
        wrong = any(found.verdict not in (Verdict.PASSED, Verdict.MISSING) for found in judged)
        diagnosis = diagnose(question, answers, self.known.of(question)) if wrong and self.diagnoses else None
        if diagnosis is None:
            return list(judged), ()
        hinted = [
            found if found.verdict is Verdict.PASSED or found.hint else replace(found, hint=diagnosis.hint)
            for found in judged
        ]
        return hinted, diagnosis.mistakes

    def _ask(
        self,
        part: Part,
        work: Work,
        skip: dict[int, Ended],
        cost: Cost,
        function: str,
        calls: Sequence[tuple[str, Any]],
        question: Question,
    ) -> Sequence[Answer] | None:
        """Further calls of a submission's function; None where it can no longer be imported."""
        plan = CallPlan([QuestionCalls(function, calls, question.seconds, question.memory)])
        try:
            run = self.slot.run(plan, work.files, work.module, work.cells, skip)
        finally:
            plan.close()
        cost.add(part.name, run)
        return None if run.import_failure is not None else run.answers[0]


def is_text(source: bytes) -> bool:
    """Whether Python can decode a source, by its declared encoding or as UTF-8."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        source.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return False
    return True


def not_imported(path: str, failure: Raised | Ended, source: bytes) -> Judgement:
    """The judgement of every check of a module that cannot be imported."""
    wrong = no_value(failure)
    assert wrong is not None
    if isinstance(failure, Raised) and failure.is_a("SyntaxError") and not is_text(source):
        text = f"{path} is not UTF-8 text. Save it as UTF-8, or declare its encoding in the first line."
        return Judgement(wrong.verdict, text, text, evidence=located(wrong))
    brief = wrong.brief[0].lower() + wrong.brief[1:]
    brief, message = f"{path} cannot be imported: it {brief}", f"{path} cannot be imported. {wrong.detail}"
    return Judgement(wrong.verdict, brief, message, evidence=located(wrong))


def notes_on(troubles: Sequence[FailedStatement]) -> tuple[str, ...]:
    """What is said of statements that failed on import while the rest was read; nothing that they could make up."""
    notes = []
    for trouble in troubles[:MOST_NOTES]:
        wrong = no_value(trouble.answer)
        assert wrong is not None
        # An exception says itself where it was raised.
        where = f" in {place(trouble.file, trouble.line)}" if isinstance(trouble.answer, Ended) else ""
        brief = wrong.brief[0].lower() + wrong.brief[1:]
        notes.append(f"A statement{where} {brief} What follows it was graded all the same.")
    if len(troubles) > MOST_NOTES:
        notes.append(f"{len(troubles) - MOST_NOTES} more statements failed on import.")
    return tuple(notes)


def _no_function(function: str, missing: Missing) -> Judgement:
    near = difflib.get_close_matches(function, missing.names, n=1, cutoff=0.75)
    text = f"There is no function {function}."
    # The names come from the process; only one that looks like the right name is told.
    hint = f"There is one named {near[0]}: was it meant?" if near and near[0].isidentifier() else ""
    return Judgement(Verdict.MISSING, text, f"{text} {hint}".strip(), hint=hint)


def _rounded(value: float) -> float:
    """Points without the dust of adding floats."""
    return round(value, 6)


def _check_result(check: ExamCheck, judgement: Judgement) -> CheckResult:
    declared = check.check
    case = judgement.case
    return CheckResult(
        name=declared.name,
        title=declared.title,
        verdict=judgement.verdict,
        points=_rounded(declared.points * judgement.share),
        max_points=declared.points,
        message=judgement.message,
        hint=judgement.hint,
        brief=judgement.brief,
        case=CaseResult(case.arguments, case.got, case.expected, case.error) if case else None,
        kind=type(declared.kind).__name__.lower(),
        reveal=declared.reveal,
        evidence=judgement.evidence,
    )


def _question(
    question: Question,
    judged: Sequence[Judgement],
    mistakes: tuple[str, ...] = (),
    curves: tuple[CurveResult, ...] = (),
) -> QuestionResult:
    checks = tuple(_check_result(check, found) for check, found in zip(question.checks, judged, strict=True))
    return QuestionResult(
        function=question.function,
        score=_rounded(sum(check.points for check in checks)),
        max_score=_rounded(sum(check.max_points for check in checks)),
        checks=checks,
        mistakes=mistakes,
        task=question.asked,
        curves=curves,
    )


def _unanswered(question: Question, judgement: Judgement) -> QuestionResult:
    return _question(question, [judgement] * len(question.checks))


def written_question(answer: WrittenAnswer) -> QuestionResult:
    """The record of a written answer, before a person has marked it."""
    checks = tuple(
        CheckResult(
            name=f"criterion_{number}",
            title=criterion.text,
            verdict=Verdict.UNGRADED,
            points=0.0,
            max_points=criterion.points,
            message="Waits for a person to mark it.",
            brief="Waits for a person to mark it.",
            kind="criterion",
        )
        for number, criterion in enumerate(answer.criteria, start=1)
    )
    return QuestionResult(f"written_{answer.id}", 0.0, answer.points, checks, written=True, task=answer.task)


def _assignment(
    part: Part, questions: list[QuestionResult], file: str | None, problem: str, notes: tuple[str, ...] = ()
) -> AssignmentResult:
    everything = (*questions, *(written_question(answer) for answer in part.written))
    return AssignmentResult(
        name=part.name,
        title=part.title,
        score=_rounded(sum(question.score for question in everything)),
        max_score=_rounded(sum(question.max_score for question in everything)),
        questions=everything,
        file=file,
        problem=problem,
        notes=notes,
    )


def grader_error(exam: Exam, student: str, error: BaseException) -> Result:
    """The record where the grader itself failed: no score, and what a maintainer needs."""
    text = "".join(traceback.format_exception(error))[-4000:]
    reason = f"The grader failed ({type(error).__name__}); this is not the student's fault, and no score is recorded."
    gone = Judgement(Verdict.GRADER_ERROR, reason, reason)
    parts = [_assignment(part, [_unanswered(q, gone) for q in part.questions], None, "") for part in exam.parts]
    total = _rounded(sum(part.max_score for part in parts))
    return Result(student, None, total, tuple(parts), grader_error=text)


def cost_record(cost: Cost) -> Mapping[str, Any]:
    """A cost as plain data, for the run's own file."""
    return {
        "seconds": round(cost.seconds, 4),
        "processor_seconds": round(cost.processor, 4),
        "peak_kilobytes": cost.peak_kilobytes,
        "endings": cost.endings,
    }
