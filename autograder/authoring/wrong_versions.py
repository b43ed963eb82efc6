"""Ways to make a right function wrong, for authors: each shows that a check catches what it is there for."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Function = Callable[..., Any]
When = Callable[..., Any]


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """A result with every number changed, in its own structure."""
    if isinstance(value, Mapping):
        return {key: mapped(part, change) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(mapped(part, change) for part in value)
    return change(np.asarray(value, dtype=np.float64))[()]


def _off(value: Any) -> Any:
    return np.where(np.isfinite(value), value + 1.0, 0.0)


def spoiled(right: Function, when: When) -> Function:
    """Right, but off by 1 on arguments for which `when` holds."""

    def wrong(*arguments: Any) -> Any:
        # Asked before the call, since neither may find the arguments changed.
        off = when(*arguments)
        value = right(*arguments)
        return mapped(value, _off) if off else value

    return wrong


def imprecise(right: Function, error: float) -> Function:
    """Right but for this relative error, as from a sloppy formula."""
    return lambda *arguments: mapped(right(*arguments), lambda value: value * (1.0 + error))


def swallowing(right: Function, error: type[Exception], when: When = lambda *_: True) -> Function:
    """Gives 0 in place of this error, where `when` holds."""

    def wrong(*arguments: Any) -> Any:
        try:
            return right(*arguments)
        except error:
            if when(*arguments):
                return 0.0
            raise

    return wrong


def warning(right: Function) -> Function:
    """Right, with a RuntimeWarning on the way, as from a branch of `np.where` that is not taken."""

    def wrong(*arguments: Any) -> Any:
        np.log(np.zeros(1))
        return right(*arguments)

    return wrong


def line_spoiled(
    right: Function, number: int, when: When, change: Callable[[Any], Any] = lambda v: v + 1e6
) -> Function:
    """A derivation whose line of this number, from 0, is changed on arguments for which `when` holds."""

    def wrong() -> Any:
        lines = right()
        relation, step = lines[number]
        lines[number] = (relation, lambda *case: change(step(*case)) if when(*case) else step(*case))
        return lines

    return wrong


def always(*_: Any) -> bool:
    """On every case."""
    return True
