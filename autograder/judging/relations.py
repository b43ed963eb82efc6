"""Simple relations between what came back and what was expected, that name a mistake without knowing it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.judging.finding import Finding
from autograder.judging.numbers import Floats, as_floats
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import compare
from autograder.judging.verdicts import Verdict

# Fewer cases than this could agree by chance, or by being alike.
FEWEST_CASES = 3
# Factors that people forget or add; any other constant would be a coincidence of the cases more often than a mistake.
FACTORS = {-1.0: "-1", 2.0: "2", 0.5: "1/2", -2.0: "-2", -0.5: "-1/2"}


@dataclass(frozen=True, slots=True)
class CasePair:
    """One case: its arguments, what came back, and what was expected."""

    arguments: tuple[Any, ...]
    got: Any
    expected: Any


def flattened(value: Any) -> Floats | None:
    """All numbers of a result in one row; None where some part is none."""
    if isinstance(value, Mapping):
        parts = [flattened(value[key]) for key in sorted(value)]
    elif isinstance(value, tuple):
        parts = [flattened(part) for part in value]
    else:
        array = as_floats(value)
        return None if array is None else array.ravel()
    if any(part is None for part in parts):
        return None
    return np.concatenate([part for part in parts if part is not None] or [np.zeros(0)])


def examples(arguments: tuple[Any, ...]) -> int | None:
    """The number of examples of a case: the length of its first array."""
    first = next((value for value in arguments if isinstance(value, np.ndarray) and value.ndim), None)
    return None if first is None else len(first)


def _scaled(pairs: Sequence[CasePair], factor: Callable[[CasePair], float | None], tolerance: Tolerance) -> bool:
    """Whether, on every case, what came back is `factor` times what was expected, and that tells the two apart."""
    telling = 0
    for pair in pairs:
        got, expected = flattened(pair.got), flattened(pair.expected)
        by = factor(pair)
        if got is None or expected is None or got.shape != expected.shape or by is None:
            return False
        if not np.isfinite(expected).all() or compare(got, by * expected, tolerance) is not None:
            return False
        telling += compare(got, expected, tolerance) is not None
    return telling >= FEWEST_CASES


def _constant(factor: float, _: CasePair) -> float:
    return factor


def _transposed(pairs: Sequence[CasePair], tolerance: Tolerance) -> bool:
    telling = 0
    for pair in pairs:
        got, expected = as_floats(pair.got), as_floats(pair.expected)
        if got is None or expected is None or expected.ndim != 2:
            return False
        if compare(got.T, expected, tolerance) is not None:
            return False
        telling += compare(got, expected, tolerance) is not None
    return telling >= FEWEST_CASES


def relation(pairs: Sequence[CasePair], tolerance: Tolerance) -> Finding | None:
    """The simple relation that holds on every case, or None.

    Args:
        pairs: every case of a failed function whose answer is a value of the right structure.
        tolerance: of the check.
    """
    count = len(pairs)
    if count < FEWEST_CASES:
        return None

    def number_of_examples(pair: CasePair) -> float | None:
        n = examples(pair.arguments)
        return float(n) if n else None

    def one_by_examples(pair: CasePair) -> float | None:
        n = examples(pair.arguments)
        return 1.0 / n if n else None

    # The number of examples must differ between cases, or it would be told as a factor.
    if len({examples(pair.arguments) for pair in pairs}) > 1:
        if _scaled(pairs, one_by_examples, tolerance):
            return _hint("divided_by_examples", count)
        if _scaled(pairs, number_of_examples, tolerance):
            return _hint("times_examples", count)
    for factor, name in FACTORS.items():
        if _scaled(pairs, partial(_constant, factor), tolerance):
            return _hint("opposite_sign" if factor == -1.0 else "times", count, name)
    return _hint("transposed", count) if _transposed(pairs, tolerance) else None


def _hint(code: str, cases: int, factor: str = "") -> Finding:
    return Finding(Verdict.FAILED, code, {"cases": cases, **({"factor": factor} if code == "times" else {})})
