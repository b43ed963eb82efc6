"""On which part of the cases a function is right: what the cases on which it fails have in common, and no other has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.judging.finding import Finding
from autograder.judging.numbers import Floats, as_floats
from autograder.judging.verdicts import Verdict

# Fewer cases on either side could be so by chance.
FEWEST_FAILING, FEWEST_RIGHT = 3, 5


def _arrays(value: Any) -> Iterator[Floats]:
    """The arrays of numbers among arguments, also within lists and dicts."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            yield from _arrays(part)
        return
    array = as_floats(value)
    if array is not None and array.ndim:
        yield array


def _ties(arguments: tuple[Any, ...]) -> bool:
    numbers = np.concatenate([array.ravel() for array in _arrays(arguments)] or [np.zeros(0)])
    return len(np.unique(numbers)) < len(numbers)


def _zeros(arguments: tuple[Any, ...]) -> bool:
    return any((array == 0).any() for array in _arrays(arguments))


def _large(arguments: tuple[Any, ...]) -> bool:
    return any(np.abs(array).max(initial=0.0) > 700 for array in _arrays(arguments))


def _empty(arguments: tuple[Any, ...]) -> bool:
    return any(array.size == 0 for array in _arrays(arguments))


def _one_element(arguments: tuple[Any, ...]) -> bool:
    return any(array.size == 1 for array in _arrays(arguments))


# What is looked for, from the most special to the least.
SITUATIONS: dict[str, Callable[[tuple[Any, ...]], bool]] = {
    "empty": _empty,
    "one_element": _one_element,
    "large": _large,
    "ties": _ties,
    "zeros": _zeros,
}


def situation(cases: Sequence[tuple[tuple[Any, ...], bool]]) -> Finding | None:
    """What all cases that fail have in common, and no case that is right; None where there is nothing of the kind.

    Args:
        cases: arguments, and whether the answer to them is right.
    """
    failing = [arguments for arguments, right in cases if not right]
    right = [arguments for arguments, right in cases if right]
    if len(failing) < FEWEST_FAILING or len(right) < FEWEST_RIGHT:
        return None
    for name, holds in SITUATIONS.items():
        if all(map(holds, failing)) and not any(map(holds, right)):
            return Finding(Verdict.FAILED, "only_where", {"where": name, "cases": len(failing), "right": len(right)})
    return None
