"""A class in numbers: means, pass rates, item analysis, mistakes, and what needs a person."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from autograder.feedback.signs import SIGNS, Sign
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CheckResult, QuestionResult, Result
from autograder.records.written_answers import own_answers

STOPPED = {Verdict.TIMEOUT: "too slow", Verdict.MEMORY: "too much memory", Verdict.CRASHED: "ended the process"}
# Fewer students than this, and a correlation over them says nothing.
FEWEST_FOR_DISCRIMINATION = 8
# Points that differ by no more are the same.
SAME = 1e-9
# Slow is what took many times the class's median, and long enough that somebody waits for it.
TIMES_THE_MEDIAN, SLOW_SECONDS = 5.0, 2.0
MOST_SLOW = 20


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """A function or check over a class.

    `difficulty` is the mean share of its points (1: everybody has all); `discrimination` the correlation of this share
    with the points of everything else (None where one of the two does not vary).
    """

    name: str
    title: str
    mean: float
    max_score: float
    passed: int
    students: int
    difficulty: float
    discrimination: float | None
    verdicts: tuple[tuple[Sign, int], ...] = ()
    checks: tuple["ItemStatistics", ...] = ()

    @property
    def rate(self) -> float:
        """The share of students who have all its points."""
        return self.passed / self.students


@dataclass(slots=True)
class _Column:
    """One item's points over a class, as sums: a class of any size needs no more memory.

    Means and co-moments are updated as in B. P. Welford, Technometrics 4 (1962), 419-420.
    """

    title: str
    max_score: float
    students: int = 0
    passed: int = 0
    mean: float = 0.0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    _rest: float = 0.0
    _squares: float = 0.0
    _rest_squares: float = 0.0
    _products: float = 0.0

    def add(self, score: float, total: float, verdicts: Iterable[Verdict]) -> None:
        """Count a student."""
        rest = total - score
        self.students += 1
        self.passed += score >= self.max_score - SAME
        away, rest_away = score - self.mean, rest - self._rest
        self.mean += away / self.students
        self._rest += rest_away / self.students
        self._squares += away * (score - self.mean)
        self._rest_squares += rest_away * (rest - self._rest)
        self._products += away * (rest - self._rest)
        self.verdicts.update(verdicts)

    def item(self, name: str, checks: tuple[ItemStatistics, ...] = ()) -> ItemStatistics:
        """What the class makes of it."""
        return ItemStatistics(
            name=name,
            title=self.title,
            mean=self.mean,
            max_score=self.max_score,
            passed=self.passed,
            students=self.students,
            difficulty=self.mean / self.max_score if self.max_score else 0.0,
            discrimination=self._correlation(),
            verdicts=tuple((SIGNS[verdict], count) for verdict, count in self.verdicts.most_common()),
            checks=checks,
        )

    def _correlation(self) -> float | None:
        """Pearson's, of the points with those of everything else; None where it means nothing."""
        least = self.students * SAME**2
        if self.students < FEWEST_FOR_DISCRIMINATION or self._squares <= least or self._rest_squares <= least:
            return None
        return self._products / math.sqrt(self._squares * self._rest_squares)


def marked(question: QuestionResult) -> bool:
    """Whether a function or written answer has its points."""
    return not any(c.verdict in (Verdict.UNGRADED, Verdict.GRADER_ERROR) for c in question.checks)


def items(results: Sequence[Result]) -> dict[str, list[ItemStatistics]]:
    """Every function with its checks, by assignment; written answers once they are marked."""
    functions: dict[tuple[str, str], _Column] = {}
    checks: dict[tuple[str, str], dict[str, _Column]] = defaultdict(dict)
    for result in results:
        if result.score is None:
            continue
        for assignment in result.assignments:
            for question in filter(marked, assignment.questions):
                key = (assignment.name, question.function)
                column = functions.setdefault(key, _Column("", question.max_score))
                column.add(question.score, result.score, (check.verdict for check in question.checks))
                for check in question.checks:
                    own = checks[key].setdefault(check.name, _Column(check.title, check.max_points))
                    own.add(check.points, result.score, [check.verdict])
    found: dict[str, list[ItemStatistics]] = defaultdict(list)
    for (assignment_name, function), column in functions.items():
        inner = tuple(c.item(name) for name, c in checks[assignment_name, function].items())
        found[assignment_name].append(column.item(function, inner))
    return dict(found)


@dataclass(frozen=True, slots=True)
class SeenMistake:
    """A known mistake with its hint, and the students whose answers agree with it."""

    function: str
    mistake: str
    hint: str
    students: tuple[str, ...]


