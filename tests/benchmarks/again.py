"""Grades N copies of a right submission, then runs again with nothing to do: `python -m tests.benchmarks.again 500`."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RIGHT = Path(__file__).parents[1] / "sample_class" / "submissions" / "perfect_compact"


def seconds(command: list[str]) -> tuple[float, float]:
    """The wall time of a command, start of Python included, and the processor's."""
    before, started = os.times(), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    wall, after = time.perf_counter() - started, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, spent


def main(count: int) -> None:
    """Print the time of the first run, and the best of three more."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            shutil.copytree(RIGHT, Path(folder) / "class" / f"student{number:05}")
        command = [sys.executable, "-m", "autograder", "grade", f"{folder}/class", "--out", f"{folder}/out"]
        first, _ = seconds(command)
        again = sorted(seconds(command) for _ in range(3))
        print(
            f"{count} submissions: {first:.1f} s at first; again {again[0][0]:.2f} s ({again[0][1]:.2f} of processor)"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
