"""Grades a class again and again, each time killed with SIGKILL, and says what it found: `python -m tests.week.killed`.

Half of the kills come at a random time, half in the middle of a write: before a file's bytes are on the disk, or when it
has its new name and the folder does not know it for sure. After each kill every record on the disk must be whole; after ten, an undisturbed run must give
the bytes of a run that was never killed.
"""

import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from tests.week.making import content, run

KILLS_A_ROUND = 10


def _die_at_sync(number: int) -> None:
    """Make the process group end at the `number`-th time that bytes are to be made durable."""
    count = 0
    sync = os.fsync

    def counted(descriptor: Any) -> None:
        nonlocal count
        count += 1
        if count == number:
            os.killpg(0, signal.SIGKILL)
        sync(descriptor)

    os.fsync = counted


def _child(submissions: Path, out: Path, at_sync: int | None) -> NoReturn:
    os.setsid()
    if at_sync is not None:
        _die_at_sync(at_sync)
    code = 1
    try:
        run(submissions, out)
        code = 0
    finally:
        os._exit(code)


def killed_run(submissions: Path, out: Path, rng: random.Random, seconds: float, syncs: int) -> bool:
    """Start a run and kill it; whether it was indeed killed rather than done before."""
    at_sync = rng.randrange(1, syncs + 1) if rng.random() < 0.5 else None
    pid = os.fork()
    if pid == 0:
        _child(submissions, out, at_sync)
    if at_sync is None:
        time.sleep(rng.uniform(0.0, seconds))
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            # It has not yet made itself a group of its own.
            os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


def main(folder: Path, kills: int, seed: int) -> None:
    """Print how many runs were killed; exit non-zero with a sentence where anything was lost."""
    submissions, out = folder / "submissions", folder / "killed"
    started = time.perf_counter()
    run(submissions, folder / "first")
    seconds = time.perf_counter() - started
    run(submissions, folder / "whole")
    whole = content(folder / "whole")
    syncs = 2 * len(whole)
    rng = random.Random(seed)
    done = 0
    while done < kills:
        shutil.rmtree(out, ignore_errors=True)
        before: set[str] = set()
        for _ in range(KILLS_A_ROUND):
            done += killed_run(submissions, out, rng, seconds, syncs)
            now = content(out)
            torn = [name for name, data in now.items() if not name.endswith(".part") and data != whole.get(name)]
            # The table and the class page grow with the class; records and pages of students do not.
            torn = [name for name in torn if name.startswith(("results/", "feedback/"))]
            if torn:
                sys.exit(f"after {done} kills {torn} are not what an undisturbed run writes")
            if lost := before - set(now):
                sys.exit(f"after {done} kills {lost} are gone")
            before = {name for name in now if name.startswith("results/") and not name.endswith(".part")}
        run(submissions, out)
        again = content(out)
        if again != whole:
            wrong = sorted(name for name in {*again, *whole} if again.get(name) != whole.get(name))
            sys.exit(f"after {done} kills an undisturbed run gives other bytes in {wrong}")
    print(done)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
