"""What a submission writes and how it runs threads, in every tier: alike, bounded, and gone after it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox.answers import Ended, Raised, Returned
from autograder.sandbox.inside import scratch_folder
from autograder.sandbox.inside import usual_limits as usual
from autograder.sandbox.inside.wire import SCRATCH
from autograder.sandbox.server_start import scratch_folder_for
from autograder.sandbox.slot import Slot
from autograder.sandbox.tiers import Tier
from tests.sandbox.running import ask

WRITES = """
import os, tempfile
import numpy as np

def f():
    with open("log.txt", "a") as file:
        file.write("x")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.npy")
        np.save(path, np.ones(3))
        total = float(np.load(path).sum())
    with tempfile.NamedTemporaryFile("w+") as file:
        file.write("abc")
        file.seek(0)
        text = file.read()
    os.makedirs("some/deep/folder")
    os.mkdir("not to be read", 0)
    return [total, text, sorted(os.listdir(".")), open("log.txt").read()]
"""


def test_files_can_be_written_and_the_next_submission_finds_none(slot: Slot) -> None:
    for _ in range(2):
        answer = ask(slot, WRITES)
        assert isinstance(answer, Returned), f"a temporary file can be written in tier {slot.tier}: {answer}"
        assert answer.value == [3.0, "abc", ["log.txt", "not to be read", "some"], "x"], f"one's own alone: {answer}"


DEEP = """
import os

def f():
    for _ in range(40):
        os.mkdir("n" * 200)
        os.chdir("n" * 200)
    open("file", "w").close()
    return 1.0
"""


def test_folders_of_any_depth_are_removed(slot: Slot) -> None:
    for _ in range(2):
        answer = ask(slot, DEEP)
        ended = isinstance(answer, Ended) and answer.how == "output"
        assert isinstance(answer, Returned) or ended, f"in tier {slot.tier}: {answer}"
    found = ask(slot, "import os\ndef f():\n    return os.listdir('.')")
    assert isinstance(found, Returned) and found.value == [], f"nothing is left in tier {slot.tier}: {found}"


FILL = """
def f():
    total = 0
    try:
        for number in range(3000):
            with open(f"f{number}", "wb") as file:
                total += file.write(b"x" * (1 << 20))
    except OSError:
        pass
    return total
"""
MANY = """
def f():
    try:
        for number in range(10**7):
            open(f"{number}", "w").close()
    except OSError:
        return number
