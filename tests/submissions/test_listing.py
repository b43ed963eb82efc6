"""Who handed in: each folder and zip is one student, and nothing is lost in silence."""

import os
import sys
from pathlib import Path

import pytest

from autograder.errors import SubmissionsError
from autograder.submissions import list_entries, read_submission
from tests.submissions.making import MODULES, SOURCE, folder, zipped


def test_folders_and_zips_are_students_in_order(tmp_path: Path) -> None:
    for name in ("dora", "anna", "Bert B"):
        (tmp_path / name).mkdir()
    (tmp_path / "cem.zip").write_bytes(b"")
    (tmp_path / "emil.ZIP").write_bytes(b"")
    listing = list_entries(tmp_path)
    students = [entry.student for entry in listing.entries]
    assert students == ["Bert B", "anna", "cem", "dora", "emil"], f"one per entry, sorted: {students}"
    assert not listing.notes, f"nothing is odd here: {listing.notes}"


def test_what_systems_leave_behind_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "anna").mkdir()
    for name in (".git", "__MACOSX", "__pycache__", ".hidden"):
        (tmp_path / name).mkdir()
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "._anna.zip"):
        (tmp_path / name).write_bytes(b"")
    listing = list_entries(tmp_path)
    assert [entry.student for entry in listing.entries] == ["anna"], f"only a student: {listing.entries}"
    assert not listing.notes, f"in silence: {listing.notes}"


def test_loose_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "anna").mkdir()
    (tmp_path / "bert.rar").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe")
    notes = list_entries(tmp_path).notes
    assert len(notes) == 2, f"one note each: {notes}"
    for name, note in zip(("bert.rar", "pipe"), notes, strict=True):
        assert note.startswith(f"{name} was not graded"), f"{name} must be named: {note}"


def test_of_a_folder_and_a_zip_the_folder_is_taken(tmp_path: Path) -> None:
    folder(tmp_path / "anna", {})
    zipped(tmp_path / "anna", {})
    listing = list_entries(tmp_path)
    assert [entry.path.name for entry in listing.entries] == ["anna"], f"one record: {listing.entries}"
    assert len(listing.notes) == 1 and listing.notes[0].startswith("anna.zip was not"), f"the other: {listing.notes}"


def test_a_link_does_not_stand_before_a_zip(tmp_path: Path) -> None:
    zipped(tmp_path / "anna", {})
    (tmp_path / "anna").symlink_to("/etc")
    assert list_entries(tmp_path).entries[0].path.name == "anna.zip", "the honest one is taken"


def test_an_entry_that_is_a_link_gets_a_record(tmp_path: Path) -> None:
    real = folder(tmp_path / "real", {"smooth_ap.py": SOURCE})
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "anna").symlink_to(real)
    (tmp_path / "class" / "bert.zip").symlink_to(zipped(tmp_path / "b", {"smooth_ap.py": SOURCE}))
    (tmp_path / "class" / "cem").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "class" / "dora.zip")
    entries = list_entries(tmp_path / "class").entries
    assert [entry.student for entry in entries] == ["anna", "bert", "cem", "dora"], f"each has a record: {entries}"
    for entry in entries:
        submission = read_submission(entry, MODULES)
        word = "pipe" if entry.student == "dora" else "symbolic link"
        assert not submission.works, f"{entry.student}: nothing is read"
        assert set(submission.problems) == set(MODULES), f"every assignment has a problem: {submission.problems}"
        assert word in submission.problems["a4_smooth_ap"], f"the reason: {submission.problems}"
        assert entry.path.name in submission.notes[0], f"the note names it: {submission.notes}"


def test_a_loose_link_to_a_file_is_no_student(tmp_path: Path) -> None:
    (tmp_path / "anna").mkdir()
    (tmp_path / "README.md").symlink_to("/etc/passwd")
    listing = list_entries(tmp_path)
    assert [entry.student for entry in listing.entries] == ["anna"], f"not a student: {listing.entries}"
    assert "README.md" in listing.notes[0], f"but named: {listing.notes}"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such names")
def test_names_that_are_not_utf8_or_hide_become_printable(tmp_path: Path) -> None:
    for name in (b"ren\xe9", b"a\xe2\x80\xaeb", b"tab\there", b"ren\\udce9"):
        os.mkdir(os.path.join(os.fsencode(tmp_path), name))  # noqa: PTH102, PTH118 - Path takes no bytes
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name, b"smooth_ap.py"))).write_bytes(SOURCE)  # noqa: PTH118
    listing = list_entries(tmp_path)
    students = {entry.student for entry in listing.entries}
    assert students == {"ren\\udce9", "a\\u202eb", "tab\\there", "ren\\\\udce9"}, f"all shown, all apart: {students}"
    for entry in listing.entries:
        entry.student.encode()
        assert entry.student.isprintable(), f"{entry.student!r} must print"
        assert "a4_smooth_ap" in read_submission(entry, MODULES).works, f"{entry.student} is graded all the same"


def test_students_that_differ_only_in_case_are_noted(tmp_path: Path) -> None:
    (tmp_path / "anna").mkdir()
    try:
        (tmp_path / "Anna").mkdir()
    except FileExistsError:
        pytest.skip("this disk ignores case")
    notes = list_entries(tmp_path).notes
    assert len(notes) == 1 and "Anna and anna differ" in notes[0], f"their records could meet: {notes}"


def test_nothing_to_grade_is_said_clearly(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    folder(tmp_path / "loose", {"smooth_ap.py": SOURCE})
    for name, reason in (
        ("nowhere", "does not exist"),
        ("file", "is not a folder"),
        ("empty", "holds no submissions"),
        ("loose", "it holds only smooth_ap.py"),
    ):
        with pytest.raises(SubmissionsError, match=reason) as caught:
            list_entries(tmp_path / name)
        assert name in str(caught.value), f"the folder must be named: {caught.value}"
