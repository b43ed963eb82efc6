"""Names the known mistake behind a derivation that is wrong: one that is wrong by the same line.

A known mistake is a derivation too. Two are wrong alike if the same is found of them, at lines with the same relation
and the same values on every ordinary case, whatever else they consist of.
"""

from collections.abc import Sequence

from autograder.authoring.kinds.kind import DrawnCheck
from autograder.exam.exam import Question
from autograder.judging.chains import Fault
from autograder.judging.diagnosis import Diagnosis
from autograder.judging.finding import Finding
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer


class LineMistakes:
    """The faults of an exam's known derivations, found when they are first needed and kept."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[DrawnCheck, list[tuple[str, str, Fault]]]] = {}

    def diagnosed(self, question: Question, answers: Sequence[Answer]) -> Diagnosis | None:
        """What is behind a function that returns lines; None where that is no known mistake.

        Args:
            question: of the exam.
            answers: to all its calls.
        """
        for check, own in zip(question.checks, question.by_check(answers), strict=True):
            fault = check.check.kind.fault(check, own)
            if fault is None:
                continue
            alike = [each for each in self._of(question, check) if fault.is_like(each[2], check.tolerance)]
            if alike:
                # Of several that no line tells apart, all are named.
                hints = list(dict.fromkeys(hint for _, hint, _ in alike))
                names = tuple(name for name, _, _ in alike)
                return Diagnosis(Finding(Verdict.FAILED, "known_mistake", {"hints": hints}), names)
        return None

    def _of(self, question: Question, check: DrawnCheck) -> list[tuple[str, str, Fault]]:
        kept = self._found.get(id(check))
        if kept is None:
            kind = check.check.kind
            found = [(each.name, each.hint, kind.fault_of_known(check, each.call)) for each in question.mistakes]
            # The check is kept too, so that its id stays its own.
            kept = self._found[id(check)] = check, [(name, hint, fault) for name, hint, fault in found if fault]
        return kept[1]
