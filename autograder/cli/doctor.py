"""`autograder doctor`: how submissions are isolated on this machine."""

import argparse
import sys
from typing import TYPE_CHECKING

from autograder.cli.options import FOUND
from autograder.errors import DONE, UsageError

if TYPE_CHECKING:
    from autograder.cli.options import Verbs


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    doctor = verbs.add_parser(
        "doctor",
        help="show how submissions are isolated here",
        description="Try every layer of isolation, and say what to install.",
    )
    doctor.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Try every layer, and show what works."""
    if sys.platform != "linux":
        raise UsageError(
            f"isolation needs Linux; this is {sys.platform}. Students' `autograder check` runs everywhere."
        )
    from autograder.sandbox.doctor import examine, print_examination

    return DONE if print_examination(examine()) else FOUND
