"""`otter assign`, `otter generate` and `otter run` of the pinned version, on right, wrong and hostile notebooks.

What runs otter's own commands is slow.
"""

import importlib.util
import inspect
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.grading.run import grade
from autograder.handout import all_secrets, leaks_in
from autograder.integrations.carrying import carried
from autograder.records.record import Result
from tests.integrations.otter.hostile import FORGED_RESULTS, STOLEN, archive, with_cells
from tests.once import once
from tests.repository import ASSIGNMENTS, SOLUTIONS

if importlib.util.find_spec("otter") is None:
    pytest.skip("otter-grader is absent: python -m pip install 'seminar-autograder[otter]'", allow_module_level=True)

NAME, MODULE = "a3_kl_normal", "kl_normal"
RIGHT = (SOLUTIONS / NAME / f"{MODULE}.py").read_text()
# One wrong function, and one that stands on it.
WRONG = RIGHT.replace("+ 2.0 * half_shift * half_shift)[()]", "+ 1.5 * half_shift * half_shift)[()]")
OTTER = Path(sys.executable).with_name("otter")


def otter(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run otter's own command."""
    command = [str(OTTER), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)


@dataclass(frozen=True)
class Assigned:
    """What `autograder handout --otter` and then `otter assign` made."""

    master: Path
    student: Path
    zip: Path


def assign(folder: Path) -> None:
    masters = folder / "masters"
    command = ["handout", "--solutions", str(SOLUTIONS), "--out", str(folder / "assignments"), "--otter", str(masters)]
    assert main(command) == 0, "the masters must be written"
    made = otter(masters / NAME, "assign", f"{MODULE}.ipynb", "dist", "-v")
    # Among other things it has run the plugin on the references, and asked for all points.
    assert made.returncode == 0, f"otter assign must work: {made.stdout}{made.stderr}"
    assert "All autograder tests passed" in made.stderr + made.stdout, f"the references earn all: {made.stderr}"


@pytest.fixture(scope="module")
def assigned(tmp_path_factory: pytest.TempPathFactory) -> Assigned:
    master = once(tmp_path_factory, "otter", assign) / "masters" / NAME
    (found,) = (master / "dist" / "autograder").glob("*-autograder_*.zip")
    return Assigned(master, master / "dist" / "student", found)


@dataclass(frozen=True)
class Case:
    """A submission, and what `autograder grade` gives for it."""

    path: Path
    record: Result


@pytest.fixture(scope="module")
def cases(assigned: Assigned, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    """Notebooks by name, graded as a class without otter."""
    folder = tmp_path_factory.mktemp("notebooks")
    student = (assigned.student / f"{MODULE}.ipynb").read_bytes()
    roots = [str(SOLUTIONS / NAME / f"{MODULE}.py"), str(assigned.zip), str(assigned.master / f"{MODULE}.ipynb")]
    stolen = STOLEN.format(roots=roots)
    own = WRONG[WRONG.index("def kl_normal(") : WRONG.index("def kl_normal_grad(")] + WRONG[WRONG.index("def _ch") :]
    notebooks = {
        "right": with_cells(student, RIGHT),
        "wrong": with_cells(student, WRONG),
        "hostile": with_cells(student, FORGED_RESULTS, own, stolen),
    }
    for name, data in notebooks.items():
        (folder / "class" / name).mkdir(parents=True)
        (folder / "class" / name / f"{MODULE}.ipynb").write_bytes(data)
    results = grade(folder / "class", folder / "out", solutions=SOLUTIONS, assignments=[NAME], jobs=1)
    records = {record.student: record for record in results}
    return {name: Case(folder / "class" / name / f"{MODULE}.ipynb", records[name]) for name in notebooks}


def run(folder: Path, autograder: Path, submission: Path) -> tuple[dict[str, Any], str]:
    """The results.json of `otter run`, and what it printed."""
    done = otter(folder, "run", "-a", str(autograder), "-o", str(folder), "--no-logo", str(submission))
    assert done.returncode == 0, f"otter run must work: {done.stdout}{done.stderr}"
    found: dict[str, Any] = json.loads((folder / "results.json").read_text())
    return found, done.stdout


def same(found: dict[str, Any], record: Result) -> None:
    """otter's results must be those of `autograder grade`, check by check."""
    (assignment,) = record.assignments
    checks = [
        (f"{q.function}: {c.title}", c.points, c.max_points)
        for q in assignment.questions
        if not q.written
        for c in q.checks
    ]
    tests = [(t["name"], t["score"], t["max_score"]) for t in found["tests"] if "score" in t]
    assert tests == checks, f"each check as `autograder grade` has it: {tests}"
    assert found["score"] == record.score, f"{found['score']} must be {record.score}"


@pytest.mark.slow
def test_otter_assign_makes_the_students_notebook_again(assigned: Assigned) -> None:
    ours = json.loads((ASSIGNMENTS / NAME / f"{MODULE}.ipynb").read_text())["cells"]
    theirs = json.loads((assigned.student / f"{MODULE}.ipynb").read_text())["cells"]
    assert len(ours) == len(theirs), f"as many cells: {len(ours)} and {len(theirs)}"
    for our, their in zip(ours, theirs, strict=True):
        assert our["cell_type"] == their["cell_type"], f"{our['id']} must stay of its kind"
        if our["id"] == "checks":
            assert f'otter.Notebook("{MODULE}.ipynb")' in "".join(their["source"]), "here otter makes the checks"
        else:
            own = "".join(their["source"]).rstrip("\n")
            assert own == "".join(our["source"]), f"the cell {our['id']} must be the handout's: {own}"
        assert our["metadata"].get("autograder") == their["metadata"].get("autograder"), "the marks on answers stay"
    files = {path.name: path.read_bytes() for path in (assigned.student / "tests").iterdir()}
    handout = {path.name: path.read_bytes() for path in (ASSIGNMENTS / NAME / "tests").glob("*.py")}
    assert files == handout, "the test files are the handout's, to the byte"


@pytest.mark.slow
def test_what_otter_gives_to_students_holds_no_solution(assigned: Assigned) -> None:
    files = {str(path): path.read_bytes() for path in assigned.student.rglob("*") if path.is_file()}
    assert sorted(Path(name).name for name in files) == sorted(
        [f"{MODULE}.ipynb", *(path.name for path in (ASSIGNMENTS / NAME / "tests").glob("*.py"))]
    ), f"nothing but the notebook and its tests: {sorted(files)}"
    told = [problem for problem in leaks_in(files, all_secrets(SOLUTIONS)) if "holds a" in problem]
    assert told == [], f"{told}"


@pytest.mark.slow
@pytest.mark.parametrize("which", ["right", "wrong", "hostile"])
def test_otter_run_gives_the_scores_of_autograder_grade(
    which: str, assigned: Assigned, cases: dict[str, Case], tmp_path: Path
) -> None:
    found, printed = run(tmp_path, assigned.zip, cases[which].path)
    same(found, cases[which].record)
    score, most = found["score"], sum(test.get("max_score", 0.0) for test in found["tests"])
    assert (score == most) == (which == "right"), f"{which} must not earn {score} of {most}"
    assert score > 0.0, f"{which} has at least one right check: {score}"
    assert f"Total Score: {score:.3f} / {most:.3f}" in printed, f"otter totals what we give it: {printed}"
    for test in found["tests"]:
        assert test["output_format"] == "text", f"a student's text is never markup: {test}"
    if which == "wrong":
        told = [test["output"] for test in found["tests"] if test["status"] == "failed"]
        assert told and all(len(text) > 10 for text in told), f"a message for each failed check: {told}"


@pytest.mark.slow
def test_a_zip_that_shadows_and_unpickles_gets_what_its_notebook_earns(
    assigned: Assigned, cases: dict[str, Case], tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    submission = tmp_path / "hostile.zip"
    submission.write_bytes(archive(cases["hostile"].path.read_bytes(), mark))
    found, _ = run(tmp_path, assigned.zip, submission)
    assert not mark.exists(), "nothing of the zip may run in the grading process, nor write from the sandbox"
    # numpy.py and autograder.py beside a notebook are its own helpers, to its own harm; never more points than without.
    assert found["score"] <= (cases["hostile"].record.score or 0.0), f"no points for it: {found['score']}"


@pytest.mark.slow
def test_the_same_zip_from_otter_generate(assigned: Assigned, cases: dict[str, Case], tmp_path: Path) -> None:
    out = tmp_path / "generated.zip"
    made = otter(assigned.master, "generate", "-t", "tests", "-o", str(out), "autograder_solutions.zip")
    assert made.returncode == 0, f"otter generate must work: {made.stdout}{made.stderr}"
    with zipfile.ZipFile(out) as one, zipfile.ZipFile(assigned.zip) as other:
        assert sorted(one.namelist()) == sorted(other.namelist()), "the same files as from otter assign"
    renamed = tmp_path / "my homework.ipynb"
    shutil.copy(cases["wrong"].path, renamed)
    found, _ = run(tmp_path, out, renamed)
    same(found, cases["wrong"].record)


@pytest.mark.slow
def test_the_attack_works_against_stock_otter(assigned: Assigned, tmp_path: Path) -> None:
    """So that the tests above are known to hold something back."""
    if importlib.util.find_spec("ipykernel") is None:
        pytest.skip("stock otter needs a kernel: python -m pip install ipykernel")
    stock = tmp_path / "stock.zip"
    with zipfile.ZipFile(assigned.zip) as ours, zipfile.ZipFile(stock, "w") as made:
        for name in ours.namelist():
            if name != "otter_config.json":
                made.writestr(name, ours.read(name))
    notebook = tmp_path / f"{MODULE}.ipynb"
    notebook.write_bytes(with_cells((assigned.student / f"{MODULE}.ipynb").read_bytes(), FORGED_RESULTS))
    found, _ = run(tmp_path, stock, notebook)
    earned = sum(test.get("score", 0.0) for test in found["tests"])
    assert earned == 3 * 999, f"an untouched notebook takes 999 points a question from stock otter: {earned}"


@pytest.mark.slow
def test_our_own_failure_is_no_zero(assigned: Assigned, cases: dict[str, Case], tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(assigned.zip) as ours, zipfile.ZipFile(broken, "w") as made:
        for name in ours.namelist():
            if not name.startswith("files/"):
                made.writestr(name, ours.read(name))
    done = otter(tmp_path, "run", "-a", str(broken), "-o", str(tmp_path), str(cases["right"].path))
    assert done.returncode != 0, f"it must fail: {done.stdout}"
    assert "no score was recorded" in done.stderr, f"and say so: {done.stderr}"
    assert not (tmp_path / "results.json").exists(), "no score is written"


CHECK_ALL = """
import socket
def refused(*arguments, **named): raise OSError("offline")
socket.socket.connect = socket.create_connection = refused
import otter
namespace = {"__name__": "__main__"}
exec(compile(open("kl_normal_right.py").read(), "notebook", "exec"), namespace)
grader = otter.Notebook("kl_normal.ipynb", tests_dir="tests")
namespace["grader"] = grader
print(eval("grader.check_all()", namespace))
"""


@pytest.mark.slow
def test_check_all_works_offline_in_the_handout(tmp_path: Path) -> None:
    folder = shutil.copytree(ASSIGNMENTS / NAME, tmp_path / NAME)
    (folder / "kl_normal_right.py").write_text(RIGHT)
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", CHECK_ALL], cwd=folder, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, f"check_all must work: {done.stderr}"
    for path in (ASSIGNMENTS / NAME / "tests").glob("*.py"):
        assert f"{path.stem} results: All test cases passed!" in done.stdout, f"{path.stem}: {done.stdout}"


def test_masters_are_kept_away_from_students(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["handout", "--solutions", str(SOLUTIONS), "--out", str(tmp_path), "--otter", str(tmp_path / "masters")]
    assert main(command) == 2, "masters hold solutions"
    assert "hold solutions" in capsys.readouterr().err, "and the message says so"
    assert list(tmp_path.iterdir()) == [], "nothing may be written"


@pytest.mark.slow
def test_every_master_earns_all_points(assigned: Assigned, tmp_path: Path) -> None:
    """The references in the notebooks are whole: helpers, constants, and what stands between."""
    for path in assigned.master.parent.glob("*/*.ipynb"):
        (tmp_path / "class" / "staff" / path.parent.name).mkdir(parents=True)
        shutil.copy(path, tmp_path / "class" / "staff" / path.parent.name)
    (record,) = grade(tmp_path / "class", tmp_path / "out", solutions=SOLUTIONS, jobs=1)
    lost = [check.title for check in record.checks if check.verdict not in ("passed", "ungraded")]
    assert lost == [] and len(record.assignments) == 4, f"the references earn all points: {lost}"


def test_what_goes_along_is_what_grading_needs() -> None:
    names = list(carried(SOLUTIONS))
    assert "course.toml" in names and f"{NAME}/mistakes.py" in names, f"{names}"
    assert not [name for name in names if "alternatives" in name or "__pycache__" in name], f"{names}"


# ipylab's own import warns.
@pytest.mark.filterwarnings("ignore")
def test_the_internals_that_the_plugin_relies_on() -> None:
    import otter as package
    from otter.plugins import AbstractOtterPlugin
    from otter.run.run_autograder.runners import python_runner
    from otter.test_files import GradingResults

    from autograder.integrations.otter.plugin import TESTED, Engine

    assert package.__version__ in TESTED, f"the plugin was tested with {TESTED}, this is {package.__version__}"
    source = inspect.getsource(python_runner.PythonRunner.run)
    before, log, call = (
        source.index(text) for text in ('run("before_grading"', "Log.from_file(", "scores = grade_notebook(")
    )
    assert before < log < call, "the hook must come before the log is unpickled and before the kernel is started"
    assert python_runner.grade_notebook.__module__ == "otter.execute", "what is replaced is otter's"
    for hook in ("during_assign", "before_grading"):
        assert hasattr(AbstractOtterPlugin, hook) and hook in vars(Engine), f"{hook} must be a hook"
    assert "to_gradescope_dict" in vars(GradingResults), "results.json is made by this method"
