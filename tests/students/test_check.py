"""`autograder check`: how each function stands, whatever another one does."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from autograder.cli import main
from autograder.errors import OwnFolderError
from autograder.students import confine
from autograder.students.check_terminal import notes, print_report
from autograder.students.checked_work import CheckedWork
from autograder.students.checks import CheckedFunction, Status
from autograder.students.own_folder import find_work
from autograder.students.process import check_work
from tests.contract import CONTRACT, MODULES
from tests.quick import some_quick
from tests.repository import SOLUTIONS
from tests.students.folders import CHECKS, RIGHT, STUB, handout, small
from tests.submissions.notebooks.making import from_module, notebook


def check(folder: Path, seconds: float = 10.0) -> CheckedWork:
    (work,) = find_work(folder)
    return check_work(work, seconds)


def by_name(report: CheckedWork) -> dict[str, CheckedFunction]:
    return {checked.function: checked for checked in report.functions}


def statuses(report: CheckedWork) -> list[str]:
    return [checked.status.value for checked in report.functions]


def test_stub_wrong_and_right_are_told_apart(tmp_path: Path) -> None:
    source = STUB.replace('raise NotImplementedError("write g here")', "return 1").replace(
        'raise NotImplementedError("write f here")', "return 3 * x"
    )
    report = check(small(tmp_path, small_py=source))
    assert statuses(report) == ["fails", "passes", "not started"], f"f, g, h: {report.functions}"
    assert not report.passes, "one that is not started does not pass"
    f = by_name(report)["f"]
    assert [failure.title for failure in f.failures] == ["Doubles one", "Doubles two"], f"both fail: {f}"
    for told in ("f(x=1.0)", "returned 3.0", "must return 2.0: 2 times 1"):
        assert told in f.failures[0].message, f"{told!r} must be told: {f.failures[0].message}"


def test_notebook_and_module_stand_alike(tmp_path: Path) -> None:
    source = RIGHT.replace("return 1", "return 0")
    module = check(small(tmp_path / "module", small_py=source))
    cells = check(small(tmp_path / "notebook", small_ipynb=from_module(source.encode()), small_py=STUB))
    assert cells.work.taken is not None and cells.work.taken.suffix == ".ipynb", "the one that was worked in is taken"
    assert statuses(module) == statuses(cells) == ["passes", "fails", "passes"], f"{module} {cells}"
    assert not cells.troubles, f"plots and magics are harmless: {cells.troubles}"


ENDLESS = "while True: pass"
ENDS = {
    "an endless loop": (ENDLESS, "takes longer than"),
    "a loop that swallows everything": (
        "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        "takes longer than",
    ),
    "an exit of the process": ("import os; os._exit(3)", "it ended itself (exit code 3)"),
    "its output closed": ("import os; os.closerange(0, 64)\n    while True: pass", "it closed its own output"),
    "an exit": ("import sys; sys.exit()", "raised SystemExit"),
    "a kill": ("import os; os.kill(os.getpid(), 9)", ""),
    "an exception": (
        "return 1 / 0",
        "raised ZeroDivisionError: division by zero\n  in line 5 of small.py: `return 1 / 0`",
    ),
}


@pytest.mark.parametrize("what", some_quick(ENDS, "an endless loop", "an exit", "an exception"))
def test_what_ends_one_function_leaves_the_others_checked(tmp_path: Path, what: str) -> None:
    body, told = ENDS[what]
    source = RIGHT.replace("return 1", body)
    report = check(small(tmp_path, small_py=source), seconds=1.0)
    assert statuses(report) == ["passes", "fails", "passes"], f"{what} costs one function: {report.functions}"
    message = by_name(report)["g"].failures[0].message
    assert told in message, f"{told!r} must be told: {message}"


@pytest.mark.parametrize("source", ["import torch\n", "1 / 0\n", "x = = 1\n", "import os; os._exit(3)\n"])
def test_what_fails_on_import_leaves_the_functions_checked(tmp_path: Path, source: str) -> None:
    report = check(small(tmp_path, small_py=source + RIGHT))
    assert report.passes, f"the functions are there: {report.functions}"
    (trouble,) = [*report.troubles, *report.rules]
    assert "line 1 of small.py" in trouble.lower(), f"the line must be told, once: {trouble}"


def test_what_is_not_there_when_graded_is_not_there_when_checked(tmp_path: Path) -> None:
    source = "import scipy.special\nimport matplotlib.pyplot as plt\nplt.show()\n" + RIGHT
    report = check(small(tmp_path, small_py=source))
    assert not report.troubles, f"the rule is told in place of the error: {report.troubles}"
    (rule,) = report.rules
    assert rule == (
        "Line 1 of small.py imports scipy: scipy is not among what this course allows (NumPy and the standard "
        "library); write it yourself."
    ), f"SciPy is installed here, and not where it is graded: {rule}"


def test_a_renamed_function_is_suggested_and_a_broken_one_is_told(tmp_path: Path) -> None:
    source = RIGHT.replace("def g", "def g_").replace("def h():", "def h()")
    checks = CHECKS.replace("m.g,", "m.gradient,").replace("test_g_", "test_gradient_")
    report = check(small(tmp_path, test_small_py=checks, small_py=source.replace("g_", "gradiant")))
    found = by_name(report)
    assert found["gradient"].status is Status.MISSING and "gradiant is there" in found["gradient"].failures[0].message
    assert found["h"].status is Status.FAILS and "SyntaxError" in found["h"].failures[0].message, f"{found['h']}"
    assert found["f"].status is Status.PASSES, "the rest is checked"


def test_helpers_and_prints_are_taken_as_they_come(tmp_path: Path) -> None:
    folder = small(
        tmp_path, small_py="from helper import two\nprint('x')\ndef f(x):\n    print(x)\n    return two * x\n"
    )
    (folder / "helper.py").write_text("two = 2")
    assert by_name(check(folder))["f"].status is Status.PASSES, "helpers beside the module are found"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a sandbox that needs no rights")
def test_on_linux_the_work_runs_in_a_sandbox(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("2")
    source = RIGHT.replace("return 1", f"open({str(tmp_path / 'made')!r}, 'w'); return 1").replace(
        "return 2\n", f"return float(open({str(secret)!r}).read())\n"
    )
    report = check(small(tmp_path / "work", small_py=source))
    if not report.confined:
        pytest.skip("this machine refuses landlock or seccomp")
    assert statuses(report) == ["passes", "fails", "fails"], f"files are out of reach: {report.functions}"
    assert "PermissionError" in by_name(report)["g"].failures[0].message, "and that is said"
    assert not (tmp_path / "made").exists(), "nothing was written"


def test_elsewhere_it_runs_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for system in ("darwin", "win32"):
        monkeypatch.setattr(sys, "platform", system)
        assert confine.confine("") is False, f"{system} has no such sandbox"
    assert confine.start_options() == {}, "Windows has no sessions"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert confine.start_options() == {"start_new_session": True}, "POSIX has"


ELSEWHERE = """
import ctypes, subprocess, sys
for name in ("fcntl", "resource", "termios", "grp", "pwd"):
    sys.modules[name] = None
