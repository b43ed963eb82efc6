"""Runs what a notebook awaits at the top level of its cells, on an event loop that needs no socket."""

import asyncio
import selectors
import threading
from collections.abc import Coroutine
from typing import Any

# A loop that waits for nothing looks again this often, in seconds.
_LONGEST_SLEEP = 60.0


class _Bell(selectors.BaseSelector):
    """Waits for the time that is asked for, or until it is rung; there are no files to look at."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        """End a wait, from whichever thread."""
        self._rung.set()

    def select(self, timeout: float | None = None) -> list[Any]:
        """Wait."""
        self._rung.wait(_LONGEST_SLEEP if timeout is None else max(0.0, timeout))
        self._rung.clear()
        return []

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """As declared."""
        raise OSError("no files are waited for here")

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        """As declared."""
        raise KeyError(fileobj)

    def get_map(self) -> dict[Any, selectors.SelectorKey]:
        """As declared."""
        return {}


class QuietLoop(asyncio.BaseEventLoop):
    """Timers, tasks and threads; no files, sockets or processes."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _Bell()

    def _process_events(self, event_list: Any) -> None:
        pass

    def _write_to_self(self) -> None:
        self._selector.ring()


def wait_for(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end, on the one loop of this process, as a notebook's kernel does."""
    global _loop
    if _loop is None:
        _loop = QuietLoop()
        asyncio.set_event_loop(_loop)
    return _loop.run_until_complete(coroutine)


_loop: QuietLoop | None = None
