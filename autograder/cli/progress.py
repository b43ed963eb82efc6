"""How far a long command is: one kind of bar for all of them, with the time left."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from autograder.files.visible import visible
from autograder.records.record import Result

# Seconds between two drawings of a bar.
DRAWN_EACH = 0.1


def plain(text: str) -> str:
    """Text from a student as it may stand in a terminal: no control characters, no markup."""
    return escape(visible(text).replace("\n", " "))


class ProgressBar:
    """A bar for each step of a long command, one after the other, on stderr; where that is no terminal, a line at the
    end of each step. Use it as a context manager.

    Args:
        console: in place of stderr's.
    """

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True)
        self._bar: Progress | None = None
        self._step, self._done, self._drawn = "", 0, 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def tell(self, step: str, done: int, total: int) -> None:
        """So much of a step is done; another step, or one that begins anew, has a bar of its own."""
        if not total:
            return
        if self._bar is None or step != self._step or done < self._done:
            self._end()
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("left"),
                TimeRemainingColumn(),
                console=self.console,
                # That would be done by a thread, and workers are forked meanwhile, which must not inherit one half way.
                auto_refresh=False,
            )
            self._step, self._task = step, self._bar.add_task(step, total=total)
            self._bar.start()
            self._drawn = time.monotonic()
        self._done = done
        self._bar.update(self._task, completed=done, total=total)
        if done >= total:
            self._end()
        elif (now := time.monotonic()) - self._drawn >= DRAWN_EACH:
            self._bar.refresh()
            self._drawn = now

    def step(self, name: str) -> Callable[[int, int], None]:
        """What to call with the number done and the number of all, of one step."""
        return partial(self.tell, name)

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.stop()
        self._bar = None


class GradingProgress(ProgressBar):
    """The bars of a run over a class; `count` of `total` records are whole."""

    def __init__(self, console: Console | None = None) -> None:
        super().__init__(console)
        self.count = 0
        self.total = 0

    def begin(self, total: int, notes: Sequence[str]) -> None:
        """The number of students is known; notes on the folder come first."""
        self.total = total
        for note in notes:
            self.console.print(plain(note), soft_wrap=True)
        if not total:
            self.console.print("Every record is up to date; nothing was graded.")
        self.tell("grading", 0, total)

    def done(self, count: int, total: int, result: Result) -> None:
        """One more record is written."""
        self.count = count
        self.tell("grading", count, total)
        if result.score is None:
            self.console.print(f"[bold]grader error[/bold] on {plain(result.student)}; its record says why")
