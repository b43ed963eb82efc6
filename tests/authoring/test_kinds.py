"""A kind of check is one module behind a small form: another package adds one, and nothing else changes."""

import ast
import sys
from pathlib import Path

import pytest

from autograder.authoring.kinds import OWN, kind_named
from autograder.authoring.kinds.kind import Kind
from autograder.errors import AuthoringError, MissingExtraError
from tests.repository import ROOT

NO_KIND = "def no_value():\n    return None\n"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny package that adds what is none, as pip would have installed it."""
    site = tmp_path / "site"
    (site / "signs-1.0.dist-info").mkdir(parents=True)
    (site / "signs.py").write_text(NO_KIND)
    (site / "signs-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: signs\nVersion: 1.0\n")
    (site / "signs-1.0.dist-info" / "entry_points.txt").write_text(
        "[autograder.kinds]\nno_kind = signs:no_value\nabsent = signs:nothing\n"
    )
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "signs", raising=False)
    return site


def test_what_cannot_be_used_is_told(installed: Path) -> None:
    with pytest.raises(AuthoringError, match=r"no kind of check named 'magic'; there are value, .*no_kind"):
        kind_named("magic")
    with pytest.raises(AuthoringError, match="no subclass"):
        kind_named("no_kind")
    with pytest.raises(MissingExtraError, match="'absent' of the package signs"):
        kind_named("absent")


def test_kinds_have_names_of_their_own() -> None:
    names = [kind.name for kind in OWN]
    assert len(set(names)) == len(names) and all(names), f"each has a name in records: {names}"
    assert {kind_named(name) for name in names} == set(OWN), "and is found by it"


def test_nothing_elsewhere_knows_a_kind_by_its_name() -> None:
    """The exam, the grader, the diagnosis and the audit go by the common form; only declarations name kinds."""
    names = {kind.__name__ for kind in OWN}
    allowed = {"authoring"}
    wrong = []
    for path in sorted((ROOT / "autograder").rglob("*.py")):
        if path.relative_to(ROOT / "autograder").parts[0] in allowed:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
                asked = {part.id for part in ast.walk(node.args[1]) if isinstance(part, ast.Name)}
                wrong += [f"{path.name}, line {node.lineno}: {name}" for name in asked & names]
            if isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Name) and node.cls.id in names:
                wrong.append(f"{path.name}, line {node.cls.lineno}: {node.cls.id}")
    assert not wrong, f"kinds are asked for by name: {wrong}"
    assert issubclass(OWN[0], Kind), "a kind is a subclass of Kind"
