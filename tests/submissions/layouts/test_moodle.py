"""Moodle's names, and what may lie among them."""

from pathlib import Path

import pytest

from tests.submissions.layouts.building import Container, as_folder, as_zip, packed
from tests.submissions.layouts.reading import read_all, source, told

both = pytest.mark.parametrize("contain", [as_folder, as_zip])
ENDINGS = ("_assignsubmission_file", "_assignsubmission_file_")
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Last modified (submission)\n"
    'Participant 11,Anna Nováková,anna@example.org,"Submitted for grading - 2 hours late",,'
    '"Tuesday, 14 November 2023, 3:45 PM"\n'
    "Participant 12,Bert,bert@example.org,Submitted for grading,,-\n"
    "Participant 13,Cem,cem@example.org,No submission,,-\n"
    "a row that is none\n"
)


@both
@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "name", ["Anna Nováková", "-rf", "=1+1", ".hidden", "محمد", "a\u202eb", "Group 3 - Lab", "x" * 150]
)
def test_name_and_number_are_kept(name: str, ending: str, contain: Container, tmp_path: Path) -> None:
    listing, read = read_all(contain({f"{name}_11{ending}/work/smooth_ap.py": b"1"}, tmp_path / "x"))
    (entry,) = listing.entries
    assert entry.handed_in is not None, "Moodle says who it is"
    assert (entry.handed_in.id, entry.handed_in.name) == ("11", name), f"as Moodle has it: {entry.handed_in}"
    assert entry.student.isprintable() and entry.student, f"and as a record may have it: {entry.student!r}"
    assert source(read[entry.student]) == b"1", "the module is found in a folder of the student's own"


@both
def test_a_name_that_holds_moodles_own_words_is_not_misread(contain: Container, tmp_path: Path) -> None:
    files = {
        "Anna_11_assignsubmission_file_Bert_12_assignsubmission_file_smooth_ap.py": b"Anna's",
        "Bert_12_assignsubmission_file_smooth_ap.py": b"Bert's",
    }
    _, read = read_all(contain(files, tmp_path / "x"))
    assert source(read["Bert"]) == b"Bert's", "a student cannot hand in for another"
    assert "a4_smooth_ap" not in read["Anna"].works, f"it is Anna's file of a strange name: {told(read['Anna'])}"


@both
def test_namesakes_have_a_record_each(contain: Container, tmp_path: Path) -> None:
    files = {
        f"{name}_{at}_assignsubmission_file/smooth_ap.py": b"" for at, name in ((1, "Ann"), (2, "Ann"), (3, "ANN"))
    }
    listing, _ = read_all(contain(files, tmp_path / "x"))
    assert listing.students == ("ANN (3)", "Ann (1)", "Ann (2)"), f"the number tells them apart: {listing.students}"


@both
def test_blind_participants_are_called_by_their_number(contain: Container, tmp_path: Path) -> None:
    for count in (1, 2):
        files = {f"Participant_{at}_assignsubmission_file/x.py": b"" for at in range(41, 41 + count)}
        listing, _ = read_all(contain(files, tmp_path / f"x{count}"))
        assert all("4" in student for student in listing.students), f"with the number: {listing.students}"


@both
def test_groups_have_a_name_and_perhaps_a_number(contain: Container, tmp_path: Path) -> None:
    files = {
        "Lab 3_57_assignsubmission_file/smooth_ap.py": b"",
        "Default group_assignsubmission_file/smooth_ap.py": b"",
    }
    listing, _ = read_all(contain(files, tmp_path / "x"))
    assert listing.students == ("Default group", "Lab 3"), f"both: {listing.students}"


@both
@pytest.mark.parametrize("flat", [False, True])
def test_a_zip_that_was_uploaded_is_opened_and_a_zip_in_it_too(flat: bool, contain: Container, tmp_path: Path) -> None:
    inner = packed({"a4_smooth_ap/smooth_ap.py": b"1", "more.zip": packed({"kl_normal.py": b""})})
    joint = "_" if flat else "/"
    _, read = read_all(contain({f"Anna_11_assignsubmission_file{joint}my work.zip": inner}, tmp_path / "x"))
    assert source(read["Anna"]) == b"1", "what was uploaded is graded"
    assert read["Anna"].works["a4_smooth_ap"].path == "my work.zip/a4_smooth_ap/smooth_ap.py", (
        "and one sees where it lay"
    )
    normal = read["Anna"].works["a3_kl_normal"].path
    assert normal == "my work.zip/more.zip/kl_normal.py", f"the one in it, too: {told(read['Anna'])}"


@both
def test_a_number_that_moodle_put_into_a_name_is_taken_off(contain: Container, tmp_path: Path) -> None:
    top = "Anna_11_assignsubmission_file"
    files = {f"{top}/a4/smooth_ap (1).py": b"1", f"{top}/kl_normal.py": b"own", f"{top}/kl_normal (2).py": b"2"}
    _, read = read_all(contain(files, tmp_path / "x"))
    assert source(read["Anna"]) == b"1", "no assistant renames it"
    assert source(read["Anna"], "a3_kl_normal") == b"own", "a name that is taken stays"


