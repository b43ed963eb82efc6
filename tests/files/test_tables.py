"""Tables of every form that people, platforms and spreadsheets write, and what is no table."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import RosterError
from autograder.files import tables
from autograder.files.formula_cells import restored
from autograder.files.table_writing import table_bytes, with_decimal
from autograder.files.tables import DamagedTableError, TableRow, number_of, parse, read_table

PLAIN = "name,points\nJörg Weiß,1\n"
READ = (("name", "points"), (("Jörg Weiß", "1"),))
FORMS: dict[str, bytes] = {
    "comma": PLAIN.encode(),
    "semicolon": PLAIN.replace(",", ";").encode(),
    "tab": PLAIN.replace(",", "\t").encode(),
    "a byte-order mark": PLAIN.encode("utf-8-sig"),
    "UTF-16, little end first": b"\xff\xfe" + PLAIN.encode("utf-16-le"),
    "UTF-16, big end first": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "line ends of Windows": PLAIN.replace("\n", "\r\n").encode(),
    "line ends of old": PLAIN.replace("\n", "\r").encode(),
    "no line end at the end": PLAIN.rstrip().encode(),
    "blank lines": ("\n\n" + PLAIN.replace("\n", "\n\n")).encode(),
    "quoted": b'"name","points"\n"J\xc3\xb6rg Wei\xc3\x9f","1"\n',
    "Excel's first line": b"sep=;\r\n" + PLAIN.replace(",", ";").encode(),
    "Excel's first line, saved again": b'\xef\xbb\xbf"sep=;";\r\n' + PLAIN.replace(",", ";").encode(),
    "Excel's first line, against what the header has more of": b"sep=;\nname;points\nJ\xc3\xb6rg Wei\xc3\x9f;1\n",
    "cells that are empty at the end": PLAIN.replace("\n", ",,\n", 2).replace("points,,", "points").encode(),
    "an old encoding": PLAIN.encode("cp1252"),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_table_is_read_in_every_form(form: str) -> None:
    table = parse(FORMS[form])
    found = (table.header, tuple(row.cells for row in table.rows))
    assert found == READ, f"{form} must be read as every other: {found}"
    assert bool(table.guessed) == (form == "an old encoding"), f"only what was guessed is told: {table.guessed!r}"


DAMAGED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is empty"),
    "nothing but lines": (b"\xef\xbb\xbf\n \n,,\n", "is empty"),
    "an open quotation mark": (b'a,b\n1,2\n"3,4\n5,6\n', ", line 3: a quotation mark that is opened here"),
    "a quotation mark within a cell": (b'a,b\n1,2\n3,"4"5\n', ", line 3: after a quotation mark that ends a cell"),
    "the same after cells of more lines": (b'sep=,\na,b\n"1\n1",2\n3,"4"5\n', ", line 5: after a quotation mark"),
    "a comma that is not quoted": (b"a;b\n1;2\n\n3;4;5\n", ", line 4: there are 3 cells, and 2 in the header"),
    "a header that stands lower": (b"Course 7\na,b\n", ", line 2: there are 2 cells, and 1 in the header"),
    "a zero byte": (b"a,b\n1,\x002\n", ", line 2: it holds what is no text"),
    "UTF-16 without its mark": ("a,b\n1,2\n".encode("utf-16-le"), "zero byte"),
    "UTF-16 cut short": (b"\xff\xfea\x00b", "begins as UTF-16"),
    "no encoding of ours": (b"a,b\n1,\x81\xff\n", ", line 2: it is neither UTF-8 nor Windows-1252"),
    "a workbook": (b"PK\x03\x04 and more", "is a workbook or a zip"),
    "an old workbook": (b"\xd0\xcf\x11\xe0 and more", "is an old workbook"),
    "another separator": (b"sep=|\na|b\n", ", line 1: sep=| is read with a comma, a semicolon or a tab only"),
    "a cell without end": (
        b"a,b\n1,2\n" + b"x" * 200_000 + b",2\n",
        ", line 3: a cell has more than 131,072 characters",
    ),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_what_is_damaged_is_told_with_its_line(kind: str, tmp_path: Path) -> None:
    data, told = DAMAGED[kind]
    path = tmp_path / "roster.csv"
    path.write_bytes(data)
    with pytest.raises(RosterError) as caught:
        read_table(path, RosterError)
    assert str(caught.value).startswith(str(path)), f"the file comes first: {caught.value}"
    assert told in str(caught.value), f"{told!r} must be told: {caught.value}"


def test_the_header_of_a_damaged_table_says_whose_it_is() -> None:
    with pytest.raises(DamagedTableError) as caught:
        parse(b'Identifier,Status\n"open,1\n')
    assert caught.value.header == ("Identifier", "Status"), f"as far as it was read: {caught.value.header}"


def test_a_table_is_read_within_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 10)
    monkeypatch.setattr(tables, "MOST_CELLS", 19)
    with pytest.raises(RosterError, match="line 11: there are more than 19 cells"):
        read_table(path, RosterError)
    monkeypatch.setattr(tables, "MOST_BYTES", 43)
    with pytest.raises(RosterError, match="more than 43 bytes"):
        read_table(path, RosterError)
    monkeypatch.undo()
    assert len(read_table(path, RosterError).rows) == 10, "within them it is read"
    with pytest.raises(RosterError, match=r"absent\.csv cannot be read: No such file"):
        read_table(tmp_path / "absent.csv", RosterError)


def test_an_encoding_is_guessed_only_where_somebody_can_be_told(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(PLAIN.encode("cp1252"))
    told: list[str] = []
    table = read_table(path, RosterError, told.append)
    assert table.rows[0].cells[0] == "Jörg Weiß", f"as Excel writes it in Western Europe: {table.rows[0]}"
    assert told[0].startswith(str(path)) and "Windows-1252" in told[0] and "Jörg Weiß" in told[0], f"{told}"
    with pytest.raises(RosterError, match="is not UTF-8: save it"):
        read_table(path, RosterError)


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    table = parse(b'sep=,\n"a\nhead",b\n\n"1\n2",3\n4,\n')
    assert table.rows == (TableRow(3, ("1\n2", "3")), TableRow(4, ("4", ""))), (
        f"blank rows count, Excel's line does not: {table}"
    )
    assert list(table.records()) == [(3, {"a\nhead": "1\n2", "b": "3"}), (4, {"a\nhead": "4", "b": ""})], "by column"


def test_a_column_is_found_in_whatever_letters_and_the_first_of_two_counts() -> None:
    table = parse(b" Name ,POINTS,name\nanna,1,berta\ncem\n")
    rows = [row for _, row in table.records()]
    assert rows == [{"name": "anna", "points": "1"}, {"name": "cem", "points": ""}], f"{rows}"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("name\nanna\n", ","),
        ("Last, first;points\nWeiß;1\n", ";"),
        ('"Last, first, other";points\nWeiß;1\n', ";"),
        ('"a;b;c",points\nx,1\n', ","),
        ("name\tpoints;max\na\t1\n", "\t"),
    ],
)
def test_the_separator_is_what_the_header_has_most_of_outside_of_quotation_marks(text: str, delimiter: str) -> None:
    assert parse(text.encode()).delimiter == delimiter, f"{text!r} is separated by {delimiter!r}"


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("name,points\na,1\n", "."),
        ("name;points\na;1\n", ","),
        ("name;points\na;12,5\n", ","),
        ("name;points\na;12.5\n", "."),
        ("name;points;others\na;12.5;1,5\n", ","),
        ("name\tpoints\na\t12,5\n", ","),
        ("name\tpoints\na\t1\n", "."),
        ('name,points\na,"12,5"\n', ","),
        ('name,points\na,"1,234"\n', "."),
        ("name;points\na;1.234\n", ","),
        ("name;date\na;12.05.2026\n", ","),
    ],
)
def test_decimals_are_written_as_the_tables_own_numbers_are(text: str, decimal: str) -> None:
    assert parse(text.encode()).decimal == decimal, f"{text!r} has {decimal!r} before decimals"


@pytest.mark.parametrize(("text", "value"), [("12,5", 12.5), (" 12.5 ", 12.5), ("-1", -1.0), (",5", 0.5), ("1e3", 1e3)])
def test_a_number_is_read_with_either_mark(text: str, value: float) -> None:
    assert number_of(text) == value, f"{text!r} is {value}"
    assert number_of(with_decimal("12.5", ",")) == 12.5, "and what is written can be read"


@pytest.mark.parametrize("text", ["", "x", "1_0", "1.2.3", "1,234.5", "nan", "inf", "٣", "1 2", "."])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        number_of(text)


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=8)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=4),
    st.sampled_from(",;\t"),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read_again(rows: list[list[str]], delimiter: str, mark: bool, line_end: str) -> None:
    header = ["student", "a", "b"]
    data = table_bytes([header, *rows], delimiter=delimiter, mark=mark, line_end=line_end)
    table = parse(data)
    expected = [row for row in rows if any(cell.strip() for cell in row)]
    assert table.delimiter == delimiter and len(table.rows) == len(expected), f"{rows} came back as {table.rows}"
    pairs = zip((cell for row in expected for cell in row), (c for r in table.rows for c in r.cells), strict=True)
    lost = [(cell, found) for cell, found in pairs if cell not in (found, restored(found))]
    assert not lost, f"what was written must be read again: {lost}"


def test_what_is_written_is_plain_csv() -> None:
    data = table_bytes([["student", "comment"], ["anna", 'a "b", c\nd'], ["\udce9", "=1+1"]])
    rows = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
    assert rows == [["student", "comment"], ["anna", 'a "b", c\nd'], ["\\udce9", "'=1+1"]], f"for every reader: {rows}"
    assert data.endswith(b"\r\n") and table_bytes([["a"]], mark=True) == b"\xef\xbb\xbfa\r\n", "and for spreadsheets"
