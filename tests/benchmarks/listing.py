"""What it costs to list a class in each layout: `python -m tests.benchmarks.listing 5000`."""

import sys
import tempfile
import time
from pathlib import Path

from autograder.submissions import list_entries
from tests.submissions.layouts.building import (
    Student,
    as_folder,
    as_zip,
    canvas,
    classroom,
    folders,
    gradescope,
    moodle,
    nbgrader,
)

LAYOUTS = {
    "plain": folders,
    "moodle": moodle,
    "canvas": canvas,
    "gradescope": gradescope,
    "nbgrader": nbgrader,
    "classroom": classroom,
}


def main(count: int) -> None:
    work = {f"{name}.py": b"x = 1\n" for name in ("noisy_labels", "kl_factorized", "kl_normal", "smooth_ap")}
    students = [Student(f"student{number}", f"Student {number}", number, work) for number in range(1, count + 1)]
    with tempfile.TemporaryDirectory() as folder:
        for name, make in LAYOUTS.items():
            files = make(students)
            for contain in (as_folder, as_zip):
                path = contain(files, Path(folder) / name)
                started = time.perf_counter()
                listing = list_entries(path)
                spent = time.perf_counter() - started
                assert (listing.layout, len(listing.entries)) == (name, count), f"{listing.why}"
                print(
                    f"{path.name:16} {len(files):6,} files {1000 * spent:6.0f} ms  {1e6 * spent / count:5.0f} us each"
                )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
