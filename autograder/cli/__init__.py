"""The command `autograder`: one module a verb, each of which imports what it needs when it runs.

`--help` answers at once: a verb's module has only its grammar at the top, and nothing heavier than argparse. A verb
returns `DONE`, or `FOUND` where it looked for something and found it; every error that it or a room below raises
becomes a message and an exit code in `main`, and nowhere else.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

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
from autograder.cli.endings import ended_by
from autograder.errors import DONE, UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

CHANGES_RECORDS = False

# In the order in which `--help` shows them.
VERBS = (grade, mark, report, diff, export, similar, check, pack, doctor, handout, audit, nbgrader, gradescope)


def parser(others: Mapping[str, "EntryPoint"] | None = None) -> argparse.ArgumentParser:
    """The command line's grammar.

    Args:
        others: verbs that other packages add, by name.
    """
    top = argparse.ArgumentParser(prog="autograder", description="Grades numerical and machine-learning coursework.")
    top.add_argument("--version", action="version", version=f"autograder {__version__}")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in VERBS:
        verb.add(verbs)
    for name, point in (others or {}).items():
        from autograder.plugins import load

        add = getattr(load("integrations", point), "add", None)
        if not callable(add):
            raise UsageError(f"the integration {name!r} of another package has no function `add`")
        add(verbs)
    return top


def _others(arguments: Sequence[str]) -> dict[str, "EntryPoint"]:
    """The verbs that other packages add, where one may be meant: to look for them takes a while."""
    own = {verb.__name__.rpartition(".")[2] for verb in VERBS}
    if arguments and arguments[0] in own:
        return {}
    from autograder.plugins import added

    return added("integrations")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: after the command's name; default: those of this process.

    Returns:
        the exit code: 0 done; 1 a check has no score, or what was looked for was found; 2 wrong usage or settings;
        70 a fault of ours; 130 stopped.
    """
    given = sys.argv[1:] if arguments is None else arguments
    # Before NumPy is loaded: references are timed as submissions run, and workers must not fight for the processors.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        grammar = parser(_others(given))
    except Exception as error:
        # Another package's verb cannot be had.
        return ended_by(error, argparse.Namespace())
    options, code = grammar.parse_args(given), DONE
    try:
        code = int(options.run(options))
        # Here, where it can be told that nothing takes it, and not when the process ends.
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        # Where nobody reads on, what the verb has returned still holds.
        return ended_by(error, options) or code
    return code
