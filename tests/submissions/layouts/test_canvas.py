"""Canvas's names, files that were uploaded once more, and late marks."""

from pathlib import Path

import pytest

from autograder.submissions.submission import HandedIn
from tests.submissions.layouts.building import Container, as_folder, as_zip, packed
from tests.submissions.layouts.reading import read_all, source, told

both = pytest.mark.parametrize("contain", [as_folder, as_zip])


@both
@pytest.mark.parametrize(
    ("file", "student", "handed_in"),
    [
        (
            "novákovážofie_123_456_smooth_ap.py",
            "novákovážofie",
            HandedIn(late=False, id="123", name="novákovážofie", platform="canvas"),
        ),
        (
            "novákovážofie_LATE_123_456_smooth_ap.py",
            "novákovážofie",
            HandedIn(late=True, id="123", name="novákovážofie", platform="canvas"),
        ),
        (
            "dela_cruz_9ann_123_456_smooth_ap.py",
            "dela_cruz_9ann",
            HandedIn(late=False, id="123", name="dela_cruz_9ann", platform="canvas"),
        ),
        ("anon_aB3x9_456_smooth_ap.py", "anon_aB3x9", HandedIn(late=False, id="anon_aB3x9", platform="canvas")),
        ("LATE_anon_aB3x9_456_smooth_ap.py", "anon_aB3x9", HandedIn(late=True, id="anon_aB3x9", platform="canvas")),
        (
            "latelate_123_456_smooth_ap.py",
            "latelate",
            HandedIn(late=False, id="123", name="latelate", platform="canvas"),
        ),
        (
            "الأحمدمحمد_123_456_smooth_ap.py",
            "الأحمدمحمد",
            HandedIn(late=False, id="123", name="الأحمدمحمد", platform="canvas"),
        ),
        ("_123_456_smooth_ap.py", "123", HandedIn(late=False, id="123", platform="canvas")),
    ],
)
def test_name_number_and_lateness_are_kept(
    file: str, student: str, handed_in: HandedIn, contain: Container, tmp_path: Path
) -> None:
    listing, read = read_all(contain({file: b"1"}, tmp_path / "x"), "canvas")
    assert listing.students == (student,), f"who it is: {listing.students}"
    assert read[student].handed_in == handed_in, f"as Canvas says it: {read[student].handed_in}"
    assert source(read[student]) == b"1", "the module is found under its own name"


@both
def test_a_file_name_with_numbers_is_not_misread(contain: Container, tmp_path: Path) -> None:
    files = {"annlee_1_10_bertoak_2_20_smooth_ap.py": b"Ann's", "bertoak_2_20_smooth_ap.py": b"Bert's"}
    listing, read = read_all(contain(files, tmp_path / "x"))
    assert listing.students == ("annlee", "bertoak"), f"two students: {listing.students}"
    assert source(read["bertoak"]) == b"Bert's", "a student cannot hand in for another"


@both
@pytest.mark.parametrize(
    ("first", "again", "own"),
    [
        ("smooth_ap.py", "smooth_ap-1.py", "smooth_ap.py"),
        ("smooth_ap-1.py", "smooth_ap-2.py", "smooth_ap.py"),
        ("smooth_ap-9.py", "smooth_ap-10.py", "smooth_ap.py"),
        ("smooth_ap.ipynb", "smooth_ap-1.ipynb", "smooth_ap.ipynb"),
    ],
)
def test_of_several_uploads_the_latest_is_taken_and_the_others_are_named(
    first: str, again: str, own: str, contain: Container, tmp_path: Path
) -> None:
    files = {f"leeann_1_999_{first}": b"old", f"leeann_1_1000_{again}": b"new", "leeann_1_998_kl_normal.py": b"k"}
    listing, read = read_all(contain(files, tmp_path / "x"))
    (entry,) = listing.entries
    pieces = {piece.target: piece.source.rpartition("/")[2] for piece in entry.pieces}
    assert pieces[own] == f"leeann_1_1000_{again}", f"the higher number is the later: {pieces}"
    for name in (first, again):
        assert name in told(read["leeann"]), f"{name} must be named: {told(read['leeann'])}"
    if own.endswith(".py"):
        assert source(read["leeann"]) == b"new", "and it is graded"


