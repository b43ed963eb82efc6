"""Lets subjects sit the exam: each in the sandbox, as any submission, in parallel."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from autograder.audit.experience import Experience, experience, false_claims
from autograder.audit.subjects import Subject, SubjectKind, WrongVersion, alias, whole, with_all, wrongs
from autograder.course.solutions import Solution, load_solutions
from autograder.exam.exam import Exam, Part, make_exam
from autograder.forking import ForkedPool
from autograder.grading.counterexamples import Counterexamples
from autograder.grading.grader import Grader
from autograder.judging.verdicts import Verdict
from autograder.records.record import QuestionResult, Result
from autograder.sandbox.fresh_slot import FreshSlot
from autograder.sandbox.slot import Slot
from autograder.sandbox.slot_number import claimed_number
from autograder.sandbox.tiers import Tier
from autograder.submissions import Submission, Work

Task = TypeVar("Task")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Trial:
    """How one subject did: the checks that failed, as (function, check, message), and the mistakes named by function.

    `score` is the part of the points that machines give, from 0 to 1; `trouble` says what of it could not be imported.
    """

    subject: Subject
    failed: tuple[tuple[str, str, str], ...]
    named: dict[str, tuple[str, ...]]
    score: float
    trouble: str = ""

    @property
    def losing(self) -> frozenset[str]:
        """The functions that lost points."""
        return frozenset(function for function, _, _ in self.failed)


@dataclass(frozen=True, slots=True)
class WrongAtSeed:
    """How one wrong version did with one seed."""

    assignment: str
    wrong: WrongVersion
    caught: bool


@dataclass(frozen=True, slots=True)
class SeedTrial:
    """One seed: every right solution, and every wrong version."""

    seed: int
    right: tuple[Trial, ...]
    wrong: tuple[WrongAtSeed, ...]


# Another seed, with which a claim must hold again.
OTHER_SEED = 1_000_003


@dataclass(frozen=True, slots=True)
class PageReading:
    """What the student of a wrong version reads (None where it lost no points), and what of it is not so."""

    subject: Subject
    experience: Experience | None
    false: tuple[str, ...] = ()


class AuditWorker:
    """In a worker: a slot, and the exam of one seed at a time.

    Raises:
        SandboxError: the sandbox itself failed.
    """

    def __init__(self, folder: Path, names: Sequence[str] | None, tier: Tier) -> None:
        self.folder, self.names = folder, names
        self.solutions = load_solutions(folder, names)
        number, self._claim = claimed_number()
        self.slot = Slot(tier=tier, number=number)
        self.examples = Counterexamples(FreshSlot(tier))
        self._exams: dict[int | None, Exam] = {}
        self._marker: tuple[object, Grader] | None = None

    def exam(self, seed: int | None) -> Exam:
        """The exam of a seed (None: the course's)."""
        if seed not in self._exams:
            # Of the sweep's, each is needed once; the two that readings hold against each other, again and again.
            self._exams = {kept: exam for kept, exam in self._exams.items() if kept in (None, OTHER_SEED)}
            self._exams[seed] = _without_pictures(make_exam(self.folder, self.names, seed))
        return self._exams[seed]

    def grader(
        self, label: object, exam: Exam, *, diagnoses: bool = True, examples: Counterexamples | None = None
    ) -> Grader:
        """A grader that does not follow: what is right on top of wrong work is right here only by mistake."""
        if self._marker is None or self._marker[0] != label:
            if self._marker is not None:
                self._marker[1].close()
            grader = Grader(exam, self.slot, follows=False, diagnoses=diagnoses, examples=examples)
            self._marker = (label, grader)
        return self._marker[1]

    def sit(self, subject: Subject, seed: int | None = None) -> Trial:
        """Let a subject sit its part of a seed's exam."""
        exam, part = self._asked(subject, seed)
        grader = self.grader((seed, subject.assignment, subject.asked), exam)
        found = _graded(grader, part, subject).assignments[0]
        trouble = " ".join([found.problem, *found.notes]).strip()
        return trial(subject, [question for question in found.questions if not question.written], trouble)

    def _asked(self, subject: Subject, seed: int | None) -> tuple[Exam, Part]:
        """What of a seed's exam a subject is asked."""
        exam = self.exam(seed)
        (part,) = [part for part in exam.parts if part.name == subject.assignment]
        if subject.asked is not None:
            part = replace(part, questions=tuple(q for q in part.questions if q.function in subject.asked))
        return replace(exam, parts=(part,)), part

    def read_all(self, subjects: Sequence[Subject]) -> list[PageReading]:
        """What the students of several wrong versions read."""
        found = [experience(subject, self._read(subject, None, self.examples)) for subject in subjects]
        again = [
            None if first is None or not first.claims else experience(subject, self._read(subject, OTHER_SEED, None))
            for subject, first in zip(subjects, found, strict=True)
        ]
        return [
            PageReading(subject, first, () if first is None else tuple(false_claims(first, second)))
            for subject, first, second in zip(subjects, found, again, strict=True)
        ]

    def _read(self, subject: Subject, seed: int | None, examples: Counterexamples | None) -> Result:
        exam, part = self._asked(subject, seed)
        grader = self.grader((seed, subject.assignment, subject.asked, "read"), exam, examples=examples)
        return _graded(grader, part, subject)

    def sit_all(self, subjects: Sequence[Subject]) -> list[Trial]:
        """Let several subjects sit."""
        return [self.sit(subject) for subject in subjects]

    def seed(self, asked: tuple[int, bool]) -> SeedTrial:
        """Every right solution, and if asked every wrong version, with the cases of one seed."""
        seed, wrong_too = asked
        right: list[Trial] = []
        wrong: list[WrongAtSeed] = []
        for solution in self.solutions:
            kinds = (SubjectKind.REFERENCE, SubjectKind.ALTERNATIVE)
            right += [self.sit(subject, seed) for subject in whole(solution) if subject.kind in kinds]
            wrong += self._wrongs(solution, seed) if wrong_too else []
        return SeedTrial(seed, tuple(right), tuple(wrong))

    def _wrongs(self, solution: Solution, seed: int) -> list[WrongAtSeed]:
        """Every wrong version, run the first check of its function and, where that lets it pass, the others."""
        every = wrongs(solution)
        exam = self.exam(seed)
        (part,) = [part for part in exam.parts if part.name == solution.assignment.name]
        asked = {question.function: question for question in part.questions}
        subject = with_all(solution, every)
        caught: set[int] = set()
        for turn, checks in enumerate((slice(1), slice(1, None))):
            questions = {
                number: replace(
                    asked[wrong.function], function=alias(number), checks=asked[wrong.function].checks[checks]
                )
                for number, wrong in enumerate(every)
                if number not in caught and asked[wrong.function].checks[checks]
            }
            some = replace(part, questions=tuple(questions.values()), written=())
            label = (seed, part.name, "wrongs", turn)
            grader = self.grader(label, replace(exam, parts=(some,)), diagnoses=False)
            answered = _graded(grader, some, subject).assignments[0].questions
            caught |= {n for n, found in zip(questions, answered, strict=True) if found.score < found.max_score}
        return [WrongAtSeed(part.name, wrong, number in caught) for number, wrong in enumerate(every)]


def _without_pictures(exam: Exam) -> Exam:
    """Nobody looks at the curves of an audit, and each would be another run."""
    parts = tuple(
        replace(part, questions=tuple(replace(question, curves=()) for question in part.questions))
        for part in exam.parts
    )
    return replace(exam, parts=parts)


def _graded(grader: Grader, part: Part, subject: Subject) -> Result:
    work = Work(f"{subject.module}.py", subject.module, subject.files)
    result, _ = grader.grade(Submission(subject.label, {part.name: work}, {}))
    return result


def trial(subject: Subject, questions: Sequence[QuestionResult], trouble: str = "") -> Trial:
    """What a record says of a subject."""
    failed = tuple(
        (question.function, check.name, f"{check.verdict}: {check.message}")
        for question in questions
        for check in question.checks
        if check.verdict is not Verdict.PASSED
    )
    named = {question.function: question.mistakes for question in questions if question.mistakes}
    most = sum(question.max_score for question in questions)
    return Trial(subject, failed, named, sum(q.score for q in questions) / most if most else 1.0, trouble)


class AuditWorkers:
    """Worker processes, each with a slot. Use it as a context manager.

    Args:
        folder: of the solutions.
        names: of the assignments; None for all.
        tier: of isolation.
        jobs: how many processes.
    """

    # Subjects that ask the same functions share a plan, so they go to a worker together.
    TOGETHER = 12

    def __init__(self, folder: Path, names: Sequence[str] | None, tier: Tier, jobs: int) -> None:
        self._pool = ForkedPool(jobs, partial(AuditWorker, folder, names, tier))

    def __enter__(self) -> "AuditWorkers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.__exit__(kind, error, trace)

    def _map(self, call: Callable[[AuditWorker, Task], Done], tasks: Iterable[Task]) -> Iterator[Done]:
        for future in as_completed([self._pool.submit(call, task) for task in tasks]):
            yield future.result()

    def sit(self, subjects: Sequence[Subject]) -> Iterator[Trial]:
        """The trials of subjects with the course's own seed, as they are done."""
        for trials in self._map(AuditWorker.sit_all, self._heaps(subjects)):
            yield from trials

    def read(self, subjects: Sequence[Subject]) -> Iterator[PageReading]:
        """What students of wrong versions read, as it is known."""
        for readings in self._map(AuditWorker.read_all, self._heaps(subjects)):
            yield from readings

    def _heaps(self, subjects: Sequence[Subject]) -> list[list[Subject]]:
        ordered = sorted(subjects, key=lambda subject: (subject.assignment, sorted(subject.asked or ())))
        return [ordered[at : at + self.TOGETHER] for at in range(0, len(ordered), self.TOGETHER)]

    def sweep(self, seeds: Sequence[tuple[int, bool]]) -> Iterator[SeedTrial]:
        """The trials of whole seeds, each with wrong work or without, as they are done."""
        return self._map(AuditWorker.seed, seeds)
