"""Alarms about the exam: where nearly everybody fails a check, or many with one value, the reference may be wrong."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from autograder.judging.verdicts import Verdict
from autograder.records.record import Result

# Of fewer students who tried, what all of them fail says nothing.
FEWEST_TRIED = 8
# The share of them that fails where nearly everybody does.
NEARLY_ALL = 0.8
# So many students with one answer, and this share of those who tried, and no mistake is known that would explain it.
FEWEST_ALIKE, ALIKE = 5, 0.3
# Verdicts of work that was not begun, or of which we do not know.
_NOT_TRIED = frozenset({Verdict.MISSING, Verdict.UNGRADED, Verdict.GRADER_ERROR})
_NOT_BEGUN = frozenset({"not_written", "no_function", "no_such_function"})


@dataclass(frozen=True, slots=True)
class ExamAlarm:
    """One check of which the reference may be wrong, or the task unclear.

    Args:
        check: "assignment.function: title".
        failed: of how many who tried it.
        tried: how many that are.
        alike: how many of them gave the same answer on the same case; 0 where that is no alarm.
        got: that answer, as NumPy code.
        expected: what the reference says there.
        arguments: of that case.
    """

    check: str
    failed: int
    tried: int
    alike: int = 0
    got: str = ""
    expected: str = ""
    arguments: str = ""

    @property
    def words(self) -> str:
        """For staff, in one sentence."""
        told = f"{self.failed} of {self.tried} who tried it fail"
        if self.alike:
            told += f"; {self.alike} give {self.got} for {self.arguments}, where the reference says {self.expected}"
        return f"{self.check}: {told}. Is the reference right, and the task clear?"


@dataclass(slots=True)
class _Tally:
    """What a class made of one check."""

    tried: int = 0
    failed: int = 0
    answers: Counter[tuple[str, str, str]] = field(default_factory=Counter)


def alarms(results: Sequence[Result]) -> list[ExamAlarm]:
    """The checks that ask about the exam itself, those that most fail first."""
    tallies: dict[str, _Tally] = {}
    for result in results:
        for assignment in result.assignments:
            for question in assignment.questions:
                if question.written or assignment.problem:
                    continue
                for check in question.checks:
                    code = "" if check.finding is None else check.finding.code
                    if check.verdict in _NOT_TRIED or code in _NOT_BEGUN or code == "value_first":
                        continue
                    tally = tallies.setdefault(f"{assignment.name}.{question.function}: {check.title}", _Tally())
                    tally.tried += 1
                    tally.failed += check.verdict is not Verdict.PASSED
                    if check.verdict is Verdict.FAILED and check.case is not None and not question.mistakes:
                        case = check.case
                        tally.answers[case.arguments, case.got, case.expected or ""] += bool(case.got)
    found = [alarm for name, tally in tallies.items() if (alarm := _alarm(name, tally)) is not None]
    return sorted(found, key=lambda alarm: (-alarm.failed / alarm.tried, alarm.check))


def _alarm(name: str, tally: _Tally) -> ExamAlarm | None:
    (arguments, got, expected), alike = next(iter(tally.answers.most_common(1)), (("", "", ""), 0))
    common = alike >= max(FEWEST_ALIKE, ALIKE * tally.tried)
    nearly_all = tally.tried >= FEWEST_TRIED and tally.failed >= NEARLY_ALL * tally.tried
    if not common and not nearly_all:
        return None
    if not common:
        return ExamAlarm(name, tally.failed, tally.tried)
    return ExamAlarm(name, tally.failed, tally.tried, alike, got, expected, arguments)
