"""Checks drawn for one function, without an assignment or a sandbox."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.authoring.kinds.kind import Arguments, Check, Drawing, DrawnCheck, Kind
from autograder.judging.tolerance import Tolerance
from autograder.sandbox.answers import Answer, Raised, Returned

TOLERANCE = Tolerance(1e-9, 1e-12)
TOLERANCES = {"value": TOLERANCE, "derivation": TOLERANCE, "differences": Tolerance(1e-5, 1e-7)}
RAISED = Raised(("ValueError", "Exception"), "bad", "f.py", 3, "x = 1")

Functions = Mapping[str, Callable[..., Any]]


def row(rng: np.random.Generator, size: int) -> Arguments:
    """A row of numbers, larger with each case"""
    return (rng.normal(size=size),)


def drawing(
    kind: Kind,
    functions: Functions,
    make: Callable[[np.random.Generator, int], Any] = row,
    sizes: tuple[int, ...] = (1, 2, 3),
    tolerance: Tolerance = TOLERANCE,
) -> Drawing:
    """What a check of the first of these functions is drawn from."""
    name = next(iter(functions))
    check = Check(name, "checked", "Is checked", 2.0, kind, make, sizes)
    parameters = kind.parameters(functions[name])
    return Drawing(check, np.random.default_rng(0), functions.__getitem__, parameters, tolerance, TOLERANCES)


def drawn(kind: Kind, functions: Functions, *given: Any, **named: Any) -> DrawnCheck:
    """A check of the first of these functions."""
    return kind.draw(drawing(kind, functions, *given, **named))


def answers(check: DrawnCheck, call: Callable[..., Any]) -> list[Answer]:
    """What a submission's function gives to each call: a value, or an exception."""
    found: list[Answer] = []
    for mode, arguments in check.calls:
        own = tuple(np.copy(each) if isinstance(each, np.ndarray) else each for each in arguments)
        try:
            value = call(*own)
        except Exception as error:
            found.append(Raised(tuple(kind.__name__ for kind in type(error).__mro__), str(error)))
        else:
            found.append(Returned([value, own] if mode == "arguments" else value))
    return found
