"""Each export is read back as the platform's importer reads it, by a parser of the documented format written here."""

import csv
import io
import re
import zipfile
from pathlib import Path

import msgspec
import pytest

from autograder.cli import main
from autograder.course.settings import read_course
from autograder.errors import RosterError
from autograder.exports import gradescope
from autograder.exports.feedback_zip import feedback_zip
from autograder.gradebook.final import finals
from autograder.gradebook.journal import write_marks
from autograder.gradebook.marks import Mark
from autograder.gradebook.marks_file import Marks
from autograder.gradebook.people import Recipient, people
from autograder.gradebook.roster import match, read_roster
from autograder.records.record import decode, encode
from autograder.submissions import HandedIn
from tests.integrations.gradescope.schema import read_results
from tests.small import REFERENCE, SOLUTIONS
from tests.small.making import WRONG, hand_in, run

STUDENTS = {
    "anna": HandedIn(id="101", email="anna@uni.example", name="Anna Nováková"),
    "berta": HandedIn(id="102", email="Berta@uni.example", name="Berta Du_Pont"),
    "=cem": HandedIn(id="103", email="cem@uni.example", name="=HYPERLINK(1)"),
    "dora": HandedIn(),
}
TOTALS = {"anna": "16", "berta": "12", "=cem": "16", "dora": "12"}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of four students, as if a platform had told who three of them are."""
    folder = tmp_path_factory.mktemp("exports")
    works = {name: WRONG if total == "12" else REFERENCE for name, total in TOTALS.items()}
    run(hand_in(folder / "submissions", works), folder / "out")
    for path in (folder / "out" / "results").iterdir():
        record = decode(path.read_bytes())
        path.write_bytes(encode(msgspec.structs.replace(record, handed_in=STUDENTS[record.student])))
    return folder / "out"


def export(graded: Path, tmp_path: Path, to: str, *options: str, roster: str | None = None) -> bytes:
    if roster is not None:
        (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
        options = (*options, "--roster", str(tmp_path / "roster.csv"))
    out = tmp_path / "out"
    command = ["export", str(graded), "--to", to, "--out", str(out), "--solutions", str(SOLUTIONS), *options]
    assert main(command) == 0, f"{command} must work"
    return out.read_bytes()


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))


def no_formula(data: bytes) -> None:
    for row in rows_of(data.removeprefix(b"\xef\xbb\xbf")):
        for cell in row:
            assert not re.match(r"[=+\-@\t\r].", cell) or re.fullmatch(r"-?[0-9.]+", cell), f"{cell!r} is a formula"


def moodle_import(data: bytes) -> dict[int, dict[str, str]]:
    """As assignfeedback_offline_grade_importer: three columns are needed, the number ends the identifier."""
    header, *rows = rows_of(data)
    for needed in ("Identifier", "Grade", "Last modified (grade)"):
        assert needed in header, f"Moodle refuses the file without {needed}: {header}"
    found = {}
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        assert cells["Identifier"].startswith("Participant "), f"the identifier's form: {cells}"
        found[int(cells["Identifier"][len("Participant ") :])] = cells
    return found


def test_moodle_reads_our_own_worksheet(graded: Path, tmp_path: Path) -> None:
    data = export(graded, tmp_path, "moodle")
    found = moodle_import(data)
    assert {number: cells["Grade"] for number, cells in found.items()} == {101: "16", 102: "12", 103: "16"}, f"{found}"
    assert found[101]["Full name"] == "Anna Nováková", f"UTF-8: {found[101]}"
    assert found[101]["Feedback comments"] == "Sums of squares: 16 of 18.", f"{found[101]}"
    no_formula(data)


WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\r\n"
    'Participant 101,"Anna Nováková",other@uni.example,Submitted,,18.00,Yes,"Monday, 12 June 2023",-,\r\n'
    "Participant 7,Dora,dora@uni.example,Submitted,3.00,18.00,Yes,-,-,old\r\n"
    "Participant 8,Emil,emil@uni.example,-,,18.00,Yes,-,-,\r\n"
)


def test_moodles_worksheet_comes_back_filled_in(
    graded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = export(graded, tmp_path, "moodle", roster=WORKSHEET)
    found = moodle_import(data)
    assert {number: cells["Grade"] for number, cells in found.items()} == {101: "16", 7: "12", 8: ""}, f"{found}"
    assert found[101]["Last modified (submission)"] == "Monday, 12 June 2023", "all else stays"
    told = capsys.readouterr().err
    assert "2 students without a row in the roster, who are left out: =cem; berta" in told, f"{told}"
    assert "1 rows of the roster without a student: Emil" in told, f"in both directions: {told}"


def test_moodle_takes_the_feedback_zip_back(graded: Path, tmp_path: Path) -> None:
    """As assignfeedback_file_zip_importer: name_NUMBER_type_plugin, split at underscores."""
    zipped = tmp_path / "feedback.zip"
    export(graded, tmp_path, "moodle", "--feedback", str(zipped), roster=WORKSHEET)
    found = {}
    with zipfile.ZipFile(zipped) as archive:
        for name in archive.namelist():
            parts = name.split("/")
            info = parts.pop(0).split("_", 4)
            assert info[1].isdecimal(), f"the second part must be the participant's number: {name}"
            assert info[2:] == ["assignsubmission", "file", ""], f"then the plugin: {name}"
            assert parts == ["feedback.html"], f"then the file: {name}"
            found[int(info[1])] = archive.read(name)
    assert sorted(found) == [7, 101, 102, 103], (
        f"the hand-in tells the number where the roster does not: {sorted(found)}"
    )
    assert found[101] == (graded / "feedback" / "anna.html").read_bytes(), "it is the student's page"


def canvas_import(data: bytes) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """As GradebookImporter: fixed first columns, a row of points, every other column an assignment."""
    header, *rows = rows_of(data)
    assert len(header) > 3 and "Student" in header[0] and "ID" in header[1], f"row_has_student_headers: {header}"
    assert re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3]), f"{header}"
    assert "Section" in header[4], f"the last column on the student is the section: {header}"
    possible, students = {}, {}
    for row in rows:
        assert len(row) == len(header), f"a row of another length: {row}"
        scores = dict(zip(header[5:], row[5:], strict=True))
        if "Points Possible" in row[0]:
            possible = scores
        else:
            students[row[1] or row[0]] = scores
    return students, possible


def test_canvas_reads_our_own_table(graded: Path, tmp_path: Path) -> None:
    data = export(graded, tmp_path, "canvas")
    students, possible = canvas_import(data)
    assert possible == {"Sums of squares": "18"}, f"the points possible: {possible}"
    got = {key: scores["Sums of squares"] for key, scores in students.items()}
    assert got == {"101": "16", "102": "12", "103": "16", "dora": "12"}, f"{got}"
    no_formula(data)


def test_canvas_gradebook_gets_only_our_column(graded: Path, tmp_path: Path) -> None:
    gradebook = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Sums of Squares (4312),Essay (99),Final Score\n"
        "    Points Possible,,,,,18,10,(read only)\n"
        '"Nováková, Anna",101,s1,anna,A,,7,\n'
        '"Test, Dora",205,s2,dora,A,,8,\n'
        '"Elsewhere, Emil",206,s3,emil,A,,9,\n'
    )
    students, possible = canvas_import(export(graded, tmp_path, "canvas", roster=gradebook))
    column = "Sums of Squares (4312)"
    assert possible == {column: "18"}, f"the assignment is found by its title, and no other is touched: {possible}"
    assert students == {"101": {column: "16"}, "205": {column: "12"}}, f"{students}"
    named = export(graded, tmp_path, "canvas", "--column", "Essay (99)", roster=gradebook)
    students, _ = canvas_import(named)
    assert students["101"] == {"Essay (99)": "8.8889"}, f"a column that is named, of its own maximum: {students}"


def test_canvas_takes_the_feedback_zip_back(graded: Path, tmp_path: Path) -> None:
    """As Assignment#infer_comment_context_from_filename: the first two numbers between underscores."""
    given_out = tmp_path / "submissions"
    given_out.mkdir()
    for name in ("novakovaanna_101_9001_squares.py", "dupontberta_LATE_102_9002_squares.py", "x_999_9_a.py"):
        (given_out / name).write_text("")
    export(graded, tmp_path, "canvas", "--feedback", str(tmp_path / "f.zip"), "--submissions", str(given_out))
    found = {}
    with zipfile.ZipFile(tmp_path / "f.zip") as archive:
        for name in archive.namelist():
            user, attachment = [part for part in name.split("_") if re.fullmatch(r"\d+", part)][:2]
            found[user, attachment] = archive.read(name)
    assert sorted(found) == [("101", "9001"), ("102", "9002")], f"the numbers that Canvas gave: {sorted(found)}"


