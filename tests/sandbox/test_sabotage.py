"""A submission that breaks what it runs in costs itself alone: the grader is never what failed."""

from pathlib import Path

import pytest

from autograder.errors import SandboxError
from autograder.grading.run import grade
from autograder.sandbox.answers import Ended, Returned
from autograder.sandbox.canary import works
from autograder.sandbox.slot import Slot, SubmissionLimits
from autograder.sandbox.tiers import Tier
from tests.sandbox.running import ask
from tests.small import REFERENCE, SOLUTIONS

INSIDE = "import sys\nchild = sys.modules['autograder.sandbox.inside.child']\n"
SABOTAGES = {
    "struct.pack": "import struct\nstruct.pack = lambda *a: b'x'\n",
    "struct.Struct": "import struct\nstruct.Struct = None\n",
    "msgpack.Packer": "import msgpack\nmsgpack.Packer = None\n",
    "kept packers": "import sys\nsys.modules['autograder.sandbox.inside.wire']._packers[:] = [None]\n",
    "pack": INSIDE + "child.pack = lambda value: 'text'\n",
    "no pack": INSIDE + "child.pack = None\n",
    "report": INSIDE + "child.report = lambda *a: {'types': [[]], 'message': {}, 'file': 3, 'line': []}\n1 / 0\n",
    "told": INSIDE + "child.told = lambda t: [0, ['a'], 'squares.py', 1, {'types': 5}]\n1 / 0\n",
    "len": "import builtins\nbuiltins.len = lambda x: 1\n",
    "isinstance": "import builtins\nbuiltins.isinstance = lambda a, b: True\n",
    "not isinstance": "import builtins\nbuiltins.isinstance = lambda a, b: False\n",
    "getattr": "import builtins\nbuiltins.getattr = lambda *a: None\n",
    "import": "import builtins\nbuiltins.__import__ = lambda *a, **k: 1 / 0\n",
    "import hooks": "import sys\nclass F:\n    def find_spec(self, *a): exit(70)\nsys.meta_path[:] = [F()]\n",
    "modules": "import sys\nsys.modules.clear()\n",
    "clock": "import time\ntime.perf_counter = lambda: 'x'\n",
    "warnings": "import warnings\nwarnings.showwarning = warnings.simplefilter = None\n",
    "timers": "import signal\nsignal.setitimer = None\n",
    "exit as a jail does": "import os\nos._exit(70)\n",
    "exit as who is done": "import os\nos._exit(72)\n",
    "the sheet": (
        "import sys\nframe = sys._getframe()\nwhile frame:\n    sheet = frame.f_locals.get('sheet')\n"
        "    if sheet is not None: sheet._memory[:] = b'\\xff' * len(sheet._memory)\n    frame = frame.f_back\n"
    ),
}


@pytest.mark.parametrize(
    "tier", [Tier.B, *(pytest.param(tier, marks=pytest.mark.slow) for tier in (Tier.A, Tier.A_MINUS))]
)
def test_no_sabotage_is_the_graders_failure_and_none_costs_another_student(tier: Tier, tmp_path: Path) -> None:
    if reason := works(tier):
        pytest.skip(f"tier {tier} does not work here: {reason}")
    for number, source in enumerate(["", *SABOTAGES.values(), ""]):
        (tmp_path / "class" / f"s{number:02}").mkdir(parents=True)
        (tmp_path / "class" / f"s{number:02}" / "squares.py").write_text(source + REFERENCE.partition('"""\n')[2])
    found = grade(tmp_path / "class", tmp_path / "out", solutions=SOLUTIONS, isolation=tier, jobs=1).records
    names = ["first", *SABOTAGES, "last"]
    failed = {name: record.grader_error for name, record in zip(names, found, strict=True) if record.score is None}
    assert not failed, f"each must have a score: {failed}"
    assert found[0].score == found[-1].score, "who comes after them has the score of who comes before them"
    assert found[0].score, "and it is that of right work"


def test_who_ends_as_a_jail_that_failed_has_crashed() -> None:
    with Slot(tier=Tier.NONE) as slot:
        answer = ask(slot, "import os\ndef f():\n    os._exit(70)\n")
    assert isinstance(answer, Ended) and answer.how == "crashed", f"{answer}"
    with Slot(tier=Tier.NONE) as slot:
        answer = ask(slot, INSIDE + "def f():\n    child.AnswerFile.write = None\n")
    assert isinstance(answer, Ended), f"{answer}"
    assert "Python's own functions were replaced" in answer.detail, f"{answer}"


def test_who_cannot_be_locked_in_is_never_run() -> None:
    with Slot(SubmissionLimits(memory=1 << 63), Tier.NONE) as slot, pytest.raises(SandboxError, match="locked in"):
        ask(slot, "def f():\n    return 1\n")


def test_each_child_tells_for_itself_that_it_was_locked_in() -> None:
    with Slot(tier=Tier.NONE) as slot:
        for _ in range(3):
            assert isinstance(ask(slot, "def f():\n    return 1\n"), Returned), "one after the other"
        slot.limits = SubmissionLimits(memory=1 << 63)
        with pytest.raises(SandboxError, match="locked in"):
            ask(slot, "def f():\n    return 1\n")
