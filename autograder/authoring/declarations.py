"""What can be declared of an assignment, as plain values: the kinds of checks, curves, limits, mistakes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograder.authoring.levels import Reveal

Arguments = tuple[Any, ...]
Maker = Callable[[np.random.Generator, int], Arguments]
Scale = Callable[..., Any]
Relation = Literal["=", "<=", ">="]
CaughtBy = Literal["value", "untouched", "quiet"]


@dataclass(frozen=True, slots=True)
class Value:
    """The value must equal the reference's.

    `scale` gives, from a case's arguments, sizes of the expected shape; the error is then measured against the larger
    of them and the expected value, with no absolute allowance. It is for results whose terms cancel.
    """

    scale: Scale | None = None


@dataclass(frozen=True, slots=True)
class Quiet:
    """The value must be right and come without a RuntimeWarning."""


@dataclass(frozen=True, slots=True)
class Untouched:
    """The value must be right and the arguments be as before."""


@dataclass(frozen=True, slots=True)
class Raises:
    """An exception of this class must come, and none on cases of the check `unless`."""

    error: type[Exception]
    unless: Maker


@dataclass(frozen=True, slots=True)
class Gradient:
    """The gradient of `of` with respect to the parameters `wrt` must equal the reference's.

    `through` maps the case's arguments to those of `of` (default: the same). `pick` takes (value of `of`) -> function
    value, and `pick_gradient` (value of the checked function) -> gradient, where one function returns both.
    `elementwise` says that all arguments broadcast and each derivative has the broadcast shape.
    """

    of: str
    wrt: tuple[str, ...]
    through: Callable[..., Arguments] | None = None
    pick: Callable[[Any], Any] | None = None
    pick_gradient: Callable[[Any], Any] | None = None
    elementwise: bool = False
    scale: Scale | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
    """Lines from `start` to `end`, both given as functions of a case, that prove `start claim end`."""

    start: Callable[..., float]
    end: Callable[..., float]
    claim: Relation


@dataclass(frozen=True, slots=True)
class Training:
    """An outcome that no single value describes.

    A case is `(arguments, facts)`: facts stay with the grader. `judge(arguments, facts, values)` says what is wrong,
    without any number of the case, or None; `values` are what `repeats` equal calls gave, each finite and of the
    structure of the reference's value. `untouched` asks that the arguments be as before, too.
    """

    judge: Callable[[Arguments, Any, Sequence[Any]], str | None]
    repeats: int = 2
    untouched: bool = False


def catches(kind: "Kind") -> CaughtBy:
    """What a check of this kind is there to catch."""
    if isinstance(kind, Quiet):
        return "quiet"
    untouched = isinstance(kind, Untouched) or (isinstance(kind, Training) and kind.untouched)
    return "untouched" if untouched else "value"


Kind = Value | Quiet | Untouched | Raises | Gradient | Derivation | Training


@dataclass(frozen=True, slots=True)
class Check:
    """One declared check of one function.

    `sizes` has an entry for each case; `close` names a tolerance of the course; `reveal`, where given, says in place of
    the course's setting how much of it students see.
    """

    function: str
    name: str
    title: str
    points: float
    kind: Kind
    make: Maker
    sizes: tuple[int, ...]
    close: str = "value"
    reveal: Reveal | None = None


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
