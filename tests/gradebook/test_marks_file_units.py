"""The file of marks, line by line: how it is read, what is refused, and how it is written."""

import errno
import os
from pathlib import Path

import pytest

from autograder.errors import MarksError
from autograder.gradebook import marks_file
from autograder.gradebook.journal import history, read_marks, write_marks
from autograder.gradebook.marks import Mark
from autograder.gradebook.marks_file import Marks, number, rows_of
from tests.values import changeable

ANNA, OTHER, BERTA = Mark("anna", "a.f", 1.0), Mark("anna", "a.g", 2.0), Mark("berta", "a.f", 3.0)


def read(path: Path, text: str) -> list[Mark]:
    path.write_bytes(text.encode())
    return list(read_marks(path))


@pytest.fixture(autouse=True)
def on_no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lasts through a loss of power is tested with the writing; here it would only take time."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "marks.csv"


def test_marks_are_by_student_and_item() -> None:
    marks = Marks.of([BERTA, OTHER, ANNA])
    assert list(marks) == [ANNA, OTHER, BERTA], "sorted by student and item"
    assert marks.student("anna") == {"a.f": ANNA, "a.g": OTHER} and marks.student("cem") == {}, "one student's"
    assert list(Marks()) == [], "none are none"
    later = Mark("anna", "a.f", 5.0)
    assert list(Marks.of([ANNA, later])) == [later], "a later one replaces an earlier one"
    assert list(marks.with_mark(later)) == [later, OTHER, BERTA], "also when it is added"
    assert list(Marks().with_mark(ANNA)) == [ANNA], "or the first"
    assert list(marks.without("anna", "a.f")) == [OTHER, BERTA], "one can be taken away"
    assert list(marks.without("anna", "a.g")) == [ANNA, BERTA], "whichever"
    assert list(marks.without("cem", "a.f")) == list(marks), "or none"
    assert list(marks) == [ANNA, OTHER, BERTA], "the marks themselves stay as they are"


@pytest.mark.parametrize(("text", "value"), [("1", 1.0), (" 1,5 ", 1.5), ("0", 0.0), ("2.25", 2.25), ("0,0", 0.0)])
def test_a_number_of_points_is_read_as_people_write_it(text: str, value: float) -> None:
    assert number(text) == value, f"{text!r}: {number(text)}"


@pytest.mark.parametrize("text", ["", "much", "-1", "-0.5", "nan", "inf", "1.2.3"])
def test_what_is_no_number_of_points_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        number(text)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheets_own_delimiter_is_read(delimiter: str, path: Path) -> None:
    rows = [["Student", " ITEM", "points", "comment"], ["anna", " a.f ", "1,5", "one, two; three\tfour"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert read(path, text) == [Mark("anna", "a.f", 1.5, "one, two; three\tfour")], "by the first line"


def test_the_header_decides_on_the_delimiter_and_not_what_follows(path: Path) -> None:
    found = read(path, "student;item;points;comment\nanna;a.f;1;a, b, c, d, e\n")
    assert found == [Mark("anna", "a.f", 1.0, "a, b, c, d, e")], f"commas stand in a comment: {found}"


def test_columns_may_stand_in_any_order_and_some_may_be_absent(path: Path) -> None:
    text = "\ufeffpoints,by,student,item,of\n1,me,'=anna,a.f, 0a \n\n , ,\n2,me,berta,a.f\n"
    found = read(path, text)
    assert found == [Mark("=anna", "a.f", 1.0, "", "0a"), Mark("berta", "a.f", 2.0)], f"empty rows are none: {found}"


def test_rows_are_numbered_as_a_spreadsheet_does(path: Path) -> None:
    path.write_text("a,b\n1,2\n,\n3,4\n")
    assert list(rows_of(path, ["b"])) == [(2, {"a": "1", "b": "2"}), (4, {"a": "3", "b": "4"})], "from 1, all counted"
    with pytest.raises(MarksError, match="row 1: there is no column c; there are a, b"):
        list(rows_of(path, ["b", "c"]))
    path.write_text("a,b,b\n1,2,3\n")
    with pytest.raises(MarksError, match="row 1: 2 columns are called b; there are a, b, b"):
        list(rows_of(path, ["b"]))


def test_a_guessed_encoding_is_told_or_the_file_refused(path: Path) -> None:
    path.write_bytes("a\nJürgen\n".encode("cp1252"))
    told: list[str] = []
    assert list(rows_of(path, ["a"], told.append)) == [(2, {"a": "Jürgen"})], "it is read"
    assert len(told) == 1 and "Jürgen" in told[0], f"and told: {told}"
    with pytest.raises(MarksError, match="is not UTF-8"):
        list(rows_of(path, ["a"]))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("student,points\nanna,1\n", "row 1: there is no column item; there are student, points"),
        ("student,item,points\nanna,a.f,much\n", "row 2, column points: 'much' is not a number of points from 0 on"),
        ("student,item,points\nanna,a.f\n", "row 2, column points: '' is not a number"),
        ("student,item,points\nanna,a.f,\n", "row 2, column points: '' is not a number"),
        ("student,item,points\nanna,,1\n", "row 2, column item: '' names nothing"),
        ("student,item,points\nanna,a.b.c.d,1\n", "row 2, column item: 'a.b.c.d' names nothing"),
        (
            "student,item,points\nanna,a.f,1\nberta,a.f,1\n\nanna,a.f,2\n",
            "row 5, column item: anna has a mark on a.f already, in row 2",
        ),
        ('student,item,points\nanna,"a.f,1\n', "line 2: a quotation mark that is opened here is never closed"),
    ],
)
def test_a_mistake_is_told_with_row_and_column(text: str, told: str, path: Path) -> None:
    with pytest.raises(MarksError) as caught:
        read(path, text)
    assert told in str(caught.value) and str(path) in str(caught.value), f"{told!r} must be told: {caught.value}"


