"""Makes the public checks on a submission: the checks run here, and each call that they make runs in the sandbox.

A public check is staff's code that calls a student's functions. Here their module is a stand-in: each of its functions
sends the arguments to the sandbox and gives back what came, as data. The sandbox's server is one of its own, which has
never held a hidden case; so whatever a public check says may be shown.
"""

import builtins
import sys
import time
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.authoring.kinds.derivation import steps_call
from autograder.course.solutions import Solution
from autograder.exports.results_json import PublicTest
from autograder.feedback.messages import brief
from autograder.grading.plan import LoadedCourse
from autograder.grading.source_causes import SourceCauses
from autograder.sandbox.answers import Answer, Ended, Raised, Returned, Unreadable
from autograder.sandbox.call_plan import CallPlan
from autograder.sandbox.call_plan import QuestionCalls as Calls
from autograder.sandbox.slot import Slot
from autograder.sandbox.tiers import Tier
from autograder.students.checks import load_checks, title, told
from autograder.submissions import Entry, Work, read_submission
from autograder.submissions.rules import Rules

CHECKS = "public_checks.py"
# Public cases are small: what takes longer hangs.
SECONDS = 2.0
# All of them together, of the ten minutes that Gradescope gives.
MOST_SECONDS = 60.0


class _StopError(AssertionError):
    """There is no value, for a reason that is told; never a student's own exception.

    It is of here alone: a public check lets it pass, as what does not hold, and `_made` makes a failed test of it.
    """


class _Remote:
    """A submission's functions in the sandbox.

    Args:
        slot: of the sandbox; nothing hidden was ever in it.
        work: what was handed in.
        until: on the monotonic clock, when to give up.
    """

    def __init__(self, slot: Slot, work: Work, until: float) -> None:
        self.slot, self.work, self.until = slot, work, until
        self._skip: dict[int, Ended] = {}
        self._ended: dict[str, str] = {}

    def ask(self, function: str, mode: str, arguments: Any) -> Any:
        """One call.

        Raises:
            _StopError: there is no value.
            Exception: of the builtin class that the function raised, or of the nearest one.
        """
        if function in self._ended:
            raise _StopError(self._ended[function])
        if time.monotonic() > self.until:
            raise _StopError(
                "was not made: the public checks took too long. `autograder check` makes it on your machine"
            )
        plan = CallPlan([Calls(function, [(mode, arguments)], SECONDS)])
        try:
            run = self.slot.run(plan, self.work.files, self.work.module, self.work.cells, self._skip, self.work.folders)
        finally:
            plan.close()
        if run.import_failure is not None:
            raise _StopError(f"{self.work.path} cannot be imported: {_why(run.import_failure)}")
        answer = run.answers[0][0]
        if isinstance(answer, Ended):
            # Once is enough: each further call would take as long.
            self._ended[function] = f"{function} {_why(answer)}"
        return self._value(function, answer)

    def _value(self, function: str, answer: Answer) -> Any:
        if isinstance(answer, Returned):
            return answer.value
        if isinstance(answer, Raised):
            found = [getattr(builtins, name, None) for name in answer.types]
            classes = [kind for kind in found if isinstance(kind, type) and issubclass(kind, Exception)]
            try:
                error = classes[0](answer.message)
            except (IndexError, TypeError):
                # No builtin exception, or one that takes more than a text.
                error = Exception(_why(answer))
            raise error
        raise _StopError(f"{function} {_why(answer)}")


def _why(answer: Answer) -> str:
    if isinstance(answer, Raised):
        return f"raised {answer.types[0] if answer.types else 'an exception'}: {answer.message}"
    if isinstance(answer, Ended | Unreadable):
        return answer.detail
    return "is not defined"


