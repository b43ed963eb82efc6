"""What holds for every test: in which order they run, and that none is skipped where none may be; see README.md."""

import os
import random
import re
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

# Set where everything that any test needs is installed: what would be skipped there fails.
NO_SKIPS = os.environ.get("AUTOGRADER_NO_SKIPS", "") not in ("", "0")


# The files that are skipped as a whole, for want of an extra.
SKIPPED = pytest.StashKey[set[Path]]()

# The same examples each time; `python -m tests.sandbox.fuzz_answers` looks for others.
settings.register_profile("seeded", derandomize=True)
settings.load_profile("seeded")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--shuffle=SEED`."""
    parser.addoption("--shuffle", type=int, metavar="SEED", help="run files, and the tests in each, in a random order")


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say how the same order comes again."""
    seed = config.getoption("shuffle")
    return [] if seed is None else [f"order: shuffled, the same again by --shuffle={seed}"]


SLOW_AS_A_WHOLE = re.compile(rb"^pytestmark = .*\bpytest\.mark\.slow\b", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Among the quick tests leave out files in which all are slow: nbgrader alone takes seconds to load."""
    if config.getoption("markexpr") != "not slow" or collection_path.suffix != ".py":
        return None
    return True if SLOW_AS_A_WHOLE.search(collection_path.read_bytes()) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shuffle where that is asked for."""
    if (seed := config.getoption("shuffle")) is not None:
        items[:] = shuffled(items, seed)


def shuffled(items: list[pytest.Item], seed: int) -> list[pytest.Item]:
    """Files in a random order, and in each its tests; these stay together, so that their fixtures are made once."""
    files = defaultdict[str, list[pytest.Item]](list)
    for item in items:
        files[item.nodeid.partition("::")[0]].append(item)
    shuffle = random.Random(seed).shuffle
    groups = [*files.values()]
    shuffle(groups)
    for group in groups:
        shuffle(group)
    return [item for group in groups for item in group]


def _refused(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Make a failure of a skip."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{reason}\nNothing may be skipped here, since AUTOGRADER_NO_SKIPS is set."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where nothing may be skipped, a skipped test fails."""
    report = yield
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        _refused(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Where nothing may be skipped, a file that is skipped as a whole fails."""
    report = yield
    if report.skipped:
        collector.config.stash.setdefault(SKIPPED, set()).add(collector.path)
        if NO_SKIPS:
            _refused(report)
    return report
