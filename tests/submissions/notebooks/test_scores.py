"""Handing in the module or the notebook gives the same scores."""

import shutil
from typing import Any

import pytest

from autograder.grading.run import Results, grade
from autograder.records.record import Result, encode
from tests.repository import SAMPLE_CLASS
from tests.submissions.notebooks.making import from_module, notebook, text

CLASS = SAMPLE_CLASS / "submissions"
# What differs between a module and the notebook made of it stands in none of these: no mistakes on import.
ALIKE = ("perfect_compact", "helper_modules", "mistakes_1", "renamed_function", "untouched_stub", "crashes")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("notebooks")
    for name in ALIKE:
        shutil.copytree(CLASS / name, folder / "in" / f"{name}-module")
        made = shutil.copytree(CLASS / name, folder / "in" / f"{name}-notebook")
        for path in made.rglob("*.py"):
            if path.parent.parent == made and path.parent.name.endswith(path.stem):
                path.with_suffix(".ipynb").write_bytes(from_module(path.read_bytes()))
                path.unlink()
    (folder / "in" / "raises").mkdir()
    cells: list[dict[str, Any] | str] = [text("# Work"), "plot(data)", "def kl_normal(*arguments):\n    return 1 / 0"]
    (folder / "in" / "raises" / "kl_normal.ipynb").write_bytes(notebook(cells))
    return grade(folder / "in", folder / "out")


@pytest.mark.parametrize("name", ALIKE)
def test_module_and_notebook_have_the_same_scores(graded: Results, name: str) -> None:
    records = {record.student: record for record in graded}
    module, notebook = records[f"{name}-module"], records[f"{name}-notebook"]
    files = [assignment.file or "" for assignment in notebook.assignments]
    assert any(file.endswith(".ipynb") for file in files), f"the notebook is what was graded: {files}"
    assert verdicts(module) == verdicts(notebook), "every check has the same verdict and points"
    assert module.score == notebook.score, f"{module.score} and {notebook.score}"


def verdicts(record: Result) -> list[tuple[str, str, float, str]]:
    return [
        (f"{assignment.name}.{question.function}.{check.name}", check.verdict, check.points, check.hint)
        for assignment in record.assignments
        for question in assignment.questions
        for check in question.checks
    ]


def test_a_renamed_function_in_a_notebook_is_suggested(graded: Results) -> None:
    (record,) = [record for record in graded if record.student == "renamed_function-notebook"]
    assert "triplet_Loss: was it meant?" in encode(record).decode(), "a name that is near must be told"


def test_cell_and_line_are_told(graded: Results) -> None:
    (record,) = [record for record in graded if record.student == "raises"]
    text = encode(record).decode()
    assert "ZeroDivisionError in cell 3, line 2: `return 1 / 0`" in text, "where a function raises"
    (note,) = next(assignment.notes for assignment in record.assignments if assignment.notes)
    assert "raises NameError in cell 2, line 1: `plot(data)`" in note, f"which cell failed: {note}"
