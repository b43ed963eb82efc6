"""What the verbs share: types of arguments, what they return, and how they speak."""

import argparse
import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The type that argparse gives no public name.
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]

# What a verb returns that looks for something (a bad grader, a drift, an unfinished function) and has found it.
FOUND = 1


def whole(text: str) -> int:
    """A number from 1 on."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 on")
    return value


def seed(text: str) -> int:
    """A number from 0 on."""
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("a seed is a whole number from 0 on")
    return value


def add_solutions(parser: argparse.ArgumentParser) -> None:
    """The option that names the references."""
    parser.add_argument(
        "--solutions", type=Path, metavar="DIR", help="the references (default: the nearest `solutions`)"
    )


def add_marks(parser: argparse.ArgumentParser) -> None:
    """The option that names the file of marks given by people."""
    parser.add_argument(
        "--marks", type=Path, metavar="FILE", help="marks given by people (default: marks.csv in the folder of results)"
    )


def can_be_folder(path: Path) -> None:
    """Make sure that a folder is there or can be made, before work of minutes and not after it; nothing is made.

    Raises:
        NotADirectoryError: a file stands there, or above.
    """
    there = next((each for each in (path, *path.absolute().parents) if each.exists()), path)
    if there.exists() and not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there))


def say(message: str) -> None:
    """One message on stderr; what a student's names could hide in it is shown."""
    from autograder.files.visible import visible

    print(f"autograder: {visible(message)}", file=sys.stderr)