def mistakes(results: Sequence[Result]) -> list[SeenMistake]:
    """The mistakes seen, most frequent first."""
    students: dict[tuple[str, str], list[str]] = defaultdict(list)
    hints: dict[tuple[str, str], str] = {}
    for result in results:
        for assignment in result.assignments:
            for question in assignment.questions:
                if question.mistakes:
                    key = (f"{assignment.name}.{question.function}", " or ".join(question.mistakes))
                    students[key].append(result.student)
                    hints.setdefault(key, next((c.hint for c in question.checks if c.hint), ""))
    ordered = sorted(students.items(), key=lambda item: (-len(item[1]), item[0]))
    return [SeenMistake(*key, hints[key], tuple(names)) for key, names in ordered]


@dataclass(frozen=True, slots=True)
class Concern:
    """A student, and why a person should look."""

    student: str
    reasons: tuple[str, ...]


class UnmarkedAnswer(NamedTuple):
    """A written answer that is to be marked: of how many students, with a text, and with a PDF, picture or the like."""

    name: str
    students: int
    with_text: int
    with_files: int


@dataclass(frozen=True, slots=True)
class NeedsPerson:
    """What needs a person first, each list in order of students; `asked` is whose file is to be chosen."""

    errors: tuple[Concern, ...]
    asked: tuple[Concern, ...]
    suspicious: tuple[Concern, ...]
    noted: tuple[Concern, ...]
    stopped: tuple[Concern, ...]
    ungraded: tuple[UnmarkedAnswer, ...]

    @property
    def nothing(self) -> bool:
        """Whether nobody has to do anything."""
        return not (self.errors or self.asked or self.suspicious or self.noted or self.ungraded)


def _ended(assignment: AssignmentResult, verdicts: Mapping[Verdict, str]) -> dict[str, str]:
    """Functions that had to be ended, and how."""

    def first(checks: Sequence[CheckResult]) -> Verdict | None:
        return next((check.verdict for check in checks if check.verdict in verdicts), None)

    found = ((q.function, first(q.checks)) for q in assignment.questions)
    return {function: verdicts[verdict] for function, verdict in found if verdict is not None}


def _stopped(result: Result, verdicts: Mapping[Verdict, str]) -> tuple[str, ...]:
    told = []
    for assignment in result.assignments:
        ended = _ended(assignment, verdicts)
        if assignment.problem and ended:
            told.append(assignment.problem)
            continue
        told += [f"{assignment.name}.{function}: {how}" for function, how in ended.items()]
    return tuple(told)


def needs(results: Sequence[Result]) -> NeedsPerson:
    """What needs a person, from the records alone."""
    errors, asked, suspicious, noted, stopped = [], [], [], [], []
    ungraded: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    attached: Counter[str] = Counter()
    for result in results:
        if result.score is None:
            last = result.grader_error.strip().splitlines()[-1:] or ["the record says nothing more"]
            errors.append(Concern(result.student, tuple(last)))
            continue
        strange = tuple(f"{a.name}: {text}" for a in result.assignments for text in a.unusual)
        crashed = _stopped(result, {Verdict.CRASHED: "ended the process, or gave back too much"})
        if strange or crashed:
            suspicious.append(Concern(result.student, (*crashed, *strange)))
        questions = tuple(a.receipt.question for a in result.assignments if a.receipt and a.receipt.question)
        if questions:
            asked.append(Concern(result.student, questions))
        problems = dict.fromkeys(a.problem for a in result.assignments if a.problem)
        notes = tuple(note for note in result.notes or problems if not any(note in told for told in questions))
        if notes:
            noted.append(Concern(result.student, notes))
        ended = _stopped(result, STOPPED)
        if ended:
            stopped.append(Concern(result.student, ended))
        for assignment in result.assignments:
            own = own_answers(assignment)
            for question in assignment.questions:
                if question.written and not marked(question):
                    name = f"{assignment.name}.{question.function}"
                    ungraded[name] += 1
                    answered[name] += bool(own.get(question.function) or (not own and assignment.answers))
                    attached[name] += bool(assignment.attachments)
    waiting = tuple(UnmarkedAnswer(name, n, answered[name], attached[name]) for name, n in sorted(ungraded.items()))
    return NeedsPerson(tuple(errors), tuple(asked), tuple(suspicious), tuple(noted), tuple(stopped), waiting)


def slow(seconds: Mapping[str, float]) -> list[tuple[str, float]]:
    """The students whose submissions took far longer than the others', slowest first."""
    if not seconds:
        return []
    bound = max(SLOW_SECONDS, TIMES_THE_MEDIAN * float(np.median(list(seconds.values()))))
    found = sorted(
        ((student, value) for student, value in seconds.items() if value >= bound), key=lambda s: (-s[1], s[0])
    )
    return found[:MOST_SLOW]
