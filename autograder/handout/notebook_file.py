"""The notebook of an assignment: the same task, functions and written answers as its other files, cell by cell."""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from autograder.course.rubric import WrittenAnswer
from autograder.errors import HandoutError
from autograder.handout.common_sections import HandoutNames, installing
from autograder.handout.stub import Stub
from autograder.submissions.notebook_reader import MARK
from autograder.submissions.unwritten import YOUR_ANSWER

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# All that a cell may say of itself; Jupyter heeds the first two.
CELL_METADATA = frozenset({"deletable", "editable", MARK})
# Sections of the statement that are about the folder's other files.
ABOUT_FILES = frozenset({"Start in two minutes", "The functions", "Written answers", "Hand in"})
ANSWERS_HEAD = "# Written answers\n\nWrite below each task, in Markdown; formulas go in `$...$`. A person marks them."

Cell = dict[str, Any]


def answer_task(answer: WrittenAnswer) -> str:
    """A written answer's heading and task."""
    return f"## {answer.id}. {answer.title} ({answer.points:g} points)\n\n{answer.task.strip()}"


def _id(*words: str) -> str:
    """A cell's id, made of names, so that the same source gives the same bytes."""
    return re.sub(r"[^a-z0-9_-]+", "-", "-".join(words).lower()).strip("-")[:64]


def _text(cell: str, source: str, **metadata: Any) -> Cell:
    return {"cell_type": "markdown", "id": cell, "metadata": metadata, "source": _lines(source)}


def _code(cell: str, source: str, **metadata: Any) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell,
        "metadata": metadata,
        "outputs": [],
        "source": _lines(source),
    }


def _lines(source: str) -> list[str]:
    return source.strip("\n").splitlines(keepends=True)


def _sections(statement: str) -> list[tuple[str, str]]:
    """The statement's sections by their headings, the title's first."""
    parts = re.split(r"^## ", statement, flags=re.MULTILINE)
    found = [("", parts[0].strip())]
    for part in parts[1:]:
        heading, _, body = part.partition("\n")
        found.append((heading.strip(), f"## {heading.strip()}\n\n{body.strip()}"))
    return found


def _start(names: HandoutNames) -> str:
    return f"""## Start in two minutes

1. Install the package once, in the environment of this notebook, with Python 3.11 or later:
   {installing(names.install)}.
2. Run the cells from the top. Every function says in its docstring what it takes and what it returns. Replace
   `raise NotImplementedError(...)` by your code, one function at a time.
3. Run the cell below a function: it makes the public checks of that function, and says what is wrong on a small case.
   `autograder check` in a terminal makes all of them, and stops a function that takes too long.

These checks are public and small. Hidden checks follow when you hand in: more cases, larger ones, and the edges that
the docstrings state.

Work in this notebook or in `{names.module}.py`, not in both. Cells of your own may stand anywhere; when the notebook is
graded, its cells run once from the top. To hand in, run `autograder pack` in this folder: it says what is missing, and
makes `{names.folder}.zip`."""


def _checks(module: str) -> str:
    return f"""# The public checks. Where your course uses otter-grader, it makes the same checks:
# import otter; grader = otter.Notebook("{module}.ipynb")
from autograder.notebook import Notebook

grader = Notebook("{module}")"""


def _cells(
    names: HandoutNames, statement: str, made: Stub, answers: tuple[WrittenAnswer, ...], checked: Collection[str]
) -> Iterator[Cell]:
    (_, title), *sections = _sections(statement)
    fixed = {"deletable": False, "editable": False}
    yield _text("title", title)
    yield _text("start", _start(names))
    for heading, section in sections:
        if heading not in ABOUT_FILES:
            yield _text(_id("about", heading), section)
    yield _text("functions", "## The functions")
    yield _code("imports", made.head)
    yield _code("checks", _checks(names.module))
    for name, source in made.functions.items():
        yield _code(_id("function", name), source, deletable=False)
        if name in checked:
            yield _code(_id("check", name), f'grader.check("{name}")')
    yield _text("answers", ANSWERS_HEAD)
    for answer in answers:
        yield _text(_id("task", answer.id), answer_task(answer), **fixed)
        yield _text(_id("answer", answer.id), YOUR_ANSWER, deletable=False, **{MARK: {"answer": answer.id}})


def notebook(
    names: HandoutNames, statement: str, made: Stub, answers: tuple[WrittenAnswer, ...], checked: Collection[str]
) -> str:
    """The notebook's JSON, format 4.5.

    Args:
        names: of the assignment.
        statement: in Markdown.
        made: the stub of the reference.
        answers: the written answers.
        checked: the functions that have public checks.

    Raises:
        HandoutError: two cells would have the same id.
    """
    cells = list(_cells(names, statement, made, answers, checked))
    ids = [cell["id"] for cell in cells]
    if twice := [cell for cell in ids if ids.count(cell) > 1]:
        raise HandoutError(f"{names.folder}: two cells of its notebook would be named {twice[0]!r}; rename one")
    made_of = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(made_of, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
