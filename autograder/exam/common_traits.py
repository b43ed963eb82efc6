"""What all cases of a check have in common, as far as numbers can show: what a simpler case must have, too.

A maker of cases is code, and says nowhere what it promises of them. Of many of its cases one sees a good part: between
which bounds a number lies, that it is one of a few, a multiple of 1/8, a part of 1. It is looked at sooner too narrowly
than too widely: a student must not be shown a case that was never promised.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.authoring.kinds.kind import Arguments
from autograder.judging.numbers import Floats

# A number that takes at most so many values, while this many numbers were seen, takes no other.
FEW, SEEN_FOR_FEW = 8, 24
FINEST_GRID = 20
CLOSE = 1e-9


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Floats]]:
    """The arrays and numbers of a case that are no integers by type, each with its place; items of a list share one."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f":
            yield path, np.asarray(value, dtype=np.float64)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(part, f"{path}[{key!r}]")
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part, f"{path}[]")
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _leaves(part, f"{path}.{number}")
    elif isinstance(value, float | np.floating):
        yield path, np.asarray(value, dtype=np.float64)


def _has_rows(array: Floats) -> bool:
    """Whether there are rows, of more than one number each."""
    return array.ndim > 0 and array.shape[-1] > 1 and array.size > 0


def _sums(array: Floats) -> tuple[Floats, Floats]:
    """The sum of each row, and that of its squares."""
    with np.errstate(all="ignore"):
        return array.sum(axis=-1).ravel(), (array**2).sum(axis=-1).ravel()


def _constant(parts: Sequence[Floats]) -> float | None:
    """The number that all of these are, as nearly as sums can be; None where there is none."""
    values = np.concatenate(parts) if parts else np.zeros(0)
    if not values.size or not np.isfinite(values).all() or np.ptp(values) > CLOSE * max(1.0, abs(values[0])):
        return None
    return float(values[0])


def _grid(values: Floats) -> int | None:
    """The smallest k for which all are multiples of 2^-k; None where there is none."""
    if not values.size or np.abs(values).max() > 2.0**30:
        return None
    scales = range(FINEST_GRID + 1)
    return next((k for k in scales if (values * 2.0**k == np.round(values * 2.0**k)).all()), None)


@dataclass(frozen=True, slots=True)
class _Place:
    """Of the numbers in one place: bounds, the few that they are, a grid, the sums of rows and of their squares."""

    low: float
    high: float
    few: frozenset[float] | None
    grid: int | None
    row_sum: float | None
    square_sum: float | None

    @classmethod
    def of(cls, arrays: Sequence[Floats]) -> "_Place":
        numbers = np.concatenate([array.ravel() for array in arrays])
        finite = numbers[np.isfinite(numbers)]
        distinct = frozenset(finite.tolist())
        sums = [_sums(array) for array in arrays if _has_rows(array)]
        return cls(
            low=float(finite.min(initial=np.inf)),
            high=float(finite.max(initial=-np.inf)),
            few=distinct if len(distinct) <= FEW and finite.size >= SEEN_FOR_FEW else None,
            grid=_grid(finite),
            row_sum=_constant([rows for rows, _ in sums]),
            square_sum=_constant([squares for _, squares in sums]),
        )

    def allows(self, array: Floats, drawn: Floats) -> bool:
        """Whether these numbers have all of it; the bounds are also those of a case that was drawn."""
        finite, own = array[np.isfinite(array)], drawn[np.isfinite(drawn)]
        low, high = own.min(initial=self.low), own.max(initial=self.high)
        if finite.size and not (low <= finite.min() and finite.max() <= high):
            return False
        if self.few is not None and not set(finite.ravel().tolist()) <= self.few:
            return False
        if self.grid is not None and not (finite * 2.0**self.grid == np.round(finite * 2.0**self.grid)).all():
            return False
        if not _has_rows(array):
            return True
        pairs = zip((self.row_sum, self.square_sum), _sums(array), strict=True)
        return all(wanted is None or _all_near(found, wanted) for wanted, found in pairs)


def _all_near(found: Floats, wanted: float) -> bool:
    return bool((np.abs(found - wanted) <= CLOSE * max(1.0, abs(wanted))).all())


class CommonTraits:
    """What the numbers of these cases have in common, place by place."""

    def __init__(self, cases: Sequence[Arguments]) -> None:
        seen: defaultdict[str, list[Floats]] = defaultdict(list)
        for arguments in cases:
            for path, array in _leaves(tuple(arguments), ""):
                seen[path].append(array)
        self._places = {path: _Place.of(arrays) for path, arrays in seen.items()}

    def allow(self, arguments: Arguments, drawn: Arguments) -> bool:
        """Whether a case has all of it, and numbers only where these cases have some.

        Args:
            arguments: of the case.
            drawn: of the case that it was made of, by the maker of these cases.
        """
        own: defaultdict[str, list[Floats]] = defaultdict(list)
        for path, array in _leaves(tuple(drawn), ""):
            own[path].append(array.ravel())
        return all(
            path in self._places and path in own and self._places[path].allows(array, np.concatenate(own[path]))
            for path, array in _leaves(tuple(arguments), "")
        )
