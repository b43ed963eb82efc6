"""Handing in the module or the notebook gives the same scores."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.run import grade
from autograder.records.record import Result, encode
from autograder.records.store import Store
from tests.once import once
from tests.repository import SAMPLE_CLASS
from tests.submissions.notebooks.making import from_module, notebook, text

CLASS = SAMPLE_CLASS / "submissions"
# What differs between a module and the notebook made of it stands in none of these: no mistakes on import.
QUICK, OTHERS = ("perfect_compact", "renamed_function"), ("helper_modules", "mistakes_1", "untouched_stub", "crashes")


def grade_pairs(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        shutil.copytree(CLASS / name, folder / "in" / f"{name}-module")
        made = shutil.copytree(CLASS / name, folder / "in" / f"{name}-notebook")
        for path in made.rglob("*.py"):
            if path.parent.parent == made and path.parent.name.endswith(path.stem):
                path.with_suffix(".ipynb").write_bytes(from_module(path.read_bytes()))
                path.unlink()
    grade(folder / "in", folder / "out", jobs=1)


def grade_quick_ones(folder: Path) -> None:
    (folder / "in" / "raises").mkdir(parents=True)
    cells: list[dict[str, Any] | str] = [text("# Work"), "plot(data)", "def kl_normal(*arguments):\n    return 1 / 0"]
    (folder / "in" / "raises" / "kl_normal.ipynb").write_bytes(notebook(cells))
    grade_pairs(folder, QUICK)


def records_in(folder: Path) -> list[Result]:
    records, notes = Store(folder / "out").read()
    assert not notes, f"every file is a record: {notes}"
    return list(records.values())


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    """The records of the quick ones, made once for all of pytest's processes."""
    return records_in(once(tmp_path_factory, "notebooks", grade_quick_ones))


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    """Those of the others."""
    return records_in(once(tmp_path_factory, "more-notebooks", lambda folder: grade_pairs(folder, OTHERS)))


@pytest.mark.parametrize("name", [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in OTHERS)])
def test_module_and_notebook_have_the_same_scores(request: pytest.FixtureRequest, name: str) -> None:
    graded: list[Result] = request.getfixturevalue("graded" if name in QUICK else "others")
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


def test_a_renamed_function_in_a_notebook_is_suggested(graded: list[Result]) -> None:
    (record,) = [record for record in graded if record.student == "renamed_function-notebook"]
    assert "triplet_Loss: was it meant?" in encode(record).decode(), "a name that is near must be told"


def test_cell_and_line_are_told(graded: list[Result]) -> None:
    (record,) = [record for record in graded if record.student == "raises"]
    text = encode(record).decode()
    assert "ZeroDivisionError in cell 3, line 2: `return 1 / 0`" in text, "where a function raises"
    (note,) = next(assignment.notes for assignment in record.assignments if assignment.notes)
    assert "raises NameError in cell 2, line 1: `plot(data)`" in note, f"which cell failed: {note}"