@both
def test_helpers_that_were_uploaded_once_more_can_be_imported(contain: Container, tmp_path: Path) -> None:
    files = {"leeann_1_9_smooth_ap-2.py": b"1", "leeann_1_8_mathtools-2.py": b"2", "leeann_1_7_answers-2.md": b"4a"}
    _, read = read_all(contain(files, tmp_path / "x"))
    work = read["leeann"].works["a4_smooth_ap"]
    assert dict(work.files) == {"smooth_ap.py": b"1", "mathtools.py": b"2"}, f"under their own names: {work.files}"
    assert work.answers == "4a", "the answers too"
    assert not read["leeann"].notes, f"Canvas always does so; nobody need look: {read['leeann'].notes}"


@both
def test_two_numbered_notebooks_are_both_kept(contain: Container, tmp_path: Path) -> None:
    listing, _ = read_all(contain({"leeann_1_8_hw-1.ipynb": b"{}", "leeann_1_9_hw-2.ipynb": b"{}"}, tmp_path / "x"))
    (entry,) = listing.entries
    assert len(entry.pieces) == 2, f"neither is lost: {entry.pieces}"


@both
def test_a_zip_that_was_uploaded_is_opened(contain: Container, tmp_path: Path) -> None:
    inner = packed({"week6/smooth_ap.py": b"1"})
    _, read = read_all(contain({"leeann_LATE_1_9_my work-3.zip": inner}, tmp_path / "x"))
    assert source(read["leeann"]) == b"1", "as `autograder pack` makes one"
    assert read["leeann"].works["a4_smooth_ap"].path == "my work.zip/week6/smooth_ap.py", "under the student's own name"


@both
def test_a_damaged_zip_costs_only_itself(contain: Container, tmp_path: Path) -> None:
    files = {
        "leeann_1_9_work.zip": b"PK\x03\x04 cut",
        "leeann_1_8_kl_normal.py": b"1",
        "oakbert_2_7_smooth_ap.py": b"1",
    }
    _, read = read_all(contain(files, tmp_path / "x"))
    assert source(read["leeann"], "a3_kl_normal") == b"1", "the rest is graded"
    assert "work.zip cannot be read as a zip" in told(read["leeann"]), f"and it is said: {told(read['leeann'])}"
    assert not read["oakbert"].notes, "to nobody else"


@both
def test_entries_typed_on_canvas_are_pointed_out(contain: Container, tmp_path: Path) -> None:
    listing, read = read_all(contain({"leeann_1_text.html": b"4a", "oakbert_LATE_2_link.html": b""}, tmp_path / "x"))
    assert listing.layout == "canvas" and listing.students == ("leeann", "oakbert"), f"both: {listing.why}"
    for student in listing.students:
        assert "a person must read it" in told(read[student]), f"{student}: {told(read[student])}"
    assert read["oakbert"].handed_in == HandedIn(late=True, id="2", name="oakbert", platform="canvas"), (
        f"late: {read['oakbert'].handed_in}"
    )


@both
def test_namesakes_have_a_record_each(contain: Container, tmp_path: Path) -> None:
    files = {"leeann_1_8_smooth_ap.py": b"1", "leeann_2_9_smooth_ap.py": b"2"}
    _, read = read_all(contain(files, tmp_path / "x"))
    assert {student: source(one) for student, one in read.items()} == {"leeann (1)": b"1", "leeann (2)": b"2"}, (
        f"{read}"
    )


@both
def test_late_is_as_the_newest_file_says(contain: Container, tmp_path: Path) -> None:
    files = {"leeann_1_8_smooth_ap.py": b"1", "leeann_LATE_1_9_smooth_ap-1.py": b"2"}
    _, read = read_all(contain(files, tmp_path / "x"))
    handed_in = read["leeann"].handed_in
    assert handed_in is not None and handed_in.late, f"what is graded was late: {handed_in}"
    assert source(read["leeann"]) == b"2", "and it is the later"
