"""Zips: whatever bytes they are made of, they cost little memory, lead nowhere, and never raise."""

import stat
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.submissions import intake_limits as limits
from tests.submissions.making import MODULES, SOURCE, bomb, claiming, flagged, read, told, zipped


def member(path: Path, name: str, data: bytes, mode: int = 0) -> Path:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, data)
    return path


@pytest.fixture
def anna(tmp_path: Path) -> Path:
    return member(tmp_path / "anna.zip", "kl_normal.py", SOURCE)


def assert_refused(path: Path, word: str) -> None:
    submission = read(path)
    assert list(submission.works) == ["a3_kl_normal"], f"the rest is graded: {told(submission)}"
    assert word in told(submission), f"{word!r} must be said: {told(submission)}"
    assert any("smooth_ap.py" in note for note in submission.notes), f"the file is named: {submission.notes}"


@pytest.mark.parametrize(
    ("mode", "word"), [(stat.S_IFLNK, "symbolic link"), (stat.S_IFIFO, "pipe"), (stat.S_IFCHR, "device")]
)
def test_links_and_devices_are_refused(anna: Path, mode: int, word: str) -> None:
    assert_refused(member(anna, "smooth_ap.py", b"/etc/passwd", mode | 0o777), word)


@pytest.mark.parametrize(
    "name",
    ["../smooth_ap.py", "/a4/smooth_ap.py", "a/../../smooth_ap.py", "..\\..\\smooth_ap.py", "\\smooth_ap.py",
     "C:\\smooth_ap.py", "c:smooth_ap.py", "a/../smooth_ap.py"],
)  # fmt: skip
def test_paths_that_lead_out_are_refused(anna: Path, name: str) -> None:
    assert_refused(member(anna, name, SOURCE), "leads out of the submission")


def test_backslashes_that_stay_inside_part_folders(anna: Path) -> None:
    work = read(member(anna, "a4_smooth_ap\\smooth_ap.py", SOURCE)).works["a4_smooth_ap"]
    assert work.path == "a4_smooth_ap/smooth_ap.py", f"some Windows tools write so: {work.path}"


def test_names_in_utf8_that_does_not_say_so_are_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "anna", {"XXbung/smooth_ap.py": SOURCE})
    path.write_bytes(path.read_bytes().replace(b"XXbung", "Übung".encode()))
    assert read(path).works["a4_smooth_ap"].path == "Übung/smooth_ap.py", "macOS writes so"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_duplicates_the_last_is_taken(anna: Path) -> None:
    member(member(anna, "smooth_ap.py", b"first"), "./smooth_ap.py", b"last")
    submission = read(anna)
    assert submission.works["a4_smooth_ap"].files["smooth_ap.py"] == b"last", "as unpacking would"
    assert "smooth_ap.py is in the zip more than once" in told(submission), f"noted: {submission.notes}"


@pytest.mark.parametrize(
    ("flag", "method", "word"),
    [(1, None, "password"), (0, zipfile.ZIP_BZIP2, "not supported"), (0, zipfile.ZIP_LZMA, "not supported"),
     (0, 99, "not supported"), (1, 99, "password"), (0x20, None, "damaged")],
)  # fmt: skip
def test_members_that_cannot_be_read_are_problems(tmp_path: Path, flag: int, method: int | None, word: str) -> None:
    path = flagged(zipped(tmp_path / "anna", {"smooth_ap.py": SOURCE}), flag=flag, method=method)
    problem = read(path).problems["a4_smooth_ap"]
    assert problem.startswith("No file named smooth_ap.py could be read: smooth_ap.py is"), f"the file: {problem}"
    assert word in problem, f"{word!r} must be said: {problem}"


def test_a_damaged_member_costs_only_itself(anna: Path) -> None:
    member(anna, "smooth_ap.py", b"# here\n")
    anna.write_bytes(anna.read_bytes().replace(b"# here", b"# hare"))
    assert_refused(anna, "damaged")


