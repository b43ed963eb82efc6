"""Stands in for the locks of `multiprocessing`, which live in the system and are refused, in each tier in other words.

Within one process they work: so `multiprocessing.pool.ThreadPool`, which has threads alone, does too. What starts a
process is refused where it does, alike in every tier.
"""

import threading
from typing import Any

# The module of Python's that has them, and the kind of one that its owner may take again.
LOCKS = "_multiprocessing"
_RECURSIVE = 0


class ProcessLock:
    """As `_multiprocessing.SemLock`, for the threads of one process."""

    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, kind: int, value: int, maxvalue: int, *_: Any) -> None:
        self.kind, self.maxvalue, self.name, self.handle = kind, maxvalue, None, 0
        self._condition = threading.Condition()
        self._value = value
        self._owner = 0
        self._taken = 0

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Take it; whether it could be had in time."""
        me = threading.get_ident()
        with self._condition:
            if self.kind == _RECURSIVE and self._owner == me:
                self._taken += 1
                return True
            wait = (timeout if timeout is None else max(0.0, timeout)) if block else 0.0
            if not self._condition.wait_for(lambda: self._value > 0, wait):
                return False
            self._value -= 1
            self._owner, self._taken = me, self._taken + 1
            return True

    def release(self) -> None:
        """Give it back."""
        with self._condition:
            if self.kind == _RECURSIVE:
                if self._owner != threading.get_ident():
                    raise AssertionError("attempt to release recursive lock not owned by thread")
                self._taken -= 1
                if self._taken:
                    return
                self._owner = 0
            elif self._value >= self.maxvalue:
                raise ValueError("semaphore or lock released too many times")
            else:
                self._taken = max(0, self._taken - 1)
            self._value += 1
            self._condition.notify()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _count(self) -> int:
        return self._taken if self._owner == threading.get_ident() else 0

    def _is_mine(self) -> bool:
        return self._taken > 0 and self._owner == threading.get_ident()

    def _get_value(self) -> int:
        return self._value

    def _is_zero(self) -> bool:
        return self._value == 0

    def _after_fork(self) -> None:
        pass
