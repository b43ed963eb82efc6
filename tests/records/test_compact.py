"""A class is kept as light records: tables and the class page are the same as from whole ones."""

from pathlib import Path

import pytest

from autograder.feedback.pages import class_page
from autograder.records.compact import CompactRecords
from autograder.records.record import Result, scores_csv
from autograder.records.store import Store
from tests.small import REFERENCE
from tests.small.making import WRONG, hand_in, run

ENDS = REFERENCE.replace("return 2.0 * x", "import os; os._exit(3)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("light")
    works = {"anna": REFERENCE, "berta": WRONG, "cem": "x = (\n", "dora": ENDS, "emil": WRONG + "# the same mistake\n"}
    hand_in(home / "submissions", works, {"anna": "By expansion.", "berta": "", "emil": "Trivially."})
    run(home / "submissions", home / "out")
    return home / "out"


@pytest.fixture(scope="module")
def whole(folder: Path) -> list[Result]:
    records, _ = Store(folder).read()
    return [records[student] for student in records]


@pytest.fixture(scope="module")
def light(whole: list[Result]) -> list[Result]:
    make = CompactRecords()
    return [make.record(record) for record in whole]


def test_the_class_page_and_the_table_are_the_same(whole: list[Result], light: list[Result]) -> None:
    assert class_page(light, "course") == class_page(whole, "course"), "the class page needs nothing more"
    assert scores_csv(light) == scores_csv(whole), "nor does the table"


def test_what_is_kept_is_light_and_kept_once(light: list[Result]) -> None:
    berta, emil = light[1].assignments[0], light[4].assignments[0]
    assert berta.questions[0] is emil.questions[0], "two students with one mistake share its record"
    assert not any(assignment.sources for record in light for assignment in record.assignments), "no code is kept"
    words = [check.message for record in light for check in record.checks if check.message]
    assert not words, f"no word on a case is kept: {words[:1]}"


def test_records_are_read_when_they_are_asked_for(folder: Path, whole: list[Result]) -> None:
    records, notes = Store(folder).read()
    assert not notes and list(records) == ["anna", "berta", "cem", "dora", "emil"], "all are there, sorted"
    assert "zoe" not in records and records.get("zoe") is None, "and nobody else"
    assert records["berta"] is not records["berta"], "none is held on to"
    assert list(records.values()) == whole, "and each is what the file holds"


def test_equal_values_of_different_types_stay_apart() -> None:
    make = CompactRecords()
    kept = [make.one(value) for value in (1, 1.0, True)]
    assert [type(value) for value in kept] == [int, float, bool], "a score of 1.0 must not become True"
    assert make.one(float("1.0")) is kept[1], "and equal ones are one"
