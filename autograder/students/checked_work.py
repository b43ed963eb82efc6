"""What came of checking one work at home, and what is said of it by the rules of the course."""

import re
from dataclasses import dataclass, field, replace

from autograder.feedback.places import place
from autograder.students.checks import CheckedFunction, FailedCheck, Status
from autograder.students.own_folder import AssignmentFolder
from autograder.students.own_rules import OwnSources, own_sources, sentence
from autograder.submissions.rules import Breach


@dataclass(slots=True)
class CheckedWork:
    """What came of checking one work.

    Args:
        work: that was checked.
        functions: in the order in which they are asked for.
        troubles: statements that failed on import, in words.
        rules: what breaks the rules of the course, and no function that is asked for answers for it; in words.
        printed: what it printed while it was imported.
        confined: whether it ran in a sandbox.
    """

    work: AssignmentFolder
    functions: list[CheckedFunction] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    printed: str = ""
    confined: bool = False

    @property
    def passes(self) -> bool:
        """Whether every function passes."""
        return all(checked.status is Status.PASSES and not checked.rules for checked in self.functions)


_RAISED = re.compile(r"(?:^|\n)raised (\w+):(?:.*?\n  in (.+?)(?:: `|\n|$))?", re.DOTALL)
# By what a check says of a result, the habit that may be behind it.
_ODD_RESULTS = (("matrix", re.compile(r"a wrong shape|one real number is asked for|one finite number")),)


def hold_against_rules(report: CheckedWork) -> None:
    """Say what in a work will not do when it is graded: each once, in place of the errors that it explains."""
    own = own_sources(report.work)
    told: set[tuple[str, int]] = set()
    functions = []
    for checked in report.functions:
        written = checked.status not in (Status.NOT_STARTED, Status.MISSING)
        found = own.of(checked.function) if written else []
        told |= {(one.file, one.line) for one in found}
        rules = tuple(map(sentence, found))
        functions.append(replace(checked, rules=rules, failures=_explained(checked, own, bool(rules))))
    report.functions = functions
    report.rules += [sentence(one) for one in own.breaches if (one.file, one.line) not in told]
    report.troubles = [trouble for trouble in report.troubles if not _is_told(trouble, own)]


def _explained(checked: CheckedFunction, own: OwnSources, is_told: bool) -> tuple[FailedCheck, ...]:
    """The failures of a function, with what may be behind an exception below it."""
    found = []
    for failure in checked.failures:
        behind = None if is_told else _behind(checked.function, failure.message, own)
        message = failure.message if behind is None else f"{failure.message}\n  {sentence(behind)}"
        found.append(FailedCheck(failure.title, message))
    return tuple(found)


def _behind(function: str, message: str, own: OwnSources) -> Breach | None:
    """What may be behind a failure."""
    raised = _RAISED.search(message)
    if raised is not None:
        return own.behind(function, raised[1], raised[2] or "")
    codes = (code for code, told in _ODD_RESULTS if told.search(message))
    return next((found for code in codes if (found := own.makes(function, code)) is not None), None)


def _is_told(trouble: str, own: OwnSources) -> bool:
    """Whether a statement that failed on import is told among the rules already."""
    raised = _RAISED.search(trouble)
    return raised is not None and any(
        one.explains(raised[1]) and f"in {place(one.file, one.line)}" in trouble for one in own.breaches
    )
