"""What can be declared of an assignment beside its checks, as plain values: curves, limits, mistakes, what is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypedDict

from autograder.authoring.kinds.kind import Arguments, CaughtBy


@dataclass(frozen=True, slots=True)
class Curve:
    """A function's value along one number, for a picture of it beside the right one where the function failed.

    `make` gives the arguments for a value of `over`. They are chosen for teaching: no hidden case is made of them.
    """

    function: str
    title: str
    label: str
    over: tuple[float, ...]
    log: bool
    make: Callable[[float], Arguments]


@dataclass(frozen=True, slots=True)
class Limit:
    """A question's own limits: processor seconds, and bytes of memory; None leaves the usual one."""

    seconds: float | None = None
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong version of a function, as students write it, and the hint that it earns; without one it only tests us."""

    name: str
    function: str
    hint: str
    call: Callable[..., Any]
    caught_by: CaughtBy = "value"


class Shown(TypedDict, total=False):
    """How much of a check students see: a reveal level by name, and whether a case beside the hidden ones."""

    reveal: str | None
    counterexample: bool
