"""The zip of a class: what one student's part of it holds concerns that student's record alone."""

import os
import stat
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.errors import SubmissionsError
from autograder.submissions import intake_limits as limits
from autograder.submissions import list_entries, read_submission
from tests.submissions.layouts.building import as_zip, canvas, moodle, packed, the_class
from tests.submissions.layouts.reading import MODULES, read, read_all, source, told
from tests.submissions.making import bomb, claiming, flagged

ANNA, BERT = "Anna_11_assignsubmission_file", "Bert_12_assignsubmission_file"
SOURCE = b"def smooth_ap(d_pos, d_neg, tau):\n    return 1.0\n"


def a_class(path: Path, members: Mapping[str, bytes], modes: Mapping[str, int] | None = None) -> Path:
    """A zip with Bert's right work, and what is asked for; names are written as they are."""
    target = path / "class.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {f"{BERT}/smooth_ap.py": SOURCE, **members}.items():
            info = zipfile.ZipInfo("x")
            info.filename = name
            info.external_attr = (modes or {}).get(name, 0) << 16
            archive.writestr(info, data)
    return target


def only_annas(path: Path, word: str) -> None:
    """Anna's record tells of it, and Bert's of nothing."""
    _, found = read_all(path)
    assert word in told(found["Anna"]), f"{word!r} must be said: {told(found['Anna'])}"
    assert "a4_smooth_ap" not in found["Anna"].works, f"and not graded: {found['Anna'].works}"
    assert source(found["Bert"]) == SOURCE and not found["Bert"].notes, f"nobody else's: {found['Bert']}"


@pytest.mark.parametrize(
    "name", ["../smooth_ap.py", f"../{BERT}/smooth_ap.py", "a/../../../../smooth_ap.py", "..\\..\\smooth_ap.py"]
)
def test_climbing_paths_are_refused(name: str, tmp_path: Path) -> None:
    only_annas(a_class(tmp_path, {f"{ANNA}/{name}": b"evil"}), "leads out of the submission")


@pytest.mark.parametrize("name", ["/etc/passwd", "../../etc/passwd", "C:\\evil.py", "..\\x.py", "\\\\host\\x.py"])
def test_paths_that_lead_out_at_once_are_noted_for_the_class(name: str, tmp_path: Path) -> None:
    path = a_class(tmp_path, {f"{ANNA}/smooth_ap.py": SOURCE, name: b"evil"})
    listing, found = read_all(path)
    assert listing.students == ("Anna", "Bert"), f"it is nobody's: {listing.students}"
    assert any("leads out of the zip" in note for note in listing.notes), f"but named: {listing.notes}"
    assert not any(submission.notes for submission in found.values()), "and no student's fault"


@pytest.mark.parametrize(
    ("mode", "word"), [(stat.S_IFLNK, "symbolic link"), (stat.S_IFIFO, "pipe"), (stat.S_IFCHR, "device")]
)
def test_links_and_devices_are_refused(mode: int, word: str, tmp_path: Path) -> None:
    name = f"{ANNA}/smooth_ap.py"
    only_annas(a_class(tmp_path, {name: b"/etc/passwd"}, {name: mode | 0o777}), word)
    flat = "Anna_11_assignsubmission_file_smooth_ap.py"
    only_annas(a_class(tmp_path, {flat: b"/etc/passwd"}, {flat: mode | 0o777}), word)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_duplicates_the_last_is_taken(tmp_path: Path) -> None:
    path = a_class(tmp_path, {f"{ANNA}/smooth_ap.py": b"first"})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"{ANNA}//./smooth_ap.py", b"last")
    _, found = read_all(path)
    assert source(found["Anna"]) == b"last" and "more than once" in told(found["Anna"]), f"{told(found['Anna'])}"


