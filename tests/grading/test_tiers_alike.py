"""One verdict everywhere: the same work gets the same record, to the byte, in every tier that works here."""

from pathlib import Path

import pytest

from autograder.grading.run import grade
from autograder.sandbox.canary import works
from autograder.sandbox.tiers import Tier
from tests.repository import SAMPLE_CLASS
from tests.small import REFERENCE
from tests.small.making import content, hand_in, run

TOTAL = "    return float(np.sum(x**2))"
HEAD = '"""Sums of squares."""\n'


def habit(head: str, body: str) -> str:
    """The reference, with a habit of somebody's in `total`."""
    return REFERENCE.replace(HEAD, HEAD + head).replace(TOTAL, body)


POOL = """    with ThreadPoolExecutor(12) as pool:
        return float(sum(pool.map(lambda y: y**2, x)))"""
LOG = """    with open("log.txt", "a") as log:
        log.write(f"{x}")
    return float(np.sum(x**2))"""
TEMPORARY = """    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "x.npy", x)
        return float(np.sum(np.load(Path(folder) / "x.npy") ** 2))"""
HABITS = {
    "threads": habit("from concurrent.futures import ThreadPoolExecutor\n", POOL),
    "thread_pool": habit("from multiprocessing.pool import ThreadPool as ThreadPoolExecutor\n", POOL),
    "log": habit("", LOG),
    "temporary_files": habit("import tempfile\nfrom pathlib import Path\n", TEMPORARY),
    "too_many_threads": habit(
        "import threading\n",
        "    for _ in range(99):\n        threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        + TOTAL,
    ),
    "processes": habit(
        "from multiprocessing import Pool\n", "    with Pool(2) as pool:\n        return float(sum(pool.map(abs, x)))"
    ),
    "data": habit("", "    return float(np.load('w.npy')[0])"),
    "a_path": habit("from pathlib import Path\n", "    return Path('x').resolve()"),
    "another_program": habit("import subprocess\n", "    return float(subprocess.run(['true']).returncode)"),
    "package": habit("from scipy.special import expit\n", "    return expit(x)"),
    "right": REFERENCE,
}


def tiers() -> list[Tier]:
    return [tier for tier in (Tier.A, Tier.A_MINUS, Tier.B) if not works(tier)]


def records(folder: Path) -> dict[str, bytes]:
    return {path: data for path, data in content(folder).items() if path.startswith("results/")}


def refuse_differences(found: dict[Tier, dict[str, bytes]]) -> None:
    """See to it that every tier gave the same records."""
    if len(found) < 2:
        pytest.skip("only one tier works here")
    first, *others = found
    for tier in others:
        differing = [path for path in found[first] if found[first][path] != found[tier].get(path)]
        assert not differing, f"{differing} differ between tiers {first} and {tier}"


def test_habits_get_the_same_record_in_every_tier(tmp_path: Path) -> None:
    hand_in(tmp_path / "in", HABITS)
    found = {}
    for tier in tiers():
        graded = run(tmp_path / "in", tmp_path / tier, isolation=str(tier))
        scores = {record.student: record.score for record in graded}
        for student in ("threads", "thread_pool", "log", "temporary_files"):
            assert scores[student] == scores["right"], f"{student} is right in tier {tier}: {scores}"
        found[tier] = records(tmp_path / tier)
    refuse_differences(found)


@pytest.mark.slow
def test_the_sample_class_gets_the_same_records_in_every_tier(tmp_path: Path) -> None:
    found = {}
    for tier in tiers():
        grade(SAMPLE_CLASS / "submissions", tmp_path / tier, isolation=str(tier), jobs=2)
        found[tier] = records(tmp_path / tier)
    refuse_differences(found)
