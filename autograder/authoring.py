"""How an instructor declares what is asked: an `Assignment`, its checks, and the tolerances that they name.

A check is a decorated function that makes one random case; its docstring is the title that students read:

    smooth_ap = Assignment("a4_smooth_ap", module="smooth_ap", title="Smooth AP")

    @smooth_ap.check("average_precision", points=2)
    def ties(rng, size):
        '''Counts ties as equation (2) does'''
        return rng.integers(0, 4, size + 1) / 4, rng.integers(0, 4, size) / 4

A case is the tuple of arguments. `size` grows from 1 to `largest` over a check's cases, so that the smallest failing
case is small. Points of a check are all or nothing; partial credit comes from having several checks.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

Arguments = tuple[Any, ...]
Maker = Callable[[np.random.Generator, int], Arguments]
Scale = Callable[..., Any]
Relation = Literal["=", "<=", ">="]
CaughtBy = Literal["value", "untouched", "quiet"]

DEFAULT_CASES = 10
DEFAULT_LARGEST = 12


class AuthoringError(ValueError):
    """A declaration that contradicts itself; says which and why."""


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

    `sizes` has an entry for each case; `close` names a tolerance of the course.
    """

    function: str
    name: str
    title: str
    points: float
    kind: Kind
    make: Maker
    sizes: tuple[int, ...]
    close: str = "value"


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


