"""Of many cases of a kind one or a few stay quick; see README.md."""

from collections.abc import Iterable
from typing import Any

import pytest


def some_quick(cases: Iterable[str], *quick: str) -> list[Any]:
    """The parameters of a test: the cases named are quick, all others slow.

    Raises:
        ValueError: a name is none of the cases.
    """
    every = list(cases)
    if missing := set(quick) - set(every):
        raise ValueError(f"no case is called {missing}: there are {every}")
    return [case if case in quick else pytest.param(case, marks=pytest.mark.slow) for case in every]
