"""The shape of the house: values flow one way, integrations are leaves, the inside of the sandbox needs nothing."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.repository import ROOT

# The rooms, in the order in which a hand-in passes them: each needs only those before it.
FLOW = (
    "errors plugins extras forking files sandbox judging authoring course exam submissions records gradebook feedback "
    "grading exports students handout similarity audit integrations cli __main__"
).split()
MOST_LINES, MOST_OF_A_FUNCTION = 400, 60
# Their sentences are for authors, not on a student's check.
MAKE_FINDINGS = ("Finding", "_broken")
NO_CHECKS = {"assignment.py", "declarations.py", "wrong_versions.py"}
FACES = {"autograder", "public", "notebook"}

PACKAGE = ROOT / "autograder"


def named(package: str, name: str) -> str:
    """The module that an import of a name is of: `from package import module` is of the module."""
    inner = PACKAGE.parent.joinpath(*package.split("."), name)
    return f"{package}.{name}" if inner.is_dir() or inner.with_suffix(".py").exists() else package


@cache
def modules() -> list[tuple[Path, ast.Module]]:
    """Every module of the package, parsed."""
    return [(path.relative_to(PACKAGE), ast.parse(path.read_text())) for path in sorted(PACKAGE.rglob("*.py"))]


@cache
def imports() -> list[tuple[str, str]]:
    """Pairs of dotted modules of the package: which imports which, also within functions."""
    return list(_imports())


def _imports() -> Iterator[tuple[str, str]]:
    for path, tree in modules():
        module = ".".join((PACKAGE.name, *path.with_suffix("").parts)).removesuffix(".__init__")
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder."):
                yield from ((module, named(node.module or "", alias.name)) for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from ((module, each.name) for each in node.names if each.name.startswith("autograder."))


def room(module: str) -> str:
    """The package, or the module at the top, that a module stands in."""
    return module.split(".")[1] if "." in module else module


def test_values_flow_one_way() -> None:
    needs: dict[str, set[str]] = defaultdict(set)
    for module, imported in imports():
        # The faces only lead to what they name.
        if room(module) != room(imported) and not {room(module), room(imported)} & FACES:
            needs[room(module)].add(room(imported))
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        pytest.fail(f"a circle of packages: {' needs '.join(reversed(error.args[1]))}")
    assert [name for name in order if name in FLOW] != [], "there are rooms"
    place = {name: at for at, name in enumerate(FLOW)}
    climbing = [f"{name} needs {other}" for name in needs for other in needs[name] if place[other] > place[name]]
    assert not climbing, f"a room needs only those before it: {climbing}"


def test_no_modules_need_each_other() -> None:
    needs: dict[str, set[str]] = defaultdict(set)
    for module, imported in imports():
        if module != imported:
            needs[module].add(imported)
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of modules: {' needs '.join(reversed(error.args[1]))}")


def test_integrations_and_the_audit_are_leaves() -> None:
    found = {(module, imported) for module, imported in imports() if room(imported) in ("integrations", "audit")}
    wrong = {pair for pair in found if room(pair[0]) not in ("cli", room(pair[1]))}
    assert not wrong, "nothing but the command line may need them: each is optional"


def test_what_runs_inside_the_sandbox_needs_nothing_of_the_rest() -> None:
    inside = "autograder.sandbox.inside"
    wrong = {
        (module, other) for module, other in imports() if module.startswith(inside) and not other.startswith(inside)
    }
    assert not wrong, "it is all that a submission's process holds of this package"


# Rooms in which a module is called by what it serves: a platform, or a verb of the command line.
CALLED_BY_WHAT_THEY_SERVE = ("cli", "exports", "submissions/layouts", "integrations")


def test_no_name_stands_for_two_things() -> None:
    classes: dict[str, list[str]] = defaultdict(list)
    files: dict[str, list[str]] = defaultdict(list)
    for path, tree in modules():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                classes[node.name].append(str(path))
        serves = str(path).startswith(CALLED_BY_WHAT_THEY_SERVE) or str(path.parent) == "."
        if path.name not in ("__init__.py", "__main__.py") and not serves:
            files[path.name].append(str(path))
    twice = {name: places for names in (classes, files) for name, places in names.items() if len(places) > 1}
    assert not twice, f"one name, two things: {twice}"


def test_modules_are_read_at_a_sitting_and_functions_at_a_look() -> None:
    long = []
    for path, tree in modules():
        lines = len((PACKAGE / path).read_text().splitlines())
        long += [f"{path}: {lines} lines"] if lines > MOST_LINES else []
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                own = node.end_lineno - node.lineno + 1
                long += [f"{path}: {node.name} has {own} lines"] if own > MOST_OF_A_FUNCTION else []
    assert not long, f"more than {MOST_LINES} lines, or {MOST_OF_A_FUNCTION} of a function: {long}"


def test_judging_and_grading_say_no_sentences() -> None:
    """What people read of a check stands in feedback.messages; judging, kinds and grading give codes and values."""
    found = []
    for path, tree in modules():
        if path.parts[0] not in ("judging", "authoring") or path.name in NO_CHECKS:
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("Finding", "_broken")
            ):
                texts = [t.value for t in ast.walk(node) if isinstance(t, ast.Constant) and isinstance(t.value, str)]
                found += [f"{path}, line {node.lineno}: {text!r}" for text in texts if text.count(" ") > 3]
    assert not found, f"a sentence outside its room: {found}"


def test_the_drawing_shows_the_rooms_that_there_are() -> None:
    """docs/architecture.md names every room, in the order in which they may need each other."""
    text = (ROOT / "docs" / "architecture.md").read_text()
    drawn = re.findall(r"^\| `(\w+)/` \|", text, re.MULTILINE)
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert drawn == [name for name in FLOW if name in rooms], f"drawn: {drawn}; there are: {sorted(rooms)}"
    named = [name for name in re.findall(r"`([\w/]+\.py)`", text) if not (PACKAGE.parent / name).exists()]
    lost = [name for name in named if not any(str(path).endswith(name) for path, _ in modules())]
    assert not lost, f"modules that are not there: {lost}"
