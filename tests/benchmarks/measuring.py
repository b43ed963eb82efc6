"""What a command costs in wall and processor time and memory, and how figures stand beside what judges them."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Cost:
    """Seconds by the wall and of the processor; megabytes of the largest process; exit code."""

    wall: float
    processor: float
    megabytes: float
    code: int = 0

    def per(self, count: int) -> "Cost":
        """The times of one of so many."""
        return Cost(self.wall / count, self.processor / count, self.megabytes, self.code)

    def best(self, other: "Cost") -> "Cost":
        """The less of each: what a machine shared with others has not added to."""
        least = min(self.wall, other.wall), min(self.processor, other.processor)
        return Cost(*least, max(self.megabytes, other.megabytes), max(self.code, other.code))


def descendants(pid: int) -> list[int]:
    """A process and all below it that live just now."""
    found = [pid]
    for each in found:
        try:
            for task in Path(f"/proc/{each}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def resident(pid: int) -> float:
    """Megabytes that a process holds by itself or shares in part (its proportional set size)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    except (OSError, StopIteration):
        return 0.0


class Watch:
    """Samples the memory of a process and all below it, until it is stopped."""

    def __init__(self, pid: int, every: float = 0.1) -> None:
        self.peak = 0.0
        self._pid, self._every = pid, every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(self._every):
            self.peak = max(self.peak, sum(resident(pid) for pid in descendants(self._pid)))

    def stop(self) -> float:
        """The largest sum seen."""
        self._over.set()
        self._thread.join()
        return self.peak


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None, *, watched: bool = False
) -> Cost:
    """What a command costs, with all processes that it waits for; watched, its memory is that of all of them together.

    Raises:
        RuntimeError: it failed; says what it printed.
    """
    started = time.perf_counter()
    with (folder / "output.log").open("w+b") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        watch = Watch(process.pid) if watched else None
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(map(str, command))}: {log.read().decode(errors='replace')[-3000:]}")
    megabytes = watch.stop() if watch else used.ru_maxrss / 1024
    return Cost(wall, used.ru_utime + used.ru_stime, megabytes, process.returncode)


def rounds(count: int, contestants: Mapping[str, Callable[[], Cost]]) -> dict[str, Cost]:
    """The best of so many rounds of each; all take turns, so that all meet the same machine."""
    best: dict[str, Cost] = {}
    for _ in range(count):
        for name, measure in contestants.items():
            cost = measure()
            best[name] = best[name].best(cost) if name in best else cost
    return best


def line(what: str, figure: str, ratio: str = "", judged: str = "", holds: bool | None = None) -> None:
    """One row of the table: a figure, its ratio, what the ratio is judged by, and whether it holds."""
    verdict = "" if holds is None else "holds" if holds else "DOES NOT HOLD"
    print(f"{what:<52}{figure:>30}  {ratio:<26}{judged:<34}{verdict}".rstrip(), flush=True)


def heading(text: str) -> None:
    """A part of the table."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\n{text} (load average {load})", flush=True)


def shown(cost: Cost) -> str:
    """A cost in a row."""
    return f"{1000 * cost.wall:,.1f} ms, {1000 * cost.processor:,.1f} cpu, {cost.megabytes:,.0f} MB"


PYTHON = sys.executable
