"""results.json has the score of what was handed in, or none and the reason: never one of before."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.exports.results_json import encoded, withheld
from autograder.grading.workers import grade_all
from autograder.integrations import single
from autograder.integrations.gradescope import run_autograder
from autograder.integrations.gradescope.zip_settings import SETTINGS, SOLUTIONS, Settings
from autograder.sandbox.tiers import Tier
from tests.integrations.gradescope.schema import read_results
from tests.integrations.two_assignments import GRADED, break_rubric, two_assignments
from tests.small import REFERENCE
from tests.small.making import WRONG


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What Gradescope's container holds when a submission comes, and the results of one before it."""
    made = tmp_path / "autograder"
    two_assignments(made / "source" / SOLUTIONS)
    settings = Settings((GRADED,), public=False)
    (made / "source" / SETTINGS).write_bytes(msgspec.json.encode(settings))
    for folder in ("submission", "results"):
        (made / folder).mkdir()
    (made / "submission" / "squares.py").write_text(REFERENCE)
    # These submissions are ours.
    monkeypatch.setattr(single, "choose_tier", lambda *_: Tier.NONE)
    assert graded(made)["score"] == 16.0, "the first hand-in has all points"
    return made


def graded(root: Path) -> dict[str, Any]:
    assert run_autograder.main([str(root)]) == 0, "the harness always reads results.json"
    return read_results((root / "results" / "results.json").read_bytes())


def has_no_score(found: dict[str, Any], *told: str) -> None:
    assert "score" not in found, f"no score is written: {found}"
    (test,) = found["tests"]
    assert "score" not in test and test["visibility"] == "hidden", f"nor one of a test: {test}"
    assert "not your fault" in found["output"] and "Traceback" not in found["output"], f"students read: {found}"
    for text in told:
        assert text in test["output"], f"{text!r} must be told to staff: {test['output']}"


def test_a_resubmission_while_another_rubric_is_broken(root: Path) -> None:
    (root / "submission" / "squares.py").write_text("")
    rubric = break_rubric(root / "source" / SOLUTIONS)
    has_no_score(graded(root), str(rubric))


def test_a_record_of_another_hand_in(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(run: Any, tasks: Sequence[Any], jobs: int) -> Any:
        found = list(grade_all(run, tasks, jobs))
        # Graded was the one before.
        (root / "submission" / "squares.py").write_text(WRONG)
        return found

    monkeypatch.setattr(single, "grade_all", late)
    has_no_score(graded(root), "another hand-in of b1_squares", "no score is written down")


def test_a_record_of_another_engine(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.integrations.trusted.engine_hash", lambda: "0" * 20)
    has_no_score(graded(root), "another engine")


def test_what_ends_the_grader_leaves_no_earlier_score(root: Path) -> None:
    """The script that runs first: what stays where the grader itself is ended."""
    (root / "source" / "unfinished.json").write_bytes(encoded(withheld("It was ended before it was done.")))
    script = Path(run_autograder.__file__).with_name("files") / "run_autograder"
    before = json.loads((root / "results" / "results.json").read_text())
    assert before["score"] == 16.0, "there is an earlier score"
    # There is no interpreter in the container: nothing of ours starts at all.
    subprocess.run(["bash", str(script)], env={"AUTOGRADER_ROOT": str(root), "PATH": "/usr/bin:/bin"}, check=False)
    has_no_score(read_results((root / "results" / "results.json").read_bytes()), "ended before it was done")
