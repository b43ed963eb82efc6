"""Archives inside what a student handed in: opened wherever they lie, within limits, and told where they are not."""

import gzip
import io
import random
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder.submissions import Entry, unpacked
from autograder.submissions import intake_limits as limits
from autograder.submissions.tarred import TarTree, inflated
from autograder.submissions.tree import RefusedError
from tests.submissions.making import FUNCTIONS, asked, bulk, folder, pieced, read, told, written, zipped

Make = Callable[[Path, Mapping[str, bytes]], Path | Entry]
both = pytest.mark.parametrize("make", [folder, zipped, pieced, bulk])
NAME = "a4_smooth_ap"
WORK = written(*FUNCTIONS)
FILES = {"a4_smooth_ap/smooth_ap.py": WORK, "a4_smooth_ap/answers.md": b"Because."}


def in_zip(files: Mapping[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def in_tar(files: Mapping[str, bytes], mode: str = "w:gz", form: int = tarfile.GNU_FORMAT) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode, format=form) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    found: bytes = data.getvalue()
    return found


PACKED = {
    "a4_smooth_ap.zip": in_zip(FILES),
    "A4_SMOOTH_AP.ZIP": in_zip(FILES),
    "a4_smooth_ap (1).zip": in_zip(FILES),
    "hand in/week 6/a4_smooth_ap.zip": in_zip(FILES),
    "a/b/c/d/e/a4_smooth_ap.zip": in_zip(FILES),
    "homework.zip": in_zip(FILES),
    "a4.tar.gz": in_tar(FILES),
    "a4.tgz": in_tar(FILES),
    "a4.tar": in_tar(FILES, "w"),
    "half unpacked by a browser.tar.gz": in_tar(FILES, "w"),
    "a zip by name alone.zip": in_tar(FILES),
    "posix.tar.gz": in_tar(FILES, form=tarfile.PAX_FORMAT),
    "old.tar.gz": in_tar(FILES, form=tarfile.USTAR_FORMAT),
    "zips in a zip.zip": in_zip({"a4_smooth_ap.zip": in_zip(FILES)}),
    "a zip in a tar.tar.gz": in_tar({"a4_smooth_ap.zip": in_zip(FILES)}),
    "a tar in a zip.zip": in_zip({"a4.tar.gz": in_tar(FILES)}),
    "made on a mac.zip": in_zip({**FILES, "__MACOSX/a4_smooth_ap/._smooth_ap.py": b"\0"}),
    "made on a mac.tar.gz": in_tar({"a4_smooth_ap/._smooth_ap.py": b"\0", **FILES}),
}


@both
@pytest.mark.parametrize("name", PACKED)
def test_what_is_packed_is_graded_wherever_it_lies(tmp_path: Path, make: Make, name: str) -> None:
    submission = read(make(tmp_path / "anna", {name: PACKED[name]}), asked())
    assert NAME in submission.works, f"{name}: {told(submission)}"
    work = submission.works[NAME]
    assert work.files["smooth_ap.py"] == WORK and work.answers == "Because.", f"{name}: {work}"
    assert work.path.startswith(name), f"the record says where it lies: {work.path}"
    assert not submission.notes, f"{name}: there is nothing to say: {submission.notes}"


@both
def test_what_pack_made_of_each_assignment_is_graded(tmp_path: Path, make: Make) -> None:
    normal = in_zip({"a3_kl_normal/kl_normal.py": b"def kl_normal(x):\n    return 1\n"})
    submission = read(make(tmp_path / "anna", {"a3_kl_normal.zip": normal, "a4_smooth_ap.zip": in_zip(FILES)}), asked())
    assert set(submission.works) == {"a3_kl_normal", NAME} and not submission.notes, f"{told(submission)}"


def test_a_zip_beside_the_same_work_says_nothing_and_beside_other_work_asks(tmp_path: Path) -> None:
    same = read(folder(tmp_path / "a", {"smooth_ap.py": WORK, "a4_smooth_ap.zip": in_zip(FILES)}), asked())
    assert same.works[NAME].files["smooth_ap.py"] == WORK and not same.notes, f"one work, packed beside: {same.notes}"
    older = {"a4_smooth_ap.zip": in_zip({"a4_smooth_ap/smooth_ap.py": written("pair_loss", by="0")})}
    other = read(folder(tmp_path / "b", {"smooth_ap.py": WORK, **older}), asked())
    assert other.works[NAME].path == "smooth_ap.py", f"the fuller: {other.works[NAME].path}"
    assert "a4_smooth_ap.zip/a4_smooth_ap/smooth_ap.py" in other.receipts[NAME].question, f"{other.receipts[NAME]}"


def test_helpers_in_an_archive_are_not_those_of_the_work_beside_it(tmp_path: Path) -> None:
    files = {"smooth_ap.py": WORK, "old.zip": in_zip({"helper.py": b"x = 1"})}
    assert set(read(folder(tmp_path / "a", files), asked()).works[NAME].files) == {"smooth_ap.py"}, "not importable"


@both
@pytest.mark.parametrize("name", ["a4.7z", "a4.rar", "a4.tar.xz", "a4.tar.bz2", "smooth_ap.py.gz"])
def test_what_is_not_opened_is_told_with_what_to_do(tmp_path: Path, make: Make, name: str) -> None:
    submission = read(make(tmp_path / "anna", {name: b"7z\xbc\xaf\x27\x1c"}), asked())
    (note,) = submission.notes
    assert name in note and "unpack it, and hand in its files themselves or as a .zip" in note, f"{note}"
    assert f"only {name}" in submission.problems[NAME], f"and it is what is there: {submission.problems}"


@pytest.mark.parametrize("name", ["train-images.gz", "data.npz", "model.bin.bz2", "corpus.txt.xz"])
def test_packed_data_is_data(tmp_path: Path, name: str) -> None:
    submission = read(folder(tmp_path / "anna", {"smooth_ap.py": WORK, name: b"\x1f\x8b"}), asked())
    assert not submission.notes, f"{name} is no work: {submission.notes}"


DAMAGED = {
    "nothing.zip": b"",
    "damaged.zip": in_zip(FILES)[:-30],
    "locked.zip": in_zip(FILES)[:4] + b"\0" * 200,
    "nothing.tar.gz": b"",
    "cut.tar.gz": in_tar(FILES)[:60],
    "cut.tar": in_tar(FILES, "w")[:600],
    "no tar.tar.gz": gzip.compress(b"x" * 2_000),
    "no tar.tar": b"x" * 2_000,
    "web page.tar.gz": b"<!DOCTYPE html><html>",
}


@both
@pytest.mark.parametrize("name", DAMAGED)
def test_what_cannot_be_opened_is_told_and_costs_nothing_else(tmp_path: Path, make: Make, name: str) -> None:
    submission = read(make(tmp_path / "anna", {name: DAMAGED[name], "smooth_ap.py": WORK}), asked())
    assert submission.works[NAME].path == "smooth_ap.py", "the rest is graded"
    (note,) = submission.notes
    assert note.startswith(name) and "again" in note, f"which, and what to do: {note}"


def test_no_more_archives_are_opened_in_one_another_than_the_limit(tmp_path: Path) -> None:
    data = in_zip(FILES)
    for _ in range(limits.NESTED_ARCHIVES):
        data = in_zip({"inner.zip": data})
    submission = read(
        folder(tmp_path / "anna", {"outer.zip": data, "kl_normal.py": b"def kl_normal(x): return 1"}), asked()
    )
    assert NAME not in submission.works, f"too deep: {submission.works}"
    assert "outer.zip/inner.zip/inner.zip is an archive in an archive" in told(submission), f"told: {told(submission)}"


def test_no_more_archives_are_opened_than_the_limit(tmp_path: Path) -> None:
    files = {f"{number:02}.zip": in_zip({f"{number}.txt": b""}) for number in range(limits.INNER_ARCHIVES + 3)}
    submission = read(folder(tmp_path / "anna", {**files, "smooth_ap.py": WORK}), asked())
    assert submission.works[NAME].path == "smooth_ap.py", "the rest is graded"
    refused = [note for note in submission.notes if f"one of more than {limits.INNER_ARCHIVES} archives" in note]
    assert len(refused) == 3, f"each that was not opened is told: {submission.notes}"


def test_many_files_in_archives_count_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacked, "FILES", 50)
    inner = in_zip({f"{number}.txt": b"" for number in range(40)})
    submission = read(folder(tmp_path / "anna", {"smooth_ap.py": WORK, "a.zip": inner, "b.zip": inner}), asked())
    assert NAME in submission.works and "files and folders were handed in" in told(submission), f"{told(submission)}"


