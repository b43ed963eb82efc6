"""Whatever a student hands in becomes a submission with clear words on what is wrong; nothing raises."""

import os
import stat
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.submissions import Entry, Submission, SubmissionsError, list_entries, read_submission, safe_name
from autograder.submissions.tree import MOST_BYTES_OF_A_FILE, MOST_DEPTH, MOST_FILES_READ, MOST_FILES_SEEN

MODULES = {"a4_smooth_ap": "smooth_ap", "a2_kl_factorized": "kl_factorized"}
SOURCE = b"def f(): return 1\n"


def read(path: Path) -> Submission:
    return read_submission(Entry("anna", path), MODULES)


def folder(tmp_path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = tmp_path / "anna" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "anna").mkdir(exist_ok=True)
    return tmp_path / "anna"


def zipped(tmp_path: Path, files: dict[str, bytes]) -> Path:
    path = tmp_path / "anna.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


both = pytest.mark.parametrize("make", [folder, zipped])
Make = Callable[[Path, dict[str, bytes]], Path]


@both
@pytest.mark.parametrize("where", ["", "a4_smooth_ap/", "submission/week 6/a4/", "Ünïcode/"])
def test_the_module_is_found_wherever_it_lies(tmp_path: Path, make: Make, where: str) -> None:
    got = read(
        make(tmp_path, {f"{where}smooth_ap.py": SOURCE, f"{where}helper.py": b"x = 1", f"{where}answers.md": b"4a"})
    )
    work = got.works["a4_smooth_ap"]
    assert work.path == f"{where}smooth_ap.py", f"the student's own path must be kept: {work.path}"
    assert dict(work.files) == {"smooth_ap.py": SOURCE, "helper.py": b"x = 1"}, f"helpers come along: {work.files}"
    assert work.answers == "4a", f"the written answers come along: {work.answers}"
    assert got.problems["a2_kl_factorized"].startswith("There is no file kl_factorized.py"), f"{got.problems}"


@both
def test_of_two_modules_the_one_in_its_own_folder_is_taken_and_both_are_named(tmp_path: Path, make: Make) -> None:
    got = read(
        make(tmp_path, {"smooth_ap.py": b"top", "old/a4_smooth_ap/smooth_ap.py": b"own", "x/smooth_ap.py": b"x"})
    )
    assert got.works["a4_smooth_ap"].files["smooth_ap.py"] == b"own", "the folder of the assignment's name comes first"
    (note,) = got.notes
    for name in ("old/a4_smooth_ap/smooth_ap.py was graded", "not smooth_ap.py", "x/smooth_ap.py"):
        assert name in note, f"{name!r} must be told: {note}"


@both
def test_what_is_missing_is_said_and_a_near_name_suggested(tmp_path: Path, make: Make) -> None:
    got = read(make(tmp_path, {"smoothap.py": SOURCE}))
    assert "smoothap.py: was it meant?" in got.problems["a4_smooth_ap"], f"{got.problems}"
    assert got.works == {}, "a file of another name is not graded in its place"


@both
@pytest.mark.parametrize(
    ("files", "told"), [({}, "Nothing was handed in"), ({"notes.txt": b""}, "no other Python file")]
)
def test_an_empty_submission_says_so(tmp_path: Path, make: Make, files: dict[str, bytes], told: str) -> None:
    problem = read(make(tmp_path, files)).problems["a4_smooth_ap"]
    assert told in problem, f"{told!r} must be told: {problem}"


@both
def test_a_file_of_fifty_megabytes_is_not_read_and_the_rest_is(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path, {"smooth_ap.py": b"#" * (50 << 20), "kl_factorized.py": SOURCE})
    tracemalloc.start()
    got = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "larger than 1 MB" in got.problems["a4_smooth_ap"], f"file and limit must be named: {got.problems}"
    assert "a2_kl_factorized" in got.works, "the other module is graded"
    assert peak < 4 * MOST_BYTES_OF_A_FILE, f"a large file must cost little memory: {peak:,} bytes"


@both
def test_a_source_that_is_not_utf8_comes_through_as_bytes(tmp_path: Path, make: Make) -> None:
    source = "# Größe\n".encode("latin-1")
    got = read(make(tmp_path, {"smooth_ap.py": source}))
    assert got.works["a4_smooth_ap"].files["smooth_ap.py"] == source, "Python's own rules decide later"


@both
def test_too_many_and_too_deep_files_are_left_out_with_a_note(tmp_path: Path, make: Make) -> None:
    deep = "d/" * (MOST_DEPTH + 2) + "smooth_ap.py"
    files = {f"many/{i:04}.py": b"" for i in range(MOST_FILES_READ + 5)}
    got = read(make(tmp_path, {"a/smooth_ap.py": SOURCE, deep: SOURCE, **files}))
    assert "a4_smooth_ap" in got.works, "what is within the limits is graded"
    assert any("deeper" in note for note in got.notes), f"depth must be told: {got.notes}"
    assert any(f"more than {MOST_FILES_READ} " in note for note in got.notes), f"the count must be told: {got.notes}"


def test_a_zip_of_very_many_files_is_bounded(tmp_path: Path) -> None:
    got = read(zipped(tmp_path, {f"{i}.txt": b"" for i in range(MOST_FILES_SEEN + 2)}))
    assert any("the rest was not looked at" in note for note in got.notes), f"{got.notes}"


def test_links_and_devices_are_neither_followed_nor_opened(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("secret = 1")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "kl_factorized.py").write_text("secret = 2")
    anna = folder(tmp_path, {})
    (anna / "smooth_ap.py").symlink_to(tmp_path / "secret.py")
    (anna / "dir").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(anna / "pipe.py")
    got = read(anna)
    assert got.works == {}, f"nothing may be read through a link: {got.works}"
    for told in ("smooth_ap.py is a link", "dir is a link", "pipe.py is not a regular file"):
        assert any(told in note for note in got.notes), f"{told!r} must be told: {got.notes}"