def test_the_same_item_of_two_students_and_two_items_of_one_are_no_mistake(path: Path) -> None:
    found = read(path, "student,item,points\nanna,a.f,1\nberta,a.f,3\nanna,a.g,2\n")
    assert found == [ANNA, OTHER, BERTA], f"each is one mark: {found}"


@pytest.mark.parametrize("item", ["a", "a.f", "a.written_1.2"])
def test_what_can_be_marked_has_one_to_three_names(item: str, path: Path) -> None:
    assert read(path, f"student,item,points\nanna,{item},1\n") == [Mark("anna", item, 1.0)], item


def test_a_file_that_is_not_there_holds_no_mark_and_one_that_cannot_be_read_is_told(path: Path) -> None:
    assert list(read_marks(path)) == [], "nobody has marked yet"
    path.write_bytes(b"student,item,points\n\xff,a.f,1\n")
    with pytest.raises(MarksError, match="is not UTF-8"):
        read_marks(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(MarksError, match="cannot be read"):
        read_marks(path)


def test_what_is_written_is_sorted_and_fit_for_spreadsheets(path: Path) -> None:
    write_marks(path, Marks.of([BERTA, Mark("=anna", "a.f", 1.23456, "=one\r\ntwo\rthree\nfour", "0a")]))
    lines = path.read_bytes().split(b"\n")
    assert lines == [
        b"student,item,points,comment,of",
        b"'=anna,a.f,1.2346,'=one\\ntwo\\nthree\\nfour,0a",
        b"berta,a.f,3,,",
        b"",
    ], f"one line a mark: {lines}"


@pytest.mark.parametrize("comment", ["a\\nb", "a\nb", "\\", "\\\n", "a\\\\b", "-", "'=x", ""])
def test_a_comment_comes_back_as_it_was(comment: str, path: Path) -> None:
    mark = Mark("anna", "a.f", 1.0, comment)
    write_marks(path, Marks.of([mark]))
    assert path.read_bytes().count(b"\n") == 2, "it stays one line"
    assert list(read_marks(path)) == [mark], f"{comment!r}"


def test_a_name_that_no_encoding_knows_costs_no_other_mark(path: Path) -> None:
    write_marks(path, Marks.of([Mark("\udcff", "a.f", 1.0), ANNA]))
    assert ANNA in read_marks(path), "a file that was written must be one that can be read"


def test_a_write_that_fails_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_marks(path, Marks.of([ANNA]))

    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("autograder.gradebook.journal.write_whole", full)
    with pytest.raises(OSError, match="no space"):
        write_marks(path, Marks())
    assert list(read_marks(path)) == [ANNA], "whole, as before"
    assert len(history(path)) == 1, "and the journal holds nothing that was told to have failed"


def test_values_do_not_change() -> None:
    assert changeable(marks_file) == [], "a value that can change is no fact"