"""


@pytest.mark.parametrize(("source", "most"), [(FILL, usual.SCRATCH_BYTES), (MANY, usual.SCRATCH_FILES)])
def test_what_is_written_is_bounded(slot: Slot, source: str, most: int) -> None:
    answer = ask(slot, source, seconds=20.0)
    if isinstance(answer, Returned):
        assert answer.value <= most, f"the file system must be full in tier {slot.tier}: {answer}"
    else:
        assert isinstance(answer, Ended) and answer.how == "output", f"the server must end it: {answer}"
        assert "were written in f" in answer.detail, f"and say why: {answer}"
    found = ask(slot, "import os\ndef f():\n    return os.listdir('.')")
    assert isinstance(found, Returned) and found.value == [], f"nothing is left in tier {slot.tier}: {found}"


def test_the_folder_is_told_by_one_name(slot: Slot) -> None:
    answer = ask(slot, "import pathlib\ndef f():\n    return pathlib.Path('x.npy').resolve()")
    assert isinstance(answer, Returned), f"an object comes as its description: {answer}"
    assert f"{SCRATCH}/x.npy" in str(answer.value), f"its own name would differ from run to run: {answer}"
    answer = ask(slot, "import os\ndef f():\n    open(os.path.abspath('x.npy'))")
    assert isinstance(answer, Raised) and f"'{SCRATCH}/x.npy'" in answer.message, f"so in messages: {answer}"


def test_the_folder_goes_with_the_slot_however_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Slot(tier=Tier.NONE) as slot:
        ask(slot, "def f(): return 1")
        assert len(list(tmp_path.iterdir())) == 1, "there is one while it lives"
    assert list(tmp_path.iterdir()) == [], "and none after it"
    slot = Slot(tier=Tier.NONE)
    slot._control.close()  # as the kernel does for a grader that was killed
    slot._zygote.wait(20)
    assert list(tmp_path.iterdir()) == [], "the server takes it away, too"
    slot.close()


def test_without_a_place_for_it_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/no/such/folder")
    assert scratch_folder_for({}) == "", "there is none"
    with Slot(tier=Tier.NONE) as slot:
        answer = ask(slot, "def f(): return 1")
    assert isinstance(answer, Returned), f"all the same submissions are graded: {answer}"


# --- the folder itself ----------


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    scratch_folder.empty(str(tmp_path))


def test_what_is_too_much_is_noticed(folder: Path) -> None:
    assert not scratch_folder.is_too_full(str(folder)), "nothing is not too much"
    (folder / "a" / "b").mkdir(parents=True)
    with (folder / "a" / "b" / "large").open("wb") as file:
        file.truncate(usual.SCRATCH_BYTES)
    assert not scratch_folder.is_too_full(str(folder)), "just what may be"
    (folder / "more").write_bytes(b"x")
    assert scratch_folder.is_too_full(str(folder)), "a byte more, in folders together"
    scratch_folder.empty(str(folder))
    for number in range(usual.SCRATCH_FILES):
        (folder / f"{number}").touch()
    assert not scratch_folder.is_too_full(str(folder)), "just as many files as may be"
    (folder / "x").mkdir()
    assert scratch_folder.is_too_full(str(folder)), "one more, which is a folder"
    assert not scratch_folder.is_too_full(str(folder / "gone")), "what is not there is not too much"


def test_anything_is_emptied(folder: Path) -> None:
    (folder / ".0-moved").mkdir()
    (folder / ".0-moved" / "in the way").touch()
    (folder / ".1-moved").touch()
    (folder / "link").symlink_to("/")
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "file").touch()
    (folder / "a" / "link").symlink_to(folder.parent)
    (folder / "a").chmod(0)
    here = os.open(folder, os.O_RDONLY)
    for _ in range(60):
        os.mkdir("n" * 100, 0o700, dir_fd=here)
        below = os.open("n" * 100, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    scratch_folder.empty(str(folder))
    assert list(folder.iterdir()) == [], "paths too long for the system, links, names in the way: all is gone"
    assert folder.parent.exists() and Path("/").exists(), "and no link was followed"


# --- threads ----------

POOL = """
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool
import numpy as np

def g(i):
    table = np.outer(np.arange(100.0), np.ones(100))
    return float(np.sqrt(table @ table.T).sum() > 0) + i

def f(workers):
    with ThreadPoolExecutor(workers) as pool, ThreadPool(4) as other:
        return sum(pool.map(g, range(100))) + sum(other.map(abs, [-1, -2]))
"""


def test_ten_runs_in_threads_are_ten_times_right(slot: Slot) -> None:
    for workers in (6, 50, 6, 32, 6, 6, 40, 6, 16, 8):
        answer = ask(slot, POOL, workers, seconds=30.0)
        assert isinstance(answer, Returned), f"{workers} threads, 256 MB, tier {slot.tier}: {answer}"
        assert answer.value == 100 + 4950 + 3, f"every one of them counts: {answer}"


DEEP_IN_A_THREAD = """
import threading

def down(n):
    return sum(down(n - 1) for _ in range(1)) if n else 0

def f():
    found = []
    def run():
        try:
            down(10**6)
        except RecursionError:
            found.append("RecursionError")
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found
"""


def test_a_recursion_without_end_is_an_error_in_a_thread_too() -> None:
    with Slot(tier=Tier.NONE) as slot:
        answer = ask(slot, DEEP_IN_A_THREAD)
    assert isinstance(answer, Returned) and answer.value == ["RecursionError"], f"and no crash: {answer}"


@pytest.mark.parametrize(
    "body",
    [
        "from multiprocessing import Pool\n    Pool(2)",
        "from multiprocessing import Process\n    Process(target=print).start()",
        "from concurrent.futures import ProcessPoolExecutor\n"
        "    with ProcessPoolExecutor(2) as pool:\n        return list(pool.map(abs, [1]))",
        "import subprocess\n    subprocess.run(['true'])",
        "import os\n    os.fork()",
    ],
    ids=["pool", "process", "executor", "subprocess", "fork"],
)
@pytest.mark.parametrize("slot", [tier for tier in Tier if tier is not Tier.NONE], indirect=True, scope="module")
def test_processes_are_refused_in_the_same_words(slot: Slot, body: str) -> None:
    answer = ask(slot, f"def f():\n    {body}")
    assert isinstance(answer, Raised) and answer.types[0] == "PermissionError", f"in tier {slot.tier}: {answer}"
    assert "Operation not permitted" in answer.message, f"in the same words: {answer}"
