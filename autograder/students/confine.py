"""What differs from one system to the next: how a process that runs a student's own code is held, and ended.

One's own code needs no sandbox. Where the kernel has one that needs no rights (Linux), it is used all the same: code
that reads or writes files then fails here as it will fail when it is graded.
"""

import contextlib
import os
import signal
import subprocess
import sys
from typing import Any

# Beyond what Python and NumPy take; and processor seconds of all checks together, as a last resort.
MEMORY = 1 << 30
PROCESSOR_SECONDS = 3600.0


def start_options() -> dict[str, Any]:
    """How to start the process, so that `end` ends it with all that it has started."""
    return {} if sys.platform == "win32" else {"start_new_session": True}


def end(process: "subprocess.Popen[str]") -> None:
    """End the process, and on POSIX what it has started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def how_it_ended(code: int) -> str:
    """A process's exit code in words."""
    if code < 0 and -code in signal.valid_signals():
        return f"it was ended by {signal.Signals(-code).name}"
    return f"it ended itself (exit code {code})"


def confine(scratch: str) -> bool:
    """In the process: give up what the sandbox of the grader gives up, as far as this system can; for good.

    Args:
        scratch: the folder that it may write to.

    Returns whether it did.
    """
    if sys.platform != "linux":
        return False
    try:
        from autograder.sandbox.inside import jail
        from autograder.sandbox.inside.threads import set_buffers_aside
        from autograder.sandbox.readable_places import places

        set_buffers_aside()
        layers = frozenset({jail.Layer.LIMITS, jail.Layer.LANDLOCK, jail.Layer.SECCOMP})
        limits = jail.ProcessLimits(PROCESSOR_SECONDS, jail.mapped_bytes() + MEMORY)
        # One's own machine: what is installed may be read, so that a check can load what it needs.
        where = places()
        readable = (*where.readable, where.package, "/usr", sys.base_prefix, sys.prefix)
        jail.enter(jail.Jail(layers, readable, os.path.realpath(scratch)), limits)
    except (OSError, KeyError, ValueError, ImportError):
        return False
    return True
