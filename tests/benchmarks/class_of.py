"""Grades N copies of a right submission, all functions: `python -m tests.benchmarks.class_of 100`."""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from autograder.grading.run import grade

RIGHT = Path(__file__).parents[1] / "sample_class" / "submissions" / "perfect_compact"


def main(count: int) -> None:
    """Print the time of a class of `count`, and of one submission in it."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            shutil.copytree(RIGHT, Path(folder) / "class" / f"student{number:05}")
        started = time.perf_counter()
        results = grade(Path(folder) / "class", Path(folder) / "out")
        seconds = time.perf_counter() - started
        scores = {record.score for record in results}
        print(f"{count} submissions: {seconds:.1f} s, {1000 * seconds / count:.0f} ms each; scores {scores}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
