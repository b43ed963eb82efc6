"""Under otter, a record that is not of what was handed in ends the grading without a score."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import EngineError
from autograder.grading.workers import grade_all
from autograder.integrations import single
from autograder.integrations.carrying import packed
from autograder.integrations.otter.master import SOLUTIONS_FILE
from autograder.sandbox.tiers import Tier
from tests.integrations.two_assignments import GRADED, break_rubric, two_assignments
from tests.needed import needed
from tests.small import REFERENCE
from tests.small.making import WRONG

needed("otter", "otter-grader is absent: python -m pip install 'seminar-autograder[otter]'")

# ipylab's own import warns.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """otter's folders while it grades, and the results of a submission before."""
    for name in ("source/files", "submission", "results"):
        (tmp_path / name).mkdir(parents=True)
    solutions = two_assignments(tmp_path / "solutions")
    (tmp_path / "source/files" / SOLUTIONS_FILE).write_bytes(packed(solutions))
    (tmp_path / "submission" / "squares.py").write_text(REFERENCE)
    (tmp_path / "results" / "results.json").write_text('{"score": 16.0}')
    monkeypatch.chdir(tmp_path / "submission")
    monkeypatch.setattr(single, "choose_tier", lambda *_: Tier.NONE)
    return tmp_path


def grade() -> Any:
    # It loads otter-grader, which takes seconds.
    from autograder.integrations.otter.plugin import Engine

    return Engine("submission", ".", {"assignment": GRADED})._grade(Path("squares.py"))


def has_no_score(folder: Path, told: str) -> None:
    with pytest.raises(EngineError, match="no score was recorded"):
        grade()
    found = json.loads((folder / "results" / "results.json").read_text())
    assert "score" not in found and not [test for test in found["tests"] if "score" in test], f"none is left: {found}"
    assert told in found["tests"][0]["output"], f"{told!r} must be told: {found}"


def test_the_first_hand_in_is_graded(folder: Path) -> None:
    assert grade().to_gradescope_dict(None)["score"] == 16.0, "otherwise what follows would show nothing"


def test_a_resubmission_while_another_rubric_is_broken(folder: Path) -> None:
    (folder / "submission" / "squares.py").write_text("")
    break_rubric(folder / "solutions")
    (folder / "source/files" / SOLUTIONS_FILE).write_bytes(packed(folder / "solutions"))
    has_no_score(folder, "rubric.toml")


def test_a_record_of_another_hand_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(run: Any, tasks: Sequence[Any], jobs: int) -> Any:
        found = list(grade_all(run, tasks, jobs))
        (folder / "submission" / "squares.py").write_text(WRONG)
        return found

    monkeypatch.setattr(single, "grade_all", late)
    has_no_score(folder, "another hand-in of b1_squares")
