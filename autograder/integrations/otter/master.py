"""Writes masters for `otter assign`: notebooks with the references in them, from which it makes the students' again.

A master's folder is for staff. It holds the notebook, the references as one file for the plugin, the same test files as
the students' folders, and what `otter generate` reads where `otter assign` is not used.
"""

import ast
import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from autograder import __version__
from autograder.course.solutions import load_solutions
from autograder.files.writing import write_whole
from autograder.handout import Material, files_of, materials, stub
from autograder.handout.stub import is_public
from autograder.integrations.carrying import packed
from autograder.submissions.notebook_reader import decoded

PLUGIN = "autograder.integrations.otter.plugin.Engine"
# The references, as one file: loose modules would lie beside the submission, which otter reads modules from.
SOLUTIONS_FILE = "autograder_solutions.zip"
Cell = dict[str, Any]


def write_masters(solutions: Path, out: Path) -> list[Path]:
    """Write a master for each assignment.

    Args:
        solutions: the folder of the references.
        out: the folder to write to; it then holds solutions and is for staff.

    Returns:
        The notebooks.

    Raises:
        HandoutError, SolutionsError: a source is missing or wrong.
    """
    made = {material: _files(material) for material in materials(solutions)}
    for material, files in made.items():
        for name, data in files.items():
            write_whole(out / material.name / name, data)
    return [out / material.name / f"{material.module}.ipynb" for material in made]


def _files(material: Material) -> dict[str, bytes]:
    handout = files_of(material)
    notebook = f"{material.module}.ipynb"
    config = {"plugins": [{PLUGIN: {"assignment": material.name}}]}
    return {
        notebook: _master(material, decoded(handout[notebook].encode())),
        SOLUTIONS_FILE: packed(material.folder.parent),
        # For `otter generate`; `otter assign` makes its own from the notebook's first cell.
        "otter_config.json": (json.dumps(config, indent=2) + "\n").encode(),
        "requirements.txt": f"seminar-autograder=={__version__}\n".encode(),
        **{name: text.encode() for name, text in handout.items() if name.startswith("tests/")},
    }


def _master(material: Material, notebook: Mapping[str, Any]) -> bytes:
    """The handout's notebook with the reference's code, and with otter's own cells around each function."""
    source = material.text(f"{material.module}.py")
    tree = ast.parse(source)
    bodies = {node.name: _body(node, source) for node in tree.body if isinstance(node, ast.FunctionDef)}
    made = stub(source, f"{material.module}.py")
    (solution,) = load_solutions(material.folder.parent, [material.name])
    points = {
        function: sum(check.points for check in solution.assignment.checks if check.function == function)
        for function in made.functions
    }
    cells: list[Cell] = [_config(material)]
    waiting = list(notebook["cells"])
    while waiting:
        cell = waiting.pop(0)
        name = cell["id"]
        if name == "imports":
            cells.append({**cell, "source": f"{made.head}\n{_solution(_helpers(tree, source, made.head))}".rstrip()})
        elif name == "checks":
            text = f'# The public checks.\nimport otter\n\ngrader = otter.Notebook("{material.module}.ipynb")'
            cells.append({**cell, "source": text})
        elif name.startswith("function-"):
            function = next(f for f in made.functions if _starts(cell, f))
            written = {**cell, "source": _written(made.functions[function], bodies[function])}
            if waiting and waiting[0]["id"].startswith("check-"):
                # otter writes the cell that calls `grader.check` itself.
                waiting.pop(0)
                cells += _question(function, points[function], written)
            else:
                cells.append(written)
        else:
            cells.append(cell)
    return (json.dumps({**notebook, "cells": cells}, indent=1, ensure_ascii=False) + "\n").encode()


def _starts(cell: Cell, function: str) -> bool:
    return "".join(cell["source"]).startswith(f"def {function}(")


def _raw(name: str, source: str) -> Cell:
    return {"cell_type": "raw", "id": name, "metadata": {}, "source": source}


def _config(material: Material) -> Cell:
    settings = {
        # The notebook says itself how to begin and how to hand in, and its cells make the grader.
        "init_cell": False,
        "check_all_cell": False,
        "export_cell": False,
        "tests": {"files": True, "ok_format": False},
        "strip_solutions_from_all_cells": True,
        "requirements": "requirements.txt",
        "autograder_files": [SOLUTIONS_FILE],
        "plugins": [{PLUGIN: {"assignment": material.name}}],
    }
    return _raw("otter-config", "# ASSIGNMENT CONFIG\n" + yaml.safe_dump(settings, sort_keys=False))


def _question(function: str, points: float, written: Cell) -> Iterator[Cell]:
    """The blocks of a question. Its tests are the students' files, which the plugin puts in the place of this one."""
    test = 'def replaced(env):\n    raise AssertionError("the plugin was to put the public checks here")'
    settings = yaml.safe_dump({"name": function, "points": float(points)}, sort_keys=False)
    yield _raw(f"begin-{function}"[:64], f"# BEGIN QUESTION\n{settings}")
    yield _raw(f"begin-solution-{function}"[:64], "# BEGIN SOLUTION")
    yield written
    yield _raw(f"end-solution-{function}"[:64], "# END SOLUTION")
    yield _raw(f"begin-tests-{function}"[:64], "# BEGIN TESTS")
    yield {**written, "id": f"tests-{function}"[:64], "metadata": {}, "source": test}
    yield _raw(f"end-tests-{function}"[:64], "# END TESTS")
    yield _raw(f"end-{function}"[:64], "# END QUESTION")


def _solution(code: str, indent: str = "") -> str:
    """Code that otter takes out of the students' notebook."""
    if not code.strip():
        return ""
    return f"{indent}# BEGIN SOLUTION NO PROMPT\n{code}\n{indent}# END SOLUTION"


def _written(stub_source: str, body: str) -> str:
    """A function with the reference's body; students get the line that raises NotImplementedError in its place."""
    head, _, raises = stub_source.rstrip("\n").rpartition("\n")
    prompt = f'    """ # BEGIN PROMPT\n{raises}\n    """; # END PROMPT'
    return f"{head}\n{_solution(body, '    ')}\n{prompt}"


def _body(node: ast.FunctionDef, source: str) -> str:
    """The lines of a function after its docstring, comments with them."""
    first = (node.body[0].end_lineno or 0) if ast.get_docstring(node) is not None else node.body[0].lineno - 1
    lines = source.splitlines()[first : node.end_lineno]
    return textwrap.indent(textwrap.dedent("\n".join(lines)), "    ").strip("\n")


def _helpers(tree: ast.Module, source: str, head: str) -> str:
    """All of a reference but its docstring, the functions that students write, and what they are given."""
    lines = source.splitlines()
    given = {ast.unparse(node) for node in ast.parse(head).body}
    parts, end = [], 0
    for number, node in enumerate(tree.body):
        # With the comments above it.
        first, end = end, node.end_lineno or 0
        if is_public(node) or (number == 0 and ast.get_docstring(tree) is not None) or ast.unparse(node) in given:
            continue
        parts.append("\n".join(lines[first:end]).strip("\n"))
    return "\n\n".join(parts)