def test_nbgraders_columns(graded: Path, tmp_path: Path) -> None:
    data = export(graded, tmp_path, "nbgrader")
    header, *rows = rows_of(data)
    assert header == [
        *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
        *("raw_score", "late_submission_penalty", "score", "max_score"),
    ], f"those of nbgrader's own export: {header}"
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        raw, penalty, score = (float(cells[name]) for name in ("raw_score", "late_submission_penalty", "score"))
        assert score == max(0.0, raw - penalty), f"as nbgrader computes it: {cells}"
    assert {(row[3], row[9]) for row in rows} == {("101", "16"), ("102", "12"), ("103", "16"), ("dora", "12")}, (
        f"{rows}"
    )
    no_formula(data)


def test_gradescopes_results(graded: Path, tmp_path: Path) -> None:
    roster = "First Name,Last Name,SID,Email,Role\nAnna,Nováková,77,anna@uni.example,Student\nDora,,78,dora,Student\n"
    with zipfile.ZipFile(io.BytesIO(export(graded, tmp_path, "gradescope", roster=roster))) as archive:
        names = sorted(archive.namelist())
        assert names == ["anna@uni.example/results.json", "dora/results.json", "scores.csv"], f"{names}"
        dora, anna = (read_results(archive.read(name)) for name in (names[1], names[0]))
        table = rows_of(archive.read("scores.csv"))
    assert dora["score"] == 12.0 and anna["score"] == 16.0, f"the totals: {dora['score']} and {anna['score']}"
    assert sum(test.get("score", 0.0) for test in dora["tests"]) == 12.0, "check by check"
    assert "waits for a person" in anna["output"], f"the proof is not in the score: {anna['output']}"
    record = decode((graded / "results" / "dora.json").read_bytes())
    hidden = {check.case.arguments for check in record.checks if check.case is not None}
    assert hidden, "there are hidden cases that failed"
    assert not any(case in test["output"] for test in dora["tests"] for case in hidden), "nothing of a hidden case"
    assert any("(none of the hidden ones):\nx = np.array(" in test["output"] for test in dora["tests"]), "but another"
    assert table[1] == ["Anna", "Nováková", "77", "anna@uni.example", "16", "18"], f"{table}"


