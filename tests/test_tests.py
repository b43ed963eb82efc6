"""The rules that README.md has for tests: quick ones everywhere, any order, no skip where everything is installed."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import SKIPPED, shuffled
from tests.repository import ROOT

TESTS = ROOT / "tests"


def test_each_folder_keeps_quick_tests(request: pytest.FixtureRequest) -> None:
    config = request.config
    if {Path(each).resolve() for each in config.args} != {TESTS} or config.getoption("keyword"):
        pytest.skip("only a run of all tests can tell")
    patterns = config.getini("python_files")
    folders = {path.parent for pattern in patterns for path in TESTS.rglob(pattern) if "sample_class" not in path.parts}
    quick = {item.path.parent for item in request.session.items if item.get_closest_marker("slow") is None}
    # Without an extra nobody can tell of the folders that need it; where nothing may be skipped, all are looked at.
    unknown = {path.parent for path in config.stash.get(SKIPPED, set())}
    slow = sorted(str(path.relative_to(ROOT)) for path in folders - quick - unknown)
    assert not slow, f"every test is slow in {', '.join(slow)}: `make test` would not notice a break"


def test_an_order_comes_again_and_keeps_files_together(request: pytest.FixtureRequest) -> None:
    items = request.session.items
    order = shuffled(items, 1)
    assert order == shuffled(items, 1), "the same seed gives the same order"
    assert sorted(order, key=id) == sorted(items, key=id), "every test once"
    files = [item.path for item in order]
    changes = sum(one != other for one, other in pairwise(files))
    assert changes == len(set(files)) - 1, "the tests of a file stay together, or its fixtures are made many times"
    if len(items) > 20:
        assert order not in (items, shuffled(items, 2)), "another seed gives another order"


SKIPPING = {
    "a test": "import pytest\n\ndef test_one():\n    pytest.skip('a reason')\n",
    "a mark": "import pytest\n\n@pytest.mark.skipif(True, reason='a reason')\ndef test_one():\n    pass\n",
    "a file": "import pytest\n\npytest.skip('a reason', allow_module_level=True)\n",
}


@pytest.mark.slow
def test_a_skip_fails_where_nothing_may_be_skipped(tmp_path: Path) -> None:
    for number, text in enumerate(SKIPPING.values()):
        (tmp_path / f"test_skipping{number}.py").write_text(text)
    options = ["-q", "--continue-on-collection-errors", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, str(tmp_path)]
    for value, told in (("", "3 skipped"), ("1", "AUTOGRADER_NO_SKIPS is set")):
        environment = {**os.environ, "AUTOGRADER_NO_SKIPS": value, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""}
        run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert told in run.stdout, f"AUTOGRADER_NO_SKIPS={value!r}: {run.stdout}{run.stderr}"
        assert bool(value) == (run.returncode != 0), f"{value!r} gives exit code {run.returncode}"
    for number, what in enumerate(SKIPPING):
        assert f"test_skipping{number}.py" in run.stdout, f"a skip of {what} must fail: {run.stdout}"
    assert "skipped," not in run.stdout and "passed" not in run.stdout, f"none may be skipped: {run.stdout}"
