"""Which layout is taken, and what is said of it."""

import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import grade as verb
from autograder.errors import SubmissionsError
from autograder.submissions import Listing, bulk, layouts, list_entries
from tests.submissions.layouts.building import (
    Container,
    as_folder,
    as_zip,
    canvas,
    classroom,
    folders,
    gradescope,
    moodle,
    moodle_flat,
    nbgrader,
    the_class,
)
from tests.submissions.layouts.reading import read

CLASS = the_class()
both = pytest.mark.parametrize("contain", [as_folder, as_zip])
MADE = {
    "moodle": moodle(CLASS),
    "canvas": canvas(CLASS),
    "gradescope": gradescope(CLASS),
    "nbgrader": nbgrader(CLASS),
    "classroom": classroom(CLASS),
}


def told(listing: Listing) -> str:
    return "\n".join([listing.why, *listing.notes])


def test_the_command_knows_every_layout() -> None:
    assert layouts.names() == verb.LAYOUTS, f"--layout must take {layouts.names()}"


@both
@pytest.mark.parametrize("layout", MADE)
def test_one_line_says_what_it_was_taken_for_and_why(layout: str, contain: Container, tmp_path: Path) -> None:
    listing = list_entries(contain(MADE[layout], tmp_path / "x"))
    assert listing.layout == layout, f"recognised: {listing.why}"
    assert listing.why.startswith("submissions: taken for ") and "\n" not in listing.why, f"one line: {listing.why}"
    assert listing.why.count(":") >= 2, f"with the reason: {listing.why}"
    assert not any("could also be" in note for note in listing.notes), f"nothing else fits: {listing.notes}"


@both
@pytest.mark.parametrize("layout", ["moodle", "canvas", "gradescope"])
def test_a_folder_around_it_is_looked_through(layout: str, contain: Container, tmp_path: Path) -> None:
    around = {f"Downloads of May/{path}": data for path, data in MADE[layout].items()}
    if layout == "gradescope":
        around = {path.replace("assignment_4_export/", ""): data for path, data in around.items()}
    listing = list_entries(contain(around, tmp_path / "x"))
    assert listing.layout == layout, f"found inside: {listing.why}"
    assert "Downloads of May" in listing.why, f"and where is said: {listing.why}"


def test_a_download_alone_in_a_folder_is_opened(tmp_path: Path) -> None:
    for layout, files in MADE.items():
        folder = tmp_path / layout
        as_zip(files, folder / "submissions")
        listing = list_entries(folder)
        assert listing.layout == layout and "submissions.zip" in listing.why, f"{layout}: {listing.why}"
        assert len(listing.students) == len(CLASS), f"{layout}: {listing.students}"
        for entry in listing.entries:
            assert not any("was there when" in note for note in read(entry).notes), f"{layout}: {entry}"


@pytest.mark.parametrize("around", ["", "homework/"])
def test_one_students_zip_in_a_folder_is_a_student(around: str, tmp_path: Path) -> None:
    files = {f"{around}a4_smooth_ap/smooth_ap.py": b"1", f"{around}a3_kl_normal/kl_normal.py": b"1"}
    as_zip(files, tmp_path / "class" / "anna")
    assert list_entries(tmp_path / "class").students == ("anna",), "no class of two assignments"


@pytest.mark.parametrize("beside", [(), ("readme.txt",), ("Grades.csv", "notes.pdf")])
@pytest.mark.parametrize("around", ["a folder", "a zip"])
def test_a_class_of_plain_folders_in_a_folder_is_no_student(
    around: str, beside: tuple[str, ...], tmp_path: Path
) -> None:
    files = {f"{name}/{folder}smooth_ap.py": b"1" for name, folder in (("anna", ""), ("bert", "a4_smooth_ap/"))}
    made = as_zip(files, tmp_path / "x" / "hw2") if around == "a zip" else as_folder(files, tmp_path / "x" / "hw2")
    for name in beside:
        (made.parent / name).write_text("a,b\n1,2\n")
    listing = list_entries(made.parent)
    assert listing.students == ("anna", "bert"), f"two with the same file are two: {listing.students}"
    assert " in " in listing.why and "hw2" in listing.why, f"where they were found is said: {listing.why}"
    for name in beside:
        assert any(name in note for note in listing.notes), f"{name} is nobody's work, which is said: {listing.notes}"


@pytest.mark.parametrize("contained", ["moodle", "canvas"])
def test_a_download_with_its_table_beside_it_is_opened(contained: str, tmp_path: Path) -> None:
    as_zip(MADE[contained], tmp_path / "x" / "download")
    (tmp_path / "x" / "Grades.csv").write_text(
        "Identifier,Full name,Email address,Status,Grade\n"
        f"Participant {CLASS[0].number},{CLASS[0].name},first@example.org,Submitted for grading,\n"
    )
    listing = list_entries(tmp_path / "x")
    assert listing.layout == contained and len(listing.students) == len(CLASS), f"{listing.why}: {listing.students}"
    if contained == "moodle":
        emails = {entry.handed_in.email for entry in listing.entries if entry.handed_in is not None}
        assert "first@example.org" in emails, f"the worksheet is read: {emails}"
    else:
        assert any("Grades.csv" in note for note in listing.notes), f"it is told: {listing.notes}"