def test_csv_and_workbook(graded: Path, tmp_path: Path) -> None:
    data = export(graded, tmp_path, "csv")
    no_formula(data)
    table = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert {row["student"]: row["total"] for row in table} == {"anna": "16", "berta": "12", "'=cem": "16", "dora": "12"}
    assert table[0]["b1_squares.total"] == "5" and table[0]["b1_squares.written_1"] == "", f"{table[0]}"
    roster = "Matrikel;E-Mail;Punkte\n5;anna@uni.example;\n6;nobody@uni.example;\n"
    data = export(graded, tmp_path, "csv", "--column", "Punkte", roster=roster)
    assert data.decode("utf-8-sig").splitlines()[1:] == ["5;anna@uni.example;16", "6;nobody@uni.example;"], f"{data!r}"
    openpyxl = pytest.importorskip(
        "openpyxl", reason="openpyxl is not installed: pip install 'seminar-autograder[xlsx]'"
    )
    sheet = openpyxl.load_workbook(io.BytesIO(export(graded, tmp_path, "xlsx"))).active
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    assert {row["student"]: row["total"] for row in cells} == {"anna": 16, "berta": 12, "=cem": 16, "dora": 12}
    kinds = {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None}
    assert kinds == {"s", "n"}, f"texts and numbers, and no formula: {kinds}"


