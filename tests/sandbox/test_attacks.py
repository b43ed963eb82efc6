"""Hostile submissions get nothing, break nothing, and leave nothing behind, in every tier that works here."""

import ast
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox.answers import Answer, Ended, Raised, Returned, Unreadable
from autograder.sandbox.call_plan import CallPlan, QuestionCalls
from autograder.sandbox.canary import try_canary, works
from autograder.sandbox.inside.wire import Opaque
from autograder.sandbox.slot import Slot, SubmissionLimits
from autograder.sandbox.tiers import Tier
from tests.repository import ATTACKS, ROOT

PATHS = sorted(path for path in ATTACKS.glob("*.py") if path.stem != "__init__")
# One of each layer: files, the network, processes, memory, and the way that answers take. The others are slow tests.
QUICK = ("read_hidden_file", "connect_to_grader", "run_a_shell", "take_memory_at_once", "forge_answers")
TIERS = (Tier.A, Tier.A_MINUS, Tier.B)
SECRET = "expected-answer-7319"
MARK = "autograder-attack-was-here"
# A virtual machine that has never used its memory takes long to fill it; the limit of memory must come first.
SECONDS = {"take_all_memory": 10.0}
HARMLESS = b"def attack(probe):\n    return 41 + 1\n"


@dataclass(frozen=True)
class Scene:
    """A slot of one tier, and the things on this machine that attacks are after."""

    slot: Slot
    hidden: Path
    results: Path
    server: socket.socket

    @property
    def probe(self) -> dict[str, Any]:
        """What an attack is told, so that it fails for no lack of knowledge."""
        return {
            "hidden": str(self.hidden),
            "results": str(self.results),
            "repository": str(ROOT),
            "port": self.server.getsockname()[1],
        }

    def ask(self, source: bytes, seconds: float = 1.0) -> Answer:
        """The answer of one submission, and after it that of a harmless one."""
        plan = CallPlan([QuestionCalls("attack", [("call", [self.probe])], seconds)])
        try:
            return self.slot.run(plan, {"work.py": source}, "work").answers[0][0]
        finally:
            plan.close()


@pytest.fixture(scope="module", params=TIERS)
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    reason = works(request.param)
    if reason:
        pytest.skip(f"tier {request.param} does not work here: {reason}")
    folder = tmp_path_factory.mktemp("hidden")
    hidden, results = folder / "expected.txt", folder / "results"
    hidden.write_text(SECRET)
    results.mkdir()
    for path in (*folder.parents, folder, results):
        # Only the sandbox may stand in the way, not the permissions of pytest's folders.
        if path.stat().st_uid == os.getuid() and str(path).startswith(str(tmp_path_factory.getbasetemp().parent)):
            path.chmod(0o777)
    with pytest.MonkeyPatch.context() as patch:
        # Before the server starts, so that it could have been handed on.
        patch.setenv("AUTOGRADER_TEST_SECRET", SECRET)
        with (
            socket.create_server(("127.0.0.1", 0)) as server,
            Slot(SubmissionLimits(memory=512 << 20), request.param) as slot,
        ):
            server.settimeout(0)
            made = Scene(slot, hidden, results, server)
            made.ask(HARMLESS)  # by now the server has started all its own processes
            yield made


def ending(answer: Answer) -> str:
    match answer:
        case Returned():
            return "returned"
        case Raised():
            return "raised"
        case Ended(how=how):
            return how
        case Unreadable():
            return "unreadable"
        case _:
            return "missing"


def sleepers() -> set[int]:
    """Processes below this one, by id."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                found.add(int(entry.name))
    return found


def test_every_attack_says_what_it_tries_and_what_must_be_true_afterwards() -> None:
    assert len(PATHS) >= 45, f"there are {len(PATHS)} attacks"
    for path in PATHS:
        text = ast.get_docstring(ast.parse(path.read_text())) or ""
        assert "Afterwards: " in text, f"{path.name} must say what is true afterwards"
        assert "Ends: " in text, f"{path.name} must say how it may end"


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=() if path.stem in QUICK else pytest.mark.slow, id=path.stem) for path in PATHS],
)
def test_an_attack_gets_nothing_and_leaves_nothing(scene: Scene, path: Path) -> None:
    source = path.read_bytes()
    wanted = (ast.get_docstring(ast.parse(source)) or "").rpartition("Ends: ")[2].strip()
    zygote, before = scene.slot._zygote.pid, sleepers()
    started = time.monotonic()
    answer = scene.ask(source, SECONDS.get(path.stem, 1.0))
    seconds = time.monotonic() - started
    assert wanted in ("any", ending(answer)), f"it should end as {wanted}: {answer}"
    told = repr(answer.value) if isinstance(answer, Returned) else getattr(answer, "message", "")
    assert "LEAK" not in told, f"it got what it was after: {told}"
    assert SECRET not in told, f"it read the answer: {told}"
    if isinstance(answer, Returned) and path.stem in ("pickle_bomb", "huge_integer"):
        assert isinstance(answer.value, Opaque), f"an object must arrive as a description: {answer.value!r}"
    if isinstance(answer, Returned) and path.stem == "lying_object":
        assert type(answer.value) is float, f"an object below float must arrive as the plain float: {answer.value!r}"
    assert seconds < 60, f"it was ended only after {seconds:.0f} s"

    after = scene.ask(HARMLESS)
    assert isinstance(after, Returned), f"the next submission must be graded as ever: {after}"
    assert after.value == 42, f"the next submission must be graded on its own source: {after}"
    assert scene.slot._zygote.pid == zygote, "the server must have survived"
    assert scene.hidden.read_text() == SECRET, "the hidden file must be as before"
    assert list(scene.results.iterdir()) == [], "the results folder must be as before"
    with pytest.raises(BlockingIOError):
        scene.server.accept()
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/"):
        assert not (Path(folder) / MARK).exists(), f"it wrote to {folder}"
    left = [pid for pid in sleepers() - before if _is_below(pid, zygote)]
    assert not left, f"processes stayed behind: {left}"


def _is_below(pid: int, ancestor: int) -> bool:
    while pid > 1:
        if pid == ancestor:
            return True
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False
    return False


def test_the_canary_sings_where_nothing_holds_it() -> None:
    with Slot(tier=Tier.NONE) as slot:
        flight = try_canary(slot)
    assert set(flight.escaped) == {"read", "connect", "fork"}, f"without layers all three must succeed: {flight}"
