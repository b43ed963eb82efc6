"""One tree of errors: what is drawn is what is there, and no exception for people stands outside it."""

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder
from autograder import errors, extras

PACKAGE = Path(autograder.__file__).parent
# A line of the drawing: what stands before the name tells the depth.
DRAWN = re.compile(r"^    (?P<before>[│├└─ ]*)(?P<name>\w+) +(?P<code>\d+)  \S", re.MULTILINE)
STEP = len("├── ")

# Exceptions that are no errors for people: each ends something within a room, and never a command.
APART = {
    "WireError": "what runs inside the sandbox imports nothing of the rest; what cannot be read is Unreadable",
    "AnswersTooLarge": "inside the sandbox, too; it ends a child, which says so in its answers",
    "RefusedError": "a file that is not read: it becomes a note or a problem of the submission",
    "DamagedTableError": "bytes that are no table: it becomes the error of whoever reads the file, or a note",
    "TooLargeError": "such a file, since it is too large",
    "UnknownCallError": "ends a reference that runs on a student's values, on which then nothing follows",
    "PublicCheckError": "a check that does not pass, in a student's own notebook; it has a look of its own there",
}


def classes() -> Iterator[type[errors.AutograderError]]:
    found = [value for value in vars(errors).values() if isinstance(value, type)]
    yield from (value for value in found if issubclass(value, errors.AutograderError))


def drawing() -> dict[str, tuple[str, int]]:
    """By name: the class above, and the exit code, as they are drawn."""
    found: dict[str, tuple[str, int]] = {}
    above: list[str] = []
    for line in DRAWN.finditer(errors.__doc__ or ""):
        depth = len(line["before"]) // STEP
        above = [*above[:depth], line["name"]]
        found[line["name"]] = (above[-2] if depth else "", int(line["code"]))
    return found


def test_the_drawing_is_the_tree() -> None:
    real = {
        each.__name__: ("" if each is errors.AutograderError else each.__bases__[0].__name__, each.exit_code)
        for each in classes()
    }
    assert len(real) > 20, f"the classes are found: {sorted(real)}"
    assert drawing() == real, "name, class above and exit code of each must be drawn as they are"


def test_every_class_says_what_it_means() -> None:
    for each in classes():
        assert "__doc__" in vars(each) and each.__doc__, f"{each.__name__} has no docstring of its own"
        assert not each.advice or each.advice.endswith("."), f"the advice of {each.__name__} is a sentence"
        assert each.exit_code in (1, 2, 70, 130), f"{each.__name__} ends a command with {each.exit_code}"


def exceptions_outside() -> Iterator[str]:
    """`path: name` of every exception class that is defined in another module than errors."""
    known = {name for name, value in vars(builtins).items() if isinstance(value, type)}
    known = {name for name in known if issubclass(getattr(builtins, name), BaseException)}
    known |= {each.__name__ for each in classes()}
    found = [
        (path.relative_to(PACKAGE).as_posix(), node)
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != PACKAGE / "errors.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    told: set[str] = set()
    before = -1
    # Again and again, for those that are built on others found here.
    while len(told) > before:
        before = len(told)
        for path, node in found:
            bases = {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
            if bases & known:
                known.add(node.name)
                told.add(f"{path}: {node.name}")
    yield from sorted(told)


def test_no_exception_stands_outside_the_tree() -> None:
    found = {each: each.rpartition(" ")[2] for each in exceptions_outside()}
    outside = [each for each, name in found.items() if not name.startswith("_") and name not in APART]
    assert not outside, "errors.py is their place, or the name begins with _ where it never escapes, or APART says why"
    assert set(APART) <= set(found.values()), "what is listed apart must be there"


def test_the_walk_sees_an_exception_wherever_it_is_defined() -> None:
    found = list(exceptions_outside())
    assert "submissions/tree.py: TooLargeError" in found, f"one that is built on another of its module: {found}"
    assert any(each.endswith(": _StopError") for each in found), f"and a private one: {found}"


def test_a_missing_extra_is_the_command_that_installs_it() -> None:
    extras.needs("numpy", "nothing")
    with pytest.raises(errors.MissingExtraError, match=r"pip install 'seminar-autograder\[some\]'"):
        extras.needs("no_such_module_of_anybodys", "some")
    with pytest.raises(ImportError):
        extras.needs("no_such_module_of_anybodys", "some")


def test_the_words_of_a_missing_extra_stand_in_one_place() -> None:
    said = [
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if "seminar-autograder[" in path.read_text(encoding="utf-8")
    ]
    assert said == ["extras.py"], f"extras.needs says it for all: {said}"
