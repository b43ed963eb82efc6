"""Grades one submission: lets it answer each part of the exam in a slot, judges the answers, and makes the record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from autograder.exam.exam import Exam, Part, Question
from autograder.feedback.words import worded
from autograder.grading.changed_calls import right_for_others
from autograder.grading.counterexamples import Counterexamples
from autograder.grading.curve_answers import read_curve
from autograder.grading.dependencies import with_dependencies
from autograder.grading.following import AnsweredPart, FoundationCalls, follow
from autograder.grading.known_mistakes import KnownOutcomes
from autograder.grading.line_mistakes import LineMistakes
from autograder.grading.own_work import with_work
from autograder.grading.question_results import (
    assignment_result,
    failed_statements,
    no_function,
    not_imported,
    not_read,
    question_result,
    rounded,
    unanswered,
)
from autograder.grading.source_causes import SourceCauses
from autograder.grading.time_limits import limit_of, timed
from autograder.judging.counterexample import Counterexample
from autograder.judging.diagnosis import diagnose
from autograder.judging.judgement import Judgement
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CurveResult, Result
from autograder.sandbox.answers import Answer, Ended, Missing, SubmissionAnswers
from autograder.sandbox.call_plan import CallPlan, QuestionCalls
from autograder.sandbox.slot import Slot
from autograder.submissions import Submission, Work
from autograder.submissions.rules import Rules


@dataclass(slots=True)
class Cost:
    """What one submission used: seconds by the wall and of the processor, peak memory, what had to be ended."""

    seconds: float = 0.0
    processor: float = 0.0
    peak_kilobytes: int = 0
    endings: list[str] = field(default_factory=list)

    def add(self, part: str, run: SubmissionAnswers, *, again: bool = False) -> None:
        """Count one run; one of fresh cases (`again`) ends as the hidden ones did, which is told already."""
        self.seconds += run.seconds
        self.processor += run.processor
        self.peak_kilobytes = max(self.peak_kilobytes, run.peak_kilobytes)
        if not again:
            self.endings += [f"{part}.{ending}" for ending in run.endings]

    def as_data(self) -> Mapping[str, Any]:
        """Plain data, for the run's own file."""
        return {
            "seconds": round(self.seconds, 4),
            "processor_seconds": round(self.processor, 4),
            "peak_kilobytes": self.peak_kilobytes,
            "endings": self.endings,
        }


class Grader:
    """Holds a slot and the plans of an exam; grades one submission after another.

    Args:
        exam: what is asked.
        slot: of the sandbox.
        follows: whether what is right on top of the submission's own wrong functions earns half.
        diagnoses: whether known mistakes are looked for.
        examples: looks for counterexamples of what fails; without, there are none.

    Raises:
        SandboxError: the sandbox itself failed.
    """

    def __init__(
        self,
        exam: Exam,
        slot: Slot,
        *,
        follows: bool = True,
        diagnoses: bool = True,
        examples: Counterexamples | None = None,
    ) -> None:
        self.exam, self.slot, self.examples = exam, slot, examples
        self.follows, self.diagnoses = follows, diagnoses
        self.rules = Rules.here()
        self.known, self.lines, self.built = KnownOutcomes(), LineMistakes(), FoundationCalls()
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
        assignments = []
        for part in self.exam.parts:
            found = with_work(self._part(part, submission, cost), submission)
            assignments.append(with_dependencies(found, part.questions))
        result = Result(
            student=submission.student,
            score=rounded(sum(assignment.score for assignment in assignments)),
            max_score=rounded(sum(assignment.max_score for assignment in assignments)),
            assignments=tuple(assignments),
            notes=tuple(submission.notes),
            handed_in=submission.handed_in,
        )
        return worded(result), cost

    def _part(self, part: Part, submission: Submission, cost: Cost) -> AssignmentResult:
        work = submission.works.get(part.name)
        problem = submission.problems.get(part.name, "")
        if work is None:
            gone = not_read(part.module, problem)
            questions = [unanswered(question, gone) for question in part.questions]
            return assignment_result(part, questions, None, problem, gone.finding)
        causes, skip = SourceCauses(work, self.rules), dict[int, Ended]()
        run = self.slot.run(self.plans[part.name], work.files, work.module, work.cells, skip, work.folders)
        cost.add(part.name, run)
        if run.import_failure is not None:
            gone = not_imported(work.path, run.import_failure, work.files.get(f"{work.module}.py", b""))
            gone = replace(gone, hint=causes.of_failure(run.import_failure))
            questions = [unanswered(question, gone) for question in part.questions]
            return assignment_result(part, questions, work.path, failure=gone.finding)
        judged = [
            self._question(question, answers, work)
            for question, answers in zip(part.questions, run.answers, strict=True)
        ]
        ask = partial(self._ask, part, work, skip, cost)
        if self.follows:
            follow(AnsweredPart(part, run.answers, judged), ask, self.exam.course.tolerances["differences"], self.built)
        examples = self._examples(part, work, judged, cost)
        questions = [
            question_result(
                question,
                *self._diagnosed(ask, question, answers, causes.behind(question.function, found)),
                self._curves(ask, question, found),
                shown,
            )
            for question, answers, found, shown in zip(part.questions, run.answers, judged, examples, strict=True)
        ]
        statements = causes.told(run.troubles, failed_statements(run.troubles))
        return assignment_result(part, questions, work.path, problem, statements=statements)

    def _examples(
        self, part: Part, work: Work, judged: Sequence[Sequence[Judgement]], cost: Cost
    ) -> Sequence[Sequence[Counterexample | None]]:
        """The counterexamples of a part's checks, question by question."""
        if self.examples is None:
            return [[None] * len(each) for each in judged]
        found, runs = self.examples.of_part(part, work, judged)
        for run in runs:
            cost.add(part.name, run, again=True)
        return found

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
    def _question(question: Question, answers: Sequence[Answer], work: Work) -> list[Judgement]:
        if answers and isinstance(answers[0], Missing):
            passed_over = work.passed_over.get(question.function, "")
            return [no_function(question.function, answers[0], passed_over)] * len(question.checks)
        found = []
        for check, own in zip(question.checks, question.by_check(answers), strict=True):
            judged = check.check.kind.judge(check, own)
            limit = limit_of(question, check, judged, own)
            if limit and judged.finding is not None:
                judged = replace(judged, finding=timed(judged.finding, **limit))
            found.append(judged)
        return found

    def _diagnosed(
        self,
        ask: Callable[..., Sequence[Answer] | None],
        question: Question,
        answers: Sequence[Answer],
        judged: Sequence[Judgement],
    ) -> tuple[list[Judgement], tuple[str, ...]]:
        """The judgements of a function, the hint of its diagnosis on those that failed; and the mistakes it names."""
        wrong = any(found.verdict not in (Verdict.PASSED, Verdict.MISSING) for found in judged)
        if not (wrong and self.diagnoses):
            return list(judged), ()
        cases = question.observed(answers)
        diagnosis = self.lines.diagnosed(question, answers)
        if diagnosis is None and cases:
            diagnosis = diagnose(cases, self.known.of(question), question.names, question.plain)
        if diagnosis is None:
            diagnosis = right_for_others(question, cases, ask)
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
            run = self.slot.run(plan, work.files, work.module, work.cells, skip, work.folders)
        finally:
            plan.close()
        cost.add(part.name, run)
        return None if run.import_failure is not None else run.answers[0]
