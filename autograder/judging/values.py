"""Compares a value from the sandbox with the expected one: shape and type first, then every number.

Policy on numbers that are not finite: an expected inf is met only by an inf of the same sign; an inf where a finite
number is expected is a wrong value; a nan is never right, since no nan is ever expected.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.judging.finding import Finding, Plain
from autograder.judging.literals import show, show_number
from autograder.judging.numbers import Floats, as_floats
from autograder.judging.tolerance import Tolerance
from autograder.judging.value_kinds import kind_of
from autograder.judging.verdicts import Verdict


def wrong_type(value: object, expected: Any) -> Finding:
    """What is found of a value of the wrong type."""
    return Finding(
        Verdict.WRONG_TYPE, "wrong_type", {"kind": kind_of(value), **_wanted(expected)}, {"got": show(value)}
    )


def _wanted(expected: Any) -> dict[str, Plain]:
    """What is asked for, for a message."""
    if isinstance(expected, tuple):
        return {"wanted": "tuple", "parts": len(expected)}
    if isinstance(expected, Mapping):
        return {"wanted": "dict", "keys": sorted(expected)}
    return {"wanted": "array" if np.ndim(expected) else "number"}


def allowed_error(expected: Floats, tolerance: Tolerance, scale: Floats | None = None) -> Floats:
    """The largest right distance from each expected number."""
    with np.errstate(all="ignore"):
        return np.asarray(_allowed(expected, tolerance, scale))


def _allowed(expected: Floats, tolerance: Tolerance, scale: Floats | None) -> Floats | np.float64:
    if scale is not None:
        return tolerance.relative * np.maximum(np.abs(expected), scale)
    return tolerance.absolute + tolerance.relative * np.abs(expected)


def _clearly_right(have: Floats, want: Floats, tolerance: Tolerance, scale: Floats | None) -> bool:
    """Whether all numbers are right, as most are; a nan or an inf it leaves to `right_numbers`, which takes longer."""
    with np.errstate(all="ignore"):
        most = _allowed(want, tolerance, scale)
        return bool((np.abs(have - want) <= most).all() and (most < np.inf).all())


def right_numbers(
    have: Floats, want: Floats, tolerance: Tolerance, scale: Floats | None = None
) -> npt.NDArray[np.bool_]:
    """Which numbers are right; an expected inf is met by itself alone, and nan is never right."""
    with np.errstate(all="ignore"):
        error = np.abs(have - want)
    return np.asarray((have == want) | (np.isfinite(want) & (error <= allowed_error(want, tolerance, scale))))


def _compare_numbers(got: Any, expected: Any, tolerance: Tolerance, scale: Any) -> Finding | None:
    if scale is None and type(expected) is float and isinstance(got, float):
        # Most answers are one number, and right: this says so without NumPy, and a nan or an inf it leaves to the rest.
        most = tolerance.absolute + tolerance.relative * abs(expected)
        if abs(float(got) - expected) <= most < float("inf"):
            return None
    want = np.asarray(expected, dtype=np.float64)
    have = as_floats(got)
    if have is None:
        return wrong_type(got, expected)
    if have.shape != want.shape:
        code = "one_number" if have.ndim == 0 else "wrong_shape" if want.ndim else "no_single_number"
        shapes: dict[str, Plain] = {"got": str(have.shape), "expected": str(want.shape)}
        about: dict[str, Plain] = {"one": True} if code == "no_single_number" and have.size == 1 else {}
        return Finding(Verdict.WRONG_TYPE, code, about, shapes)
    sizes = None if scale is None else np.asarray(scale, dtype=np.float64)
    if _clearly_right(have, want, tolerance, sizes):
        return None
    wrong = ~right_numbers(have, want, tolerance, sizes)
    if not wrong.any():
        return None
    if np.isnan(have).any():
        return Finding(Verdict.WRONG_TYPE, "nan", {}, {"at": _first(np.isnan(have))})
    with np.errstate(all="ignore"):
        error = np.abs(have - want)
    code = "infinite" if (np.isinf(have) & ~np.isinf(want)).any() else "wrong_value"
    return Finding(Verdict.FAILED, code, _short_of_digits(got, want, error), _largest(have, want, error, wrong))


# What NumPy's shorter floats keep, and how many of their roundings an answer may be off before that explains nothing.
_SHORT = ("float32", "float16")
_ROUNDINGS = 64


def _short_of_digits(got: Any, want: Floats, error: Floats) -> dict[str, Plain]:
    """The type of the numbers, where its few digits may be all that is wrong."""
    name = str(getattr(got, "dtype", ""))
    if name not in _SHORT:
        return {}
    allowed = _ROUNDINGS * float(np.finfo(name).eps) * np.maximum(np.abs(want), 1.0)
    return {"dtype": name} if bool((error <= allowed).all()) else {}


def _first(mask: npt.NDArray[np.bool_]) -> list[int]:
    """The index of the first place that is true; empty for a number."""
    return [int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape)] if mask.ndim else []


def _largest(have: Floats, want: Floats, error: Floats, wrong: npt.NDArray[np.bool_]) -> dict[str, Plain]:
    """The largest error among the wrong numbers, and where it sits."""
    if have.ndim == 0:
        return {"error": show_number(error[()])}
    worst = np.unravel_index(int(np.argmax(np.where(wrong, error, -1.0))), error.shape)
    return {
        "wrong": int(wrong.sum()),
        "numbers": int(wrong.size),
        "error": show_number(error[worst]),
        "at": [int(i) for i in worst],
        "got": show_number(have[worst]),
        "expected": show_number(want[worst]),
    }


def _compare_parts(
    got: Any, expected: Mapping[str, Any] | Sequence[Any], keys: Sequence[Any], tolerance: Tolerance, scale: Any
) -> Finding | None:
    for key in keys:
        found = compare(got[key], expected[key], tolerance, None if scale is None else scale[key])
        if found is not None:
            name: dict[str, Plain] = {"part": key + 1} if isinstance(key, int) else {"entry": key}
            return Finding(found.verdict, "in_part", name, part=found)
    return None


def compare(got: Any, expected: Any, tolerance: Tolerance, scale: Any = None) -> Finding | None:
    """What is wrong with `got`, or None.

    Args:
        got: a value of the wire format.
        expected: a number, an array, a tuple of them, or a dict of them.
        tolerance: how close is right.
        scale: sizes of the structure of `expected`, against which the error is measured instead (see `Value`).
    """
    if isinstance(expected, tuple):
        if not isinstance(got, tuple | list) and not (isinstance(got, np.ndarray) and got.ndim):
            return wrong_type(got, expected)
        if len(got) != len(expected):
            return Finding(Verdict.WRONG_TYPE, "wrong_parts", {}, {"got": len(got), "expected": len(expected)})
        return _compare_parts(got, expected, range(len(expected)), tolerance, scale)
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping):
            return wrong_type(got, expected)
        if set(got) != set(expected):
            keys: dict[str, Plain] = {"got": str(sorted(map(str, got))), "expected": str(sorted(expected))}
            return Finding(Verdict.WRONG_TYPE, "wrong_keys", {}, keys)
        return _compare_parts(got, expected, sorted(expected), tolerance, scale)
    return _compare_numbers(got, expected, tolerance, scale)


def in_form(got: Any, expected: Any) -> Any:
    """A value in the very types of `expected`: lists become arrays, integers floats.

    Raises:
        TypeError, ValueError, KeyError, IndexError: it has not the structure of what `compare` accepts.
    """
    if isinstance(expected, tuple):
        return tuple(in_form(part, wanted) for part, wanted in zip(got, expected, strict=True))
    if isinstance(expected, Mapping):
        return {key: in_form(got[key], wanted) for key, wanted in expected.items()}
    numbers = as_floats(got)
    if numbers is None or (numbers.ndim and not np.ndim(expected)):
        raise TypeError("no real numbers of this form")
    return numbers if np.ndim(expected) else float(numbers)
