"""A function as an argument: it is sent as the text of an expression, and made anew where it is called.

A sandbox takes values, and a function is none. An author writes one as `FunctionArgument("np.log")` or
`FunctionArgument(f"lambda u: {scale!r} * np.maximum(0.0, u)")`: an expression over NumPy (`np`) and `math` that hangs
on nothing else. Nothing of a reference can be in it, and it can be shown as it stands.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np


@lru_cache(maxsize=4096)
def _compiled(text: str) -> CodeType:
    return compile(text, "<function argument>", "eval")


def function_of(text: str) -> Callable[..., Any]:
    """The function of an expression, made anew: what a callee changes of it, the next one does not see."""
    made = eval(_compiled(text), {"np": np, "math": math})  # noqa: S307  # an author's text, never a student's
    if not callable(made):
        raise TypeError(f"{text!r} is no function")
    return made  # type: ignore[no-any-return]


class FunctionArgument:
    """A function that a case holds, by its text; callable, so that references take it as students do.

    Args:
        text: an expression over `np` and `math` that gives a function, on one line.

    Raises:
        SyntaxError: the text is no expression.
        TypeError: it gives something else.
    """

    __slots__ = ("_function", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._function = function_of(text)

    def __call__(self, *arguments: Any) -> Any:
        """What the function gives."""
        return self._function(*arguments)

    def __repr__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FunctionArgument) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)
