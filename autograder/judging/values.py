"""Compares a value from the sandbox with the expected one: shape and type first, then every number.

Policy on numbers that are not finite: an expected inf is met only by an inf of the same sign; an inf where a finite
number is expected is a wrong value; a nan is never right, since no nan is ever expected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.judging.literals import show, show_number
from autograder.judging.numbers import Floats, as_floats
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict
from autograder.sandbox.inside.wire import Opaque

# All that can be said of most wrong answers without a number of the case; a page need not repeat it beside the verdict.
WRONG_VALUE = "Returns a wrong value."


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a value is not right. `brief` holds no number of the case; `detail` says how far off, and where.

    `file` and `line` are where the student's code raised, if it did.
    """

    verdict: Verdict
    brief: str
    detail: str
    file: str | None = None
    line: int | None = None


def _kind_of(value: object) -> str:
    """What a value is, in a beginner's words, without its content."""
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, Opaque):
        return "an object that is not a number or an array"
    if isinstance(value, str | bytes):
        return "a text"
    if isinstance(value, Mapping):
        return "a dict"
    if isinstance(value, tuple):
        return "a tuple"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, np.ndarray):
        return "an array"
    return "a number"


def wrong_type(value: object, wanted: str, detail: str | None = None) -> Wrong:
    """The verdict on a value of the wrong type."""
    kind = _kind_of(value)
    return Wrong(Verdict.WRONG_TYPE, f"Returns {kind}; {wanted} is asked for.", detail or f"It returned {show(value)}.")


def _wanted(expected: Any) -> str:
    if isinstance(expected, tuple):
        return f"a tuple of {len(expected)} arrays"
    if isinstance(expected, Mapping):
        return f"a dict with the keys {', '.join(sorted(expected))}"
    return "an array" if np.ndim(expected) else "one real number"


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


def _compare_numbers(got: Any, expected: Any, tolerance: Tolerance, scale: Any) -> Wrong | None:
    if scale is None and type(expected) is float and isinstance(got, float):
        # Most answers are one number, and right: this says so without NumPy, and a nan or an inf it leaves to the rest.
        most = tolerance.absolute + tolerance.relative * abs(expected)
        if abs(float(got) - expected) <= most < float("inf"):
            return None
    want = np.asarray(expected, dtype=np.float64)
    have = as_floats(got)
    if have is None:
        return wrong_type(got, _wanted(expected))
    if have.shape != want.shape:
        brief = "Returns an array of a wrong shape." if want.ndim else "Returns an array; one real number is asked for."
        if have.ndim == 0:
            brief = "Returns one number; an array is asked for."
        detail = f"It returned shape {have.shape}; shape {want.shape} is asked for."
        return Wrong(Verdict.WRONG_TYPE, brief, detail)
    sizes = None if scale is None else np.asarray(scale, dtype=np.float64)
    if _clearly_right(have, want, tolerance, sizes):
        return None
    wrong = ~right_numbers(have, want, tolerance, sizes)
    if not wrong.any():
        return None
    if np.isnan(have).any():
        where = _place(np.isnan(have))
        return Wrong(Verdict.WRONG_TYPE, "Returns nan (not a number).", f"It returned nan{where}.")
    with np.errstate(all="ignore"):
        error = np.abs(have - want)
    # Also inf where inf is expected, whose difference is nan.
    error = np.where(have == want, 0.0, np.where(np.isfinite(have) & np.isfinite(want), error, np.inf))
    brief = WRONG_VALUE
    if (np.isinf(have) & ~np.isinf(want)).any():
        brief = "Returns a value that is infinite where it should not be."
    return Wrong(Verdict.FAILED, brief, _largest(have, want, error, wrong))


def _at(index: tuple[Any, ...]) -> str:
    numbers = [int(i) for i in index]
    if not numbers:
        return ""
    return f" at index {numbers[0] if len(numbers) == 1 else tuple(numbers)}"


def _place(mask: npt.NDArray[np.bool_]) -> str:
    return _at(np.unravel_index(int(np.argmax(mask)), mask.shape)) if mask.ndim else ""


def _largest(have: Floats, want: Floats, error: Floats, wrong: npt.NDArray[np.bool_]) -> str:
    """The largest error among the wrong numbers, and where it sits."""
    if have.ndim == 0:
        return f"The error is {show_number(error[()])}."
    worst = np.unravel_index(int(np.argmax(np.where(wrong, error, -1.0))), error.shape)
    return (
        f"{int(wrong.sum()):,} of {wrong.size:,} numbers are wrong; the largest error is {show_number(error[worst])}"
        f"{_at(worst)} (returned {show_number(have[worst])}, expected {show_number(want[worst])})."
    )


def _compare_parts(
    got: Any,
    expected: Mapping[str, Any] | Sequence[Any],
    keys: Sequence[Any],
    label: str,
    tolerance: Tolerance,
    scale: Any,
) -> Wrong | None:
    for key in keys:
        found = compare(got[key], expected[key], tolerance, None if scale is None else scale[key])
        if found is not None:
            name = f"{label} {key + 1}" if isinstance(key, int) else f"{label} {key!r}"
            brief = found.brief[0].lower() + found.brief[1:]
            return Wrong(found.verdict, f"In {name} of the result: {brief}", f"In {name}: {found.detail}")
    return None


def compare(got: Any, expected: Any, tolerance: Tolerance, scale: Any = None) -> Wrong | None:
    """What is wrong with `got`, or None.

    Args:
        got: a value of the wire format.
        expected: a number, an array, a tuple of them, or a dict of them.
        tolerance: how close is right.
        scale: sizes of the structure of `expected`, against which the error is measured instead (see `Value`).
    """
    if isinstance(expected, tuple):
        if not isinstance(got, tuple | list) and not (isinstance(got, np.ndarray) and got.ndim):
            return wrong_type(got, _wanted(expected))
        if len(got) != len(expected):
            detail = f"It returned {len(got)} parts; {len(expected)} are asked for."
            return Wrong(Verdict.WRONG_TYPE, "Returns a wrong number of parts.", detail)
        return _compare_parts(got, expected, range(len(expected)), "part", tolerance, scale)
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping):
            return wrong_type(got, _wanted(expected))
        if set(got) != set(expected):
            detail = f"It returned the keys {sorted(map(str, got))}; {sorted(expected)} are asked for."
            return Wrong(Verdict.WRONG_TYPE, "Returns a dict with wrong keys.", detail)
        return _compare_parts(got, expected, sorted(expected), "entry", tolerance, scale)
    return _compare_numbers(got, expected, tolerance, scale)


def in_form(got: Any, expected: Any) -> Any:
    """A value that `compare` accepted, in the very types of `expected`: lists become arrays, integers floats."""
    if isinstance(expected, tuple):
        return tuple(in_form(part, wanted) for part, wanted in zip(got, expected, strict=True))
    if isinstance(expected, Mapping):
        return {key: in_form(got[key], wanted) for key, wanted in expected.items()}
    return np.asarray(got, dtype=np.float64) if np.ndim(expected) else float(got)
