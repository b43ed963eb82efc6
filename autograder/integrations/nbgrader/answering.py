"""A forked process that gives one answer, or says why it gives none."""

import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from autograder.errors import RecordingError


class Answering:
    """Runs a function in a process of its own.

    Args:
        make: what it answers with; called there.
        what: it does, as in "nbgrader could not ...".
    """

    def __init__(self, make: Callable[[], Any], what: str) -> None:
        context = get_context("fork")
        self._what = what
        self._end, there = context.Pipe(duplex=False)
        self._process = context.Process(target=_send, args=(self._end, there, make))
        self._process.start()
        there.close()

    def answer(self) -> Any:
        """What it answers with; waits for it.

        Raises:
            RecordingError: it answers nothing; what it said is a note on this.
        """
        try:
            value, trouble = self._end.recv()
        except EOFError:
            raise RecordingError(f"nbgrader could not {self._what}: its process ended before it was done") from None
        finally:
            self.close()
        if trouble:
            error = RecordingError(f"nbgrader could not {self._what}: {trouble.strip().splitlines()[-1]}")
            error.add_note(trouble)
            raise error
        return value

    def close(self) -> None:
        """Wait for its end; what it answers is dropped."""
        self._end.close()
        self._process.join()


def _send(other: Connection, end: Connection, make: Callable[[], Any]) -> None:
    """In the process. Ctrl-C, and that nobody waits any more, is told by the one above."""
    other.close()
    with suppress(KeyboardInterrupt, BrokenPipeError):
        try:
            end.send((make(), ""))
        except Exception:
            end.send((None, traceback.format_exc()))
