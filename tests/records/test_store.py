"""The folder of results: what it gives back, what it refuses, and what a run that was killed leaves of it."""

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.errors import RecordsError, StoreError
from autograder.files.writing import PART
from autograder.records import store as store_module
from autograder.records.record import Result, encode
from autograder.records.store import Page, Store, read_records
from tests.values import changeable


def record(student: str, score: float = 1.0) -> Result:
    return Result(student, score, 2.0, ())


@pytest.fixture(autouse=True)
def on_no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lasts through a loss of power is tested with the writing; here it would only take time."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "out")
    made.write(record("berta"))
    made.write(record("anna", 2.0))
    return made


def test_what_is_written_is_read(store: Store) -> None:
    found, notes = store.read()
    assert (dict(found), notes) == ({"anna": record("anna", 2.0), "berta": record("berta")}, []), f"both: {notes}"
    assert list(found) == ["anna", "berta"] and len(found) == 2, "sorted by student"
    assert "anna" in found and "cem" not in found, "and nobody else"
    with pytest.raises(KeyError, match="cem"):
        found["cem"]
    assert store.read_one("anna") == record("anna", 2.0), "one can be read alone"
    assert store.path("anna").read_bytes() == encode(record("anna", 2.0)), "the file holds the record"
    assert store.path("anna").parent == store.folder / "results", "in the folder of results"


def test_a_record_written_later_is_one_of_them(store: Store) -> None:
    found, _ = store.read()
    found.write(record("cem", 0.5))
    assert found["cem"] == record("cem", 0.5) and len(found) == 3, f"it is there: {list(found)}"
    assert store.read_one("cem") == record("cem", 0.5), "and on the disk"


def test_a_folder_that_does_not_exist_holds_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "absent")
    found, notes = store.read()
    assert (list(found), notes, store.read_one("anna"), store.run(), store.pages()) == ([], [], None, {}, {})
    with pytest.raises(RecordsError, match=r"has no results/\*\.json"):
        store.records()


@pytest.mark.parametrize(
    "data", [b"{", b'{"student": "dora"}', b'"\xff"', b"[]"], ids=["cut off", "no record", "no text", "no object"]
)
def test_a_file_that_is_no_record_is_told_and_not_used(store: Store, data: bytes) -> None:
    broken = store.path("alba")
    broken.write_bytes(data)
    found, notes = store.read()
    assert list(found) == ["anna", "berta"], "the others are read"
    assert len(notes) == 1 and str(broken) in notes[0] and "is no record" in notes[0], f"and it is told: {notes}"
    assert store.read_one("alba") is None, "alone it cannot be read"
    store.path("cem").write_bytes(data)
    with pytest.raises(RecordsError, match=r"alba.json is no record.*Grade again"):
        store.records()


def test_a_file_that_cannot_be_read_is_told(store: Store) -> None:
    store.path("dora").mkdir()
    found, notes = store.read()
    assert list(found) == ["anna", "berta"] and len(notes) == 1, f"the others are read: {notes}"
    assert store.read_one("dora") is None, "alone it cannot be read"


@pytest.mark.parametrize("of", ["anna", "berta"])
def test_a_record_under_another_name_is_told_and_not_used(store: Store, of: str) -> None:
    for name in ("alba", "azra"):
        store.path(name).write_bytes(encode(record(of)))
    found, notes = store.read()
    assert list(found) == ["anna", "berta"], f"{of}'s own file is theirs"
    assert len(notes) == 2 and f"{of!r}, whose file has another name" in notes[0], f"and it is told: {notes}"
    assert store.read_one("alba") is None and store.read_one("azra") is None, "these two have none"
    for name in ("alba", "azra"):
        store.path(name).unlink()
    assert dict(store.records()) == {"anna": record("anna", 2.0), "berta": record("berta")}, "else all are given"


def test_a_folder_can_be_named_as_text(store: Store) -> None:
    assert dict(read_records(str(store.folder))) == dict(store.records()), "the same records"


