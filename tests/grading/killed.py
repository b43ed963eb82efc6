"""Grades a class again and again, each time killed by SIGKILL: `python -m tests.grading.killed FOLDER KILLS SEED`.

Half of the kills come at a random time, half in the middle of a write: before a file's bytes are on the disk, or when
it has its new name and the folder is not yet on the disk. After each kill every record that is there must be whole. A
run that is not killed, and the last is none, must give the bytes of one before which none was.
"""

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from tests.small.making import content, run

# Few, so that a class takes several runs, each of which continues the one before.
MOST_SYNCS = 6


def _die_at_sync(number: int) -> None:
    """Make the process group end at the `number`-th time that bytes are to be made durable."""
    count = 0
    sync: Callable[[Any], None] = os.fsync

    def counted(descriptor: Any) -> None:
        nonlocal count
        count += 1
        if count == number:
            os.killpg(0, signal.SIGKILL)
        sync(descriptor)

    setattr(os, "fsync", counted)  # noqa: B010


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


def killed_run(submissions: Path, out: Path, rng: random.Random, seconds: float) -> bool:
    """Start a run and kill it; whether it was indeed killed rather than done before."""
    at_sync = rng.randrange(1, MOST_SYNCS + 1) if rng.random() < 0.5 else None
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
    """Print how many runs were killed, and how often the class was finished; exit with a sentence on what was lost."""
    submissions, out = folder / "submissions", folder / "killed"
    started = time.perf_counter()
    run(submissions, folder / "first")
    seconds = time.perf_counter() - started
    run(submissions, folder / "whole")
    whole = content(folder / "whole")
    rng = random.Random(seed)
    done, rounds, before = 0, 0, set[str]()
    last = False
    while not last:
        last = done == kills
        if last:
            run(submissions, out)
        killed = not last and killed_run(submissions, out, rng, seconds)
        done += killed
        now = content(out)
        there = {name for name in now if name.startswith(("results/", "feedback/")) and not name.endswith(".part")}
        if torn := [name for name in there if now[name] != whole.get(name)]:
            sys.exit(f"after {done} kills {torn} are not what an undisturbed run writes")
        if lost := before - there:
            sys.exit(f"after {done} kills {lost} are gone")
        before = there
        if not killed:
            if now != whole:
                wrong = sorted(name for name in {*now, *whole} if now.get(name) != whole.get(name))
                sys.exit(f"after {done} kills an undisturbed run gives other bytes in {wrong}")
            shutil.rmtree(out)
            rounds, before = rounds + 1, set()
    print(done, rounds)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