def test_a_submission_that_is_itself_a_link_gets_a_record_that_says_so(tmp_path: Path) -> None:
    real = folder(tmp_path, {"smooth_ap.py": SOURCE})
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "bert").symlink_to(real)
    (tmp_path / "class" / "cem.zip").symlink_to(zipped(tmp_path, {"smooth_ap.py": SOURCE}))
    for entry in list_entries(tmp_path / "class").entries:
        got = read_submission(entry, MODULES)
        assert not got.works, f"{entry.student}: a link is not followed"
        assert "links are not followed" in got.problems["a4_smooth_ap"], f"{got.problems}"


@pytest.mark.parametrize(
    "name", ["../smooth_ap.py", "/smooth_ap.py", "a/../../smooth_ap.py", "..\\smooth_ap.py", "C:\\smooth_ap.py"]
)
def test_paths_that_climb_out_of_a_zip_are_refused(tmp_path: Path, name: str) -> None:
    got = read(zipped(tmp_path, {name: SOURCE, "kl_factorized.py": SOURCE}))
    assert list(got.works) == ["a2_kl_factorized"], f"only the honest file is graded: {list(got.works)}"
    assert any("leads out of the zip" in note for note in got.notes), f"the path must be told: {got.notes}"


def test_links_twins_and_encrypted_members_of_a_zip_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "anna.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("smooth_ap.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("kl_factorized.py", b"first")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("kl_factorized.py", b"second")
    got = read(path)
    assert got.works["a2_kl_factorized"].files["kl_factorized.py"] == b"first", "the first of two is taken"
    for told in ("smooth_ap.py is a link", "kl_factorized.py is in the zip twice"):
        assert any(told in note for note in got.notes), f"{told!r} must be told: {got.notes}"
    data = bytearray(zipped(tmp_path, {"smooth_ap.py": SOURCE}).read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(data)
    assert any("encrypted" in note for note in read(path).notes), "an encrypted file cannot be read"


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04" + bytes(100), b"PK\x05\x06" + bytes(17)])
def test_a_zip_that_cannot_be_read_gives_every_assignment_a_problem(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "anna.zip"
    path.write_bytes(data)
    got = read(path)
    assert set(got.problems) == set(MODULES), f"each assignment has a problem: {got.problems}"
    assert "anna.zip is not a zip" in got.problems["a4_smooth_ap"], f"the file must be named: {got.problems}"


@given(st.binary(max_size=400), st.integers(0, 400), st.integers(0, 255))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_zips_never_raise(tmp_path: Path, junk: bytes, at: int, byte: int) -> None:
    data = bytearray(zipped(tmp_path, {"a/smooth_ap.py": SOURCE * 20, "kl_factorized.py": junk}).read_bytes())
    data[at % len(data)] = byte
    path = tmp_path / "damaged.zip"
    path.write_bytes(bytes(data) + junk[:50])
    assert isinstance(read(path), Submission), "damage is told, not raised"


def test_the_listing_takes_folders_and_zips_and_notes_the_rest(tmp_path: Path) -> None:
    for name in ("anna", "-dora", "=cmd", "çelik ö", ".git", "__MACOSX"):
        (tmp_path / name).mkdir()
    (tmp_path / os.fsdecode(b"bad\xff")).mkdir()
    (tmp_path / "right\u202eleft").mkdir()
    for name in ("anna.zip", "bert.zip", "Emil.ZIP", ".hidden.zip", "readme.txt"):
        (tmp_path / name).write_bytes(b"")
    listing = list_entries(tmp_path)
    students = [entry.student for entry in listing.entries]
    assert students == sorted(["anna", "-dora", "=cmd", "çelik ö", "bert", "Emil", "bad\\udcff", "right\\u202eleft"])
    anna = next(entry for entry in listing.entries if entry.student == "anna")
    assert anna.path.name == "anna", "the folder comes before the zip of its name"
    assert anna.others == ("anna.zip",), f"the other is named: {anna.others}"
    assert any("anna.zip" in note for note in read_submission(anna, MODULES).notes), "and noted on the record"
    assert listing.notes == ("readme.txt is neither a folder nor a zip; it was ignored.",), f"{listing.notes}"


def test_nothing_to_grade_is_an_error_that_names_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    for name in ("nowhere", "file", "empty"):
        with pytest.raises(SubmissionsError, match=name):
            list_entries(tmp_path / name)


@given(st.lists(st.text(max_size=120), min_size=2, max_size=2, unique=True))
@settings(max_examples=500, deadline=None)
def test_safe_names_are_distinct_and_safe(names: list[str]) -> None:
    first, second = map(safe_name, names)
    assert first != second, f"{names} must not share a file"
    for name in (first, second):
        assert name == safe_name(names[name == second]), "the same student has the same file"
        assert 0 < len(os.fsencode(name)) <= 200, f"{name!r} is too long"
        assert name[0] not in ".-" and name[-1] not in ". ", f"{name!r} is not safe everywhere"
        assert not set(name) & set('/\\:*?"<>|\0\n'), f"{name!r} is not safe everywhere"


@pytest.mark.parametrize("name", ["con", "NUL", "com1.zip", "..", "a" * 500, "é" * 300, "/etc/passwd", ""])
def test_awkward_names_are_made_safe(name: str) -> None:
    safe = safe_name(name)
    assert safe.split(".")[0].upper() not in {"CON", "NUL", "COM1"}, f"{safe!r} is kept by Windows for itself"
    assert "/" not in safe and safe not in (".", "..", ""), f"{safe!r} is no file name"
