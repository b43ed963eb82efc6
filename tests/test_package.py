"""The package as it is published: the version stands once, and what is imported is declared."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections import defaultdict

import autograder
from tests.repository import ROOT

# Imported under another name than that of their distribution.
DISTRIBUTIONS = {
    "cosmic_ray": "cosmic-ray",
    "markdown_it": "markdown-it-py",
    "mdit_py_plugins": "mdit-py-plugins",
    "otter": "otter-grader",
    "yaml": "pyyaml",
}


def declared() -> dict[str, set[str]]:
    """The distributions that the package declares: by extra, "" for what it always needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = {"": project["dependencies"], **project["optional-dependencies"]}
    return {name: {re.split(r"[><=~ \[;]", each)[0] for each in listed} for name, listed in groups.items()}


def imported() -> dict[str, set[str]]:
    """The distributions that modules import, with the modules."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "autograder").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names and top != "autograder":
                    found[DISTRIBUTIONS.get(top, top)].add(str(path.relative_to(ROOT)))
    return found


def test_every_imported_package_is_declared() -> None:
    known = set().union(*declared().values())
    missing = {name: sorted(modules) for name, modules in imported().items() if name not in known}
    assert not missing, f"they come along by chance: {missing}"


def test_every_declared_package_is_imported() -> None:
    # pytest runs the students' checks, which import it nowhere in the package.
    idle = declared()[""] - set(imported()) - {"pytest"}
    assert not idle, f"nobody imports them: {idle}"


def test_the_version_stands_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "version" not in project and project["dynamic"] == ["version"], "it stands in autograder/__init__.py alone"
    installed = importlib.metadata.version("seminar-autograder")
    assert installed == autograder.__version__, f"{installed} is installed; install again after a change of the version"
