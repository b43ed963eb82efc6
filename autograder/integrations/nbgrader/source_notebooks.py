"""The notebooks in a course's `source` folder, made of the same cells as the handout's.

A function's cell holds its stub, never the reference: what lies in a course's folder may end in the exchange.
"""

import ast
import json
from collections.abc import Iterator
from typing import Any

from autograder.course.solutions import Solution
from autograder.errors import HandoutError
from autograder.gradebook.marks import WRITTEN
from autograder.handout import Material, files_of
from autograder.integrations.nbgrader.cell_ids import SETUP, checks_id
from autograder.submissions.notebook_reader import MARK, decoded

SCHEMA = 3
STUB = 'raise NotImplementedError("write this function here")'

Cell = dict[str, Any]


def _start(module: str) -> str:
    return f"""## Start in two minutes

1. Run the cells from the top. Every function says in its docstring what it takes and what it returns. Replace
   `raise NotImplementedError(...)` by your code, one function at a time.
2. Run the cell below a function: it makes the public checks of that function, and says what is wrong on a small case.
   **Validate** runs all of them (`nbgrader validate {module}.ipynb` in a terminal does the same).

These checks are public and small. Hidden checks follow when you hand in: more cases, larger ones, and the edges that
the docstrings state. Each function has points of its own, and part of them for part of its checks.

Cells of your own may stand anywhere; when the notebook is graded, its cells run once from the top. Hand in with
**Submit**, or `nbgrader submit`."""


def _setup(module: str) -> str:
    return f"""from autograder.notebook import Notebook

grader = Notebook("{module}", strict=True)"""


def _meta(grade_id: str, *, grade: bool = False, solution: bool = False, points: float | None = None) -> Cell:
    found: Cell = {
        "grade_id": grade_id,
        "grade": grade,
        "solution": solution,
        "locked": not solution,
        "task": False,
        "schema_version": SCHEMA,
    }
    return found if points is None else {**found, "points": points}


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)


def _source(cell: Cell) -> str:
    return "".join(cell["source"])


def _function(cell: Cell) -> str:
    """The function that a cell of the handout defines; "" for other cells."""
    if cell["cell_type"] != "code" or not cell["id"].startswith("function-"):
        return ""
    (node,) = (node for node in ast.parse(_source(cell)).body if isinstance(node, ast.FunctionDef))
    return node.name


def _solution_cell(cell: Cell, function: str) -> Cell:
    """The stub, with what `nbgrader generate_assignment` takes out marked: it would clear an unmarked cell whole."""
    body = f'    raise NotImplementedError("write {function} here")'
    source = _source(cell)
    if body not in source:
        raise HandoutError(f"the stub of {function} does not end as expected: {body.strip()}")
    marked = source.replace(body, f"    ### BEGIN SOLUTION\n    {STUB}\n    ### END SOLUTION")
    return {**cell, "source": _lines(marked), "metadata": {"nbgrader": _meta(function, solution=True)}}


def _checks_cell(function: str, points: float, *, public: bool) -> Cell:
    source = f'grader.check("{function}")' if public else f"# Hidden checks of {function} follow when you hand in."
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"check-{function}"[:64],
        "metadata": {"nbgrader": _meta(checks_id(function), grade=True, points=points)},
        "outputs": [],
        "source": _lines(source),
    }


def function_points(solution: Solution) -> dict[str, float]:
    """The points of each function: those of its checks."""
    names = solution.assignment.functions
    return {name: sum(check.points for check in solution.assignment.checks if check.function == name) for name in names}


def _cells(cells: list[Cell], module: str, solution: Solution) -> Iterator[Cell]:
    points = function_points(solution)
    written = {answer.id: answer.points for answer in solution.written}
    public = {cell["id"].removeprefix("check-") for cell in cells if cell["id"].startswith("check-")}
    for cell in cells:
        function = _function(cell)
        answer = cell["metadata"].get(MARK, {}).get("answer")
        if cell["id"] == "start":
            yield {**cell, "source": _lines(_start(module))}
        elif cell["id"] == "checks":
            yield {**cell, "source": _lines(_setup(module)), "metadata": {"nbgrader": _meta(SETUP)}}
        elif function in points:
            yield _solution_cell(cell, function)
            yield _checks_cell(function, points[function], public=cell["id"].removeprefix("function-") in public)
        elif answer in written:
            graded = _meta(f"{WRITTEN}{answer}", grade=True, solution=True, points=written[answer])
            yield {**cell, "metadata": {**cell["metadata"], "nbgrader": graded}}
        elif not cell["id"].startswith("check-"):
            yield cell


def source_files(material: Material, solution: Solution) -> dict[str, str]:
    """The files of one assignment in `source`: the notebook, and the public checks that it makes.

    Args:
        material: of the handout.
        solution: says the points.

    Raises:
        HandoutError: a source is missing or wrong.
    """
    handout = files_of(material)
    given = decoded(handout[f"{material.module}.ipynb"].encode())
    made = {**given, "cells": list(_cells(given["cells"], material.module, solution))}
    checks = f"test_{material.module}.py"
    notebook = json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    return {f"{material.module}.ipynb": notebook, checks: handout[checks]}
