"""What counts as engine is declared where it stands: a room or a module says that it cannot change a record."""

import shutil
from pathlib import Path

import pytest

from autograder.records.fingerprint import engine_files
from tests.repository import ROOT


@pytest.fixture(scope="module")
def found() -> set[str]:
    return {name for name, _ in engine_files(ROOT / "autograder")}


@pytest.mark.parametrize(
    "module",
    "judging/values.py authoring/kinds/gradient.py exam/exam.py grading/following.py sandbox/inside/child.py "
    "submissions/picking.py records/record.py course/settings.py".split(),
)
def test_what_can_change_a_verdict_counts(module: str, found: set[str]) -> None:
    assert module in found, f"a change of {module} must make every record stale"


@pytest.mark.parametrize(
    "module", "feedback/messages.py gradebook/final.py exports/moodle.py cli/grade.py records/store.py".split()
)
def test_what_only_reads_records_does_not(module: str, found: set[str]) -> None:
    assert (ROOT / "autograder" / module).exists(), f"{module} stands elsewhere now"
    assert module not in found, f"nothing need be graded again for a change of {module}"


def test_a_module_stands_above_its_room(tmp_path: Path) -> None:
    package = tmp_path / "package"
    shutil.copytree(ROOT / "autograder" / "feedback", package / "room")
    (package / "__init__.py").write_text("")
    assert not list(engine_files(package))[1:], "the room says that it changes no record"
    (package / "room" / "figures.py").write_text("CHANGES_RECORDS = True\n")
    assert [name for name, _ in engine_files(package)] == ["__init__.py", "room/figures.py"], "one of its modules does"
