"""The shape of the house: values flow one way, integrations are leaves, the inside of the sandbox needs nothing."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.repository import ROOT

# The rooms, in the order in which a hand-in passes them: each needs only those before it.
FLOW = (
    "errors extras files sandbox judging authoring course exam submissions records gradebook feedback grading exports "
    "students handout similarity audit integrations cli __main__"
).split()
FACES = {"autograder", "public", "notebook"}

PACKAGE = ROOT / "autograder"


def named(package: str, name: str) -> str:
    """The module that an import of a name is of: `from package import module` is of the module."""
    inner = PACKAGE.parent.joinpath(*package.split("."), name)
    return f"{package}.{name}" if inner.is_dir() or inner.with_suffix(".py").exists() else package


def imports() -> Iterator[tuple[str, str]]:
    """Pairs of dotted modules of the package: which imports which, also within functions."""
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text())):
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
