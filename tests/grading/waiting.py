"""Waits for what will be so, on a machine that may be slow."""

import time
from collections.abc import Callable

PATIENCE = 60.0


def until(what: str, holds: Callable[[], bool]) -> None:
    """Wait for something that will be so; a failure says what was not."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"after {PATIENCE:g} s: {what}"
        time.sleep(0.02)


def ended(process: int) -> bool:
    """Whether a process has ended, be it that nobody has waited for it yet."""
    try:
        with open(f"/proc/{process}/stat") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True