HALF = "name;points\r\nAnna Nováková;\r\nDora;\r\n"
ROSTERS: dict[str, tuple[bytes, str, str]] = {
    "Excel's first line": (b"sep=;\r\n" + HALF.encode(), ";12,5", "decimal comma"),
    "Excel's encoding": (HALF.encode("cp1252"), ";12,5", "look whether this is right: Anna Nováková"),
    "semicolons": (HALF.encode("utf-8-sig"), ";12,5", "decimal comma"),
    "semicolons, and points in its numbers": (HALF.replace("Dora;", "Dora;1.5").encode(), ";12.5", ""),
    "commas": (HALF.replace(";", ",").encode(), ",12.5", ""),
}


@pytest.mark.parametrize("form", ROSTERS)
def test_a_roster_of_any_form_gets_numbers_as_it_has_them(
    graded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    data, number, told = ROSTERS[form]
    roster, marks = tmp_path / "given.csv", tmp_path / "marks.csv"
    roster.write_bytes(data)
    write_marks(marks, Marks.of([Mark("anna", "b1_squares", 12.5, "half a point")]))
    made = export(graded, tmp_path, "csv", "--column", "points", "--marks", str(marks), "--roster", str(roster))
    lines = made.decode("utf-8-sig").splitlines()
    assert lines[1] == f"Anna Nováková{number}", f"{form}: the score must be read back as it is: {lines}"
    said = capsys.readouterr().err
    assert told in said and (told != "" or "decimal" not in said), f"{form}: {told!r} must be told: {said}"


def persons(graded: Path) -> list[Recipient]:
    records = [decode(path.read_bytes()) for path in sorted((graded / "results").iterdir())]
    return people(finals(records, Marks(), read_course(SOLUTIONS / "course.toml")))


def test_who_fits_two_is_matched_with_neither(graded: Path, tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(
        "name\temail\nDora\tx@y\nDORA\tz@y\nAnna Nováková\t\nBerta Du_Pont\tberta@uni.example\n".encode("utf-16")
    )
    roster, unmatched = match(read_roster(path), persons(graded))
    assert sorted(roster.people) == ["anna", "berta"], f"by name and by e-mail, capitals aside: {roster.people}"
    assert unmatched.students == ("=cem", "dora (fits 2 rows)"), f"{unmatched}"
    assert len(unmatched.rows) == 2, f"both of the two are left: {unmatched.rows}"


def test_a_roster_that_cannot_be_used_is_told(graded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "roster.csv"
    for data, told in ((b"", "empty"), (b"a,b\n1,2\n", "no column says who"), (b"name\n\xff\n", "not UTF-8")):
        path.write_bytes(data)
        with pytest.raises(RosterError, match=told):
            read_roster(path)
    path.write_text("name,points\nanna,\n")
    for to, told in (("moodle", "no column Identifier"), ("canvas", "no column student")):
        command = ["export", str(graded), "--to", to, "--roster", str(path), "--solutions", str(SOLUTIONS)]
        assert main([*command, "--out", str(tmp_path / "out")]) == 2, f"{to} must refuse it"
        assert told in capsys.readouterr().err, f"{told!r} must be told"


def test_the_same_scores_give_the_same_zip(graded: Path, tmp_path: Path) -> None:
    one, _ = feedback_zip(graded, persons(graded), "csv", None)
    two, left = feedback_zip(graded, persons(graded), "csv", None)
    assert one == two and not left, "no clock in it, and nobody left out"
    assert export(graded, tmp_path, "gradescope") == export(graded, tmp_path, "gradescope"), "nor here"


def test_two_who_are_one_to_a_platform_get_nobodys_page(graded: Path, tmp_path: Path) -> None:
    anna, berta, *others = persons(graded)
    twins = [anna, msgspec.structs.replace(berta, id=anna.id, name=anna.name, email=anna.email), *others]
    data, left = feedback_zip(graded, twins, "moodle", None)
    assert {anna.student, berta.student} <= set(left), f"both are told, and neither gets the other's page: {left}"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if f"_{anna.id}_" in name], f"{archive.namelist()}"
    with zipfile.ZipFile(io.BytesIO(gradescope.export(twins, None, ""))) as archive:
        folders = {name.partition("/")[0] for name in archive.namelist() if name.endswith("results.json")}
    assert len(folders) == len(twins), f"each has a folder, by an address that is theirs alone or by name: {folders}"


OF_A_CLASS = (
    "Identifier,Full name,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\n"
    "Participant 101,Anna,Submitted for grading,5,{most},-,\n"
    "Participant 102,Berta,No submission,,{most},-,\n"
    "Participant 103,Cem,Submitted for grading,16.00,{most},-,\n"
    "Participant 900,Nobody,Submitted for grading,3,{most},-,\n"
)


def refused(graded: Path, tmp_path: Path, to: str, roster: str, *options: str) -> None:
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    command = ["export", str(graded), "--to", to, "--out", str(tmp_path / "out"), "--solutions", str(SOLUTIONS)]
    assert main([*command, "--roster", str(tmp_path / "roster.csv"), *options]) == 2, f"{options} must be refused"
    assert not (tmp_path / "out").exists(), "and nothing is written"


def test_another_maximum_is_scaled_or_refused(graded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(graded, tmp_path, "moodle", OF_A_CLASS.format(most="10.00"), "--no-scale")
    told = capsys.readouterr().err
    assert "maximum of 10 points" in told and "it is 18" in told and "10/18" in told, f"both maxima: {told}"
    found = moodle_import(export(graded, tmp_path, "moodle", roster=OF_A_CLASS.format(most="10.00")))
    assert found[101]["Grade"] == "8.8889", f"16 of 18 are 8.9 of 10: {found[101]}"
    assert "10/18" in capsys.readouterr().err, "and it is said"
    found = moodle_import(export(graded, tmp_path, "moodle", roster=OF_A_CLASS.format(most="18.00")))
    assert found[101]["Grade"] == "16", "the same maximum needs no word"


def test_a_dry_run_shows_who_would_get_what_and_writes_nothing(
    graded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "roster.csv").write_text(OF_A_CLASS.format(most="18"), encoding="utf-8")
    out, zipped = tmp_path / "out.csv", tmp_path / "f.zip"
    options = ["--roster", str(tmp_path / "roster.csv"), "--out", str(out), "--feedback", str(zipped), "--dry-run"]
    assert main(["export", str(graded), "--to", "moodle", "--solutions", str(SOLUTIONS), *options]) == 0, "it is a look"
    assert not out.exists() and not zipped.exists(), "nothing is written"
    told = capsys.readouterr()
    assert "scores: 1 new, 1 changed, 1 as they are" in told.out, f"against what the worksheet holds now: {told.out}"
    assert "Participant 101" in told.out, f"who is who: {told.out}"
    assert "3 students would be in" in told.out and "3 pages would be in" in told.out, f"how many: {told.out}"
    assert "the platform says that nothing was handed in: berta" in told.err, f"points without a hand-in: {told.err}"
    assert "dora" in told.err and "Nobody" in told.err, f"who is on one side only: {told.err}"


def test_a_column_that_is_not_there_is_told(graded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(graded, tmp_path, "moodle", OF_A_CLASS.format(most="18"), "--column", "Grades")
    assert "no column 'Grades'; did you mean 'Grade'" in capsys.readouterr().err, "the nearest is offered"
    gradebook = "Student,ID,SIS User ID,SIS Login ID,Section,Week 6 (77)\n    Points Possible,,,,,18\nAnna,101,,,A,\n"
    export(graded, tmp_path, "canvas", "--column", "Wek 6", roster=gradebook)
    told = capsys.readouterr().err
    assert "no column 'Wek 6'; did you mean 'Week 6 (77)'" in told and "new assignment" in told, f"{told}"
