"""Whether a function is right for other arguments than it is asked: labels as 0 and 1, two exchanged, eps for eps/2.

A submission's function is asked once more, with changed arguments; where it then gives what is right for the
arguments as they were, on every case, the change names the mistake.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from autograder.judging.diagnosis import NOTHING, Observed
from autograder.judging.finding import Finding, Plain
from autograder.judging.values import compare
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Returned

Arguments = tuple[Any, ...]

# Fewer cases could agree by chance; more would only take time.
FEWEST_CASES, MOST_CASES, MOST_DOUBTING = 4, 8, 4
MOST_CHANGES = 24

SCALARS: dict[str, Callable[[float], float]] = {
    "2 {}": lambda x: 2 * x,
    "{} / 2": lambda x: x / 2,
    "{}²": lambda x: x**2,
    "the square root of {}": lambda x: x**0.5,
    "1 / {}": lambda x: 1 / x,
    "1 - {}": lambda x: 1 - x,
}
# What a function that is right for one of these takes its argument for.
TAKEN_FOR = {
    "2 {}": "{} / 2",
    "{} / 2": "2 {}",
    "{}²": "the square root of {}",
    "the square root of {}": "{}²",
    "1 / {}": "1 / {}",
    "1 - {}": "1 - {}",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One way to change arguments, and what is found where the function is right for these."""

    code: str
    about: dict[str, Plain]
    make: Callable[[Arguments], Arguments]

    def on(self, cases: Sequence[Observed]) -> list[Arguments]:
        """The arguments of each case, changed."""
        return [self.make(case.arguments) for case in cases]


def _size(case: Observed) -> int:
    return sum(int(np.size(value)) for value in case.arguments if not isinstance(value, list | dict))


def _valued(cases: Sequence[Observed], *, right: bool) -> Iterator[Observed]:
    """The cases on which a value came back that is right, or that is not."""
    for case in cases:
        if case.expected is NOTHING or not isinstance(case.answer, Returned):
            continue
        if (compare(case.answer.value, case.expected, case.tolerance) is None) == right:
            yield case


def telling(cases: Sequence[Observed]) -> list[Observed]:
    """The cases to ask again: the smallest on which a value came back that is not right; few, since each takes time."""
    return sorted(_valued(cases, right=False), key=_size)[:MOST_CASES]


def doubting(cases: Sequence[Observed], asked: Sequence[Observed]) -> list[Observed]:
    """Cases that came back right: what explains the wrong ones must leave these as they are.

    Args:
        cases: all.
        asked: those to ask again; right ones are taken where their arguments can be changed as those of these.
    """
    form = _form(asked[0].arguments)
    alike = (case for case in _valued(cases, right=True) if _form(case.arguments) == form)
    return sorted(alike, key=_size)[:MOST_DOUBTING]


def _form(arguments: Arguments) -> list[object]:
    """What decides which changes arguments allow."""
    return [(type(x), _is_scalar(x), _is_sign(x), _is_numbers(x), isinstance(x, list) and len(x)) for x in arguments]


def _at(place: int, change: Callable[[Any], Any]) -> Callable[[Arguments], Arguments]:
    return lambda arguments: (*arguments[:place], change(arguments[place]), *arguments[place + 1 :])


def _exchanged(one: int, other: int) -> Callable[[Arguments], Arguments]:
    def change(arguments: Arguments) -> Arguments:
        swapped = list(arguments)
        swapped[one], swapped[other] = arguments[other], arguments[one]
        return tuple(swapped)

    return change


def _is_scalar(value: Any) -> bool:
    return isinstance(value, float) and value > 0


def _is_sign(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "i" and bool(np.isin(value, (-1, 1)).all())


def _is_numbers(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f" and bool(value.size)


def _same_form(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return bool(one.shape == other.shape and one.dtype == other.dtype)
    return type(one) is type(other) and isinstance(one, float)


def changes(cases: Sequence[Observed], names: Sequence[str]) -> list[Change]:
    """The changes that the arguments of all these cases allow, the likeliest first.

    Args:
        cases: to be asked again.
        names: of the arguments.
    """
    if len(cases) < FEWEST_CASES:
        return []
    columns = list(zip(*(case.arguments for case in cases), strict=True))
    return list(_changes(columns, names))[:MOST_CHANGES]


def _changes(columns: Sequence[Sequence[Any]], names: Sequence[str]) -> Iterator[Change]:
    for place, values in enumerate(columns):
        if all(map(_is_sign, values)) and any((value == -1).any() for value in values):
            yield Change("labels_as_0_1", {"argument": names[place]}, _at(place, lambda t: (t + 1) // 2))
            yield Change("labels_turned", {"argument": names[place]}, _at(place, lambda t: -t))
    for one, other in combinations(range(len(columns)), 2):
        if all(map(_same_form, columns[one], columns[other])):
            yield Change("exchanged", {"arguments": [names[one], names[other]]}, _exchanged(one, other))
    for place, values in enumerate(columns):
        if all(map(_is_scalar, values)) and len(set(values)) > 2:
            for form, make in SCALARS.items():
                about: dict[str, Plain] = {"argument": names[place], "taken_for": TAKEN_FOR[form]}
                yield Change("argument_taken_for", about, _at(place, make))
        elif all(map(_is_numbers, values)):
            yield Change("argument_negated", {"argument": names[place]}, _at(place, np.negative))


def matching(cases: Sequence[Observed], change: Change, answers: Sequence[Any]) -> Finding | None:
    """What is found where the function, asked with changed arguments, gives what is right on every case; else None."""
    for case, answer in zip(cases, answers, strict=True):
        if not isinstance(answer, Returned) or compare(answer.value, case.expected, case.tolerance) is not None:
            return None
    return Finding(Verdict.FAILED, change.code, {**change.about, "cases": len(cases)})
