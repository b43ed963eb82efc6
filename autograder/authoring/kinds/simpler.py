"""The same arguments with simpler numbers: 1, 2, 0.5, small decimals in place of 0.4371829.

Only numbers that are no integers by type are changed: equal ones to equal ones, those in arrays in the same order, as
those outside, each with its sign, and 0 stays 0. So ties, copies, sorted lists, symmetric matrices, zeros and what is
positive stay what they are; where rows sum to 1, they do so after. What else is promised of them, whoever takes one of
these cases has to look after.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Arguments = tuple[Any, ...]
Change = Callable[[float], float]
# A number of a case, and whether it stands in an array.
Placed = tuple[float, bool]

# How close to 1 a row sums where that is meant.
SUMS_TO_ONE = 1e-9
SIMPLE = (1.0, -1.0, 2.0, -2.0, 0.5, -0.5)


def floats_in(value: Any) -> Iterator[Placed]:
    """The finite numbers of a case that are no integers by type."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f":
            yield from ((number, True) for number in value.ravel().tolist() if math.isfinite(number))
    elif isinstance(value, float | np.floating):
        if math.isfinite(value):
            yield float(value), False
    elif isinstance(value, list | tuple):
        for part in value:
            yield from floats_in(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from floats_in(part)


@dataclass(frozen=True, slots=True)
class _Changes:
    """What becomes of the numbers in arrays, and of those outside."""

    inside: Change
    outside: Change

    def made(self, value: Any) -> Any:
        """A value of the same structure and types, with every such number changed."""
        if isinstance(value, np.ndarray):
            return self._array(value) if value.dtype.kind == "f" else value.copy()
        if isinstance(value, float | np.floating) and math.isfinite(value):
            return type(value)(self.outside(float(value)))
        if type(value) in (list, tuple):
            return type(value)(self.made(part) for part in value)
        if isinstance(value, Mapping):
            return {key: self.made(part) for key, part in value.items()}
        return value

    def _array(self, value: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        numbers = [self.inside(x) if math.isfinite(x) else x for x in value.ravel().tolist()]
        made = np.array(numbers, value.dtype).reshape(value.shape)
        if value.ndim and value.size and (np.abs(value.sum(axis=-1) - 1.0) <= SUMS_TO_ONE).all():
            return _summing_to_one(made)
        return made


def _summing_to_one(rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Rows whose largest number is what the others leave of 1."""
    flat = rows.reshape(-1, rows.shape[-1])
    for row in flat:
        largest = int(np.argmax(row))
        row[largest] = 0.0
        # Decimals that sum to 1 in print must do so in binary as nearly as can be.
        row[largest] = round(1.0 - float(row.sum()), 12)
    return flat.reshape(rows.shape)


def same_pattern(before: Sequence[Placed], after: Sequence[Placed]) -> bool:
    """Whether numbers are equal, ordered, zero and signed as those before, each compared with that at its place."""
    became: dict[float, float] = {}
    for (old, _), (new, _) in zip(before, after, strict=True):
        if became.setdefault(old, new) != new or (old > 0) != (new > 0) or (old < 0) != (new < 0):
            return False
    if len(set(became.values())) < len(became):
        return False
    for place in (True, False):
        ordered = [became[old] for old in sorted({number for number, inside in before if inside is place})]
        if ordered != sorted(ordered):
            return False
    return True


def _ranks(numbers: Sequence[float], step: float) -> Change:
    """Each number's place among those of its sign, in steps."""
    above = {x: step * place for place, x in enumerate((x for x in numbers if x > 0), start=1)}
    below = {x: -step * place for place, x in enumerate((x for x in reversed(numbers) if x < 0), start=1)}
    return {0.0: 0.0, **above, **below}.__getitem__


def _significant(digits: int) -> Change:
    return lambda x: float(f"{x:.{digits - 1}e}")


def _rounded(per_unit: int) -> Change:
    return lambda x: float(round(x * per_unit)) / per_unit


def _all_at_once(numbers: Sequence[Placed]) -> Iterator[_Changes]:
    """Changes of every number, from the coarsest on."""
    inside, outside = ([number for number, at in numbers if at is place] for place in (True, False))
    for step in (1.0, 0.5):
        yield _Changes(_ranks(inside, step), _ranks(outside, step))
        for other in (_rounded(2), _rounded(10), _significant(1)) if outside else ():
            yield _Changes(_ranks(inside, step), other)
    plain = [*map(_rounded, (1, 2, 4)), _significant(1), *map(_rounded, (10, 100)), *map(_significant, (2, 3))]
    for change in plain:
        yield _Changes(change, change)


def _one_by_one(numbers: Sequence[Placed]) -> Iterator[_Changes]:
    """Each number alone made simpler, the others left."""
    for number in sorted({number for number, _ in numbers}):
        for simple in dict.fromkeys((*SIMPLE, float(round(number)), round(number, 1))):

            def change(x: float, number: float = number, simple: float = simple) -> float:
                return simple if x == number else x

            yield _Changes(change, change)


def simpler(arguments: Arguments) -> Iterator[Arguments]:
    """The arguments with simpler numbers, the simplest first; none that are equal to them.

    >>> next(simpler((np.array([0.31, 0.72, 0.31]), 3)))
    (array([1., 2., 1.]), 3)
    """
    before = list(floats_in(arguments))
    numbers, seen = sorted(set(before)), [before]
    for change in (change for some in (_all_at_once, _one_by_one) for change in some(numbers)):
        # Most changes are turned down here, before any array is made.
        direct = [(change.inside(x) if inside else change.outside(x), inside) for x, inside in numbers]
        if not same_pattern(numbers, direct):
            continue
        made = tuple(map(change.made, arguments))
        after = list(floats_in(made))
        if after not in seen and len(after) == len(before) and same_pattern(before, after):
            seen.append(after)
            yield made
