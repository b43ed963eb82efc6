"""A process that tries mutants of one module: it loads pytest and all else once, and forks for each mutant.

It reads a `Task` from its input and writes a line of JSON for each mutant, a `Trial`, as soon as it is done. Nothing of
the engine that needs the module is loaded before the fork, so that all of it meets the mutant.
"""

import contextlib
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

import msgspec
import pytest

# A mutant may take so many times as long as the engine itself, and more: what then still runs is endless.
TIMES, SECONDS_MORE = 10.0, 20.0
SECONDS_FIRST = 600.0
MEMORY = 4 << 30
# pytest's exit codes where tests failed, or could not be loaded; and ours where the process ended before it had one.
ENDED = -1
NOTICED = (1, 2, ENDED)
# What tests import, and what no mutant touches.
PREPARED = "hypothesis jinja2 markdown_it msgpack nh3 numpy numpy.random pygments rich.console rich.table yaml".split()


class Task(msgspec.Struct, frozen=True):
    """Mutants of one module, by number, and the tests that may notice them.

    Args:
        module: by its whole name.
        path: of its file.
        prepared: modules of the engine to load first.
        tests: files or folders.
        original: the source of the module.
        mutants: sources.
        cache: a folder for compiled modules.
    """

    module: str
    path: str
    prepared: tuple[str, ...]
    tests: tuple[str, ...]
    original: str
    mutants: tuple[str, ...]
    cache: str


class Trial(msgspec.Struct, frozen=True):
    """What became of a mutant: the test that noticed it, or None; `failure` says why nothing can be said of it."""

    number: int
    noticed: str | None
    seconds: float
    failure: str = ""


class Patched(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from this source, and leaves all others alone."""

    def __init__(self, module: str, path: str, source: str) -> None:
        self.module, self.path, self.source = module, path, source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.module:
            return None
        folders = [str(Path(self.path).parent)] if Path(self.path).name == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=self, submodule_search_locations=folders
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, self.path, "exec"), vars(module))


class _Ending(msgspec.Struct):
    """How the tests of a fork ended: pytest's exit code, the first test that failed, and what it said."""

    code: int
    failed: str = ""
    said: str = ""


class _Watch:
    """In a fork: tells how the tests ended, and ends the process then."""

    def __init__(self, answers: int) -> None:
        self.answers = answers
        self.ending = _Ending(-1)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed(report, report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._failed(report, f"{report.nodeid} (not even loaded)")

    def _failed(self, report: pytest.TestReport | pytest.CollectReport, name: str) -> None:
        if report.failed and not self.ending.failed:
            self.ending = _Ending(-1, name, report.longreprtext[-4000:])

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        self.ending.code = int(exitstatus)
        os.write(self.answers, msgspec.json.encode(self.ending))
        os._exit(0)


class Forks:
    """A plugin of pytest's: where it would collect, it forks for each mutant, and only the forks go on."""

    def __init__(self, task: Task, out: BinaryIO, scratch: Path) -> None:
        self.task, self.out, self.scratch = task, out, scratch

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        gc.collect()
        gc.freeze()
        limits: list[float | None] = [None] * len(self.task.tests)
        for number, source in enumerate([self.task.original, *self.task.mutants], start=-1):
            started, ending = time.monotonic(), _Ending(0)
            # The tests of the next file are not even loaded where those of one before notice.
            for place, test in enumerate(self.task.tests):
                since = time.monotonic()
                found = self._fork(source, test, session, limits[place])
                if found is None:
                    return  # this is the fork
                if limits[place] is None:
                    limits[place] = TIMES * (time.monotonic() - since) + SECONDS_MORE
                ending = found
                if ending.code:
                    break
            seconds = time.monotonic() - started
            if number >= 0:
                trouble = "" if ending.code in NOTICED or ending.code == 0 else f"pytest ended with {ending.code}"
                self._tell(Trial(number, ending.failed if ending.code else None, seconds, trouble))
            elif ending.code:
                self._tell(Trial(-1, ending.failed, seconds, f"exit code {ending.code}: {ending.said}"))
                break
        pytest.exit("all mutants were tried", returncode=0)

    def _tell(self, trial: Trial) -> None:
        self.out.write(msgspec.json.encode(trial) + b"\n")
        self.out.flush()

    def _fork(self, source: str, test: str, session: pytest.Session, limit: float | None) -> _Ending | None:
        """How the tests ended; None in the fork itself."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            session.config.args = [test]
            self._become(source, limit, writing, session)
            return None
        os.close(writing)
        in_time = _wait(child, limit)
        with os.fdopen(reading, "rb") as pipe:
            # A process that a test left behind may still hold its end.
            told = os.read(pipe.fileno(), 1 << 16) if select.select([pipe], [], [], 0)[0] else b""
        shutil.rmtree(self.scratch / "temporary", ignore_errors=True)
        if not in_time:
            return _Ending(ENDED, "the limit of time")
        return msgspec.json.decode(told, type=_Ending) if told else _Ending(ENDED, "the process ended itself")

    def _become(self, source: str, limit: float | None, answers: int, session: pytest.Session) -> None:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        temporary = self.scratch / "temporary"
        temporary.mkdir()
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(temporary)
        # The engine as it stands has the same limits: what they break would seem to be noticed. The sandbox sets its
        # own limit of the address space, and could not above one of ours.
        seconds = int(SECONDS_FIRST if limit is None else limit)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 2))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        sys.meta_path.insert(0, Patched(self.task.module, self.task.path, source))
        session.config.pluginmanager.register(_Watch(answers), "watch")


def _wait(child: int, limit: float | None) -> bool:
    """Wait for a fork and end all that it started; whether it ended by itself."""
    descriptor = os.pidfd_open(child)
    try:
        ended = bool(select.select([descriptor], [], [], SECONDS_FIRST if limit is None else 3 * limit)[0])
    finally:
        os.close(descriptor)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return ended and not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU)


def main() -> int:
    """Try the mutants of the task on the standard input; returns the exit code."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    # Each plugin that is not needed costs each fork; compiled modules are kept where nobody else looks.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.pycache_prefix, sys.dont_write_bytecode = task.cache, False
    for name in (*PREPARED, *task.prepared):
        importlib.import_module(name)
    if task.module in sys.modules:
        raise RuntimeError(f"{task.module} was loaded before its mutants: see `unaffected`")
    with tempfile.TemporaryDirectory(prefix="autograder-engine-audit-") as scratch:
        options = ["-x", "-q", "--noconftest", "-p", "no:cacheprovider", "-p", "no:faulthandler"]
        return int(pytest.main([*task.tests, *options], plugins=[Forks(task, out, Path(scratch))]))


if __name__ == "__main__":
    sys.exit(main())
