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
from typing import Any, Unpack

from autograder.authoring.declarations import Curve, Limit, Mistake, Shown
from autograder.authoring.kinds import kind_named
from autograder.authoring.kinds.assumption import Assumption
from autograder.authoring.kinds.derivation import Derivation
from autograder.authoring.kinds.gradient import Gradient
from autograder.authoring.kinds.kind import Arguments, CaughtBy, Check, Kind, Maker, Scale
from autograder.authoring.kinds.quiet import Quiet
from autograder.authoring.kinds.raises import Raises
from autograder.authoring.kinds.training import Training
from autograder.authoring.kinds.untouched import Untouched
from autograder.authoring.kinds.value import Value
from autograder.authoring.sizes import growing
from autograder.errors import AuthoringError
from autograder.judging.derivations import Relation
from autograder.judging.levels import Reveal

DEFAULT_CASES = 10
DEFAULT_LARGEST = 12


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
    curves: list[Curve] = field(default_factory=list)
    formulas: dict[str, str] = field(default_factory=dict)
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

    def formula(self, function: str, text: str) -> None:
        """What is asked of a function, in one line with `$formulas$`, for feedback; it must not give an answer away.

        Without one, feedback takes the first paragraph of the reference's docstring.
        """
        self.formulas[function] = text

    def curve(
        self, function: str, *, over: Iterable[float], label: str, log: bool = False
    ) -> Callable[[Callable[[float], Arguments]], Callable[[float], Arguments]]:
        """Draws a failed function beside the right one along the numbers `over`; its docstring is the picture's title.

        The decorated function gives the arguments for one of these numbers; the function must give one number for
        them. They are extra calls, made only of a submission that failed, and earn or cost nothing.
        """

        def declare(make: Callable[[float], Arguments]) -> Callable[[float], Arguments]:
            if not _title(make):
                raise AuthoringError(f"{self.name}: the curve {_name(make)} of {function} needs a docstring: its title")
            self.curves.append(Curve(function, _title(make), label, tuple(map(float, over)), log, make))
            return make

        return declare

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

    def declare(
        self,
        function: str,
        kind: Kind | str,
        *,
        points: float,
        like: Maker | None = None,
        title: str | None = None,
        name: str | None = None,
        cases: int = DEFAULT_CASES,
        largest: int = DEFAULT_LARGEST,
        close: str = "value",
        **shown: Unpack[Shown],
    ) -> Callable[[Maker], Maker]:
        """A check of any kind, also of another package's; the methods below are this one for each of ours.

        Args:
            function: that is checked.
            kind: what is asked; or the name of a kind that needs no further words.
            points: all or nothing.
            like: makes the cases; default: the decorated function does.
            title: for students; default: the docstring of the maker.
            name: in records; default: the name of the maker.
            cases: how many.
            largest: the size of the last; they grow from 1.
            close: names a tolerance of the course.
            shown: `reveal`, in place of the course's level; `counterexample`, whether who fails it is shown a case
                beside the hidden ones, where the course shows some.
        """
        made = kind_named(kind)() if isinstance(kind, str) else kind
        unknown = sorted(set(shown) - Shown.__optional_keys__)
        if unknown:
            raise AuthoringError(f"{self.name}: a check of {function} is declared with {unknown[0]}=, which is nothing")
        sizes, level, example = growing(cases, largest), _level(shown.get("reveal")), shown.get("counterexample", True)

        def add(make: Maker) -> Maker:
            called, told = name or _name(make), title or _title(make)
            self._add(Check(function, called, told, float(points), made, make, sizes, close, level, example))
            return make

        if like is not None:
            add(like)
        return add

    def check(
        self,
        function: str,
        *,
        points: float,
        cases: int = DEFAULT_CASES,
        largest: int = DEFAULT_LARGEST,
        close: str = "value",
        scale: Scale | None = None,
        **shown: Unpack[Shown],
    ) -> Callable[[Maker], Maker]:
        """The value must equal the reference's on every case that the decorated function makes."""
        return self.declare(function, Value(scale), points=points, cases=cases, largest=largest, close=close, **shown)

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
        **shown: Unpack[Shown],
    ) -> None:
        """As `check`, on cases that several checks share; the title is the maker's docstring unless given."""
        self.declare(
            function,
            Value(scale),
            points=points,
            like=make,
            title=title,
            name=name,
            cases=cases,
            largest=largest,
            close=close,
            **shown,
        )

    def raises(
        self,
        function: str,
        error: type[Exception],
        *,
        points: float,
        unless: Maker,
        cases: int = 5,
        largest: int = 5,
        **shown: Unpack[Shown],
    ) -> Callable[[Maker], Maker]:
        """`error` must come on every case that the decorated function makes, and no error on those of `unless`."""
        return self.declare(function, Raises(error, unless), points=points, cases=cases, largest=largest, **shown)

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
        **shown: Unpack[Shown],
    ) -> None:
        """The arguments must be unmodified after a call on the cases that `like` makes, and the values right."""
        self.declare(
            function,
            Untouched(),
            points=points,
            like=like,
            title=title,
            name="arguments_untouched",
            cases=cases,
            largest=largest,
            close=close,
            **shown,
        )

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
        **shown: Unpack[Shown],
    ) -> None:
        """No RuntimeWarning may come on the cases that `like` makes, and the values must be right."""
        self.declare(
            function,
            Quiet(),
            points=points,
            like=like,
            title=title,
            name="no_warning",
            cases=cases,
            largest=largest,
            close=close,
            **shown,
        )

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
        **shown: Unpack[Shown],
    ) -> None:
        """`function` is the gradient of `of`, on the cases that `like` makes; keep these away from kinks.

        The reference's gradient is held against central differences of the reference when the exam is made. A
        submission's gradient that is wrong, but right for the submission's own wrong `of`, earns half.
        """
        self.declare(
            function,
            Gradient(of, tuple(wrt), through, pick, pick_gradient, elementwise, scale),
            points=points,
            like=like,
            title=title,
            name=name,
            cases=cases,
            largest=largest,
            close=close,
            **shown,
        )

    def derivation(
        self,
        function: str,
        *,
        ingredients: Iterable[str],
        sides: tuple[Callable[..., Any], Callable[..., Any]],
        claim: Relation,
        assumptions: Iterable[Assumption],
        points: float,
        cases: int = DEFAULT_CASES,
        largest: int = 6,
        close: str = "derivation",
        **shown: Unpack[Shown],
    ) -> Callable[[Maker], Maker]:
        """The lines prove `sides[0] claim sides[1]` (docs/proofs.md); decorate what makes a tuple of `ingredients`."""
        kind = Derivation(tuple(ingredients), sides, claim, tuple(assumptions))
        return self.declare(function, kind, points=points, cases=cases, largest=largest, close=close, **shown)

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
        **shown: Unpack[Shown],
    ) -> Callable[[Maker], Maker]:
        """The outcome of training must satisfy `judge`; the decorated function makes `(arguments, facts)`."""
        kind = Training(judge, repeats, untouched)
        return self.declare(function, kind, points=points, cases=cases, largest=largest, close=close, **shown)


def _name(make: Callable[..., Any]) -> str:
    return getattr(make, "__name__", "case")


def _title(make: Callable[..., Any]) -> str:
    return " ".join((make.__doc__ or "").split())


def _level(reveal: str | None) -> Reveal | None:
    if reveal is None:
        return None
    try:
        return Reveal(reveal)
    except ValueError as error:
        raise AuthoringError(f"there is no reveal level {reveal!r}; there are: {', '.join(Reveal)}") from error
