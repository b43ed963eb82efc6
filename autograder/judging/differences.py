"""Central differences along random directions, for gradients of numbers and arrays with respect to any arguments.

For a function f with value y (a number or an array), a random cotangent c of y's shape and a random direction u of the
arguments, the directional derivative of <c, f> is compared with <gradient, u>. The cotangent is never all ones: the
sum of a softmax, say, has gradient 0 whatever its parts do.

Source: Griewank and Walther, Evaluating Derivatives, 2nd ed., ch. 3 (directional derivatives); the difference is
extrapolated once after Richardson, error O(h^4).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judging.numbers import Floats, as_floats
from autograder.judging.tolerance import Tolerance

STEP = 1e-4
# f(x + s h u) for these s; the last is the value itself.
FACTORS = (1.0, -1.0, 0.5, -0.5, 0.0)
DIRECTIONS = 2


Arguments = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Derivative:
    """How a gradient and its function are read.

    Args:
        wrt: the parameters by which is differentiated.
        through: maps a case's arguments to those of the function; default: the same.
        pick: takes the value out of what the function returns.
        pick_gradient: takes the gradient out of what the checked function returns.
        elementwise: whether all arguments broadcast and each derivative has the broadcast shape.
    """

    wrt: tuple[str, ...]
    through: Callable[..., Arguments] | None = None
    pick: Callable[[Any], Any] | None = None
    pick_gradient: Callable[[Any], Any] | None = None
    elementwise: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """One direction at one case: the calls of the function to make, and how to read them."""

    direction: tuple[Any, ...]
    calls: tuple[Arguments, ...]
    cotangent_seed: int


def _like(value: Any, make: Callable[[tuple[int, ...]], Any]) -> Any:
    """A value of the structure of `value` (number, array, dict of them) with new content."""
    if isinstance(value, Mapping):
        return {key: _like(value[key], make) for key in sorted(value)}
    return make(np.shape(value))


def _moved(value: Any, direction: Any, step: float) -> Any:
    if isinstance(value, Mapping):
        return {key: _moved(value[key], direction[key], step) for key in value}
    moved = np.asarray(value, dtype=np.float64) + step * direction
    return moved if moved.ndim else float(moved)


def _inner(gradient: Any, direction: Any) -> float | None:
    if isinstance(direction, Mapping):
        if not isinstance(gradient, Mapping) or set(gradient) != set(direction):
            return None
        parts = [_inner(gradient[key], direction[key]) for key in direction]
        return None if None in parts else float(sum(part for part in parts if part is not None))
    array = as_floats(gradient)
    if array is None or array.shape != np.shape(direction):
        return None
    return float(np.sum(array * direction))


def _broadcast(arguments: Arguments, positions: Sequence[int]) -> Arguments:
    """All arguments in `positions` in their common shape, so that each element has a derivative of its own."""
    shape = np.broadcast_shapes(*(np.shape(arguments[i]) for i in positions))
    return tuple(
        np.broadcast_to(np.asarray(value, dtype=np.float64), shape).copy() if i in positions else value
        for i, value in enumerate(arguments)
    )


def probes(how: Derivative, names: Sequence[str], arguments: Arguments, rng: np.random.Generator) -> list[Probe]:
    """The calls that show how the function changes along random directions.

    Args:
        how: it is a derivative.
        names: the parameters of the checked function.
        arguments: of the case.
        rng: of the check; the directions are as secret as its cases.
    """
    base = based(how, names, arguments)
    found = []
    for _ in range(DIRECTIONS):
        direction = tuple(_like(base[i], lambda shape: rng.uniform(-1.0, 1.0, shape)) for i in _positions(how, names))
        calls = _along(how, names, base, direction)
        found.append(Probe(direction, calls, int(rng.integers(2**31))))
    return found


def _positions(how: Derivative, names: Sequence[str]) -> list[int]:
    return [list(names).index(name) for name in how.wrt]


def based(how: Derivative, names: Sequence[str], arguments: Arguments) -> Arguments:
    """The arguments around which a derivative is taken: in their common shape where it is taken element by element."""
    return _broadcast(arguments, _positions(how, names)) if how.elementwise else arguments


def _along(how: Derivative, names: Sequence[str], base: Arguments, direction: tuple[Any, ...]) -> tuple[Arguments, ...]:
    """The arguments of the calls that show how the function changes along a direction."""
    calls = []
    for factor in FACTORS:
        moved = list(base)
        for i, part in zip(_positions(how, names), direction, strict=True):
            moved[i] = _moved(base[i], part, factor * STEP)
        calls.append(how.through(*moved) if how.through else tuple(moved))
    return tuple(calls)


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One number by which is differentiated.

    Args:
        label: as code, such as `W[0, 1]`.
        parameter: that it stands in, of those by which is differentiated: its place among them.
        key: of the entry where the parameter is a dict; else empty.
        index: within the array; empty for a number.
        probe: the calls that show how the function changes with it alone.
    """

    label: str
    parameter: int
    key: str
    index: tuple[int, ...]
    probe: Probe


