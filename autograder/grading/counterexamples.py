"""Looks for a case, beside the hidden ones, on which a submission fails a check: the smallest and simplest of some.

What it costs: nothing where all is right. Otherwise, for each assignment, at most `ROUNDS` runs of a child that answers
for all failed checks at once: a few fresh cases first; then, of a check that failed on one of them, once smaller and
simpler ones, of another one further ones (`exam.fresh_cases` has the numbers). In a run a function has its own limit,
or a part of it where it has reached that before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autograder.authoring.kinds.kind import DrawnCheck
from autograder.authoring.kinds.simpler import floats_in
from autograder.exam.exam import Part, Question
from autograder.exam.fresh_cases import FreshCase, FreshCases, FreshDraws, key_of
from autograder.grading.time_limits import timed
from autograder.judging.counterexample import Counterexample
from autograder.judging.finding import Finding
from autograder.judging.judgement import Judgement
from autograder.judging.literals import show_number
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer, Ended, SubmissionAnswers
from autograder.sandbox.call_plan import CallPlan, QuestionCalls
from autograder.sandbox.fresh_slot import FreshSlot
from autograder.submissions import Work

ROUNDS = 3
# Of its own processor seconds, what a function that has reached its limit has in one run; bounds of that.
SHARE_OF_SECONDS, FEWEST_SECONDS, MOST_SECONDS = 0.25, 0.5, 3.0
# Smaller cases that are tried beside simpler versions of one that was found.
SMALLER = 4
# A case with so few numbers, none of more characters than these, need not be made simpler.
FEW, SHORT = 12, 5
# Questions whose hidden cases are remembered, to be left out.
MOST_QUESTIONS = 500
# Which checks a case can say more on than its verdict does.
SHOWN = frozenset(
    {Verdict.FAILED, Verdict.WRONG_TYPE, Verdict.RAISED, Verdict.TIMEOUT, Verdict.MEMORY, Verdict.CRASHED}
)


@dataclass(frozen=True, slots=True)
class _Failure:
    """A fresh case that failed, and how; `alike` where it is by the same code as the hidden one."""

    fresh: FreshCase
    judged: Judgement
    alike: bool

    @property
    def order(self) -> tuple[bool, tuple[int, int]]:
        """The best to show comes first."""
        return not self.alike, self.fresh.weight


@dataclass(slots=True)
class _Search:
    """The search of one failed check."""

    question: int
    place: int
    check: DrawnCheck
    draws: FreshDraws
    judged: Judgement
    hidden: frozenset[bytes]
    least_seconds: float
    best: _Failure | None = None
    tried: set[bytes] = field(default_factory=set)
    is_shrunk: bool = False

    def cases(self, known: FreshCases, number: int) -> list[FreshCase]:
        """What to try in a round, the easiest to read first."""
        if number == 0:
            found = known.first(self.draws, self.check)
        elif self.judged.verdict is Verdict.TIMEOUT:
            return []
        elif self.best is None:
            found = known.more(self.draws, self.check) if number == 1 else []
        elif self.is_shrunk or self._is_simple():
            return []
        else:
            self.is_shrunk, best = True, self.best.fresh
            smaller = [each for each in known.more(self.draws, self.check) if each.weight < best.weight]
            found = [*known.simpler(self.draws, self.check, best), *smaller[:SMALLER]]
        found = [each for each in found if each.key not in self.hidden and each.key not in self.tried]
        return list({each.key: each for each in sorted(found, key=lambda each: each.weight)}.values())

    def _is_simple(self) -> bool:
        assert self.best is not None
        best = self.best.fresh
        numbers = (number for number, _ in floats_in(best.case.arguments))
        return best.weight[0] <= FEW and all(len(show_number(number)) <= SHORT for number in numbers)

    def take(self, fresh: FreshCase, answers: Sequence[Answer]) -> None:
        """Judge the answers on one case; a better failure than the best so far is kept."""
        self.tried.add(fresh.key)
        if self.best is not None and self.best.order <= (False, fresh.weight):
            # However it failed, it would not be shown.
            return
        judged = self.check.check.kind.judge(fresh.check, answers)
        if judged.verdict is Verdict.PASSED or judged.finding is None or judged.case is None:
            return
        assert self.judged.finding is not None
        found = _Failure(fresh, judged, _codes(judged.finding) == _codes(self.judged.finding))
        if self.best is None or found.order < self.best.order:
            self.best = found

    def result(self, known: FreshCases) -> Counterexample | None:
        """What is shown in the end."""
        if self.best is not None:
            judged = self.best.judged
            assert judged.finding is not None
            return Counterexample(timed(judged.finding, least=self.least_seconds), judged.case, judged.evidence)
        if self.judged.verdict is Verdict.TIMEOUT:
            return None
        if self.tried:
            return Counterexample(Finding(self.judged.verdict, "on_none_of_these", {"tried": len(self.tried)}))
        if any(each.key not in self.hidden for each in known.first(self.draws, self.check)):
            # None of them was answered: the process ended before.
            return None
        if known.are_too_large(self.draws, self.check):
            return Counterexample(Finding(self.judged.verdict, "too_large_to_show"))
        return Counterexample(Finding(self.judged.verdict, "no_other_case"))


class Counterexamples:
    """What a worker needs for counterexamples of one submission after another.

    Args:
        slot: whose server never holds a hidden case.
    """

    def __init__(self, slot: FreshSlot) -> None:
        self.slot = slot
        self.known = FreshCases()
        self._hidden: dict[int, tuple[Question, frozenset[bytes]]] = {}

    def of_part(
        self, part: Part, work: Work, judged: Sequence[Sequence[Judgement]]
    ) -> tuple[list[list[Counterexample | None]], list[SubmissionAnswers]]:
        """For each check of a part its counterexample, and the runs that this took.

        Args:
            part: of the exam.
            work: what was handed in for it.
            judged: the judgements of its checks, question by question.

        Raises:
            SandboxError: the sandbox itself failed.
        """
        found: list[list[Counterexample | None]] = [[None] * len(question.checks) for question in part.questions]
        searches = list(self._searches(part, judged))
        runs: list[SubmissionAnswers] = []
        skip: dict[int, Ended] = {}
        for number in range(ROUNDS):
            asked = [(search, cases) for search in searches if (cases := search.cases(self.known, number))]
            if not asked:
                break
            runs.append(self._ask(part, work, asked, judged, skip))
            if runs[-1].import_failure is not None:
                break
        for search in searches:
            found[search.question][search.place] = search.result(self.known)
        for number, question in enumerate(part.questions):
            for place, check in enumerate(question.checks):
                if _is_withheld(question, check, judged[number][place]):
                    why = Finding(judged[number][place].verdict, "no_case_shown")
                    found[number][place] = Counterexample(why)
        return found, runs

    def _searches(self, part: Part, judged: Sequence[Sequence[Judgement]]) -> Iterator[_Search]:
        """One for each failed check on which a case can say more."""
        for number, question in enumerate(part.questions):
            for place, check in enumerate(question.checks):
                found = judged[number][place]
                if question.fresh is not None and check.check.counterexample and _can_be_shown(check, found):
                    least = min(FEWEST_SECONDS, question.own_seconds or FEWEST_SECONDS)
                    yield _Search(number, place, check, question.fresh, found, self._hidden_of(question), least)

    def _hidden_of(self, question: Question) -> frozenset[bytes]:
        """Every hidden case of a question."""
        kept = self._hidden.get(id(question))
        if kept is None:
            if len(self._hidden) > MOST_QUESTIONS:
                self._hidden.clear()
            cases = (case for check in question.checks for case in (*check.cases, *check.good_cases))
            # The question is kept too, so that its id stays its own.
            kept = self._hidden[id(question)] = question, frozenset(key_of(case.arguments) for case in cases)
        return kept[1]

    def _ask(
        self,
        part: Part,
        work: Work,
        asked: Sequence[tuple[_Search, Sequence[FreshCase]]],
        judged: Sequence[Sequence[Judgement]],
        skip: dict[int, Ended],
    ) -> SubmissionAnswers:
        """One run for all of these, each of whose searches takes its answers."""
        by_question: dict[int, list[tuple[_Search, FreshCase]]] = {}
        for search, cases in asked:
            by_question.setdefault(search.question, []).extend((search, fresh) for fresh in cases)
        questions = []
        for number, pairs in by_question.items():
            late = any(each.verdict is Verdict.TIMEOUT for each in judged[number])
            questions.append(_calls(part.questions[number], pairs, late=late))
        plan = CallPlan(questions)
        try:
            run = self.slot.run(plan, work.files, work.module, work.cells, skip, work.folders)
        finally:
            plan.close()
        if run.import_failure is None:
            for pairs, answers in zip(by_question.values(), run.answers, strict=True):
                _take_all(pairs, answers)
        return run


def _codes(finding: Finding | None) -> tuple[str, ...]:
    """What a finding is, and what that of each part within it is."""
    return () if finding is None else (finding.code, *_codes(finding.part))


def _can_be_shown(check: DrawnCheck, judged: Judgement) -> bool:
    finding = judged.finding
    if finding is None or judged.verdict not in SHOWN or not check.check.kind.has_counterexamples:
        return False
    # What is not written yet, was not tried, or is wrong whatever the case, needs none.
    return judged.case is not None and finding.code != "not_written" and not finding.about.get("after")


def _is_withheld(question: Question, check: DrawnCheck, judged: Judgement) -> bool:
    """Whether a case could be shown, and the course or the author does not want it."""
    return _can_be_shown(check, judged) and (question.fresh is None or not check.check.counterexample)


def _calls(question: Question, pairs: Sequence[tuple[_Search, FreshCase]], *, late: bool) -> QuestionCalls:
    calls = [call for _, fresh in pairs for call in fresh.check.calls]
    part = min(max(SHARE_OF_SECONDS * question.seconds, FEWEST_SECONDS), MOST_SECONDS, question.seconds)
    return QuestionCalls(question.function, calls, part if late else question.seconds, question.memory)


def _take_all(pairs: Sequence[tuple[_Search, FreshCase]], answers: Sequence[Answer]) -> None:
    """Hand each search the answers on its cases; those that were never given say nothing."""
    at = 0
    for search, fresh in pairs:
        own = answers[at : at + len(fresh.check.calls)]
        at += len(own)
        if not any(_says_nothing(answer, search.judged.verdict) for answer in own):
            search.take(fresh, own)


def _says_nothing(answer: Answer, verdict: Verdict) -> bool:
    """Whether a call was never made, or stopped although the function is not one that takes too long."""
    return isinstance(answer, Ended) and (answer.after or (answer.how == "timeout" and verdict is not Verdict.TIMEOUT))