@dataclass(slots=True)
class Assignment:
    """One assignment: a module that students write, and the checks on its functions, in the order of declaration.

    Args:
        name: of the folder, e.g. "a4_smooth_ap".
        module: of the file to hand in, without `.py`.
        title: for people.
    """

    name: str
    module: str
    title: str
    checks: list[Check] = field(default_factory=list)
    limits: dict[str, Limit] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    wrongs: list[Mistake] = field(default_factory=list)
    foundations: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions asked for, in order."""
        return tuple(dict.fromkeys(check.function for check in self.checks))

    def limit(self, function: str, *, seconds: float | None = None, memory: int | None = None) -> None:
        """Give a function limits of its own: processor seconds for all its calls, bytes of memory."""
        if not all(value is None or value > 0 for value in (seconds, memory)):
            raise AuthoringError(f"{self.name}: the limits of {function} must be above 0")
        self.limits[function] = Limit(seconds, memory)

    def builds_on(self, function: str, *others: str) -> None:
        """`function`'s reference calls `others`, each of which students write too.

        A submission whose `function` is wrong, but right on top of its own wrong `others`, earns half and is told so.
        It is found by running the reference, in the grader, on the values that the submission's own functions give.
        """
        if not others or function in others:
            raise AuthoringError(f"{self.name}: {function} must build on at least one other function")
        self.foundations[function] = others

    def mistake(self, function: str, hint: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A wrong version of `function`, as the decorated one; a submission that answers as it does gets the hint.

        A hint leads to the idea and does not give the formula away.
        """
        if not hint.strip():
            raise AuthoringError(
                f"{self.name}: a mistake of {function} has no hint; `wrong` declares one that needs none"
            )
        return self._wrong(function, hint, self.mistakes)

    def wrong(
        self, function: str, *, name: str | None = None, caught_by: CaughtBy = "value"
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A wrong version of `function`, as the decorated one, that must lose points; it tests the checks alone.

        Args:
            function: that it stands for.
            name: in place of the decorated function's own.
            caught_by: what must catch it: a check of values (or of errors, lines, outcomes), or one that the arguments
                stay untouched, or one of silence, which both ask for right values too.
        """
        return self._wrong(function, "", self.wrongs, name, caught_by)

    def _wrong(
        self,
        function: str,
        hint: str,
        others: list[Mistake],
        given: str | None = None,
        caught_by: CaughtBy = "value",
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def declare(call: Callable[..., Any]) -> Callable[..., Any]:
            name = given or str(getattr(call, "__name__", "mistake"))
            if any(other.function == function and other.name == name for other in (*self.mistakes, *self.wrongs)):
                raise AuthoringError(f"{self.name}: {function} has two mistakes named {name}")
            others.append(Mistake(name, function, hint, call, caught_by))
            return call

        return declare

    def _add(self, check: Check) -> None:
        if not check.title:
            raise AuthoringError(
                f"{self.name}: the check {check.name} of {check.function} needs a docstring: its title"
            )
        if not check.points > 0:
            raise AuthoringError(f"{self.name}: the check {check.name} of {check.function} must have points above 0")
        if any(other.function == check.function and other.name == check.name for other in self.checks):
            raise AuthoringError(f"{self.name}: {check.function} has two checks named {check.name}")
        self.checks.append(check)

    def _declare(
        self, function: str, kind: Kind, points: float, cases: int, largest: int, close: str
    ) -> Callable[[Maker], Maker]:
        def declare(make: Maker) -> Maker:
            self._add(
                Check(function, _name(make), _title(make), float(points), kind, make, growing(cases, largest), close)
            )
            return make

        return declare

    def check(
        self,
        function: str,
        *,
        points: float,
        cases: int = DEFAULT_CASES,
        largest: int = DEFAULT_LARGEST,
        close: str = "value",
        scale: Scale | None = None,
    ) -> Callable[[Maker], Maker]:
        """The value must equal the reference's on every case that the decorated function makes."""
        return self._declare(function, Value(scale), points, cases, largest, close)

    def same(
        self,
        function: str,
        make: Maker,
        *,
        points: float,
        title: str | None = None,
        name: str | None = None,
        cases: int = DEFAULT_CASES,
        largest: int = DEFAULT_LARGEST,
        close: str = "value",
        scale: Scale | None = None,
    ) -> None:
        """As `check`, on cases that several checks share; the title is the maker's docstring unless given."""
        sizes = growing(cases, largest)
        own_title = title or _title(make)
        self._add(Check(function, name or _name(make), own_title, float(points), Value(scale), make, sizes, close))

    def raises(
        self, function: str, error: type[Exception], *, points: float, unless: Maker, cases: int = 5, largest: int = 5
    ) -> Callable[[Maker], Maker]:
        """`error` must come on every case that the decorated function makes, and no error on those of `unless`."""
        return self._declare(function, Raises(error, unless), points, cases, largest, "value")

    def untouched(
        self,
        function: str,
        *,
        points: float,
        like: Maker,
        title: str = "Leaves its arguments as they were",
        cases: int = 6,
        largest: int = DEFAULT_LARGEST,
        close: str = "value",
    ) -> None:
        """The arguments must be unmodified after a call on the cases that `like` makes, and the values right."""
        sizes = growing(cases, largest)
        self._add(Check(function, "arguments_untouched", title, float(points), Untouched(), like, sizes, close))

    def quiet(
        self,
        function: str,
        *,
        points: float,
        like: Maker,
        title: str = "Gives no RuntimeWarning on the stated range",
        cases: int = 6,
        largest: int = DEFAULT_LARGEST,
        close: str = "value",
    ) -> None:
        """No RuntimeWarning may come on the cases that `like` makes, and the values must be right."""
        self._add(Check(function, "no_warning", title, float(points), Quiet(), like, growing(cases, largest), close))

    def gradient(
        self,
        function: str,
        *,
        of: str,
        wrt: Iterable[str],
        like: Maker,
        points: float,
        title: str | None = None,
        name: str | None = None,
        cases: int = DEFAULT_CASES,
        largest: int = DEFAULT_LARGEST,
        close: str = "value",
        through: Callable[..., Arguments] | None = None,
        pick: Callable[[Any], Any] | None = None,
        pick_gradient: Callable[[Any], Any] | None = None,
        elementwise: bool = False,
        scale: Scale | None = None,
    ) -> None:
        """`function` is the gradient of `of`, on the cases that `like` makes; keep these away from kinks.

        The reference's gradient is held against central differences of the reference when the exam is made. A
        submission's gradient that is wrong, but right for the submission's own wrong `of`, earns half.
        """
        kind = Gradient(of, tuple(wrt), through, pick, pick_gradient, elementwise, scale)
        self._add(
            Check(
                function,
                name or _name(like),
                title or _title(like),
                float(points),
                kind,
                like,
                growing(cases, largest),
                close,
            )
        )

    def derivation(
        self,
        function: str,
        *,
        start: Callable[..., float],
        end: Callable[..., float],
        claim: Relation,
        points: float,
        cases: int = DEFAULT_CASES,
        largest: int = 6,
        close: str = "derivation",
    ) -> Callable[[Maker], Maker]:
        """Every line of the derivation must hold on every case that the decorated function makes (see contract)."""
        return self._declare(function, Derivation(start, end, claim), points, cases, largest, close)

    def training(
        self,
        function: str,
        *,
        judge: Callable[[Arguments, Any, Sequence[Any]], str | None],
        points: float,
        cases: int = 2,
        largest: int = 2,
        repeats: int = 2,
        untouched: bool = False,
        close: str = "embedding",
    ) -> Callable[[Maker], Maker]:
        """The outcome of training must satisfy `judge`; the decorated function makes `(arguments, facts)`."""
        return self._declare(function, Training(judge, repeats, untouched), points, cases, largest, close)


def growing(cases: int, largest: int) -> tuple[int, ...]:
    """`cases` sizes from 1 to `largest`, growing evenly in ratio.

    >>> growing(5, 16)
    (1, 2, 4, 8, 16)
    """
    if cases < 1 or largest < 1:
        raise AuthoringError(f"{cases} cases up to size {largest}: both must be at least 1")
    if cases == 1:
        return (largest,)
    return tuple(round(largest ** (index / (cases - 1))) for index in range(cases))


def _name(make: Maker) -> str:
    return getattr(make, "__name__", "case")


def _title(make: Maker) -> str:
    return " ".join((make.__doc__ or "").split())
