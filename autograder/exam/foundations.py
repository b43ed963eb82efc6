"""Runs a reference on others' values: what `smooth_map` would be if `smooth_ap` gave what a submission's gives."""

import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from autograder.authoring.kinds.kind import Arguments, copied
from autograder.sandbox.inside.wire import WireError, pack


def rebound(module: types.ModuleType, replaced: Mapping[str, Callable[..., Any]]) -> dict[str, Any]:
    """The names of a module, whose functions all call those of `replaced` instead of their own."""
    names = dict(vars(module))
    for name, value in vars(module).items():
        if isinstance(value, types.FunctionType) and value.__globals__ is vars(module):
            made = types.FunctionType(value.__code__, names, name, value.__defaults__, value.__closure__)
            made.__kwdefaults__ = value.__kwdefaults__
            names[name] = made
    names.update(replaced)
    return names


@cache
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    """Of a reference: asked for at each of its calls, and slow to find."""
    return inspect.signature(function)


class UnknownCallError(LookupError):
    """A reference, run on others' values, makes a call that it did not make on its own."""


@dataclass(frozen=True, slots=True)
class Foundation:
    """The functions that a reference calls and students write too; `reference` is the module of all of them."""

    reference: types.ModuleType
    functions: tuple[str, ...]

    def _positional(self, name: str, positional: Arguments, named: Mapping[str, Any]) -> Arguments:
        return _signature(getattr(self.reference, name)).bind(*positional, **named).args

    def calls(self, function: str, arguments: Arguments) -> Iterator[tuple[str, Arguments]]:
        """The calls that the reference of `function` makes of them, in order: name and arguments."""
        made: list[tuple[str, Arguments]] = []

        def recorder(name: str) -> Callable[..., Any]:
            def record(*positional: Any, **named: Any) -> Any:
                given = self._positional(name, positional, named)
                made.append((name, copied(given)))
                return getattr(self.reference, name)(*given)

            return record

        rebound(self.reference, {name: recorder(name) for name in self.functions})[function](*copied(arguments))
        yield from made

    def value(self, function: str, arguments: Arguments, known: Mapping[bytes, Any]) -> Any:
        """What the reference of `function` gives where calls of the others give `known`, by `key` of the call.

        Raises:
            Exception: whatever the reference raises on such values; UnknownCallError where one is not known.
        """

        def teller(name: str) -> Callable[..., Any]:
            def tell(*positional: Any, **named: Any) -> Any:
                asked = key(name, self._positional(name, positional, named))
                if asked not in known:
                    raise UnknownCallError(name)
                return copied(known[asked])

            return tell

        replaced = {name: teller(name) for name in self.functions}
        with np.errstate(all="ignore"):
            return rebound(self.reference, replaced)[function](*copied(arguments))


def key(name: str, arguments: Arguments) -> bytes:
    """A call, so that equal ones are equal; empty where its arguments have no wire form."""
    with suppress(WireError):
        return pack([name, arguments])
    return b""
