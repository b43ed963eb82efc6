"""Making a course for nbgrader: what is written, and what is told, before nbgrader itself is needed."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

# Found and not imported: nbgrader takes seconds.
if find_spec("nbgrader") is None:
    pytest.skip("nbgrader is not installed (the extra `nbgrader`)", allow_module_level=True)
if sys.platform != "linux":
    pytest.skip("nbgrader's exchange and the sandbox need Linux", allow_module_level=True)

from autograder.errors import CourseExistsError, CourseFolderError
from autograder.integrations.nbgrader.config import config_text
from autograder.integrations.nbgrader.grade_course import grade_course
from autograder.integrations.nbgrader.init_course import make_course
from tests.repository import SOLUTIONS

ASSIGNMENT, NOTEBOOK = "a2_kl_factorized", "kl_factorized"


def test_init_keeps_what_was_changed_by_hand(tmp_path: Path) -> None:
    make_course(tmp_path / "c", SOLUTIONS, names=[ASSIGNMENT])
    assert not make_course(tmp_path / "c", SOLUTIONS, names=[ASSIGNMENT]).written, "a second run writes nothing"
    notebook = tmp_path / "c/source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    notebook.write_text(notebook.read_text() + " ")
    with pytest.raises(CourseExistsError, match="--force"):
        make_course(tmp_path / "c", SOLUTIONS, names=[ASSIGNMENT])


def test_source_notebooks_hold_no_line_of_an_answer(tmp_path: Path) -> None:
    from autograder.handout import all_secrets, leaks_in

    make_course(tmp_path / "c", SOLUTIONS)
    found = sorted((tmp_path / "c/source").glob("*/*.ipynb"))
    assert len(found) == 4, f"the four assignments: {found}"
    texts = {
        path.parent.name: "\n".join("".join(cell["source"]) for cell in json.loads(path.read_bytes())["cells"]).encode()
        for path in found
    }
    assert not list(leaks_in(texts, all_secrets(SOLUTIONS))), "a line of a reference, a rubric or a seed is in it"


def test_settings_are_settings_only() -> None:
    text = config_text("x", SOLUTIONS, None)
    assert "import" not in text and "def " not in text, "code lives in the package"


def test_a_folder_that_is_no_course_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseFolderError, match="autograder nbgrader init"):
        grade_course(tmp_path)


def test_the_package_never_imports_nbgrader() -> None:
    code = "import sys, autograder, autograder.cli as c; c.parser(); print([m for m in sys.modules if 'nbgrader' in m])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "'nbgrader" not in found, f"only the grammar of the verb may be loaded: {found}"


def test_a_missing_extra_is_told_with_its_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import importlib.util

    from autograder.cli import main

    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "nbgrader" else found(name, *a))
    assert main(["nbgrader", "grade", str(tmp_path)]) == 2, "it is wrong usage"
    assert "pip install 'seminar-autograder[nbgrader]'" in capsys.readouterr().err, "the command is printed"