def test_the_folder_in_a_zip_that_a_system_made_of_it_is_looked_through(tmp_path: Path) -> None:
    files = {f"class/{path}": data for path, data in folders(CLASS).items()}
    listing = list_entries(as_zip({**files, "__MACOSX/class/._x": b"", "class/.DS_Store": b""}, tmp_path / "class"))
    assert len(listing.students) == len(CLASS), f"its students: {listing.students}"
    listing = list_entries(as_zip({"anna/smooth_ap.py": b""}, tmp_path / "one"))
    assert listing.students == ("anna",), f"a class of one stays one: {listing.students}"


@both
def test_a_few_names_of_a_platform_among_others_are_told(contain: Container, tmp_path: Path) -> None:
    files = {**folders(CLASS), **dict(list(moodle(CLASS[:2]).items()))}
    listing = list_entries(contain(files, tmp_path / "x"))
    assert listing.layout == "plain", f"most are plain: {listing.why}"
    assert "It could also be a Moodle bulk download (2 of 12 names are" in told(listing), f"told: {told(listing)}"
    assert "--layout moodle" in told(listing), f"with what to type: {told(listing)}"


def test_a_layout_that_is_named_is_taken_where_there_is_something_of_it(tmp_path: Path) -> None:
    path = as_folder({**folders(CLASS), **moodle(CLASS[:2])}, tmp_path / "x")
    listing = list_entries(path, "moodle")
    assert listing.layout == "moodle" and "--layout moodle was given" in listing.why, f"as asked: {listing.why}"
    assert len(listing.entries) == len(CLASS) + 2, "what is not named so is not lost"


@pytest.mark.parametrize("wrong", [name for name in layouts.names() if name not in ("auto", "plain", "moodle")])
def test_a_wrong_layout_is_an_error_that_names_the_right_one(wrong: str, tmp_path: Path) -> None:
    path = as_folder(MADE["moodle"], tmp_path / "x")
    with pytest.raises(SubmissionsError, match="does not look like") as caught:
        list_entries(path, wrong)
    for part in (str(path), "It looks like a Moodle bulk download", "--layout moodle"):
        assert part in str(caught.value), f"{part!r} must be said: {caught.value}"


def test_a_layout_that_there_is_not_is_an_error_that_names_all(tmp_path: Path) -> None:
    with pytest.raises(SubmissionsError, match="there is no layout 'ilias'") as caught:
        list_entries(as_folder(MADE["moodle"], tmp_path / "x"), "ilias")
    assert ", ".join(verb.LAYOUTS) in str(caught.value), f"all: {caught.value}"


def test_plain_can_be_asked_for(tmp_path: Path) -> None:
    listing = list_entries(as_folder(moodle(CLASS), tmp_path / "x"), "plain")
    assert listing.layout == "plain", f"as asked: {listing.why}"
    assert any("_assignsubmission_" in student for student in listing.students), (
        f"names as they lie: {listing.students}"
    )


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut off", b"Rar!\x1a\x07\x00", b"<html>Please log in</html>"])
def test_a_file_that_is_no_zip_is_an_error(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "class.zip").write_bytes(data)
    with pytest.raises(SubmissionsError, match="is not a folder, and") as caught:
        list_entries(tmp_path / "class.zip")
    assert "class.zip" in str(caught.value), f"the file is named: {caught.value}"


@both
def test_what_holds_nothing_is_an_error(contain: Container, tmp_path: Path) -> None:
    with pytest.raises(SubmissionsError, match="holds no submissions") as caught:
        list_entries(contain({"smooth_ap.py": b"", "README.md": b""}, tmp_path / "x"))
    assert "README.md and smooth_ap.py" in str(caught.value), f"what is there: {caught.value}"


def test_names_of_many_students_are_listed_without_opening_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flat, deep = tmp_path / "flat", tmp_path / "deep"
    flat.mkdir()
    for number in range(5_000):
        (flat / f"student{number}_{number}_{number}_smooth_ap.py").touch()
        if number < 500:
            folder = deep / f"Student {number}_{number}_assignsubmission_file"
            folder.mkdir(parents=True)
            (folder / "smooth_ap.py").touch()
    real, opened = os.open, []

    def watched(path: Any, flags: int, *arguments: Any, **options: Any) -> int:
        if not flags & os.O_DIRECTORY:
            opened.append(path)
        return real(path, flags, *arguments, **options)

    monkeypatch.setattr(os, "open", watched)
    assert len(list_entries(flat).entries) == 5_000, "every student has an entry"
    assert len(list_entries(deep).entries) == 500, "every student has an entry"
    assert not opened, f"no file may be opened, yet {opened[:3]}"


def test_a_zip_of_many_students_is_listed_without_inflating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(5_000):
            archive.writestr(f"student{number}_{number}_{number}_smooth_ap.py", b"")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a member was opened")

    monkeypatch.setattr(zipfile.ZipFile, "open", refuse)
    assert len(list_entries(path).entries) == 5_000, "every student has an entry"
    # The table of contents is what is read, once.
    first = bulk.bulk_at(path)
    assert bulk.bulk_at(path) is first, "another entry of the same zip reads no table again"


def test_a_zip_that_changed_is_read_again(tmp_path: Path) -> None:
    path = as_zip(moodle(CLASS[:2]), tmp_path / "x")
    assert len(list_entries(path).entries) == 2, "two at first"
    shutil.copy(as_zip(moodle(CLASS), tmp_path / "y"), path)
    assert len(list_entries(path).entries) == len(CLASS), "then all"


def test_moodle_flat_is_not_taken_for_canvas(tmp_path: Path) -> None:
    listing = list_entries(as_folder(moodle_flat(CLASS), tmp_path / "x"))
    assert listing.layout == "moodle", f"by its own words: {listing.why}"
