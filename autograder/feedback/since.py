"""What has changed since a student's last hand-in, in sentences: points, what passes now, what is still to gain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CheckResult, EarlierQuestion, QuestionResult, Result, points

# Of functions with points to gain, and of the checks of one.
MOST_TOLD, MOST_TITLES = 6, 2


@dataclass(frozen=True, slots=True)
class Since:
    """A headline, and lines below it."""

    head: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Compared:
    """A function, as it was and as it is now."""

    now: QuestionResult
    then: EarlierQuestion

    @property
    def score(self) -> float:
        """The machine's points: those that a person gave in their place have nothing to do with the hand-in."""
        return sum(check.points for check in self.now.checks)

    @property
    def failing(self) -> list[CheckResult]:
        return [check for check in self.now.checks if check.verdict is not Verdict.PASSED]

    @property
    def mended(self) -> list[CheckResult]:
        """The checks that pass now and did not."""
        return [c for c in self.now.checks if c.verdict is Verdict.PASSED and c.name in self.then.failed]

    @property
    def lost(self) -> list[CheckResult]:
        """The checks that passed and do not any more."""
        return [check for check in self.failing if check.name not in self.then.failed]

    @property
    def to_gain(self) -> float:
        return self.now.max_score - self.score


def _compared(assignment: AssignmentResult) -> Iterator[_Compared]:
    if assignment.before is not None:
        then = {question.function: question for question in assignment.before.questions}
        for question in assignment.questions:
            if question.function in then:
                yield _Compared(question, then[question.function])


def _titles(checks: Sequence[CheckResult]) -> str:
    told = ", ".join(f"“{check.title}”" for check in checks[:MOST_TITLES])
    left = len(checks) - MOST_TITLES
    return f"{told} and {left} more" if left > 0 else told


def _pass(what: Sequence[object]) -> str:
    return "passes" if len(what) == 1 else "pass"


def _on(assignments: Sequence[AssignmentResult]) -> str:
    """When it was, where that is known and the same for all."""
    times = {assignment.before.at for assignment in assignments if assignment.before is not None}
    at = times.pop() if len(times) == 1 else ""
    if not at:
        return ""
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        return f" ({at})"
    return f" ({when.day} {when:%B %Y, %H:%M})"


def since(result: Result) -> Since | None:
    """What has changed; None where nothing is known of an earlier hand-in.

    Args:
        result: a record, also after the reveal policy.
    """
    both = [each for assignment in result.assignments for each in _compared(assignment)]
    if not both or result.score is None:
        return None
    then, now = sum(each.then.score for each in both), sum(each.score for each in both)
    change = f"{'+' if now >= then else '−'}{points(abs(now - then))}"
    plural = "" if abs(now - then) == 1 else "s"
    head = f"Since your last hand-in{_on(result.assignments)}: {change} point{plural}"
    lines = [f"{points(then)} then, {points(now)} now, written answers not counted."]
    right = [each.now.function for each in both if each.mended and not each.failing]
    lines += [f"{', '.join(right)} now {_pass(right)}."] if right else []
    better = [f"{e.now.function}: {_titles(e.mended)} now {_pass(e.mended)}." for e in both if e.mended and e.failing]
    lines += better[:MOST_TOLD]
    lines += [f"{len(better) - MOST_TOLD} more functions are better than they were."] if better[MOST_TOLD:] else []
    lines += [f"{e.now.function}: {_titles(e.lost)} no longer {_pass(e.lost)}." for e in both if e.lost]
    if not any(each.mended or each.lost for each in both):
        lines.append("No check passes that did not pass before, and none fails that did not.")
    return Since(head, (*lines, *_still(both)))


def _still(both: Sequence[_Compared]) -> list[str]:
    open_ = sorted((each for each in both if each.failing), key=lambda each: -each.to_gain)
    told = [f"{each.now.function} {points(each.to_gain)} ({_titles(each.failing)})" for each in open_[:MOST_TOLD]]
    left = sum(each.to_gain for each in open_[MOST_TOLD:])
    told += [f"{len(open_) - MOST_TOLD} more functions {points(left)}"] if open_[MOST_TOLD:] else []
    return [f"Still to gain: {'; '.join(told)}."] if told else []
