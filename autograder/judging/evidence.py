"""What a page can show of a failure beyond words: plain data, bounded in size, and the same for the same answers.

Everything here may hold numbers of a hidden case; `autograder.records.reveal` says who sees what.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from autograder.judging.numbers import Floats, as_floats
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import allowed_error, right_numbers

# Of a value with more numbers, those with the largest errors are kept.
MOST_ELEMENTS = 40
# Longer derivations are cut: no proof of a seminar has as many lines.
MOST_LINES = 60

# JSON has no nan and no infinity: they stand as texts.
Number = float | str


class Element(msgspec.Struct, frozen=True, array_like=True):
    """One number of a value: where it stands ("d_pos[2]"), what came back, what is right, and whether they agree."""

    place: str
    got: Number
    expected: Number | None
    right: bool


class ChainLine(msgspec.Struct, frozen=True, array_like=True):
    """One line of a derivation: its relation to the line before, and its value on the case that breaks the chain.

    `relation` is one of those that are allowed, or "?"; `reason` says why there is no value. `uses` are the assumptions
    that the link to this line uses, in the author's words; `same` says that it is the line before, written once more.
    """

    relation: str
    value: Number | None = None
    reason: str = ""
    uses: tuple[str, ...] = ()
    same: bool = False


class Chain(msgspec.Struct, frozen=True):
    """A derivation, line by line: one that does not prove its claim, or one that does, with what each link uses.

    `at` is the number of the line that is wrong, from 1; where `link` is true, it is the link from the line before to
    this one that breaks. `ends` are the two sides of the claim on the same case (of tables, at the place that differs).
    """

    lines: tuple[ChainLine, ...]
    at: int | None = None
    link: bool = False
    ends: tuple[Number, Number] | None = None


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of one failed check, for pictures and tables.

    `file` and `line` are where the student's code raised. `code` makes the smallest failing case, ready to paste.
    `elements` are the numbers of that case's answer, at most `MOST_ELEMENTS` of the `count` that it has.
    """

    file: str | None = None
    line: int | None = None
    code: str = ""
    elements: tuple[Element, ...] = ()
    count: int = 0
    chain: Chain | None = None


def number(value: float) -> Number:
    """A float as it may stand in JSON."""
    return float(value) if math.isfinite(value) else "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"


def _flat(
    got: Any, expected: Any, scale: Any, tolerance: Tolerance, name: str, names: Sequence[str]
) -> list[tuple[str, float, float, bool, float]] | None:
    """(place, got, expected, right, error in units of the allowed one) of every number; None where shapes differ."""
    if isinstance(expected, Mapping):
        parts: list[tuple[str, Any, Any, Any]] = [
            (f"{name}.{key}" if name else str(key), got.get(key), expected[key], None if scale is None else scale[key])
            for key in sorted(expected)
        ]
    elif isinstance(expected, tuple):
        labels = names if len(names) == len(expected) else [f"part {i}" for i in range(1, len(expected) + 1)]
        if len(got) != len(expected):
            return None
        parts = [(label, got[i], expected[i], None if scale is None else scale[i]) for i, label in enumerate(labels)]
    else:
        return _numbers(got, expected, scale, tolerance, name)
    found = []
    for label, have, want, size in parts:
        inner = _flat(have, want, size, tolerance, label, ())
        if inner is None:
            return None
        found += inner
    return found


def _numbers(
    got: Any, expected: Any, scale: Any, tolerance: Tolerance, name: str
) -> list[tuple[str, float, float, bool, float]] | None:
    want = np.asarray(expected, dtype=np.float64)
    have = as_floats(got)
    if have is None or have.shape != want.shape:
        return None
    sizes: Floats | None = None if scale is None else np.asarray(scale, dtype=np.float64)
    right = right_numbers(have, want, tolerance, sizes)
    with np.errstate(all="ignore"):
        error = np.abs(have - want) / np.maximum(allowed_error(want, tolerance, sizes), 1e-300)
    error = np.where(right, 0.0, np.where(np.isnan(error), np.inf, error))
    found = []
    for index in np.ndindex(want.shape):
        place = f"{name}[{', '.join(map(str, index))}]" if index else name
        found.append((place, float(have[index]), float(want[index]), bool(right[index]), float(error[index])))
    return found


def elements(
    got: Any, expected: Any, tolerance: Tolerance, scale: Any = None, names: Sequence[str] = ()
) -> tuple[tuple[Element, ...], int]:
    """The numbers of an answer beside the right ones, in order, and how many there are in all.

    Args:
        got: from the sandbox.
        expected: from the reference.
        tolerance: of the check.
        scale: as in `compare`.
        names: of the parts of a tuple.
    """
    if isinstance(expected, Mapping) and not isinstance(got, Mapping):
        return (), 0
    if isinstance(expected, tuple) and not isinstance(got, tuple | list | np.ndarray):
        return (), 0
    found = _flat(got, expected, scale, tolerance, "", names)
    if found is None:
        return (), 0
    kept = range(len(found))
    if len(found) > MOST_ELEMENTS:
        worst = sorted(kept, key=lambda i: (-found[i][4], i))[:MOST_ELEMENTS]
        return tuple(_element(found[i]) for i in sorted(worst)), len(found)
    return tuple(_element(found[i]) for i in kept), len(found)


def _element(found: tuple[str, float, float, bool, float]) -> Element:
    place, got, expected, right, _ = found
    return Element(place, number(got), number(expected), right)
