"""The calls of an exam, made of a submission's own code in this process: what they cost without any grading."""

import contextlib
from collections.abc import Callable
from typing import Any

from autograder.authoring.kinds.kind import copied
from autograder.sandbox.inside.function_argument import function_of


def make_call(function: Callable[..., Any], mode: str, arguments: Any) -> None:
    """One call, as the exam asks for it: of a derivation every line on every case."""
    if mode != "steps":
        with contextlib.suppress(ValueError):  # some are promised
            function(*copied(arguments))
        return
    cases, functions = arguments
    for _, step in function():
        for number, case in enumerate(cases):
            own = list(copied(case))
            for place, texts in functions:
                own[place] = function_of(texts[number])
            step(*own)
