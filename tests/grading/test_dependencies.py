"""What a failed function depends on is found from declarations and from the calls in its own code, read as text."""

import pytest

from autograder.grading.dependencies import called
from autograder.records.record import SourceFile

NAMES = ("f", "g", "h")


def found(text: str) -> dict[str, set[str]]:
    return called([SourceFile("f.py", text)], NAMES)


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("def f(x):\n    return g(x)\n\ndef g(x):\n    return x\n", {"f": {"g"}, "g": set()}),
        ("def f(x): pass\n\n@wraps\ndef g(x):\n    return f(h(x))\n", {"f": set(), "g": {"f", "h"}}),
        ("def f(x):\n    return _helper(x)\n\ndef _helper(x):\n    return h(x)\n", {"f": {"h"}}),
        ("def f(x):\n    return f(x - 1)\n", {"f": set()}),
        ("def f(x):\n    return self.fg(x) + g\n", {"f": set()}),
        ("def f(\n    x,\n):\n    return g(x)\n", {"f": {"g"}}),
        ("g(1)\n", {}),
        ("def f(x:\n  ]]] g(", {"f": {"g"}}),
    ],
)
def test_calls(text: str, calls: dict[str, set[str]]) -> None:
    assert found(text) == calls, f"the calls of each function in {text!r}"


def test_helpers_that_call_each_other_come_to_an_end() -> None:
    text = "def f():\n    a()\ndef a():\n    b()\ndef b():\n    a(); g()\n"
    assert found(text) == {"f": {"g"}}, "they are followed once"
