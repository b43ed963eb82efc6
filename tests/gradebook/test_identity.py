"""Who somebody is: identifiers match within their kind alone, and names however they are written."""

from pathlib import Path

import pytest

from autograder.gradebook.final import Final
from autograder.gradebook.identity import IdKind, identifier, is_near_number, meant, named, nearest, plain_name
from autograder.gradebook.people import ExportedScore, Recipient
from autograder.gradebook.roster import Unmatched, match, read_roster
from autograder.records.record import Result

TOTAL = ExportedScore("total", "Total", 20.0, 24.0)


def person(student: str, **given: str) -> Recipient:
    found = Result(student, 20.0, 24.0, ())
    final = Final(student, 20.0, 24.0, 20.0, (), found)
    fields = {"id": "", "email": "", "name": "", **given}
    return Recipient(student=student, scores=(), total=TOTAL, comment="", final=final, **fields)  # type: ignore[arg-type]


def matched(path: Path, table: str, *people: Recipient) -> tuple[dict[str, int], Unmatched]:
    (path / "roster.csv").write_text(table, encoding="utf-8")
    roster, unmatched = match(read_roster(path / "roster.csv"), people)
    return dict(roster.people), unmatched


CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section\n"


def test_a_number_of_one_kind_is_never_one_of_another(tmp_path: Path) -> None:
    table = CANVAS + '"Low, Bo",2002,1001,bo,L1\n'
    found, unmatched = matched(tmp_path, table, person("annexample", id="1001", platform="canvas"))
    assert found == {}, f"Bo's SIS id is Ann's Canvas number by chance: {found}"
    (told,) = unmatched.students
    assert "Canvas's ID 1001 is nobody's there" in told and "student number" in told, f"and why is told: {told}"
    assert unmatched.rows == ("Low, Bo, bo, 2002",) or "Low, Bo" in unmatched.rows[0], f"{unmatched.rows}"


@pytest.mark.parametrize(
    ("table", "given"),
    [
        (CANVAS + "Anna,1001,77,anna,L1\n", {"id": "1001", "platform": "canvas"}),
        ("Identifier,Full name\nParticipant 101,Somebody\n", {"id": "101", "platform": "moodle"}),
        ("First Name,Last Name,SID,Email\nA,B,101,x@y.org\n", {"id": "101", "platform": "gradescope"}),
        ("name,email\nX,A@Y.org\n", {"email": "a@y.ORG", "id": "9", "platform": "gradescope"}),
        ("username,x\nanna,1\n", {}),
        ("id number,x\nAnna,1\n", {}),
        ("id,x\nanna,1\n", {}),
    ],
)
def test_the_same_of_one_kind_is_found(table: str, given: dict[str, str], tmp_path: Path) -> None:
    found, unmatched = matched(tmp_path, table, person("anna", **given))
    assert found == {"anna": 0}, f"{table!r}: {unmatched}"


def test_a_participant_is_no_student_number(tmp_path: Path) -> None:
    table = "Identifier,Full name,ID number\nParticipant 7,Bo Low,101\n"
    found, _ = matched(tmp_path, table, person("Ann Example", id="101", platform="moodle"))
    assert found == {}, "Moodle's number of Ann is the registry's number of Bo"


def test_names_come_last_and_only_where_one_row_has_them(tmp_path: Path) -> None:
    twice = "name,username\nAnn Lee,a1\nann  lee,a2\n"
    found, unmatched = matched(tmp_path, twice, person("Ann Lee"))
    assert found == {} and "fits 2 rows" in unmatched.students[0], f"which of them? {unmatched}"
    found, _ = matched(tmp_path, "name,username\nAnn Lee,a1\nBo,ann lee\n", person("Ann Lee"))
    assert found == {"Ann Lee": 1}, "an identifier is surer than a name"


@pytest.mark.parametrize(
    ("row", "folder"),
    [
        ("O’Brien, Ann", "Ann O'Brien"),
        ("Ann OʼBrien", "O`Brien, Ann"),
        ("Novák, Jan", "Jan Nova\u0301k"),
        ("Anna-Lena Groß", "anna‑lena groß"),
        ("jan  novák", "JAN NOVÁK"),
    ],
)
def test_names_are_compared_however_they_are_written(row: str, folder: str, tmp_path: Path) -> None:
    found, unmatched = matched(tmp_path, f'name,x\n"{row}",1\n', person(folder))
    assert found == {folder: 0}, f"{plain_name(row)!r} is {plain_name(folder)!r}: {unmatched}"


@pytest.mark.parametrize(("number", "roster"), [("00123", "123"), ("123456", "1.23E+05"), ("123456", "1,23E+05")])
def test_a_number_that_a_spreadsheet_has_changed_is_told(number: str, roster: str, tmp_path: Path) -> None:
    found, unmatched = matched(tmp_path, f"id number;name\n{roster};Ann\n", person(number))
    assert found == {}, "nobody can be sure"
    assert "did a spreadsheet change the number?" in unmatched.students[0], f"{unmatched.students}"


def test_near_numbers_are_few() -> None:
    assert not is_near_number("123", "123"), "the same is not near"
    assert not is_near_number("123", "124") and not is_near_number("anna", "123"), "others are others"
    assert not is_near_number("999999", "1.23E+05"), "of this size, and another number"


def test_a_name_is_meant_however_it_is_written_or_the_nearest_are_told() -> None:
    names = ["Anna Nováková", "Bo Low", "Ann O’Brien"]
    assert named("anna nova\u0301kova\u0301", names) == "Anna Nováková", "decomposed letters, no capitals"
    assert named("O'Brien, Ann", names) == "Ann O’Brien", "the other way round, with a typewriter's apostrophe"
    assert named("Anna", names) is None, "a part of a name is none"
    assert named("bo low", ["Bo Low", "BO LOW"]) is None, "of two nobody can say which"
    assert nearest("Ana Novakova", names) == ["Anna Nováková"], "a slip of the finger"
    assert meant("Ana Novakova", names) == "; did you mean Anna Nováková?" and meant("zzz", names) == "", "in words"


def test_an_empty_text_is_no_identifier() -> None:
    assert identifier(IdKind.EMAIL, " ") is None and identifier(IdKind.NAME, "") is None, "nothing matches nothing"
