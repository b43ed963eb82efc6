"""Cases beside the hidden ones, for counterexamples: as the check's own maker makes them, from a stream of their own.

The stream is the same for everybody and hangs on no seed of the course, so that nothing of a hidden case can be in it,
and equal submissions are shown equal cases. A case that happens to be a hidden one is never given.
"""

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any, TypeVar

import numpy as np

from autograder.authoring.kinds.comparing import size_of
from autograder.authoring.kinds.kind import Arguments, Case, Drawing, DrawnCheck, Maker
from autograder.exam.common_traits import CommonTraits
from autograder.exam.streams import generator
from autograder.judging.literals import show_arguments
from autograder.judging.tolerance import Tolerance
from autograder.sandbox.inside.wire import WireError, pack

M = TypeVar("M")

# Known to everybody: what is drawn from it is no secret.
PUBLIC_SEED = 0
# Of each check: cases drawn at first and, where none of these shows anything, further ones.
FIRST, MORE = 5, 24
# At first, one simpler version each of so many; later, so many versions of the case that shows the mistake.
SIMPLER_AT_FIRST, SIMPLER = 3, 8
# Candidates that are looked at for them; most are turned down for what all cases have in common, without a reference.
CANDIDATES_AT_FIRST, CANDIDATES = 12, 60
# A case with more numbers is nothing to look at.
MOST_NUMBERS = 60
# Cases of which is seen what all have in common, and how many of them must be small enough.
SAMPLES, FEWEST_SAMPLES = 32, 8


@dataclass(frozen=True, slots=True)
class FreshCase:
    """A check on one fresh case.

    Args:
        check: as a kind makes it.
        case: its only one.
        key: the arguments, so that equal ones are equal.
        weight: numbers, and characters; the less, the easier the case is to read.
    """

    check: DrawnCheck
    case: Case
    key: bytes
    weight: tuple[int, int]


def key_of(arguments: Arguments) -> bytes:
    """Arguments, so that equal ones are equal; empty where they have no wire form."""
    try:
        return pack(list(arguments))
    except WireError:
        return b""


@dataclass(frozen=True, slots=True)
class FreshDraws:
    """What fresh cases of a question are drawn with.

    Args:
        assignment: its name.
        reference: gives a function of the reference by its name.
        tolerances: of the course, by name.
    """

    assignment: str
    reference: Callable[[str], Callable[..., Any]]
    tolerances: Mapping[str, Tolerance]

    def numbers(self, check: DrawnCheck, size: int) -> int | None:
        """About how many numbers a case of a declared size has; None where no further one can be made."""
        arguments = _made(partial(check.check.make, self.drawing(check, size, "numbers").rng, size))
        return None if arguments is None else roughly(size_of(arguments))

    def drawing(self, check: DrawnCheck, size: int, use: str) -> Drawing:
        """What a kind draws one further case from.

        Args:
            check: of the exam.
            size: of the case.
            use: names the stream.
        """
        declared = check.check
        return Drawing(
            check=replace(declared, make=_bounded(declared.make), sizes=(size,)),
            rng=generator(PUBLIC_SEED, self.assignment, declared.function, declared.name, "counterexample", use),
            reference=self.reference,
            parameters=check.parameters,
            tolerance=check.tolerance,
            tolerances=self.tolerances,
        )


def roughly(count: int) -> int:
    """A count with two significant digits, from 100 on.

    >>> roughly(57), roughly(1968)
    (57, 2000)
    """
    return count if count < 100 else round(count, 2 - len(str(count)))


class _TooLargeError(Exception):
    """A case that is nothing to look at."""


def _bounded(make: Maker) -> Maker:
    """A maker whose large cases end there, before a reference is asked."""

    def made(rng: np.random.Generator, size: int) -> Arguments:
        arguments = make(rng, size)
        if size_of(arguments) > MOST_NUMBERS:
            raise _TooLargeError
        return arguments

    return made


def sizes(declared: Iterable[int], count: int) -> list[int]:
    """So many sizes, the smallest twice as often as the others, none outside those declared.

    >>> sizes((1, 2, 4, 12), 6)
    [1, 1, 2, 3, 5, 8]
    """
    low, high = min(declared), max(declared)
    found, step, size = [low, low], 1, low + 1
    while len(found) < count:
        found.append(min(size, high) if size <= high else low + (len(found) * 7) % (high - low + 1))
        size, step = size + step, step + 1
    return found[:count]


@dataclass(slots=True)
class _OfCheck:
    """The fresh cases of one check, each made when it is first asked for."""

    first: list[FreshCase] | None = None
    more: list[FreshCase] | None = None
    traits: dict[bool, CommonTraits | None] = field(default_factory=dict)
    simpler: dict[bytes, list[FreshCase]] = field(default_factory=dict)


