"""A group's answer is asked for once, and its mark counts for each member."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from autograder.cli import main
from autograder.gradebook.group_answers import asked_once, members_of
from autograder.gradebook.journal import read_marks
from autograder.gradebook.marks import Mark, items
from autograder.gradebook.marks_file import Marks
from autograder.gradebook.marks_template import read_template, write_template
from autograder.records.record import Result
from autograder.records.store import Store
from autograder.submissions import HandedIn
from tests.small import REFERENCE
from tests.small.making import hand_in, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    answers = dict.fromkeys(("Team 1", "Dora"), "Because of the square.")
    submissions = hand_in(tmp_path / "submissions", {"Team 1": REFERENCE, "Dora": REFERENCE}, answers)
    groups = tmp_path / "groups.csv"
    groups.write_text("group,student\nTeam 1,Anna\nTeam 1,Cem\nTeam 1,Berta\n")
    return run(submissions, tmp_path / "out", groups=groups).folder


def records_in(folder: Path) -> dict[str, Result]:
    found, _ = Store(folder).read()
    return dict(found)


def test_one_question_for_a_group_and_one_for_who_worked_alone(folder: Path) -> None:
    records = records_in(folder)
    assert sorted(records) == ["Anna", "Berta", "Cem", "Dora"], f"each has a record: {sorted(records)}"
    every = [item for _, record in sorted(records.items()) for item in items(record)]
    found = asked_once(every, records, Marks())
    assert [item.whose for item in found] == ["Anna, Berta, Cem", "Dora"], f"{found}"
    assert members_of(records["Dora"], records) == () == members_of(None, records), "one person is no group"


def test_answers_or_marks_that_differ_are_asked_one_by_one(folder: Path) -> None:
    records = records_in(folder)
    every = [item for _, record in sorted(records.items()) for item in items(record)]
    (anna, *_) = every
    marks = Marks.of([Mark("Cem", anna.item, 1.0, "", anna.of)])
    assert [item.whose for item in asked_once(every, records, marks)] == ["Anna, Berta", "Cem", "Dora"], "another mark"
    other = [replace(item, of="another") if item.student == "Berta" else item for item in every]
    assert [i.whose for i in asked_once(other, records, Marks())] == ["Anna, Cem", "Berta", "Dora"], "another answer"
    left = {**records, "Anna": replace(records["Anna"], handed_in=HandedIn(members=("Anna", "Gone")))}
    assert members_of(left["Anna"], left) == (), "a member without a record is nobody to mark"


def test_a_mark_by_a_table_counts_for_each_member(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    assert main(["mark", str(folder), "--template", str(table)]) == 0, "a table is made"
    text = table.read_text(encoding="utf-8-sig")
    (row,) = [line for line in text.splitlines() if line.startswith("Anna")]
    assert "one answer of Anna, Berta, Cem: the mark counts for all" in row, f"whose it is stands there: {row}"
    assert not [line for line in text.splitlines() if line.startswith(("Berta", "Cem"))], f"once: {text}"
    (item,) = {item.item for record in records_in(folder).values() for item in items(record)}
    table.write_text("\ufeff" + text.replace(f"Anna,{item},,", f"Anna,{item},1.5,good"), encoding="utf-8")
    assert main(["mark", str(folder), "--import", str(table)]) == 0, "and read"
    given = {mark.student: (mark.points, mark.comment) for mark in read_marks(folder / "marks.csv")}
    assert given == dict.fromkeys(("Anna", "Berta", "Cem"), (1.5, "good")), f"for each, and nobody else: {given}"


def test_members_with_rows_of_their_own_are_marked_one_by_one(folder: Path, tmp_path: Path) -> None:
    records = records_in(folder)
    every = [item for record in records.values() for item in items(record)]
    table = tmp_path / "table.csv"
    given = Marks.of([Mark("Anna", every[0].item, 2.0), Mark("Cem", every[0].item, 0.5)])
    write_template(table, every, given, {})
    found = {row.mark.student: row.mark.points for row in read_template(table, records)}
    assert found == {"Anna": 2.0, "Cem": 0.5}, f"nobody gets one of two marks: {found}"
