"""The public checks of an assignment, function by function, and what is said of each."""

import difflib
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from autograder.feedback.places import place

PREFIX, BETWEEN = "test_", "__"


class Status(StrEnum):
    """How a function stands with its public checks."""

    PASSES = "passes"
    FAILS = "fails"
    WAITS = "waits"
    NOT_STARTED = "not started"
    MISSING = "not found"


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that failed: its title, and what was called, what came back and what must hold."""

    title: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckedFunction:
    """A function, and how it stands.

    Args:
        function: its name.
        status: how it stands.
        total: the number of its checks.
        failures: those that failed.
        waits_for: the functions that are not written yet and that some of its checks need.
        printed: what it printed while it was checked.
        rules: what in it breaks the rules of the course, a sentence each: it will not work when it is graded.
    """

    function: str
    status: Status
    total: int
    failures: tuple[FailedCheck, ...] = ()
    waits_for: tuple[str, ...] = ()
    printed: str = ""
    rules: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """One line about the function."""
        checks = "its public check" if self.total == 1 else f"its {self.total} public checks"
        match self.status:
            case _ if self.rules:
                return "will not work when it is graded"
            case Status.PASSES:
                return f"passes {checks}"
            case Status.FAILS if self.total == 0:
                return "cannot be checked"
            case Status.FAILS:
                return f"fails {len(self.failures)} of {checks}" if self.total > 1 else f"fails {checks}"
            case Status.WAITS:
                return f"waits for {' and '.join(self.waits_for)}, which a check of it needs"
            case _:
                return self.status.value


Check = Callable[[], object]


def function_of(check: str) -> str:
    """The function that a check of this name is about, or nothing.

    >>> function_of("test_pair_loss__by_hand")
    'pair_loss'
    """
    function, between, _ = check.removeprefix(PREFIX).partition(BETWEEN)
    return function if check.startswith(PREFIX) and between else ""


def load_checks(source: str, file: str) -> dict[str, dict[str, Check]]:
    """The checks in a source, by function and name, in order. The students' module must be in `sys.modules`.

    Raises:
        Exception: whatever the source raises.
    """
    module = types.ModuleType(file.removesuffix(".py"))
    exec(compile(source, file, "exec", dont_inherit=True), vars(module))  # noqa: S102
    found: dict[str, dict[str, Check]] = {}
    for name, value in vars(module).items():
        function = function_of(name)
        if function and callable(value):
            found.setdefault(function, {})[name] = value
    return found


def title(check: Check, name: str) -> str:
    """What a check is about: its docstring."""
    return " ".join((check.__doc__ or name).split())


def told(error: BaseException, files: Mapping[str, bytes]) -> str:
    """What an exception in a check says to the student: a failed check its message, another one where it came from."""
    if isinstance(error, AssertionError):
        return str(error) or "an `assert` without a message failed"
    from autograder.sandbox.inside.reporting import report  # needs NumPy, which only the runner loads

    found: dict[str, Any] = report(error, files)
    text = f"raised {found['types'][0]}: {found['message']}"
    if found["line"] and found["file"]:
        file, line = found["file"], found["line"]
        lines = files[file].decode(errors="replace").splitlines() if file in files else []
        code = f": `{lines[line - 1].strip()}`" if 0 < line <= len(lines) else ""
        text += f"\n  in {place(file, line)}{code}"
    return "\n  ".join([text, *getattr(error, "__notes__", ())])


def run_checks(function: str, checks: Mapping[str, Check], files: Mapping[str, bytes]) -> CheckedFunction:
    """Make the checks of one function.

    Args:
        function: its name.
        checks: by name.
        files: the student's sources by the names that tracebacks have.
    """
    failures, waits_for, unwritten = [], dict[str, None](), 0
    for name, check in checks.items():
        try:
            check()
        except BaseException as error:
            needed = getattr(error, "not_written", "")
            unwritten += needed == function
            if needed == function and getattr(error, "not_defined", False):
                return CheckedFunction(function, Status.MISSING, len(checks), (FailedCheck("Is there", str(error)),))
            if needed and needed != function:
                waits_for[needed] = None
            else:
                failures.append(FailedCheck(title(check, name), told(error, files)))
    if failures and len(failures) == unwritten:
        return CheckedFunction(function, Status.NOT_STARTED, len(checks))
    status = Status.FAILS if failures else Status.WAITS if waits_for else Status.PASSES
    return CheckedFunction(function, status, len(checks), tuple(failures), tuple(waits_for))


def missing(function: str, total: int, names: list[str], reason: str = "") -> CheckedFunction:
    """What is said of a function that is not there.

    Args:
        function: its name.
        total: the number of its checks.
        names: the functions that are there.
        reason: why it is not, where its own statement failed.
    """
    if reason:
        return CheckedFunction(function, Status.FAILS, total, (FailedCheck("Can be read", reason),))
    near = difflib.get_close_matches(function, names, n=1, cutoff=0.75)
    hint = f"there is no function of this name; {near[0]} is there: was it meant?" if near else ""
    return CheckedFunction(function, Status.MISSING, total, (FailedCheck("Is there", hint),) if hint else ())
