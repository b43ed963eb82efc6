"""Run by a container's own Python, with the engine that was packed: every attack, in tier B, on its references."""

import ast
import json
import os
import queue
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from autograder.sandbox.answers import Answer, Ended, Raised, Returned, Unreadable
from autograder.sandbox.call_plan import CallPlan, QuestionCalls
from autograder.sandbox.slot import Slot, SubmissionLimits
from autograder.sandbox.tiers import Tier

# Most attacks wait for the end of their time.
AT_ONCE = 4
HARMLESS = b"def attack(probe):\n    return 41 + 1\n"


def ending(answer: object) -> str:
    kinds = {Returned: "returned", Raised: "raised", Unreadable: "unreadable"}
    return answer.how if isinstance(answer, Ended) else kinds.get(type(answer), "missing")


def sit(slot: Slot, source: bytes, probe: dict[str, object]) -> Answer:
    plan = CallPlan([QuestionCalls("attack", [("call", [probe])], 1.0)])
    try:
        return slot.run(plan, {"work.py": source}, "work").answers[0][0]
    finally:
        plan.close()


def attack(slots: "queue.SimpleQueue[Slot]", path: Path, probe: dict[str, object], secret: str) -> list[str]:
    """What is wrong after one attack; a harmless submission comes after it."""
    source, slot = path.read_bytes(), slots.get()
    answer, after = sit(slot, source, probe), sit(slot, HARMLESS, probe)
    slots.put(slot)
    wanted = (ast.get_docstring(ast.parse(source)) or "").rpartition("Ends: ")[2].strip()
    said = repr(answer.value) if isinstance(answer, Returned) else getattr(answer, "message", "")
    wrong = [] if wanted in ("any", ending(answer)) else [f"ended as {ending(answer)}, not {wanted}: {answer}"]
    wrong += [f"got what it was after: {said}"] if "LEAK" in said or secret in said else []
    wrong += [] if isinstance(after, Returned) and after.value == 42 else [f"spoilt the next one: {after}"]
    return wrong


def main(attacks: str, root: str) -> None:
    source, results = Path(root) / "source", Path(root) / "results"
    hidden = source / "solutions" / "course.toml"
    probe = {"hidden": str(hidden), "results": str(results), "repository": str(source), "port": 9}
    before, secret = hidden.read_text(), hidden.read_text()[:40]
    os.environ["AUTOGRADER_TEST_SECRET"] = secret
    there = sorted(results.iterdir())
    paths = [path for path in sorted(Path(attacks).glob("*.py")) if path.stem != "__init__"]
    slots: queue.SimpleQueue[Slot] = queue.SimpleQueue()
    with ExitStack() as opened, ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(AT_ONCE):
            slots.put(opened.enter_context(Slot(SubmissionLimits(memory=512 << 20), Tier.B, number)))
        told = dict(zip(paths, pool.map(lambda path: attack(slots, path, probe, secret), paths), strict=True))
    found = {path.stem: wrong for path, wrong in told.items()}
    found["afterwards"] = (
        [] if (hidden.read_text(), sorted(results.iterdir())) == (before, there) else ["files changed"]
    )
    print(json.dumps(found))


main(*sys.argv[1:])