class _Function:
    """Stands for one function; called as the check calls it."""

    def __init__(self, remote: _Remote, name: str, parameters: tuple[str, ...]) -> None:
        self.__name__ = name
        # Where messages take the names of parameters from.
        self.__code__ = types.SimpleNamespace(co_varnames=parameters, co_argcount=len(parameters))
        self._remote = remote

    def __call__(self, *arguments: Any) -> Any:
        value, after = self._remote.ask(self.__name__, "arguments", list(arguments))
        for mine, theirs in zip(arguments, after, strict=False):
            _change(mine, theirs)
        return value


def _change(mine: Any, theirs: Any) -> None:
    """Do to an argument what the function did to its copy of it."""
    if isinstance(mine, np.ndarray):
        if isinstance(theirs, np.ndarray) and mine.shape == theirs.shape and not np.array_equal(mine, theirs):
            mine[...] = theirs
    elif isinstance(mine, list) and isinstance(theirs, list):
        for one, other in zip(mine, theirs, strict=False):
            _change(one, other)
        if len(mine) != len(theirs):
            mine[:] = theirs
    elif isinstance(mine, dict) and isinstance(theirs, dict):
        for key in mine.keys() & theirs.keys():
            _change(mine[key], theirs[key])


class _Derivation(_Function):
    """Stands for a derivation: its lines are functions, each of which asks for its own value."""

    def __call__(self, *arguments: Any) -> Any:
        lines = self._remote.ask(self.__name__, *steps_call([]))
        return [(relation, self._step(number)) for number, (relation, _) in enumerate(lines)]

    def _step(self, number: int) -> Callable[..., Any]:
        def step(*case: Any) -> Any:
            lines = self._remote.ask(self.__name__, *steps_call([case]))
            status, value = lines[number][1][0]
            if status != "ok":
                raise _StopError(f"line {number + 1} raised {value['types'][0]}: {value['message']}")
            return value

        return step


class _Module(types.ModuleType):
    """Stands for a student's module."""

    def __init__(self, name: str, remote: _Remote, solution: Solution) -> None:
        super().__init__(name)
        derivations = {c.function for c in solution.assignment.checks if c.kind.has_lines}
        for function in solution.assignment.functions:
            code = getattr(solution.reference, function).__code__
            kind = _Derivation if function in derivations else _Function
            setattr(self, function, kind(remote, function, code.co_varnames[: code.co_argcount]))


def public_tests(loaded: LoadedCourse, entry: Entry, tier: Tier) -> list[PublicTest]:
    """The public checks of what was handed in.

    Args:
        loaded: what is asked; `public_checks.py` lies beside each reference that has some.
        entry: what was handed in.
        tier: of isolation.

    Raises:
        Exception: the checks themselves, or the sandbox, are broken.
    """
    submission = read_submission(entry, loaded.modules)
    chosen = [solution for solution in loaded.solutions if solution.assignment.name in loaded.chosen]
    found: list[PublicTest] = []
    with Slot(tier=tier) as slot:
        for solution in chosen:
            work = submission.works.get(solution.assignment.name)
            if work is not None and (solution.folder / CHECKS).exists():
                remote = _Remote(slot, work, time.monotonic() + MOST_SECONDS / len(chosen))
                found += _made(solution, work, remote)
    return found


def _made(solution: Solution, work: Work, remote: _Remote) -> Iterator[PublicTest]:
    module = solution.assignment.module
    before = sys.modules.get(module)
    sys.modules[module] = _Module(module, remote, solution)
    try:
        checks = load_checks((solution.folder / CHECKS).read_text(encoding="utf-8"), CHECKS)
    finally:
        if before is None:
            del sys.modules[module]
        else:
            sys.modules[module] = before
    causes = SourceCauses(work, Rules.here())
    for function, own in checks.items():
        for name, check in own.items():
            passed, text = True, ""
            try:
                check()
            except Exception as error:
                passed, text = False, told(error, work.files)
                text = "\n".join([*map(brief, causes.rules(function)), text])
            yield PublicTest(f"{function}: {title(check, name)}", passed, text)
