"""The command `autograder`: one module a verb, each of which imports what it needs when it runs.

`--help` answers at once: a verb's module has only its grammar at the top, and nothing heavier than argparse.
"""

import argparse
import os
from collections.abc import Sequence

from autograder import __version__
from autograder.cli import (
    audit,
    check,
    diff,
    doctor,
    export,
    grade,
    gradescope,
    handout,
    mark,
    nbgrader,
    pack,
    report,
    similar,
)

CHANGES_RECORDS = False


# In the order in which `--help` shows them.
VERBS = (grade, mark, report, diff, export, similar, check, pack, doctor, handout, audit, nbgrader, gradescope)


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = argparse.ArgumentParser(prog="autograder", description="Grades numerical and machine-learning coursework.")
    top.add_argument("--version", action="version", version=f"autograder {__version__}")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in VERBS:
        verb.add(verbs)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0 done, 1 grader error, 2 wrong usage."""
    options = parser().parse_args(arguments)
    # Before NumPy is loaded: references are timed as submissions run, and workers must not fight for the processors.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return int(options.run(options))