def test_case_clashes_are_told(tmp_path: Path) -> None:
    _, found = read_all(a_class(tmp_path, {f"{ANNA}/smooth_ap.py": b"1", f"{ANNA}/Smooth_AP.py": b"2"}))
    assert source(found["Anna"]) == b"1", "the right name"
    assert "Smooth_AP.py was not" in told(found["Anna"]), f"the other is named: {told(found['Anna'])}"


def test_passwords_and_other_methods_are_told(tmp_path: Path) -> None:
    for change in ({"flag": 1}, {"method": zipfile.ZIP_LZMA}):
        path = flagged(a_class(tmp_path, {f"{ANNA}/smooth_ap.py": b"1"}), **change)
        _, found = read_all(path)
        assert all(not submission.works for submission in found.values()), "nothing is guessed"
        assert "password" in told(found["Anna"]) or "not supported" in told(found["Anna"]), f"{told(found['Anna'])}"


def test_a_damaged_member_costs_only_itself(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr(f"{BERT}/smooth_ap.py", SOURCE)
        archive.writestr(f"{ANNA}/smooth_ap.py", b"# here")
    path = tmp_path / "class.zip"
    path.write_bytes(path.read_bytes().replace(b"# here", b"# hare"))
    only_annas(path, "damaged")


def test_thousands_of_files_concern_one_student(tmp_path: Path) -> None:
    many = {f"{ANNA}/data/{number}.csv": b"" for number in range(limits.FILES + 1)}
    _, found = read_all(a_class(tmp_path, {f"{ANNA}/smooth_ap.py": SOURCE, **many}))
    assert source(found["Anna"]) == SOURCE and "More than 10,000 files" in told(found["Anna"]), "graded, and told"
    assert not found["Bert"].notes, f"nobody else: {found['Bert'].notes}"


def test_names_in_other_encodings_have_a_record(tmp_path: Path) -> None:
    path = a_class(tmp_path, {"Zoe_13_assignsubmission_file/smooth_ap.py": SOURCE})
    path.write_bytes(path.read_bytes().replace(b"Zoe_13", b"Zo\x89_13"))
    listing, found = read_all(path)
    student = next(student for student in listing.students if student.startswith("Zo"))
    student.encode()
    assert source(found[student]) == SOURCE, f"graded under a name that can be written: {student!r}"


def test_only_so_many_inner_zips_are_opened(tmp_path: Path) -> None:
    inner = packed({"x.py": b""})
    many = {f"{ANNA}/{number:02}.zip": inner for number in range(limits.INNER_ARCHIVES + 1)}
    _, found = read_all(a_class(tmp_path, many))
    assert f"more than {limits.INNER_ARCHIVES} archives" in told(found["Anna"]), f"told: {told(found['Anna'])}"


def test_an_inner_zip_is_held_in_memory_only_up_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.submissions.unpacked.INNER_ARCHIVE_BYTES", 500)
    work, large = packed({"smooth_ap.py": SOURCE}), packed({"data": os.urandom(1_000), "smooth_ap.py": b"2"})
    _, found = read_all(a_class(tmp_path, {f"{ANNA}/a.zip": work, f"{ANNA}/b.zip": large}))
    assert source(found["Anna"]) == SOURCE, "the small one is graded"
    assert "b.zip has" in told(found["Anna"]) and "hand in a smaller file" in told(found["Anna"]), (
        f"{told(found['Anna'])}"
    )


@pytest.mark.parametrize("claimed", [None, pytest.param(1000, marks=pytest.mark.slow)])
def test_bombs_cost_no_memory(claimed: int | None, tmp_path: Path) -> None:
    path = a_class(tmp_path, {f"{ANNA}/work.zip": claiming(bomb(), claimed)})
    code = (
        "import resource, sys\nfrom pathlib import Path\nfrom tests.submissions.layouts.reading import read_all, told\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\nbefore = peak()\n"
        "_, found = read_all(Path(sys.argv[1]))\nprint(peak() - before)\nprint(told(found['Anna']))"
    )
    run = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    grown, _, text = run.stdout.partition("\n")
    assert ("1,073,741,824 bytes" if claimed is None else "damaged") in text, f"told: {text}"
    assert int(grown) < 60_000, f"the zip itself has 5 MB, and yet {int(grown):,} kB"


def peak(path: Path) -> tuple[int, str]:
    """The bytes held at once while a class is read, and what Anna is told."""
    tracemalloc.start()
    _, found = read_all(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most, told(found["Anna"])


def test_paths_of_very_many_parts_cost_no_memory(tmp_path: Path) -> None:
    usual, _ = peak(a_class(tmp_path, {f"{ANNA}/a/smooth_ap.py": SOURCE}))
    grown, text = peak(a_class(tmp_path, {f"{ANNA}/" + "a/" * 30_000 + "smooth_ap.py": SOURCE}))
    assert "characters and was not read" in text, f"told: {text[:300]}"
    assert grown - usual < 20_000_000, f"one path of 60,000 characters, and yet {grown - usual:,} bytes"


def test_a_table_of_contents_may_be_as_large_as_a_class(tmp_path: Path) -> None:
    path = tmp_path / "class.zip"
    entry = b"PK\x01\x02" + bytes(42)
    table = entry * (limits.BULK_DIRECTORY_BYTES // len(entry) + 1)
    path.write_bytes(table + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, len(table), 0, 0))
    with pytest.raises(SubmissionsError, match="table of contents of more than 32,000,000 bytes"):
        list_entries(path)


def test_a_zip_that_vanished_costs_no_more_than_records_that_say_so(tmp_path: Path) -> None:
    path = as_zip(moodle(the_class()), tmp_path / "x")
    entries = list_entries(path).entries
    path.unlink()
    for entry in entries:
        assert "was there when the submission was listed" in told(read(entry)), f"{entry.student}: {told(read(entry))}"


def test_processes_do_not_move_one_anothers_place(tmp_path: Path) -> None:
    members = {f"S{n}_{n}_assignsubmission_file/smooth_ap.py": str(n).encode() * 200_000 for n in range(1, 9)}
    entries = list_entries(a_class(tmp_path, members)).entries
    children = []
    for turn in range(4):
        child = os.fork()
        if child == 0:
            same = all(
                read_submission(entry, MODULES).works["a4_smooth_ap"].files["smooth_ap.py"]
                == members[f"{entry.pieces[0].source}/smooth_ap.py"]
                for entry in entries[turn:] * 3
                if entry.student != "Bert"
            )
            os._exit(0 if same else 1)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert codes == [0, 0, 0, 0], f"each must read what it asked for: {codes}"


def test_nothing_is_unpacked(tmp_path: Path) -> None:
    path = as_zip(moodle(the_class()), tmp_path / "x")
    before = sorted(tmp_path.rglob("*"))
    read_all(path)
    assert sorted(tmp_path.rglob("*")) == before, "no file is written"


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("valid")
    students = the_class()[:3]
    return [as_zip(files, folder / "x").read_bytes() for files in (moodle(students), canvas(students))]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.integers(0, 1), st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), max_size=8), st.booleans())
def test_damaged_zips_raise_nothing_else(
    tmp_path: Path, valid: list[bytes], which: int, changes: list[tuple[int, int]], at_end: bool
) -> None:
    data = bytearray(valid[which])
    for at, byte in changes:
        data[(-1 - at if at_end else at) % len(data)] = byte
    (tmp_path / "class.zip").write_bytes(data)
    text = what_is_said(tmp_path / "class.zip")
    text.encode()
    assert all(line.isprintable() for line in text.split("\n")), f"what is said can be shown: {text!r}"


def what_is_said(path: Path) -> str:
    """Of a class that can be listed, or why it cannot."""
    try:
        listing, found = read_all(path)
    except SubmissionsError as error:
        return str(error)
    return "\n".join([listing.why, *listing.notes, *listing.students, *map(told, found.values())])