@both
def test_text_typed_on_moodle_is_pointed_out(contain: Container, tmp_path: Path) -> None:
    for at, online in enumerate(
        ["_assignsubmission_onlinetext/onlinetext.html", "_assignsubmission_onlinetext_onlinetext.html"]
    ):
        files = {"Anna_11_assignsubmission_file/smooth_ap.py": b"1", f"Anna_11{online}": b"<p>4a</p>"}
        listing, read = read_all(contain(files, tmp_path / f"x{at}"))
        assert listing.students == ("Anna",), f"one record: {listing.students}"
        assert source(read["Anna"]) == b"1" and "a person must read it" in told(read["Anna"]), f"{told(read['Anna'])}"


@both
def test_what_is_not_named_so_is_graded_or_named(contain: Container, tmp_path: Path) -> None:
    files = {f"S{at}_{at}_assignsubmission_file/smooth_ap.py": b"" for at in range(5)}
    listing, read = read_all(contain({**files, "by mail/smooth_ap.py": b"1", "notes.txt": b""}, tmp_path / "x"))
    assert source(read["by mail"]) == b"1", f"a folder that someone put there: {listing.students}"
    assert "by mail is not named as in a Moodle bulk download" in told(read["by mail"]), "and that is said"
    assert any(note.startswith("notes.txt was not graded") for note in listing.notes), f"a file: {listing.notes}"


@both
def test_the_grading_worksheet_tells_of_lateness_and_emails(contain: Container, tmp_path: Path) -> None:
    files = {
        f"{name}_{at}_assignsubmission_file/smooth_ap.py": b""
        for at, name in ((11, "Anna"), (12, "Bert"), (14, "Dora"))
    }
    listing, read = read_all(
        contain({**files, "Grades-ML-Week6-77.csv": WORKSHEET.encode("utf-8-sig")}, tmp_path / "x")
    )
    assert not listing.notes, f"the table is no loose file: {listing.notes}"
    found = {student: submission.handed_in for student, submission in read.items()}
    assert found["Anna"] is not None and found["Bert"] is not None and found["Dora"] is not None, f"{found}"
    assert (found["Anna"].late, found["Anna"].at) == (True, "2023-11-14T15:45:00"), f"late, and when: {found['Anna']}"
    assert (found["Bert"].late, found["Bert"].email) == (False, "bert@example.org"), f"in time: {found['Bert']}"
    assert found["Dora"].late is None and not found["Dora"].email, f"of whom nothing is said: {found['Dora']}"


def test_a_link_in_place_of_a_students_folder_is_that_students_problem(tmp_path: Path) -> None:
    path = as_folder({"Bert_12_assignsubmission_file/smooth_ap.py": b"1"}, tmp_path / "x")
    outside = as_folder({"smooth_ap.py": b"secret"}, tmp_path / "outside")
    (path / "Anna_11_assignsubmission_file").symlink_to(outside)
    (path / "Cem_13_assignsubmission_file_smooth_ap.py").symlink_to(outside / "smooth_ap.py")
    _, read = read_all(path)
    for student in ("Anna", "Cem"):
        assert not read[student].works, f"{student}: nothing outside is read"
        assert "symbolic link" in told(read[student]), f"{student}: {told(read[student])}"
    assert read["Bert"].works and not read["Bert"].notes, "and nobody else's"


def test_a_damaged_worksheet_is_told_and_half_of_it_is_not_taken_for_all(tmp_path: Path) -> None:
    files = {"Anna_11_assignsubmission_file/smooth_ap.py": b"", "Bert_12_assignsubmission_file/smooth_ap.py": b""}
    damaged = WORKSHEET.replace('"Tuesday, 14', "Tuesday, 14").encode()
    listing, read = read_all(as_folder({**files, "grades.csv": damaged}, tmp_path / "x"))
    (note,) = listing.notes
    assert note.startswith("grades.csv, line 2: "), f"the file and the line: {note}"
    assert "Nothing of it is used" in note, f"and what follows from it: {note}"
    said = [submission.handed_in for submission in read.values()]
    assert not [who for who in said if who is None or who.late is not None or who.email], (
        f"nobody is late by it: {said}"
    )
    guessed = WORKSHEET.replace(",", ";").replace('"Tuesday; 14 November 2023; 3:45 PM"', "-").encode("cp1252")
    listing, read = read_all(as_folder({**files, "grades.csv": guessed}, tmp_path / "y"))
    assert "grades.csv is not UTF-8" in listing.notes[0] and "Anna Nováková" in listing.notes[0], f"{listing.notes}"
    handed_in = read["Anna"].handed_in
    assert handed_in is not None and handed_in.email == "anna@example.org", f"it is read all the same: {handed_in}"