def coordinates(how: Derivative, names: Sequence[str], arguments: Arguments) -> Iterator[Coordinate]:
    """Every number by which is differentiated, in order, with the calls that show its own derivative."""
    base = based(how, names, arguments)
    parts = [base[i] for i in _positions(how, names)]
    for number, (name, part) in enumerate(zip(how.wrt, parts, strict=True)):
        entries = {key: part[key] for key in sorted(part)} if isinstance(part, Mapping) else {"": part}
        for key, entry in entries.items():
            for index in np.ndindex(np.shape(entry)):
                direction = [_like(each, np.zeros) for each in parts]
                unit = np.zeros(np.shape(entry))
                unit[index] = 1.0
                if key:
                    direction[number][key] = unit
                else:
                    direction[number] = unit
                where = f"[{', '.join(map(str, index))}]" if index else ""
                probe = Probe(tuple(direction), _along(how, names, base, tuple(direction)), 0)
                yield Coordinate(f"{key or name}{where}", number, key, index, probe)


def at(how: Derivative, coordinate: Coordinate, gradient: Any) -> float | None:
    """What a gradient says of one coordinate; None where it has no such number."""
    try:
        picked = how.pick_gradient(gradient) if how.pick_gradient else gradient
        part = picked if len(how.wrt) == 1 else picked[coordinate.parameter]
        array = as_floats(part[coordinate.key] if coordinate.key else part)
        return None if array is None else float(array[coordinate.index])
    except (TypeError, IndexError, KeyError):
        return None


def derivative(how: Derivative, coordinate: Coordinate, values: Sequence[Any]) -> float | None:
    """The derivative of the function by one coordinate; None where its values are no finite numbers of one shape, or
    where it returns many numbers that are not taken element by element.

    Args:
        how: it is a derivative.
        coordinate: by which.
        values: what the calls of the coordinate's probe gave.
    """
    found = slope(how, coordinate.probe, values)
    if found is None:
        return None
    measured, cotangent = found
    if not cotangent.ndim:
        return measured
    # Only this element changes, and it counts with its own weight.
    return measured / float(cotangent[coordinate.index]) if how.elementwise else None


def slope(how: Derivative, probe: Probe, values: Sequence[Any]) -> tuple[float, Floats] | None:
    """The directional derivative of <c, f> and the cotangent c, from the values of a probe's calls.

    None where the values are not of one shape, or not finite.

    `values` are what the calls gave, in order.
    """
    arrays = []
    for value in values:
        try:
            array = as_floats(how.pick(value) if how.pick else value)
        except (TypeError, IndexError, KeyError):
            return None
        if array is None or not np.isfinite(array).all():
            return None
        arrays.append(array)
    if len({array.shape for array in arrays}) != 1:
        return None
    cotangent = np.random.default_rng(probe.cotangent_seed).uniform(0.5, 1.5, arrays[0].shape)
    if not arrays[0].ndim:
        cotangent = np.ones(())
    forward, backward, near_forward, near_backward, _ = (float(np.sum(cotangent * array)) for array in arrays)
    coarse = (forward - backward) / (2 * STEP)
    fine = (near_forward - near_backward) / STEP
    return (4 * fine - coarse) / 3, cotangent


def predicted(how: Derivative, probe: Probe, gradient: Any, cotangent: Floats) -> float | None:
    """What a gradient says that the slope is; None where it has not the structure of the arguments."""
    try:
        picked = how.pick_gradient(gradient) if how.pick_gradient else gradient
    except (TypeError, IndexError, KeyError):
        return None
    parts = [picked] if len(how.wrt) == 1 else picked
    if not isinstance(parts, tuple | list) or len(parts) != len(how.wrt):
        return None
    total = 0.0
    for part, direction in zip(parts, probe.direction, strict=True):
        weighted: Any = direction
        if how.elementwise:
            weighted = direction * cotangent
        inner = _inner(part, weighted)
        if inner is None:
            return None
        total += inner
    return total


def agrees(how: Derivative, probe: Probe, gradient: Any, values: Sequence[Any], tolerance: Tolerance) -> bool:
    """Whether a gradient is that of the function which gave `values`, along this direction."""
    found = slope(how, probe, values)
    if found is None:
        return False
    measured, cotangent = found
    said = predicted(how, probe, gradient, cotangent)
    if said is None or not np.isfinite(said):
        return False
    return abs(said - measured) <= tolerance.absolute + tolerance.relative * max(abs(said), abs(measured))
