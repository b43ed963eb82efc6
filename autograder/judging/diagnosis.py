"""Names the mistake behind a failed function: a known one whose answers are the submission's, or a simple relation.

A diagnosis is made from every case of the function, never from a passed function, and only if it holds on all of them;
of several known mistakes that no case tells apart, all are named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import msgspec
import numpy as np

from autograder.judging.finding import Finding
from autograder.judging.numbers import as_floats
from autograder.judging.parts import by_argument, part_by_part
from autograder.judging.relations import CasePair, relation
from autograder.judging.situations import situation
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import compare
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer, Ended, Raised, Returned

# Fewer cases of a plain check could agree by chance.
FEWEST_PLAIN = 5


class NoValue(Enum):
    """What a known mistake gives on a case where it gives no value."""

    RAISES = "raises"
    TOO_MUCH = "needs more memory or time than it may"


NOTHING, TOO_MUCH = NoValue.RAISES, NoValue.TOO_MUCH


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is behind a failed function: the hint, and the names of the known mistakes that agree with it."""

    hint: Finding
    mistakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observed:
    """One case of a function, with the answer to it, what is right (`NOTHING`: an exception), and the tolerance."""

    arguments: tuple[Any, ...]
    answer: Answer
    expected: Any
    tolerance: Tolerance
    scale: Any = None


@dataclass(frozen=True, slots=True)
class KnownMistake:
    """A mistake of the catalogue: its name, its hint, and what it gives on each case (or `NOTHING`, `TOO_MUCH`)."""

    name: str
    hint: str
    values: Sequence[Any]


def _same(answer: Answer, value: Any, tolerance: Tolerance) -> bool:
    """Whether a submission gave what a mistake gives; two nans in one place agree, and so do two exceptions."""
    if value is NOTHING:
        return not isinstance(answer, Returned)
    if not isinstance(answer, Returned):
        return False
    if compare(answer.value, value, tolerance) is None:
        return True
    got, wanted = _with_nan(answer.value), _with_nan(value)
    return got is not None and wanted is not None and compare(got, wanted, tolerance) is None


def _with_nan(value: Any) -> Any:
    """A value with a large number in place of each nan, so that nans can be compared."""
    if isinstance(value, tuple | list) and not all(isinstance(part, int | float) for part in value):
        parts = [_with_nan(part) for part in value]
        return None if any(part is None for part in parts) else tuple(parts)
    if isinstance(value, dict):
        return {key: _with_nan(part) for key, part in value.items()}
    array = as_floats(value)
    return None if array is None else np.where(np.isnan(array), 1.2345e300, array)


def _ran_out(answer: Answer) -> bool:
    """Whether an answer is missing for want of memory or time."""
    if isinstance(answer, Raised):
        return answer.is_a("MemoryError")
    return isinstance(answer, Ended) and answer.how in ("memory", "timeout")


def agrees(values: Sequence[Any], cases: Sequence[Observed]) -> bool:
    """Whether a submission answers every case as a mistake does, some of them wrongly.

    Where one of the two ran out of memory or time and the other did not, the case says nothing: on another machine it
    may be the other way round.

    Args:
        values: what the mistake gives on each case.
        cases: with the submission's answers.
    """
    telling = agreeing = False
    for value, seen in zip(values, cases, strict=True):
        if value is TOO_MUCH or _ran_out(seen.answer):
            telling = telling or (value is TOO_MUCH and _ran_out(seen.answer))
            continue
        if not _same(seen.answer, value, seen.tolerance):
            return False
        agreeing = True
        telling = telling or not _same(seen.answer, seen.expected, seen.tolerance)
    return telling and agreeing


@dataclass(frozen=True, slots=True)
class Names:
    """What a function's arguments, and the parts of its result, are called; a gradient's parts are what it is by."""

    arguments: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


NAMELESS = Names()


def diagnose(
    cases: Sequence[Observed], known: Sequence[KnownMistake], names: Names = NAMELESS, plain: int = 0
) -> Diagnosis | None:
    """What is behind a failed function, or None where nothing can be said for certain.

    Args:
        cases: all that tell something, with the submission's answers.
        known: the function's mistakes, with what each gives on these cases.
        names: of arguments and parts.
        plain: how many of the first cases belong to the function's first check, where nothing is extreme.
    """
    if not cases:
        return None
    matching = [mistake for mistake in known if agrees(mistake.values, cases)]
    if matching:
        hints = list(dict.fromkeys(mistake.hint for mistake in matching))
        mistakes = tuple(mistake.name for mistake in matching)
        return Diagnosis(Finding(Verdict.FAILED, "known_mistake", {"hints": hints}), mistakes)
    # Whatever came back is looked at, and numbers at the ends of the range overflow.
    with np.errstate(all="ignore"):
        found = _beyond_the_catalogue(cases, names, plain)
    return None if found is None else Diagnosis(found)


def _beyond_the_catalogue(cases: Sequence[Observed], names: Names, plain: int) -> Finding | None:
    """What holds between answers and what is right, or the situation in which they differ."""
    found = _of_values(cases, names)
    if (found is None or (found.code == "parts" and found.part is None)) and plain >= FEWEST_PLAIN:
        # Textbook code is wrong in further ways at the ends of the range, where it overflows or takes too long.
        found = _of_values(cases[:plain], names) or found
    return found or situation([(seen.arguments, _right(seen)) for seen in cases])


def _right(seen: Observed) -> bool:
    return _same(seen.answer, seen.expected, seen.tolerance)


def _of_values(cases: Sequence[Observed], names: Names) -> Finding | None:
    """What holds between what came back and what is right, on every case; None unless every case has a value."""
    valued = [seen for seen in cases if seen.expected is not NOTHING]
    pairs = [
        CasePair(s.arguments, s.answer.value, s.expected, s.scale) for s in valued if isinstance(s.answer, Returned)
    ]
    if not valued or len(pairs) < len(valued):
        return None
    # The loosest of the checks' tolerances: a relation must hold to each check's own, and that is at most this.
    tolerance = max((seen.tolerance for seen in valued), key=lambda t: t.relative)
    found = relation(pairs, tolerance)
    if found is not None and found.code == "few_digits" and names.parts:
        return msgspec.structs.replace(found, code="by_differences")
    return (
        found
        or by_argument(pairs, names.arguments, tolerance)
        or part_by_part(pairs, names.parts, names.arguments, tolerance)
    )