def test_half_written_files_are_removed_before_a_run_writes(store: Store) -> None:
    folders = (store.folder, store.folder / "results", store.folder / "feedback")
    for folder in folders:
        folder.mkdir(exist_ok=True)
        (folder / f".anna.json.1{PART}").write_text("half")
        (folder / f"visible{PART}").write_text("a person's")
    with store.writing():
        left = [path.name for folder in folders for path in folder.glob(f"*{PART}")]
        hidden = [path.name for folder in folders for path in folder.glob(f".*{PART}")]
    assert left == [f"visible{PART}"] * 3 and hidden == [], (
        f"what a killed run left goes, all else stays: {left} {hidden}"
    )


def test_a_half_written_file_that_is_gone_meanwhile_is_no_matter(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    part = store.folder / f".anna{PART}"
    part.write_text("half")
    unlink = Path.unlink

    def twice(path: Path, missing_ok: bool = False) -> None:
        unlink(path)
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", twice)
    with store.writing():
        assert not part.exists(), "it is gone, whoever removed it"


def test_two_runs_do_not_write_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def taken(folder: Path, busy: Exception) -> Iterator[None]:
        assert folder == store.folder, f"the folder itself is locked: {folder}"
        if folder:
            raise busy
        yield

    monkeypatch.setattr(store_module, "locked", taken)
    with pytest.raises(StoreError, match="another run is writing to"), store.writing():
        pytest.fail("nothing may be written")


def test_writing_makes_the_folder_and_those_above(tmp_path: Path) -> None:
    store = Store(tmp_path / "new" / "out")
    with store.writing():
        assert store.folder.is_dir(), "a run may write to a folder that was not there"
    with store.writing():
        assert store.folder.is_dir(), "and to one that was"


def test_the_runs_own_file(store: Store) -> None:
    assert store.run() == {}, "there is none yet"
    store.write_run({"seed": 1, "pages": {}})
    assert store.run() == {"seed": 1, "pages": {}}, "what was written is read"
    text = (store.folder / "run.json").read_text()
    assert text.startswith('{\n  "seed": 1') and text.endswith("}\n"), f"for people, too: {text}"
    for broken in (b"{", b"[1]", b'"x"'):
        (store.folder / "run.json").write_bytes(broken)
        assert store.run() == {}, f"{broken!r} says nothing"
    (store.folder / "run.json").unlink()
    (store.folder / "run.json").mkdir()
    assert store.run() == {}, "nor does a folder"


def test_pages_are_known_by_what_they_were_made_from(store: Store) -> None:
    page = store.folder / "feedback" / "anna.html"
    assert store.page("feedback/anna.html", "abc") is None, "there is none yet"
    page.parent.mkdir()
    page.write_text("<p>")
    os.utime(page, ns=(5, 7_000_000_001))
    found = store.page("feedback/anna.html", "abc")
    assert found == Page("abc", 3, 7_000_000_001, page.stat().st_ino), f"what tells it from another: {found}"
    store.write_run({"pages": {"feedback/anna.html": found}})
    assert store.pages() == {"feedback/anna.html": found}, "the run remembers it"
    store.write_run({"pages": {"feedback/anna.html": {"size": "three"}}})
    assert store.pages() == {}, "what is not understood is as none: the page is made anew"
    store.write_run({})
    assert store.pages() == {}, "a run without pages has none"


def test_a_write_that_fails_leaves_the_old_record(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(store_module, "write_whole", full)
    with pytest.raises(OSError, match="no space"):
        store.write(record("anna", 0.0))
    assert json.loads(store.path("anna").read_bytes())["score"] == 2.0, "whole, as before"


def test_values_do_not_change() -> None:
    assert changeable(store_module) == [], "a value that can change is no fact"
    assert store_module.CHANGES_RECORDS is False, "to read and write records changes none"
