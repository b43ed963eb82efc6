"""Which parts of a result are right, and what holds of the others: of several arrays, or of the entries of a dict."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.judging.finding import Finding, Plain
from autograder.judging.numbers import Floats, as_floats
from autograder.judging.relations import FEWEST_CASES, CasePair, relation
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import compare
from autograder.judging.verdicts import Verdict


def _keys(expected: Any, names: Sequence[str]) -> dict[str, Any]:
    """The parts of a result: how each is called, and its key."""
    if isinstance(expected, Mapping):
        return {str(key): key for key in sorted(expected)}
    if isinstance(expected, tuple):
        labels = names if len(names) == len(expected) else [f"part {n}" for n in range(1, len(expected) + 1)]
        return {label: place for place, label in enumerate(labels)}
    return {}


def _of_part(pairs: Sequence[CasePair], key: Any) -> list[CasePair] | None:
    """The same cases, one part of each; None where one of them has no such part."""
    try:
        return [
            replace(
                pair,
                got=pair.got[key],
                expected=pair.expected[key],
                scale=None if pair.scale is None else pair.scale[key],
            )
            for pair in pairs
        ]
    except (TypeError, KeyError, IndexError):
        return None


def part_by_part(
    pairs: Sequence[CasePair], names: Sequence[str], arguments: Sequence[str], tolerance: Tolerance
) -> Finding | None:
    """Some parts right on every case and others not, and the relation of those that are wrong; else None.

    Args:
        pairs: every case, each answered by a value.
        names: of the parts, for people; empty where they have none.
        arguments: names of the arguments.
        tolerance: of the checks.
    """
    if len(pairs) < FEWEST_CASES:
        return None
    right, wrong = [], {}
    for name, key in _keys(pairs[0].expected, names).items():
        own = _of_part(pairs, key)
        if own is None:
            return None
        failing = sum(compare(pair.got, pair.expected, tolerance, pair.scale) is not None for pair in own)
        if failing:
            wrong[name] = own
        else:
            right.append(name)
    if not wrong:
        return None
    reasons = {name: relation(own, tolerance) or by_argument(own, arguments, tolerance) for name, own in wrong.items()}
    first = next(iter(reasons.values()))
    shared = first if first is not None and all(_alike(reason, first) for reason in reasons.values()) else None
    if not right and shared is None:
        return None
    about: dict[str, Plain] = {"right": right, "wrong": list(wrong), "cases": len(pairs)}
    if shared is not None and shared.code == "times_argument" and len(wrong) > 1:
        # Each by the argument of its own.
        about["arguments"] = [str(reason.about["argument"]) for reason in reasons.values() if reason is not None]
    return Finding(Verdict.FAILED, "parts", about, part=shared)


def _alike(one: Finding | None, other: Finding) -> bool:
    return (
        one is not None
        and one.code == other.code
        and all(one.about.get(name) == other.about.get(name) for name in ("factor", "form", "base"))
    )


def _expressions(pairs: Sequence[CasePair]) -> Iterator[tuple[str, int, list[Floats]]]:
    """Simple expressions of one argument that could be a forgotten or an added factor, with their values by case."""
    for place in range(len(pairs[0].arguments)):
        try:
            values = [as_floats(pair.arguments[place]) for pair in pairs]
        except IndexError:
            return
        arrays = [value for value in values if value is not None]
        if len(arrays) < len(pairs) or any((array == 0).any() for array in arrays):
            continue
        forms: dict[str, Callable[[Floats], Floats]] = {
            "{}": lambda v: v,
            "2 {}": lambda v: 2 * v,
            "{}²": lambda v: v**2,
            "1 / {}": lambda v: 1 / v,
            "1 / (2 {})": lambda v: 1 / (2 * v),
            "1 / {}²": lambda v: 1 / v**2,
        }
        for form, make in forms.items():
            with np.errstate(all="ignore"):
                yield form, place, [make(array) for array in arrays]


def by_argument(pairs: Sequence[CasePair], arguments: Sequence[str], tolerance: Tolerance) -> Finding | None:
    """The result is the right one times a simple expression of one argument."""
    for form, place, values in _expressions(pairs):
        if place < len(arguments) and _times(pairs, values, tolerance):
            about: dict[str, Plain] = {"cases": len(pairs), "form": form, "argument": arguments[place]}
            return Finding(Verdict.FAILED, "times_argument", about)
    return None


def _times(pairs: Sequence[CasePair], values: Sequence[Floats], tolerance: Tolerance) -> bool:
    telling = 0
    for pair, value in zip(pairs, values, strict=True):
        got, expected = as_floats(pair.got), as_floats(pair.expected)
        if got is None or expected is None or got.shape != expected.shape:
            return False
        try:
            with np.errstate(all="ignore"):
                factor = np.broadcast_to(value, expected.shape)
                product = factor * expected
                sizes = None if pair.scale is None else np.abs(factor) * pair.scale
        except ValueError:
            return False
        if not np.isfinite(product).all() or compare(got, product, tolerance, sizes) is not None:
            return False
        telling += compare(got, expected, tolerance, pair.scale) is not None
    return telling >= FEWEST_CASES
