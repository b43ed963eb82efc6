"""Whose score changes, by how much, in which check and why."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.grading.run import grade
from tests.repository import SAMPLE_CLASS
from tests.repository import SOLUTIONS as COURSE
from tests.small import REFERENCE, SOLUTIONS
from tests.small.making import WRONG, content, course, hand_in, run

CLASS = SAMPLE_CLASS / "submissions"
# Submissions that end by a time limit or a memory limit have nothing to do with this, and take seconds.
SLOW = ("hangs", "hangs_on_import", "too_much_memory")
# Wrong from the seventh digit on, where the course asks for nine.
OFF = {"slightly_off": "1.0000003", "slightly_off_too": "0.9999998"}


def diff(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["diff", *arguments, "--json"]) == 0, "a comparison is no failure"
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.slow
def test_a_changed_tolerance_changes_exactly_the_expected_students_of_the_sample_class(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submissions = tmp_path / "submissions"
    shutil.copytree(CLASS, submissions, ignore=lambda _, names: [name for name in names if name in SLOW])
    for name, factor in OFF.items():
        shutil.copytree(CLASS / "perfect_compact", submissions / name)
        module = submissions / name / "a2_kl_factorized" / "kl_factorized.py"
        right = "return (q[on] * np.log(q[on]) - q[on] * np.log(p[on])).sum()"
        assert right in module.read_text(), "the sample class no longer holds this line"
        module.write_text(module.read_text().replace(right, f"{right} * {factor}"))
    solutions = tmp_path / "solutions"
    shutil.copytree(COURSE, solutions, ignore=shutil.ignore_patterns("__pycache__"))
    only = {"solutions": solutions, "assignments": ["a2_kl_factorized"]}
    out = tmp_path / "out"
    grade(submissions, out, **only)  # type: ignore[arg-type]
    before = content(out)
    settings = solutions / "course.toml"
    text = settings.read_text()
    settings.write_text(text.replace("value = { relative = 1e-9,", "value = { relative = 1e-6,"))
    assert settings.read_text() != text, "the tolerance must change"
    against = ["--against", str(submissions), "--assignment", "a2_kl_factorized", "--solutions", str(solutions)]
    found = diff(capsys, str(out), *against)
    assert content(out) == before, "nothing may be published"
    assert [change["student"] for change in found["changes"]] == sorted(OFF), f"exactly these two: {found['changes']}"
    for change in found["changes"]:
        assert change["after"] > change["before"], f"the score goes up: {change}"
        questions = {question["name"]: question for question in change["questions"]}
        assert "a2_kl_factorized.kl" in questions, f"in kl and what calls it: {sorted(questions)}"
        gained = sum(question["score_after"] - question["score_before"] for question in questions.values())
        assert change["after"] - change["before"] == pytest.approx(gained), f"and nowhere else: {change}"
        for question in questions.values():
            assert question["why"] == ["questions changed"], f"since only the tolerance did: {question}"
            assert question["checks"], f"check by check: {question}"
            for check in question["checks"]:
                assert (check["before"], check["after"]) == ("failed", "passed"), f"now close enough: {check}"
    causes = " ".join(found["causes"])
    assert "tolerance value changed" in causes and "1e-06" in causes, f"the cause is named: {found['causes']}"
    again = grade(submissions, tmp_path / "fresh", **only)  # type: ignore[arg-type]
    old = {record["student"]: record["score"] for record in map(json.loads, before_records(before))}
    changed = {record.student for record in again if record.score != old[record.student]}
    assert changed == set(OFF), f"a class graded from nothing says the same: {changed}"


def before_records(files: dict[str, bytes]) -> list[bytes]:
    return [data for name, data in files.items() if name.startswith("results/")]


def test_each_cause_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    submissions = hand_in(tmp_path / "submissions", {"anna": REFERENCE, "berta": WRONG, "cem": REFERENCE})
    run(submissions, tmp_path / "old")
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    options = ["--solutions", str(SOLUTIONS)]
    folders = [str(tmp_path / "old"), str(tmp_path / "new"), *options]
    assert diff(capsys, *folders)["changes"] == [], "nothing differs"
    hand_in(submissions, {"anna": WRONG})
    override = ["--override", "berta", "b1_squares.total", "--points", "4", "--reason", "unclear"]
    assert main(["mark", str(tmp_path / "new"), *override, *options]) == 0
    hand_in(submissions, {"dora": REFERENCE})
    shutil.rmtree(submissions / "cem")
    (tmp_path / "new" / "results" / "cem.json").unlink()
    run(submissions, tmp_path / "new")
    changes = {change["student"]: change for change in diff(capsys, *folders)["changes"]}
    assert sorted(changes) == ["anna", "berta", "cem", "dora"], f"all four: {changes}"
    (question,) = changes["anna"]["questions"]
    assert (changes["anna"]["before"], changes["anna"]["after"]) == (16.0, 12.0), f"{changes['anna']}"
    assert question["why"] == ["submission changed"], f"{question}"
    (question,) = changes["berta"]["questions"]
    assert (question["score_before"], question["score_after"]) == (1.0, 4.0), f"{question}"
    assert question["why"] == ["marks changed"], f"{question}"
    assert changes["cem"]["after"] is None and changes["dora"]["before"] is None, "gone, and new"
    monkeypatch.setattr("autograder.grading.plan.engine_hash", lambda: "another")
    with monkeypatch.context() as patch:
        patch.setattr("autograder.authoring.kinds.comparing.compare", lambda *arguments, **options: None)
        run(submissions, tmp_path / "new", force=True)
    changes = {change["student"]: change for change in diff(capsys, *folders)["changes"]}
    why = [question["why"] for question in changes["berta"]["questions"]]
    assert why and all("engine changed" in reasons for reasons in why), f"a grader that finds all right: {why}"


def test_rules_that_changed_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    submissions = hand_in(tmp_path / "submissions", {"anna": REFERENCE, "berta": WRONG})
    run(submissions, tmp_path / "out")
    after = course(tmp_path / "after", "[rounding]\nto = 5.0\nhow = 'up'")
    against = ["--against", str(submissions), "--isolation", "none", "--solutions", str(after)]
    found = diff(capsys, str(tmp_path / "out"), *against)
    totals = {change["student"]: (change["before"], change["after"]) for change in found["changes"]}
    assert totals == {"anna": (16.0, 20.0), "berta": (12.0, 15.0)}, f"against what was published: {totals}"
    assert all("rules" in change["why"][0] for change in found["changes"]), f"the rules changed: {found['changes']}"
    assert not any(change["questions"] for change in found["changes"]), "and no check did"


def test_the_terminal_lists_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    submissions = hand_in(tmp_path / "submissions", {"anna": REFERENCE, "berta": REFERENCE})
    run(submissions, tmp_path / "old")
    hand_in(submissions, {"berta": WRONG})
    run(submissions, tmp_path / "new")
    capsys.readouterr()
    assert main(["diff", str(tmp_path / "old"), str(tmp_path / "new"), "--solutions", str(SOLUTIONS)]) == 0
    shown = capsys.readouterr().out
    for part in (
        "berta: 16 to 12 (-4)",
        "b1_squares.total: 5 to 1 points; submission changed",
        "numbers: passed to failed",
    ):
        assert part in shown, f"{part!r} must be shown: {shown}"
    assert "1 of 2 totals change: 0 up, 1 down" in shown, f"and the sum: {shown}"
    assert "anna" not in shown, f"who does not change is not listed: {shown}"
    for wrong in ([str(tmp_path / "old")], [str(tmp_path / "old"), str(tmp_path / "nowhere")]):
        assert main(["diff", *wrong, "--solutions", str(SOLUTIONS)]) == 2, f"{wrong} is wrong usage"


def test_what_was_published_is_read_from_the_table_that_people_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(hand_in(tmp_path / "submissions", {"anna": REFERENCE, "berta": WRONG}), tmp_path / "old")
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    folders = [str(tmp_path / "old"), str(tmp_path / "new"), "--solutions", str(SOLUTIONS)]
    table = tmp_path / "old" / "scores.csv"
    lines = [line.split(",") for line in table.read_text().splitlines()]
    saved = [[name, "15,5" if name == "anna" else total, *others] for name, total, *others in lines]
    # As a spreadsheet saves it again.
    table.write_bytes("\r\n".join(";".join(line) for line in saved).encode("utf-8-sig"))
    (change,) = diff(capsys, *folders)["changes"]
    assert (change["student"], change["before"], change["after"]) == ("anna", 15.5, 16.0), f"as published: {change}"
    for damage, told in (
        (b'student,total\n"anna,16\n', "line 2: a quotation mark"),
        (b"student,points\nanna,16\n", "row 1: there is no column student or total"),
        (b"student,total\nanna,much\n", "row 2, column total: 'much' is not a number"),
        (b"student,total\nJ\xf6rg,16\n", "is not UTF-8"),
    ):
        table.write_bytes(damage)
        assert main(["diff", *folders]) == 2, f"{damage!r}: what was published is not known"
        assert told in capsys.readouterr().err, f"{told!r} must be told of {damage!r}"