class FreshCases:
    """The fresh cases of a whole class: made once, and the same for all, whatever cases a student was examined on."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], _OfCheck] = {}

    def _of(self, draws: FreshDraws, check: DrawnCheck) -> _OfCheck:
        return self._found.setdefault((draws.assignment, check.check.function, check.check.name), _OfCheck())

    def first(self, draws: FreshDraws, check: DrawnCheck) -> list[FreshCase]:
        """A few, from small to large, and a simpler version of each; the easiest to read first."""
        own = self._of(draws, check)
        if own.first is None:
            drawn = sorted(self._drawn(draws, check, FIRST, "first"), key=lambda each: each.weight)
            simple = [
                each
                for fresh in drawn[:SIMPLER_AT_FIRST]
                for each in islice(self._simpler(draws, check, fresh, CANDIDATES_AT_FIRST), 1)
            ]
            own.first = sorted([*simple, *drawn], key=lambda each: each.weight)
        return own.first

    def more(self, draws: FreshDraws, check: DrawnCheck) -> list[FreshCase]:
        """Further ones, of all sizes."""
        own = self._of(draws, check)
        if own.more is None:
            own.more = sorted(self._drawn(draws, check, MORE, "more"), key=lambda each: each.weight)
        return own.more

    def simpler(self, draws: FreshDraws, check: DrawnCheck, fresh: FreshCase) -> list[FreshCase]:
        """Simpler versions of one, the easiest to read first."""
        own = self._of(draws, check)
        if fresh.key not in own.simpler:
            found = islice(self._simpler(draws, check, fresh, CANDIDATES), SIMPLER)
            own.simpler[fresh.key] = sorted(found, key=lambda each: each.weight)
        return own.simpler[fresh.key]

    def are_too_large(self, draws: FreshDraws, check: DrawnCheck) -> bool:
        """Whether there are none because the smallest have too many numbers."""
        drawing, large = draws.drawing(check, min(check.check.sizes), "size"), False
        try:
            drawing.cases()
        except _TooLargeError:
            large = True
        except Exception:
            large = False
        return large and not self.first(draws, check)

    def _drawn(self, draws: FreshDraws, check: DrawnCheck, count: int, use: str) -> Iterator[FreshCase]:
        for number, size in enumerate(sizes(check.check.sizes, count)):
            drawing = draws.drawing(check, size, f"{use}/{number}")
            yield from _readable(_made(partial(check.check.kind.fresh, drawing)) or [])

    def _traits(self, draws: FreshDraws, check: DrawnCheck, fresh: FreshCase) -> CommonTraits | None:
        """What the cases of the same maker have in common; None where it makes none that can be looked at."""
        own, good = self._of(draws, check), not fresh.check.cases
        if good not in own.traits:
            make, rng = check.check.kind.maker(check.check, fresh.check), draws.drawing(check, 1, "traits").rng
            found = [_made(partial(_bounded(make), rng, size)) for size in sizes(check.check.sizes, SAMPLES)]
            cases = [made for made in found if isinstance(made, tuple)]
            own.traits[good] = CommonTraits(cases) if len(cases) >= FEWEST_SAMPLES else None
        return own.traits[good]

    def _simpler(self, draws: FreshDraws, check: DrawnCheck, fresh: FreshCase, most: int) -> Iterator[FreshCase]:
        traits = self._traits(draws, check, fresh)
        if traits is None:
            return
        kind = check.check.kind
        for arguments in islice(kind.simpler(fresh.case), most):
            if not traits.allow(arguments, fresh.case.arguments) or _weight(arguments) >= fresh.weight:
                continue
            drawing = draws.drawing(check, 1, "simpler")
            made = _made(partial(kind.again, drawing, fresh.check, arguments))
            # What a kind makes of it in another way is another case, which nobody asked for.
            again = [] if made is None else [made]
            yield from (each for each in _readable(again) if each.key == key_of(arguments))


def _weight(arguments: Arguments) -> tuple[int, int]:
    return size_of(arguments), len(show_arguments((), arguments))


def _readable(checks: Iterable[DrawnCheck]) -> Iterator[FreshCase]:
    """The checks of one case each that a person can look at."""
    for check in checks:
        cases = (*check.cases, *check.good_cases)
        if len(cases) == 1 and size_of(cases[0].arguments) <= MOST_NUMBERS and (key := key_of(cases[0].arguments)):
            yield FreshCase(check, cases[0], key, _weight(cases[0].arguments))


def _made(make: Callable[[], M]) -> M | None:
    """What is made without an error or a warning, else None: the exam itself has shown that the reference is right."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            return make()
    except Exception:
        return None
