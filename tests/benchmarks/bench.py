"""All figures in one table, each with the ratio that it is judged by: `make bench`, or `make bench BENCH=--quick`.

Every figure is the least of several rounds, in which all that are compared take turns. Processor time counts where the
machine is shared with others; the load average stands beside each part.
"""

import argparse
import os
import platform
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from tests.benchmarks import against_limit, against_peers, dask_cost, growth, library, startup


def processor() -> str:
    """The name of this machine's processor, as the kernel tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and smaller classes")
    parser.add_argument("--venvs", type=Path, default=Path(".bench-venv"), help="where the peers are installed")
    parser.add_argument("--only", default="abcdef", help="parts, such as ae")
    parser.add_argument("--many", type=int, metavar="N", help="stubs for the scheduler alone (default 10,000)")
    options = parser.parse_args()
    started = time.perf_counter()
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores of {processor()}, {versions}")
    with tempfile.TemporaryDirectory(prefix="autograder-bench-") as name:
        folder = Path(name)
        if "a" in options.only:
            against_peers.main(folder, options.venvs.resolve(), quick=options.quick)
        if "b" in options.only:
            against_limit.main(folder, quick=options.quick)
        if "c" in options.only:
            growth.main(folder, quick=options.quick)
        if "d" in options.only:
            dask_cost.main(folder, quick=options.quick, many=options.many or (2_000 if options.quick else 10_000))
        if "e" in options.only:
            startup.main(folder, quick=options.quick)
        if "f" in options.only:
            library.main(quick=options.quick)
    print(f"\n{time.perf_counter() - started:,.0f} s in all")


if __name__ == "__main__":
    main()
