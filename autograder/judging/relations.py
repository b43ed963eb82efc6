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
# What a logarithm of another base does, in either direction.
BASES = {1 / np.log(2): "2", 1 / np.log(10): "10"}
# An answer with fewer right digits is a wrong one; with more than the tolerance asks for it would be right.
FEWEST_DIGITS, MOST_DIGITS = 4, 11


@dataclass(frozen=True, slots=True)
class CasePair:
    """One case: its arguments, what came back, what was expected, and the sizes against which an error is measured."""

    arguments: tuple[Any, ...]
    got: Any
    expected: Any
    scale: Any = None


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
        by, scale = factor(pair), None if pair.scale is None else flattened(pair.scale)
        if got is None or expected is None or got.shape != expected.shape or by is None:
            return False
        sizes = None if scale is None else abs(by) * scale
        if not np.isfinite(expected).all() or compare(got, by * expected, tolerance, sizes) is not None:
            return False
        telling += compare(got, expected, tolerance, scale) is not None
    return telling >= FEWEST_CASES


def _added(pairs: Sequence[CasePair], tolerance: Tolerance) -> float | None:
    """The one number by which every number of every case is too large (or, below 0, too small); None where none is."""
    gots, rights = zip(*[(flattened(pair.got), flattened(pair.expected)) for pair in pairs], strict=True)
    if any(value is None for value in (*gots, *rights)) or [g.shape for g in gots] != [r.shape for r in rights]:
        return None
    if not all(right.size and np.isfinite(right).all() for right in rights):
        return None
    more = float(gots[0][0] - rights[0][0])
    # Where all that is right is one number, a constant would look like this.
    differ = sum(compare(right, rights[0], tolerance) is not None for right in rights[1:])
    if not np.isfinite(more) or not more or differ < FEWEST_CASES:
        return None
    for got, right in zip(gots, rights, strict=True):
        if compare(got - more, right, tolerance, np.abs(right) + abs(more)) is not None:
            return None
    # What is far too small to see beside the number itself is a matter of digits.
    return more if all(compare(g, r, tolerance) is not None for g, r in zip(gots, rights, strict=True)) else None


def _constant(factor: float, _: CasePair) -> float:
    return factor


def _of_examples(pairs: Sequence[CasePair], tolerance: Tolerance) -> str:
    """Sum in place of mean, or mean in place of sum."""
    # The number of examples must differ between cases, or it would be told as a factor.
    if len({examples(pair.arguments) for pair in pairs}) < 2:
        return ""

    def number(pair: CasePair, power: int) -> float | None:
        n = examples(pair.arguments)
        return float(n) ** power if n else None

    if _scaled(pairs, partial(number, power=-1), tolerance):
        return "divided_by_examples"
    return "times_examples" if _scaled(pairs, partial(number, power=1), tolerance) else ""


def _arrays(pair: CasePair) -> tuple[Floats, Floats] | None:
    got, expected = as_floats(pair.got), as_floats(pair.expected)
    return None if got is None or expected is None or got.size != expected.size else (got, expected)


def _moved(pairs: Sequence[CasePair], move: Callable[[Floats], Floats], tolerance: Tolerance) -> bool:
    """Whether what came back is, on every case, the right numbers at other places."""
    telling = 0
    for pair in pairs:
        found = _arrays(pair)
        if found is None or compare(found[0], move(found[1]), tolerance) is not None:
            return False
        telling += compare(found[0], found[1], tolerance) is not None
    return telling >= FEWEST_CASES


def _first_axes(value: Floats) -> Floats:
    return np.swapaxes(value, 0, 1) if value.ndim > 1 else value


def _of_axes(pairs: Sequence[CasePair], tolerance: Tolerance) -> str:
    """Right numbers in another order of the axes."""
    rights = [as_floats(pair.expected) for pair in pairs]
    ranks = {-1 if right is None else right.ndim for right in rights}
    if max(ranks) < 2 or -1 in ranks:
        return ""
    if ranks == {2}:
        return "transposed" if _moved(pairs, np.transpose, tolerance) else ""
    if _moved(pairs, np.transpose, tolerance):
        return "axes_reversed"
    if _moved(pairs, _first_axes, tolerance):
        return "first_axes_swapped"
    return "flattened" if _moved(pairs, np.ravel, tolerance) else ""


def _is_constant(pairs: Sequence[CasePair], tolerance: Tolerance) -> bool:
    """Whether the same came back on every case, though what is right differs."""
    gots, rights = zip(*[(flattened(pair.got), flattened(pair.expected)) for pair in pairs], strict=True)
    if any(value is None for value in (*gots, *rights)):
        return False
    alike = all(got.size and (got == gots[0][0]).all() for got in gots)
    differ = sum(compare(right, rights[0], tolerance) is not None for right in rights[1:])
    return bool(alike) and differ >= FEWEST_CASES


def digits(pairs: Sequence[CasePair]) -> int | None:
    """The digits to which every case agrees with what is right, against its largest number; None for few or all."""
    least = float("inf")
    for pair in pairs:
        got, expected = flattened(pair.got), flattened(pair.expected)
        if got is None or expected is None or got.shape != expected.shape:
            return None
        if not (np.isfinite(got).all() and np.isfinite(expected).all()):
            return None
        size = np.abs(expected).max(initial=0.0)
        error = np.abs(got - expected).max(initial=0.0)
        if error:
            least = min(least, -np.log10(error / size) if size else 0.0)
    return int(least) if FEWEST_DIGITS <= least < MOST_DIGITS else None


def _single(value: Any) -> bool:
    """Whether some number of a result came in single or half precision."""
    if isinstance(value, Mapping):
        return any(map(_single, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_single, value))
    return getattr(value, "dtype", None) in (np.float32, np.float16)


def _of_precision(pairs: Sequence[CasePair]) -> Finding | None:
    """Right to so many digits on every case, which is not enough."""
    count = digits(pairs)
    if count is None or len(pairs) < FEWEST_CASES:
        return None
    code = "single_precision" if any(_single(pair.got) for pair in pairs) else "few_digits"
    return Finding(Verdict.FAILED, code, {"cases": len(pairs), "digits": count})


def relation(pairs: Sequence[CasePair], tolerance: Tolerance) -> Finding | None:
    """The simple relation that holds on every case, or None.

    Args:
        pairs: every case of a failed function whose answer is a value.
        tolerance: of the check.
    """
    count = len(pairs)
    if count < FEWEST_CASES:
        return None
    code = _of_examples(pairs, tolerance)
    if code:
        return _hint(code, count)
    for factor, name in FACTORS.items():
        if _scaled(pairs, partial(_constant, factor), tolerance):
            return _hint("opposite_sign", count) if factor == -1.0 else _hint("times", count, factor=name)
    for factor, base in BASES.items():
        if _scaled(pairs, partial(_constant, factor), tolerance):
            return _hint("log_base", count, base=base)
    more = _added(pairs, tolerance)
    if more is not None:
        return _hint("more_than" if more > 0 else "less_than", count, by=f"{abs(more):.6g}")
    code = _of_axes(pairs, tolerance) or ("constant" if _is_constant(pairs, tolerance) else "")
    return _hint(code, count) if code else _of_precision(pairs)


def _hint(code: str, cases: int, **about: str) -> Finding:
    return Finding(Verdict.FAILED, code, {"cases": cases, **about})
