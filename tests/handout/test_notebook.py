"""The handout's notebook, its zips, and otter-grader's test files: of the same source, and without a leak."""

import importlib.metadata
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.errors import HandoutError
from autograder.files.zips import zip_bytes
from autograder.handout import files_of, leaks_in, materials, pack_handout
from autograder.handout.handout_zips import leaks_in_zip
from autograder.handout.notebook_file import METADATA
from autograder.handout.otter_tests import otter_tests
from autograder.submissions.defined_functions import is_untouched
from autograder.submissions.notebook_reader import read_notebook
from autograder.submissions.unwritten import is_answered
from tests.contract import CONTRACT, MODULES, every_assignment, functions
from tests.handout.making import staff_secrets
from tests.repository import ASSIGNMENTS, SOLUTIONS


def cells_of(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((ASSIGNMENTS / name / f"{MODULES[name]}.ipynb").read_text())["cells"]
    return found


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


@every_assignment
def test_the_notebook_is_valid(name: str) -> None:
    nbformat = pytest.importorskip("nbformat", reason="nbformat is absent: python -m pip install nbformat")
    nbformat.validate(nbformat.read(ASSIGNMENTS / name / f"{MODULES[name]}.ipynb", as_version=4))


@every_assignment
def test_the_notebook_has_the_modules_functions_and_a_check_of_each(name: str) -> None:
    stubs = functions((ASSIGNMENTS / name / f"{MODULES[name]}.py").read_text())
    code = [source(cell) for cell in cells_of(name) if cell["cell_type"] == "code"]
    text = (ASSIGNMENTS / name / f"{MODULES[name]}.py").read_text()
    for function in stubs:
        (own,) = [cell for cell in code if cell.startswith(f"def {function}(")]
        assert own in text, f"the cell of {function} must be the module's stub"
        after = code[code.index(own) + 1]
        assert after == f'grader.check("{function}")', f"the cell below {function} must check it: {after}"
    assert list(stubs) == CONTRACT[name].split(), "all functions, in order"


@every_assignment
def test_the_notebook_has_the_task_and_the_written_answers(name: str) -> None:
    folder = ASSIGNMENTS / name
    texts = [source(cell) for cell in cells_of(name) if cell["cell_type"] == "markdown"]
    statement = (folder / "README.md").read_text()
    assert texts[0] == statement.partition("\n## ")[0].strip(), "the task stands first"
    for text in texts:
        if text.startswith("## ") and "Start in two" not in text and "The functions" not in text:
            told = text in statement or text in (folder / "answers.md").read_text()
            assert told, f"this must be the statement's or the answer sheet's: {text}"
    answers = read_notebook((folder / f"{MODULES[name]}.ipynb").read_bytes()).answers
    sheet = (folder / "answers.md").read_text()
    assert answers is not None and answers.split() == sheet.partition("\n## ")[2].join(["## ", ""]).split(), (
        f"the cells for answers must read as the answer sheet: {answers}"
    )
    assert not is_answered(answers) and not is_answered(sheet), "nothing is answered yet"


@every_assignment
def test_the_handout_counts_as_untouched(name: str) -> None:
    found = read_notebook((ASSIGNMENTS / name / f"{MODULES[name]}.ipynb").read_bytes())
    assert is_untouched(b"\n".join(found.cells.values()).decode()), "the notebook is the stub"
    assert is_untouched((ASSIGNMENTS / name / f"{MODULES[name]}.py").read_text()), "the module is the stub"


# --- zips ----------


@pytest.mark.slow
def test_every_zip_holds_what_the_folder_holds_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    arguments = ["handout", "--zip", "--solutions", str(SOLUTIONS), "--out"]
    assert main([*arguments, str(tmp_path / "one")]) == 0 and main([*arguments, str(tmp_path / "two")]) == 0
    for name in CONTRACT:
        data = (tmp_path / "one" / f"{name}.zip").read_bytes()
        assert data == (tmp_path / "two" / f"{name}.zip").read_bytes(), f"{name}.zip differs between two runs"
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            held = {info.filename: archive.read(info) for info in archive.infolist()}
        files = [path for path in sorted((ASSIGNMENTS / name).rglob("*")) if path.is_file() and "__" not in str(path)]
        expected = {f"{name}/{path.relative_to(ASSIGNMENTS / name).as_posix()}": path.read_bytes() for path in files}
        assert held == expected, f"{sorted(held)} must be the folder's files {sorted(expected)}"
        assert leaks_in_zip("z", data, staff_secrets()) == [], f"{name}.zip must leak nothing"
    assert main([*arguments, str(tmp_path), "--check"]) == 2, "--zip and --check say different things"


def test_a_zip_that_would_leak_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = "    g_neg = scale * weight_neg.sum(axis=0)\n"
    monkeypatch.setattr(
        "autograder.handout.rendering.files_of", lambda material: {**files_of(material), "tests/pair_loss.py": line}
    )
    with pytest.raises(HandoutError, match=r"a4_smooth_ap/tests/pair_loss\.py holds a line of"):
        pack_handout(SOLUTIONS, tmp_path / "out")
    assert not (tmp_path / "out").exists(), "no zip may be written where one leaks"


def test_what_a_zip_says_of_its_members_is_looked_at() -> None:
    data = io.BytesIO(zip_bytes({"a/README.md": b"# A"}))
    assert leaks_in_zip("z", data.getvalue(), {}) == [], "nothing is said in ours"
    with zipfile.ZipFile(data, "a") as archive:
        archive.comment = b"by staff"
        archive.writestr("a/late.md", "x")
    problems = " ".join(leaks_in_zip("z", data.getvalue(), {}))
    assert "more than its name" in problems and "comment" in problems, f"a time and a comment tell more: {problems}"


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    found = json.loads((ASSIGNMENTS / "a4_smooth_ap" / "smooth_ap.ipynb").read_text())
    change(found)
    return json.dumps(found).encode()


def code_cell(found: dict[str, Any]) -> dict[str, Any]:
    (cell,) = [cell for cell in found["cells"] if cell["id"] == "function-pair_loss"]
    return cell  # type: ignore[no-any-return]


SECRET = 'print("of staff")\nx = "k(p) is the position among all examples; which of them does yours count?"'
PLANTED: dict[str, Callable[[dict[str, Any]], object]] = {
    "an output": lambda n: code_cell(n).update(outputs=[{"output_type": "stream", "name": "stdout", "text": "3"}]),
    "a count of runs": lambda n: code_cell(n).update(execution_count=3),
    "an attachment": lambda n: code_cell(n).update(attachments={"a.png": {}}),
    "metadata of a cell": lambda n: code_cell(n)["metadata"].update(solution=True),
    "metadata of the notebook": lambda n: n["metadata"].update(authors=["staff"]),
    "another part": lambda n: n.update(hidden=[]),
    "a secret in a source": lambda n: code_cell(n).update(source=SECRET.splitlines(keepends=True)),
    "a secret in pieces": lambda n: code_cell(n).update(source=[SECRET[:40], SECRET[40:50], SECRET[50:]]),
    "a secret in an id": lambda n: code_cell(n).update(id=SECRET),
    "a path": lambda n: code_cell(n).update(source=["# /home/staff/a.py"]),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_leak_planted_in_a_notebook_is_found(what: str) -> None:
    hidden = staff_secrets()
    assert list(leaks_in({"n.ipynb": changed(lambda _: None)}, hidden)) == [], "the notebook leaks nothing"
    problems = list(leaks_in({"n.ipynb": changed(PLANTED[what])}, hidden))
    assert problems and all(problem.startswith("n.ipynb ") for problem in problems), f"{what} is not noticed"


# --- otter-grader ----------


@every_assignment
def test_every_function_has_an_otter_file_in_exception_format(name: str) -> None:
    files = {path.stem: path.read_text() for path in (ASSIGNMENTS / name / "tests").glob("*.py")}
    assert set(files) == set(CONTRACT[name].split()), f"one file a function: {sorted(files)}"
    for function, text in files.items():
        compile(text, function, "exec")
        assert "OK_FORMAT = False\n" in text and f'name = "{function}"\n' in text, f"the format of {function}"
        assert text.isascii(), f"otter reads {function} in whatever encoding the system has"
        assert f"import {MODULES[name]}" not in text, "what is checked are the notebook's functions, not the module's"


def test_otter_files_can_have_points() -> None:
    checks = 'import m\nfrom autograder.public import expect\ndef test_f__one():\n    """T"""\n    expect(m.f, 1)\n'
    made = otter_tests(checks, "m", ["f", "g"], {"f": 2.5})
    assert list(made) == ["f.py"] and "points = 2.5\n" in made["f.py"], f"g has no checks: {made}"
    with pytest.raises(HandoutError, match="do not import m"):
        otter_tests(checks.replace("import m\n", ""), "m", ["f"])


OTTER = """
import inspect, os, sys
import otter
grader = otter.Notebook("{module}.ipynb")
namespace = {{"grader": grader, "__name__": "__main__"}}
exec(compile(open(sys.argv[1]).read(), "notebook", "exec"), namespace)
for function in {functions}:
    result = eval(f"grader.check({{function!r}})", namespace)
    print(function, all(case.passed for case in result.test_case_results), str(result))
"""


@pytest.mark.slow
@every_assignment
def test_otters_own_check_works_in_the_students_folder(name: str, tmp_path: Path) -> None:
    if importlib.util.find_spec("otter") is None:
        pytest.skip("otter-grader is absent: python -m pip install 'seminar-autograder[otter]'")
    names, module = CONTRACT[name].split(), MODULES[name]
    folder = shutil.copytree(ASSIGNMENTS / name, tmp_path / name)  # otter writes a log beside the notebook
    script = tmp_path / "check.py"
    script.write_text(OTTER.format(module=module, functions=names))
    told = {}
    for which, path in (("right", SOLUTIONS / name / f"{module}.py"), ("stub", ASSIGNMENTS / name / f"{module}.py")):
        command = [sys.executable, os.fspath(script), os.fspath(path)]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert run.returncode == 0, f"otter must run: {run.stderr}"
        told[which] = run.stdout
    for function in names:
        assert f"{function} True" in told["right"], f"the reference's {function} passes: {told['right']}"
        assert f"{function} False" in told["stub"], f"the stub's {function} fails: {told['stub']}"
        assert f"{function} is not written yet" in told["stub"], "in kind words"


def test_the_version_of_otter_is_the_one_that_is_tested() -> None:
    if importlib.util.find_spec("otter") is None:
        pytest.skip("otter-grader is absent: python -m pip install 'seminar-autograder[otter]'")
    version = importlib.metadata.version("otter-grader")
    assert version.startswith("7."), f"pyproject.toml asks for 7, this is {version}"


def test_materials_are_found_by_their_statements() -> None:
    assert [material.name for material in materials(SOLUTIONS)] == list(CONTRACT), "each assignment of the contract"


@pytest.mark.parametrize("cells", ["many", [3], [["x"]], {"a": {}}, None])
def test_cells_that_are_none_are_looked_at_and_told(cells: object) -> None:
    found = json.dumps({"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}).encode()
    problems = list(leaks_in({"a.ipynb": found}, {}))
    assert problems == ["a.ipynb has cells that are none"], f"what cannot be looked at must be told: {problems}"
    (problem,) = leaks_in({"a.ipynb": b"[1]"}, {})
    assert problem.startswith("a.ipynb is no notebook"), f"nor may anything else pass for one: {problem}"