def test_a_very_long_path_is_refused(anna: Path) -> None:
    assert_refused(member(anna, "x" * 5000 + "/smooth_ap.py", SOURCE), "4,096 characters")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "is empty (0 bytes)"),
        (b"Rar!\x1a\x07\x00" + b"x" * 100, "RAR"),
        (b"7z\xbc\xaf\x27\x1c" + b"x" * 100, "7z"),
        (b"\x1f\x8b" + b"x" * 100, "gzip"),
        (b"<html>Please log in</html>", "something else"),
        (b"PK\x03\x04" + b"x" * 100, "its end is missing"),
    ],
)
def test_what_is_no_zip_is_a_problem_of_every_assignment(tmp_path: Path, data: bytes, word: str) -> None:
    (tmp_path / "anna.zip").write_bytes(data)
    submission = read(tmp_path / "anna.zip")
    assert set(submission.problems) == set(MODULES), f"every assignment: {submission.problems}"
    assert all(word in text and "anna.zip" in text for text in submission.problems.values()), f"{submission.problems}"
    assert len(submission.notes) == 1, f"one note: {submission.notes}"


def test_a_zip_that_was_cut_off_is_a_problem(tmp_path: Path) -> None:
    path = zipped(tmp_path / "anna", {"smooth_ap.py": SOURCE * 100})
    path.write_bytes(path.read_bytes()[:-30])
    assert "its end is missing" in read(path).problems["a4_smooth_ap"], "the upload broke off"


def peak_kilobytes(path: Path) -> tuple[int, str]:
    """How much reading a zip adds to the peak memory of a fresh process, and what was told."""
    code = (
        "import resource, sys\nfrom pathlib import Path\nfrom tests.submissions.making import read, told\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak()\ntext = told(read(Path(sys.argv[1])))\nprint(peak() - before)\nprint(text)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    number, _, text = run.stdout.partition("\n")
    unit = 1024 if sys.platform == "darwin" else 1
    return int(number) // unit, text


@pytest.mark.parametrize(("claimed", "word"), [(None, "1,073,741,824 bytes"), (1000, "damaged")])
def test_a_bomb_costs_no_memory(tmp_path: Path, claimed: int | None, word: str) -> None:
    (tmp_path / "anna.zip").write_bytes(claiming(bomb(), claimed))
    grown, text = peak_kilobytes(tmp_path / "anna.zip")
    assert word in text, f"{word!r} must be said: {text}"
    assert grown < 20_000, f"a limit of 1 MB, and yet {grown:,} kB"


@pytest.mark.slow
def test_a_bomb_of_another_method_is_not_inflated(tmp_path: Path) -> None:
    path = tmp_path / "anna.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive, archive.open("smooth_ap.py", "w") as file:
        for _ in range(16):
            file.write(bytes(1 << 24))
    path.write_bytes(claiming(path.read_bytes(), 1000))
    grown, text = peak_kilobytes(path)
    assert "not supported" in text and grown < 20_000, f"{grown:,} kB; {text}"


def test_a_large_table_of_contents_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "anna.zip"
    entry = b"PK\x01\x02" + bytes(42)
    table = entry * (limits.ZIP_DIRECTORY_BYTES // len(entry) + 1)
    path.write_bytes(table + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, len(table), 0, 0))
    grown, text = peak_kilobytes(path)
    assert "table of contents of more than 6,000,000 bytes" in text, f"the limit is named: {text}"
    assert grown < 40_000, f"{grown:,} kB for a table that is refused"


def test_reading_leaves_no_file_behind(tmp_path: Path) -> None:
    path = zipped(tmp_path / "anna", {"smooth_ap.py": SOURCE})
    before = sorted(tmp_path.rglob("*"))
    read(path)
    assert sorted(tmp_path.rglob("*")) == before, "nothing is extracted"


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    files = {"a4/smooth_ap.py": SOURCE * 20, "kl_normal.py": SOURCE, "a4/answers.md": b"x"}
    return zipped(tmp_path_factory.mktemp("valid") / "anna", files).read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=400))
@example(b"PK\x05\x06" + bytes(18))
def test_arbitrary_bytes_never_raise(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "anna.zip").write_bytes(data)
    read(tmp_path / "anna.zip")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6), st.integers(0, 10_000))
def test_damaged_zips_never_raise(tmp_path: Path, valid: bytes, changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(valid)
    for at, byte in changes:
        data[at % len(data)] = byte
    (tmp_path / "anna.zip").write_bytes(data[: len(data) - cut] if cut < len(data) // 4 else data)
    submission = read(tmp_path / "anna.zip")
    assert told(submission).isprintable() or "\n" in told(submission), (
        f"what is said can be shown: {told(submission)!r}"
    )
