"""A course with nbgrader in a temporary folder, and students who hand in through its exchange."""

import ast
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGrader

from autograder.integrations.nbgrader.init_course import make_course
from autograder.integrations.nbgrader.running import opened
from tests.repository import SOLUTIONS

ASSIGNMENT, NOTEBOOK = "a2_kl_factorized", "kl_factorized"

Notebook = dict[str, Any]
Edit = Callable[[Notebook], None]


def new_course(folder: Path, solutions: Path = SOLUTIONS) -> Path:
    """A course of one assignment, released through an exchange of its own."""
    exchange = folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    course = folder / "course"
    make_course(course, solutions, course_id="kl", exchange=exchange, names=[ASSIGNMENT])
    return course


def own_copy(made: Path, folder: Path) -> Path:
    """A copy of what `new_course` made in a folder, with an exchange of its own."""
    shutil.copytree(made, folder)
    settings = folder / "course" / "nbgrader_config.py"
    settings.write_text(settings.read_text().replace(str(made), str(folder)))
    return folder / "course"


@contextmanager
def nbgrader(course: Path) -> Iterator[NbGrader]:
    """nbgrader's application in the course, with its authenticator and exchange."""
    with opened(course) as app:
        app.load_cwd_config = False
        app.start_subapp = None
        from nbgrader.auth import Authenticator
        from nbgrader.exchange import ExchangeFactory

        app.authenticator = Authenticator(parent=app)
        app.exchange = ExchangeFactory(parent=app)
        app.coursedir.assignment_id = ASSIGNMENT
        yield app


def generate(course: Path) -> None:
    """What an instructor does first: the students' version, and the cells in the gradebook."""
    from nbgrader.converters import GenerateAssignment

    with nbgrader(course) as app:
        app.coursedir.student_id = "."
        GenerateAssignment(coursedir=app.coursedir, parent=app).start()


def release(course: Path) -> None:
    """Generate, and release."""
    generate(course)
    with nbgrader(course) as app:
        exchange(app, "ReleaseAssignment")


def exchange(app: NbGrader, action: str, **settings: Any) -> None:
    """One action of nbgrader's exchange."""
    made = getattr(app.exchange, action)(
        coursedir=app.coursedir, authenticator=app.authenticator, parent=app.exchange, **settings
    )
    made.start()


def hand_in(course: Path, home: Path, student: str, edit: Edit, beside: Callable[[Path], None] | None = None) -> None:
    """What a student does: fetch, work, submit."""
    own = home / student
    own.mkdir(parents=True)
    before = Path.cwd()
    with nbgrader(course) as app:
        os.chdir(own)
        try:
            exchange(app, "FetchAssignment", assignment_dir=str(own))
            path = own / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
            notebook = json.loads(path.read_text())
            edit(notebook)
            path.write_text(json.dumps(notebook))
            if beside is not None:
                beside(own / ASSIGNMENT)
            app.coursedir.student_id = student
            exchange(app, "Submit", assignment_dir=str(own), cache=str(own / "cache"))
            app.coursedir.student_id = "*"
        finally:
            os.chdir(before)


def sources(solutions: Path = SOLUTIONS) -> tuple[dict[str, str], str]:
    """The reference's public functions by name, and all the rest of its module."""
    text = (solutions / ASSIGNMENT / f"{NOTEBOOK}.py").read_text()
    tree = ast.parse(text)
    public = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    functions = {node.name: ast.get_source_segment(text, node) or "" for node in public}
    rest = [ast.get_source_segment(text, node) or "" for node in tree.body if node not in public]
    return functions, "\n\n".join(rest)


def cell_of(notebook: Notebook, grade_id: str) -> dict[str, Any]:
    """The cell with this id."""
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def right(notebook: Notebook) -> None:
    """All functions as the reference has them, and a proof."""
    functions, rest = sources()
    cell_of(notebook, "public-checks")["source"] += "\n"
    notebook["cells"].insert(1, {**_code(rest), "id": "rest"})
    for name, source in functions.items():
        cell_of(notebook, name)["source"] = source
    cell_of(notebook, "written_2")["source"] = "The log of a product is a sum of logs: $\\log ab = \\log a + \\log b$."


def _code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}


code = _code
