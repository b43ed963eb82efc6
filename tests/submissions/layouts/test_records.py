"""Records of a whole run: groups, what the platform says, and the same bytes however it comes."""

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.files.names import safe_name
from autograder.grading.grader import Grader
from autograder.grading.run import Results, grade
from autograder.records.record import decode, encode
from autograder.submissions import HandedIn
from tests.small import REFERENCE, SOLUTIONS
from tests.submissions.layouts.building import Container, as_folder, as_zip

META = """---
submission_1:
  :submitters:
  - :name: Anna
    :sid: '1'
    :email: a@example.org
  - :name: "=cmd|' /C calc'!A0"
    :sid: '2'
    :email: b@example.org
  :created_at: 2026-05-01 10:00:00.000000000 Z
submission_2:
  :submitters:
  - :name: Cem
    :sid: '3'
    :email: c@example.org
  :created_at: 2026-05-02 10:00:00.000000000 Z
"""
EXPORT = {
    "export/submission_metadata.yml": META.encode(),
    "export/submission_1/squares.py": REFERENCE.encode(),
    "export/submission_2/squares.py": b"def total(x): return 0.0\n",
}
STUDENTS = ("=cmd|' /C calc'!A0", "Anna", "Cem")


def run(path: Path, out: Path) -> Results:
    return grade(path, out, solutions=SOLUTIONS, jobs=1)


def test_every_member_finds_a_row_and_a_page_and_the_work_ran_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = tmp_path / "marked"
    mark: Callable[..., object] = Grader.grade

    def counted(*arguments: object) -> object:
        with marked.open("a") as file:
            file.write("once\n")
        return mark(*arguments)

    monkeypatch.setattr(Grader, "grade", counted)
    done: list[tuple[int, int]] = []
    results = grade(
        as_folder(EXPORT, tmp_path / "in"),
        tmp_path / "out",
        solutions=SOLUTIONS,
        jobs=1,
        done=lambda count, total, _: done.append((count, total)),
    )
    assert marked.read_text().count("once") == 2, f"two hand-ins, two runs: {marked.read_text()!r}"
    assert done == [(1, 3), (2, 3), (3, 3)], f"progress counts students: {done}"
    assert tuple(record.student for record in results) == STUDENTS, f"a record each: {results.records}"
    table = (tmp_path / "out" / "scores.csv").read_text().splitlines()
    rows = {row["student"]: row["total"] for row in csv.DictReader(table)}
    assert rows == {"'=cmd|' /C calc'!A0": "16", "Anna": "16", "Cem": rows["Cem"]}, (
        f"a row each, all of it text: {rows}"
    )
    pages = {path.name for path in (tmp_path / "out" / "feedback").glob("*.html")}
    assert pages == {f"{safe_name(student)}.html" for student in STUDENTS}, f"and a page each: {pages}"


def test_the_record_keeps_what_the_platform_says(tmp_path: Path) -> None:
    run(as_folder(EXPORT, tmp_path / "in"), tmp_path / "out")
    data = (tmp_path / "out" / "results" / "Anna.json").read_bytes()
    record = decode(data)
    assert record.handed_in == HandedIn(
        at="2026-05-01T10:00:00+00:00",
        members=("Anna", STUDENTS[0]),
        id="1",
        email="a@example.org",
        name="Anna",
        platform="gradescope",
    ), f"the group's time, Anna's own ids: {record.handed_in}"
    assert encode(record) == data, "and it is read back whole"
    assert json.loads((tmp_path / "out" / "run.json").read_text())["layout"] == "gradescope", "the run says the layout"


def test_folder_and_zip_give_the_same_bytes(tmp_path: Path) -> None:
    def written(contain: Container, out: str) -> Mapping[str, bytes]:
        run(contain(EXPORT, tmp_path / "in"), tmp_path / out)
        folder = tmp_path / out
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != "run.json"
        }

    one, other, again = written(as_folder, "one"), written(as_zip, "other"), written(as_zip, "again")
    assert one == other == again, "a record depends on what was handed in, not on how it came or when it was graded"


def test_a_failure_of_the_grader_is_told_on_every_members_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(Grader, "grade", fail)
    results = run(as_folder(EXPORT, tmp_path / "in"), tmp_path / "out")
    assert [record.score for record in results] == [None] * 3, f"no score, three times: {results.records}"
    assert all(record.handed_in for record in results), "and what the platform says is kept"


def test_the_command_says_what_it_took_it_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = as_zip(EXPORT, tmp_path / "in")
    code = main(["grade", str(path), "--out", str(tmp_path / "out"), "--solutions", str(SOLUTIONS), "--jobs", "1"])
    said = " ".join(capsys.readouterr().err.split())
    assert code == 0, f"every submission has a record: {said}"
    assert "taken for a Gradescope export" in said and "it holds submission_metadata.yml" in said, f"and why: {said}"


def test_a_wrong_layout_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = as_folder(EXPORT, tmp_path / "in")
    code = main(["grade", str(path), "--out", str(tmp_path / "out"), "--layout", "canvas"])
    said = capsys.readouterr().err
    assert code == 2 and not (tmp_path / "out").exists(), f"nothing is graded: {said}"
    for part in ("does not look like a Canvas download", "It looks like a Gradescope export", "--layout gradescope"):
        assert part in said, f"{part!r} must be said: {said}"
