"""A module is read statement by statement: a mistake costs the functions that need it, and no other."""

from collections.abc import Iterator

import pytest

from autograder.sandbox.answers import Ended, Missing, Raised, Returned, SubmissionAnswers
from autograder.sandbox.call_plan import CallPlan, QuestionCalls
from autograder.sandbox.slot import Slot, SubmissionLimits


@pytest.fixture(scope="module")
def slot() -> Iterator[Slot]:
    with Slot(SubmissionLimits(import_seconds=1.0)) as made:
        yield made


def sit(slot: Slot, source: str, functions: str = "fgh") -> SubmissionAnswers:
    plan = CallPlan([QuestionCalls(function, [("call", [])], 2.0) for function in functions])
    try:
        return slot.run(plan, {"work.py": source.encode()}, "work")
    finally:
        plan.close()


def told(run: SubmissionAnswers) -> list[str]:
    """Of each function what came back: a value, or the class of the exception."""
    found = []
    for (answer,) in run.answers:
        match answer:
            case Returned(value=value):
                found.append(str(value))
            case Raised(types=types):
                found.append(types[0])
            case Ended(how=how):
                found.append(how)
            case _:
                found.append("missing")
    return found


F, G, H = "def f():\n    return 1\n", "def g():\n    return 2\n", "def h():\n    return 3\n"
SOURCES = {
    "a colon is missing": (F + "def g()\n    return 2\n" + H, ["1", "SyntaxError", "3"], 3),
    "a bracket stays open": (F + "def g():\n    return (2\n" + H, ["1", "SyntaxError", "3"], 4),
    "a text stays open": (F + "def g():\n    return 'abc\n" + H, ["1", "SyntaxError", "3"], 4),
    "a long text stays open": (F + 'def g():\n    """Doc.\n    return 2\n' + H, ["1", "SyntaxError", "3"], 4),
    "an indentation": (F + "def g():\n    x = 1\n      return x\n" + H, ["1", "IndentationError", "3"], 5),
    "a decorator of a broken function": ("@int\ndef f()\n    return 1\n" + G + H, ["SyntaxError", "2", "3"], 2),
    "a broken line between": (F + "x = = 1\n" + G + H, ["1", "2", "3"], 3),
    "a text with lines at the margin": ('"""Doc\ntext at the margin\n"""\nx = = 1\n' + F + G + H, ["1", "2", "3"], 4),
    "text only": ("this is no program\nat all\n" + F + G + H, ["1", "2", "3"], 1),
    "a failing line at the end": (F + G + H + "print(f(1))\n", ["1", "2", "3"], 7),
    "a failing line before": ("import torch\n" + F + G + H, ["1", "2", "3"], 1),
    "a name that a failed line would define": (
        "x = 1 / 0\ndef f():\n    return x\n" + G + H,
        ["NameError", "2", "3"],
        1,
    ),
    "a failing decorator": (F + "@gone\n" + G + H, ["1", "NameError", "3"], 3),
    "a failing assignment of a function": (F + "g = gone(f)\n" + H, ["1", "NameError", "3"], 3),
    "an exit": (F + "raise SystemExit\n" + G + H, ["1", "2", "3"], 3),
    "a function that ends the import": (F + "g = (lambda: exec('while True: pass'))()\n" + H, ["1", "timeout", "3"], 3),
    "a return at the margin": ("def f():\n    x = 1\nreturn x\n" + G + H, ["None", "2", "3"], 3),
}


@pytest.mark.parametrize("what", SOURCES)
def test_the_rest_is_graded_and_the_place_is_told(slot: Slot, what: str) -> None:
    source, expected, line = SOURCES[what]
    run = sit(slot, source)
    assert told(run) == expected, f"what each function gives: {run}"
    assert run.import_failure is None, "the import as a whole did not fail"
    first = run.troubles[0]
    assert first.file == "work.py", f"the file must be told: {first}"
    where = first.answer.line if isinstance(first.answer, Raised) else first.line
    assert where == line, f"line {line} must be told: {first}"


def test_a_module_without_mistakes_runs_as_python_runs_it(slot: Slot) -> None:
    source = (
        '"""Doc."""\nfrom __future__ import annotations\nimport sys, inspect\n'
        "def f(x: no_such_type = 0):\n    return f.__annotations__['x'], __name__, __doc__\n"
        "def g():\n    return inspect.getsource(f).splitlines()[0]\n"
        "def h():\n    return sys.modules[__name__].f is f and __file__\n"
        "if __name__ == '__main__':\n    raise SystemExit\n"
    )
    run = sit(slot, source)
    assert not run.troubles, f"nothing fails: {run.troubles}"
    expected = ["('no_such_type', 'work', 'Doc.')", "def f(x: no_such_type = 0):", "work.py"]
    assert told(run) == expected, f"{run.answers}"


def test_where_nothing_is_left_the_import_failed(slot: Slot) -> None:
    run = sit(slot, "x = (\n")
    assert isinstance(run.import_failure, Raised), f"no function is there: {run}"
    assert told(run) == ["SyntaxError"] * 3, f"each says why: {run}"
    run = sit(slot, "x = 1\n")
    assert run.import_failure is None and isinstance(run.answers[0][0], Missing), "nothing failed here"


def test_troubles_are_bounded(slot: Slot) -> None:
    run = sit(slot, "1 / 0\n" * 500 + F)
    assert told(run)[0] == "1", f"what follows is there: {run.answers}"
    assert 0 < len(run.troubles) <= 50, f"{len(run.troubles)} are told"
