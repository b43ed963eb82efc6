"""Folders: nothing outside is ever read, nothing is waited for, and nothing is lost in silence."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.submissions.picking import pick
from autograder.submissions.reading import open_tree
from tests.repository import ROOT
from tests.submissions.making import MODULES, SOURCE, folder, read, told


@pytest.fixture
def anna(tmp_path: Path) -> Path:
    return folder(tmp_path / "anna", {"kl_normal.py": SOURCE})


def assert_refused(path: Path, word: str) -> None:
    submission = read(path)
    assert list(submission.works) == ["a3_kl_normal"], f"the rest is graded: {told(submission)}"
    assert word in submission.problems["a4_smooth_ap"], f"{word!r} must be said: {submission.problems}"
    assert any("smooth_ap.py" in note for note in submission.notes), f"and noted: {submission.notes}"


def test_a_link_to_a_file_is_not_followed(anna: Path) -> None:
    (anna / "smooth_ap.py").symlink_to("/etc/passwd")
    assert_refused(anna, "symbolic link")


def test_a_link_to_a_folder_is_not_followed(anna: Path) -> None:
    outside = folder(anna.parent / "outside", {"smooth_ap.py": b"secret"})
    (anna / "a4").symlink_to(outside)
    submission = read(anna)
    assert "a4_smooth_ap" not in submission.works, "what lies outside is not the student's"
    assert any(note.startswith("a4 is a symbolic link") for note in submission.notes), f"noted: {submission.notes}"


def test_a_linked_helper_or_answer_is_not_followed(anna: Path) -> None:
    for name in ("helper.py", "answers.md"):
        (anna / name).symlink_to("/etc/passwd")
    work = read(anna).works["a3_kl_normal"]
    assert set(work.files) == {"kl_normal.py"} and work.answers is None, f"nothing of outside: {work}"


def test_a_pipe_is_never_waited_for(anna: Path) -> None:
    os.mkfifo(anna / "smooth_ap.py")
    assert_refused(anna, "pipe")


def test_a_socket_is_never_opened(anna: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(anna)  # a socket's whole path may have only 100 bytes
    with socket.socket(socket.AF_UNIX) as own:
        own.bind("smooth_ap.py")
        assert_refused(anna, "socket")


def test_a_device_is_never_opened(anna: Path) -> None:
    # Whoever is not root may make only the one that Linux's overlays use, of the number 0.
    number = os.makedev(1, 5) if os.geteuid() == 0 else os.makedev(0, 0)
    try:
        os.mknod(anna / "smooth_ap.py", 0o020666, number)
    except (PermissionError, AttributeError):
        pytest.skip("no device can be made here")
    assert_refused(anna, "device")


def to_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


def to_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def to_linked_folder(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()
    outside = folder(path.parent.parent.parent / "outside", {"smooth_ap.py": b"secret"})
    path.parent.symlink_to(outside)


@pytest.mark.parametrize(
    ("change", "word"),
    [(Path.unlink, "gone"), (to_link, "replaced"), (to_pipe, "pipe"), (to_linked_folder, "replaced")],
)
def test_what_changes_between_listing_and_reading_is_refused(
    anna: Path, change: Callable[[Path], None], word: str
) -> None:
    folder(anna, {"a4/smooth_ap.py": SOURCE})
    with open_tree(anna) as tree:
        change(anna / "a4" / "smooth_ap.py")
        submission = pick("anna", tree, MODULES)
    assert list(submission.works) == ["a3_kl_normal"], f"only what is still there: {submission.works}"
    assert word in submission.problems["a4_smooth_ap"], f"{word!r} must be said: {submission.problems}"


def test_a_file_that_grows_while_it_is_read_is_bounded(anna: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(anna, {"smooth_ap.py": SOURCE})
    monkeypatch.setattr(os, "read", lambda descriptor, count: b"#" * count)
    assert "more than 1,000,000 bytes" in read(anna).problems["a4_smooth_ap"], "the limit holds for what is read"


def test_a_submission_that_vanished_has_a_record(tmp_path: Path) -> None:
    submission = read(tmp_path / "anna")
    assert "anna was there" in submission.problems["a4_smooth_ap"], f"and says so: {submission.problems}"


def test_what_may_not_be_read_is_named(anna: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(anna, {"smooth_ap.py": SOURCE, "closed/x.py": b""})

    def refusing(path: str, *arguments: int, **options: int) -> int:
        if path in ("smooth_ap.py", "closed"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)

    opened = os.open
    monkeypatch.setattr(os, "open", refusing)
    assert_refused(anna, "permission denied")
    assert any(note.startswith("closed/ may not be read") for note in read(anna).notes), f"{read(anna).notes}"


READ = """
import sys
from pathlib import Path
from tests.submissions.making import read, told
print(told(read(Path(sys.argv[1]))))
"""


def without_privileges() -> list[str]:
    """What stands before a command that root starts, so that it has the rights of an ordinary user over files."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may read everything, and there is no setpriv here to take that away (Debian: util-linux)")
    return [setpriv, "--bounding-set=-all", "--inh-caps=-all"]


def test_a_folder_without_permission_is_named(anna: Path) -> None:
    (anna / "closed").mkdir(mode=0)
    command = [*without_privileges(), sys.executable, "-c", READ, str(anna)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"nothing may be raised: {run.stderr}"
    assert "closed/ may not be read" in run.stdout, f"it must be named: {run.stdout}"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such names")
def test_a_helper_whose_name_is_not_utf8_is_left_out(anna: Path) -> None:
    Path(os.fsdecode(os.fsencode(anna) + b"/ren\xe9.py")).write_bytes(b"")
    submission = read(anna)
    assert set(submission.works["a3_kl_normal"].files) == {"kl_normal.py"}, "the record must encode"
    assert "ren\\udce9.py cannot be imported" in told(submission), f"noted: {submission.notes}"


def test_of_many_of_one_kind_only_the_first_are_named(anna: Path) -> None:
    for number in range(300):
        (anna / f"link{number:03}").symlink_to("/etc/passwd")
    notes = read(anna).notes
    assert len(notes) == 6, f"a record stays readable: {len(notes)} notes"
    assert notes[-1].startswith("295 more, link005 the first"), f"and complete: {notes[-1]}"


def test_no_descriptor_stays_open(anna: Path) -> None:
    folder(anna, {"a/b/c/smooth_ap.py": SOURCE})
    if not Path("/proc/self/fd").exists():
        pytest.skip("no /proc here")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        read(anna)
    after = len(list(Path("/proc/self/fd").iterdir()))
    assert after == before, f"{after - before} descriptors leak"


def test_importing_needs_only_the_standard_library() -> None:
    heavy = "numpy msgspec msgpack jinja2 rich nbformat"
    code = f"import sys, autograder.submissions; sys.exit(' '.join(set(sys.modules) & set({heavy.split()})) or 0)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"it must not import {run.stderr}"
