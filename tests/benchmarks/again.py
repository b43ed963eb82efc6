"""Grades N copies of a right submission, then runs again with nothing to do: `python -m tests.benchmarks.again 500`."""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RIGHT = Path(__file__).parents[1] / "sample_class" / "submissions" / "perfect_compact"


def seconds(command: list[str]) -> float:
    """The wall time of a command, start of Python included."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def main(count: int) -> None:
    """Print the time of the first run, and of three more."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            shutil.copytree(RIGHT, Path(folder) / "class" / f"student{number:05}")
        command = [sys.executable, "-m", "autograder", "grade", f"{folder}/class", "--out", f"{folder}/out"]
        first = seconds(command)
        again = sorted(seconds(command) for _ in range(3))
        print(f"{count} submissions: {first:.1f} s at first, again {again[0]:.2f} to {again[-1]:.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
