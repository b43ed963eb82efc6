"""The questions of the peers' assignment; their cases are `cases.py`, whatever the seed."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat
from typing import Any

from autograder.authoring import Assignment

from .cases import cases_q1, cases_q2, cases_q3, cases_q4, cases_q5

p1 = Assignment("p1_peers", module="peers", title="The peers' assignment")


def endless(make: Callable[[], Iterable[tuple[Any, ...]]]) -> Iterator[tuple[Any, ...]]:
    """The twenty cases again and again: each making of the exam takes twenty."""
    return chain.from_iterable(make() for _ in repeat(None))


def ask(function: str, make: Callable[[], Iterable[tuple[Any, ...]]], points: int) -> None:
    """One check of a function on the twenty cases of a question."""
    cases = endless(make)

    def given(rng: Any, size: int) -> tuple[Any, ...]:
        """Is right on twenty random cases"""
        return next(cases)

    p1.check(function, points=points, cases=20)(given)


ask("log_likelihood", cases_q1, 2)
ask("kl_categorical", cases_q2, 2)
ask("kl_normal", cases_q3, 2)
ask("average_precision", cases_q4, 2)
ask("smooth_ap", cases_q5, 1)
ask("smooth_ap_grad", cases_q5, 1)
