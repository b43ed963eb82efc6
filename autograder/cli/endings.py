"""How a command ends: whatever was raised becomes one message on stderr and an exit code."""

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from autograder import __version__
from autograder.cli.options import say
from autograder.cli.os_errors import told
from autograder.errors import DONE, FAULT, INTERRUPTED, USAGE, AutograderError

# Of an error of ours, so many characters stand in the message; the file has all of them.
MOST_TEXT = 300
# The options that name what a verb writes to.
_WRITTEN = ("template", "json", "out", "results", "folder", "course")


def ended_by(error: BaseException, options: argparse.Namespace) -> int:
    """Say what ended a command; returns its exit code.

    Args:
        error: whatever was raised.
        options: of the command, whose paths say where nothing may be written.
    """
    if isinstance(error, KeyboardInterrupt):
        say("stopped.")
        return INTERRUPTED
    if (code := _reader_gone(error)) is not None:
        return code
    if isinstance(error, AutograderError) and error.exit_code != FAULT:
        say(_with_advice(error))
        return error.exit_code
    if isinstance(error, OSError):
        written = "standard output" if _silenced(sys.stdout) else _written(options)
        if words := told(error, written):
            say(words)
            return USAGE
    if isinstance(error, AutograderError):
        what = _with_advice(error)
    else:
        text = " ".join(f"{type(error).__name__}: {error}".split())
        what = f"a fault of ours ({text if len(text) <= MOST_TEXT else f'{text[:MOST_TEXT]}...'})."
    say(f"{what} {_details(error, options)}")
    return FAULT


def _with_advice(error: AutograderError) -> str:
    text = str(error).rstrip()
    if not error.advice:
        return text
    return f"{text if text.endswith(('.', '!', '?')) else f'{text}.'} {error.advice}"


def _written(options: argparse.Namespace) -> Path | None:
    found = (getattr(options, name, None) for name in _WRITTEN)
    return next((path for path in found if isinstance(path, Path)), None)


def _silenced(stream: IO[str]) -> bool:
    """Whether a stream takes no more; it is then led to nowhere, or Python would say at its end what it still holds."""
    try:
        stream.flush()
    except OSError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return True
    return False


def _reader_gone(error: BaseException) -> int | None:
    """The exit code where nobody reads on (`| head`), which is told to nobody; None where it is something else.

    Verbs print when their work is done, so that nothing is lost with a reader of stdout. What stderr shows comes while
    they work.
    """
    # rich turns the first into the second.
    ended = isinstance(error, SystemExit) and isinstance(error.__context__, BrokenPipeError)
    gone = [stream for stream in (sys.stdout, sys.stderr) if _has_no_reader(stream)]
    if not ended and not (isinstance(error, BrokenPipeError) and gone):
        return None
    for stream in gone:
        _silenced(stream)
    return INTERRUPTED if sys.stderr in gone else DONE


def _has_no_reader(stream: IO[str]) -> bool:
    try:
        stream.flush()
        import select

        poll = select.poll()
        poll.register(stream.fileno(), 0)
        return any(event & select.POLLERR for _, event in poll.poll(0))
    except BrokenPipeError:
        return True
    except (OSError, ValueError, AttributeError):
        # A stream of a test, or a system without poll.
        return False


def _details(error: BaseException, options: argparse.Namespace) -> str:
    """Where the traceback stands, in a sentence; or, where no file can be written, where the error was raised."""
    import platform
    import traceback

    text = [
        f"autograder {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"command: {' '.join(sys.argv)}",
        f"options: { {name: value for name, value in vars(options).items() if not callable(value)} }",
        "",
        *traceback.format_exception(error),
    ]
    try:
        path = _write_details("\n".join(text), options)
    except OSError as failed:
        frames = traceback.extract_tb(error.__traceback__)
        where = f"; it was raised in {frames[-1].filename}, line {frames[-1].lineno}" if frames else ""
        return f"The details could not be written ({failed.strerror}){where}."
    return f"The details stand in {path}: send that file to those who maintain the grader."


def _write_details(text: str, options: argparse.Namespace) -> Path:
    """Write a file that only this user can read, whole, into the temporary folder.

    Raises:
        OSError: it cannot be written, or the folder is one that the command was given: of students, say.
    """
    import tempfile

    folder = Path(tempfile.gettempdir()).resolve()
    given = [each for value in vars(options).values() for each in (value if isinstance(value, list) else [value])]
    named = [value.resolve() for value in given if isinstance(value, Path)]
    if any(path in (folder, *folder.parents) for path in named):
        raise OSError(0, "the temporary folder is one that the command was given")
    descriptor, name = tempfile.mkstemp(prefix=".autograder-fault-", suffix=".txt", dir=folder)
    part = Path(name)
    try:
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123
            file.write(text)
        return part.rename(part.with_name(part.name.removeprefix(".")))
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
