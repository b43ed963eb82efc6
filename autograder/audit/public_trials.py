"""Tries the known mistakes on the public checks: which of them a student would see before handing in.

Mistakes and checks are the staff's own code, so they run here, as the mistakes do that diagnosis knows.
"""

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from autograder.authoring.declarations import Mistake
from autograder.course.solutions import Solution
from autograder.errors import SolutionsError
from autograder.students.checks import Check, Status, load_checks, run_checks

CHECKS = "public_checks.py"


@dataclass(frozen=True, slots=True)
class PublicTrial:
    """A known mistake, and whether the public checks of its function notice it; None where the function has none."""

    assignment: str
    mistake: Mistake
    noticed: bool | None


def public_trials(solution: Solution) -> list[PublicTrial]:
    """Every known mistake of an assignment on the public checks of its function.

    Raises:
        SolutionsError: the public checks cannot be read, or the reference itself does not pass them.
    """
    path = solution.folder / CHECKS
    mistakes = solution.assignment.mistakes
    if not path.exists():
        return [PublicTrial(solution.assignment.name, mistake, None) for mistake in mistakes]
    source = path.read_text(encoding="utf-8")
    _reference_passes(solution, source)
    return [PublicTrial(solution.assignment.name, each, _noticed(solution, source, each)) for each in mistakes]


def _noticed(solution: Solution, source: str, mistake: Mistake) -> bool | None:
    with _students_module(solution, mistake):
        checks = _loaded(solution, source).get(mistake.function)
        return None if not checks else run_checks(mistake.function, checks, {}).status is not Status.PASSES


def _reference_passes(solution: Solution, source: str) -> None:
    with _students_module(solution):
        for function, checks in _loaded(solution, source).items():
            found = run_checks(function, checks, {})
            if found.status is not Status.PASSES:
                told = "; ".join(f"{failed.title}: {failed.message}" for failed in found.failures) or found.words
                raise SolutionsError(
                    f"{solution.folder / CHECKS}: the reference does not pass a public check of {function}. {told}"
                )


def _loaded(solution: Solution, source: str) -> dict[str, dict[str, Check]]:
    try:
        return load_checks(source, CHECKS)
    except Exception as error:
        raise SolutionsError(f"{solution.folder / CHECKS} cannot be read: {type(error).__name__}: {error}") from error


@contextmanager
def _students_module(solution: Solution, mistake: Mistake | None = None) -> Iterator[None]:
    """What the public checks import: the reference's functions, one of them with a mistake."""
    name = solution.assignment.module
    module = types.ModuleType(name)
    for function in solution.assignment.functions:
        setattr(module, function, getattr(solution.reference, function))
    if mistake is not None:
        # The checks ask what a function is called, as a student's own is.
        def called(*arguments: object, **named: object) -> object:
            return mistake.call(*arguments, **named)

        called.__name__ = mistake.function
        setattr(module, mistake.function, called)
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        # A mistake may well divide by 0.
        with np.errstate(all="ignore"):
            yield
    finally:
        if before is None:
            del sys.modules[name]
        else:
            sys.modules[name] = before
