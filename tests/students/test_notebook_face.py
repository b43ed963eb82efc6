"""`autograder.notebook`: the public checks on the functions of the notebook that calls it."""

from pathlib import Path

import pytest

from autograder.notebook import Notebook
from tests.students.folders import small


def cell(grader: Notebook, source: str, function: str) -> str:
    namespace: dict[str, object] = {"grader": grader, "__name__": "__main__"}
    exec(source + f"\nmade = grader.check({function!r})", namespace)
    return repr(namespace["made"])


def test_the_checks_are_made_on_the_notebooks_own_functions(tmp_path: Path) -> None:
    grader = Notebook("small", small(tmp_path))
    assert cell(grader, "def f(x): return 2 * x", "f") == "✓ f passes its 2 public checks"
    wrong = cell(grader, "def f(x): return 3 * x", "f")
    for told in ("✗ f fails 2 of its 2 public checks", "Doubles one", "returned 3.0", "must return 2.0"):
        assert told in wrong, f"{told!r} must be told: {wrong}"
    assert cell(grader, "def g(): raise NotImplementedError", "g") == "○ g not started"
    assert "ZeroDivisionError: division by zero\n" in cell(grader, "def g(): return 1 / 0", "g"), "an exception"
    assert "in line 1 of its cell" in cell(grader, "def g(): return 1 / 0", "g"), "and where it was raised"
    assert "h is not defined yet: run the cell" in cell(grader, "", "h"), "a cell that was not run"


def test_all_functions_at_once(tmp_path: Path) -> None:
    made = Notebook("small.ipynb", small(tmp_path)).check_all({"f": lambda x: 2 * x, "g": lambda: 1, "h": lambda: 0})
    assert not made.passes and "3 functions: 2 pass their public checks, 1 fails." in repr(made), f"{made!r}"


def test_what_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError, match="0 files"):
        Notebook("other", small(tmp_path))
    with pytest.raises(KeyError, match="checks of f, g, h"):
        Notebook(folder=tmp_path).check("k", {})
    monkeypatch.chdir(tmp_path)
    assert Notebook().check("g", {"g": lambda: 1}).passes, "the only checks here need no name"