load = ctypes.CDLL.__init__
def no_process_itself(self, name, *arguments, **keywords):
    if name is None:
        raise TypeError("only POSIX opens the process itself")
    load(self, name, *arguments, **keywords)
ctypes.CDLL.__init__ = no_process_itself
sys.platform = "darwin"
"""


def test_check_and_pack_need_nothing_that_only_linux_has(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(ELSEWHERE)
    folder = small(tmp_path / "work", small_py=RIGHT.replace("return 1", ENDLESS))
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    for verb, told in (("check --seconds 1", "3 functions: 2 pass their public checks, 1 fails"), ("pack", "hand in")):
        command = [sys.executable, "-m", "autograder", *verb.split(), str(folder)]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert told in ran.stdout, f"{verb} must work on other systems: {ran.stdout}{ran.stderr}"


def test_only_one_module_knows_of_systems() -> None:
    for path in sorted((Path(confine.__file__).parent).glob("*.py")):
        text = path.read_text()
        for word in ("sys.platform", "os.fork", "resource", "killpg", "fcntl", "signal."):
            assert word not in text or path.stem == "confine", f"{path.name} must leave {word} to confine"


# --- the command ----------


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_exit_codes_and_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = run(capsys, "check", small(tmp_path / "right", small_py=RIGHT))
    assert code == 0 and "3 functions: 3 pass their public checks. Hidden checks follow" in text, f"{code} {text}"
    code, text = run(capsys, "check", small(tmp_path / "stub", small_py=STUB))
    assert code == 1 and "○ f  not started" in text and "3 are not started" in text, f"{code} {text}"
    code, text = run(capsys, "check", small(tmp_path / "none"))
    assert code == 1 and "neither small.py nor small.ipynb" in text and "3 are not found" in text, f"{code} {text}"
    code, text = run(capsys, "check", tmp_path / "right" / "small.py")
    assert code == 0, f"a file can be named: {text}"
    code, text = run(capsys, "check", tmp_path)
    assert code == 1 and text.count("functions:") == 3, f"so can a folder of folders: {text}"


def test_wrong_usage_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "alone.py").write_text("x = 1")
    (tmp_path / "empty").mkdir()
    damaged = "import small\nimport autograder.public\nimport no_such_module\n"
    small(tmp_path / "damaged", small_py=RIGHT, test_small_py=damaged)
    small(tmp_path / "broken", small_py=RIGHT, test_small_py="from autograder.public import (\n")
    for name, told in (
        ("gone", "does not exist"),
        ("empty", "is no assignment's folder"),
        ("alone.py", "test_alone.py is missing"),
        ("damaged", "Copy it from the handout"),
        ("broken", "Copy it from the handout"),
    ):
        code, text = run(capsys, "check", tmp_path / name)
        assert code == 2 and told in text, f"{told!r} must be told of {name}: {code} {text}"


def test_json_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = run(capsys, "check", "--json", small(tmp_path, small_py=RIGHT.replace("return 1", "return 0")))
    found: list[dict[str, Any]] = json.loads(text)
    told = [(f["function"], f["status"], f["checks"]) for f in found[0]["functions"]]
    assert code == 1 and told == [("f", "passes", 2), ("g", "fails", 1), ("h", "passes", 1)], f"{code} {told}"
    assert "returned 0" in found[0]["functions"][1]["failures"][0]["message"], f"{found}"


def test_both_module_and_notebook_are_told(tmp_path: Path) -> None:
    report = check(small(tmp_path, small_py=RIGHT, small_ipynb=notebook([RIGHT.replace("return 1", "return 3")])))
    (note,) = notes(report)
    told = "small.py is graded; small.ipynb is not, though it holds other work (3 of 3 functions are written in the one"
    assert told in note, f"which one must be told: {note}"
    damaged = check(small(tmp_path, small_py=RIGHT, small_ipynb=b"{"))
    assert damaged.passes and "malformed" in notes(damaged)[0], f"a damaged notebook is told: {notes(damaged)}"


def test_without_unicode_the_signs_are_plain(tmp_path: Path) -> None:
    buffer = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    print_report(check(small(tmp_path, small_py=RIGHT)), Console(file=buffer))
    buffer.flush()
    text = buffer.buffer.getvalue().decode("cp1252")
    assert "+ f  passes" in text, f"a terminal without ✓ gets +: {text}"


@pytest.mark.parametrize("name", CONTRACT)
def test_the_references_pass_and_the_handout_is_not_started(tmp_path: Path, name: str) -> None:
    folder = handout(tmp_path, name)
    assert set(statuses(check(folder))) == {"not started"}, "as given out"
    (folder / f"{MODULES[name]}.py").write_bytes((SOLUTIONS / name / f"{MODULES[name]}.py").read_bytes())
    report = check(folder)
    assert report.passes, f"the reference passes: {[c for c in report.functions if c.failures]}"


def test_a_file_that_is_no_work_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    with pytest.raises(OwnFolderError, match="neither a Python file nor a notebook"):
        find_work(tmp_path / "a.txt")