@pytest.mark.parametrize("pack", [in_zip, in_tar])
def test_a_bomb_costs_no_memory(
    tmp_path: Path, pack: Callable[[Mapping[str, bytes]], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = pack({"smooth_ap.py": bytes(30_000_000)})
    path = folder(tmp_path / "anna", {"a4.zip" if pack is in_zip else "a4.tar.gz": data})
    monkeypatch.setattr(unpacked, "INNER_ARCHIVE_BYTES", 5_000_000)
    tracemalloc.start()
    submission = read(path, asked())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert NAME not in submission.works and "bytes" in told(submission), f"told: {told(submission)}"
    assert most < 12_000_000, f"{most:,} bytes were held"


# --- tar ----------


def names(data: bytes) -> tuple[str, ...]:
    return TarTree(data).files


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_names_of_every_length_are_read_as_pythons_own_reader_reads_them(form: int) -> None:
    long = "/".join(["folder" * 5] * 4) + "/smooth_ap.py"
    files = {"a.py": b"1", "Übung/ž.py": b"2" * 600, long: b"3" * 512, "empty.py": b""}
    tree = TarTree(in_tar(files, "w", form))
    assert set(tree.files) == set(files), f"{tree.files}"
    for name, content in files.items():
        assert tree.read(name, 10_000) == content, f"{name} byte for byte"


def test_links_devices_and_climbing_paths_in_a_tar_are_refused() -> None:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, kind in (("link.py", tarfile.SYMTYPE), ("hard.py", tarfile.LNKTYPE), ("pipe.py", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        for name in ("../out.py", "/root.py", "fine.py"):
            archive.addfile(tarfile.TarInfo(name))
    tree = TarTree(data.getvalue())
    assert tree.files == ("fine.py",), f"only what is ordinary: {tree.files}"
    reasons = {path.rpartition("/")[2]: why for path, why in tree.refused.items()}
    assert "symbolic link" in reasons["link.py"] and "symbolic link" in reasons["hard.py"], f"{reasons}"
    assert "pipe" in reasons["pipe.py"] and "leads out" in reasons["out.py"], f"{reasons}"


def test_of_two_files_of_one_name_the_last_is_taken() -> None:
    # Content and header of the first, without the blocks that end an archive.
    tree = TarTree(in_tar({"a.py": b"1"}, "w")[:1024] + in_tar({"a.py": b"22"}, "w"))
    assert tree.read("a.py", 10) == b"22", "as unpacking would"
    assert "more than once" in tree.notes[0], f"and it is told: {tree.notes}"


def test_any_bytes_are_read_or_refused() -> None:
    rng = random.Random(20261202)
    valid = in_tar(FILES, "w", tarfile.PAX_FORMAT)
    refused = []
    for _ in range(500):
        data = bytearray(valid)
        for _ in range(rng.randrange(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        kept = bytes(data[: rng.randrange(len(data))]) if rng.random() < 0.3 else bytes(data)
        try:
            tree = TarTree(inflated(io.BytesIO(kept), 1_000_000))
        except RefusedError as error:
            refused.append(str(error))
            continue
        for path in tree.files:
            assert len(tree.read(path, 1_000_000)) <= len(kept), f"{path} has more than there is"
    assert 50 < len(refused) < 450 and all(refused), f"some are damaged, each with a reason: {len(refused)}"


def test_a_number_that_is_none_ends_the_reading() -> None:
    data = bytearray(in_tar({"a.py": b"1"}, "w"))
    for field in (b"\xff" * 12, b"-0000000001\0", b"99999999999\0", b"zzzzzzzzzzz\0"):
        data[124:136] = field
        header = bytes(data[:512])
        total = sum(header[:148]) + 8 * 32 + sum(header[156:])
        data[148:156] = f"{total:06o}\0 ".encode()
        with pytest.raises(RefusedError, match="damaged"):
            TarTree(bytes(data))
