"""A self-test before any student's code: a submission of ours tries to get out, in the very tier that is to be used."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import BreachError, SandboxError
from autograder.sandbox import hidden as hidden_
from autograder.sandbox.answers import Answer, Returned
from autograder.sandbox.call_plan import CallPlan, QuestionCalls
from autograder.sandbox.slot import Slot, SubmissionLimits
from autograder.sandbox.tiers import Tier

SECRET = "canary"  # noqa: S105
SOURCE = b"""
import os
import socket


def read(path):
    with open(path) as file:
        return file.read()


def connect():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as made:
        return made.fileno() >= 0


def fork():
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True


def alive():
    return 42
"""
NOTHING_HIDDEN: Mapping[str, str] = {}
# What each tier promises to stop.
PROMISES: dict[Tier, tuple[str, ...]] = {
    Tier.A: ("read", "connect", "fork"),
    Tier.A_MINUS: ("read", "connect", "fork"),
    Tier.B: ("read", "connect", "fork"),
    Tier.C: ("connect", "fork"),
    Tier.NONE: (),
}
ATTEMPTS = {
    "read": "read a hidden file",
    "connect": "open a network socket",
    "fork": "start another process",
}


@dataclass(frozen=True, slots=True)
class CanaryReport:
    """What the canary could do."""

    alive: bool
    escaped: tuple[str, ...]
    seconds: float
    looked: Answer | None = None


def try_canary(slot: Slot, hidden: Mapping[str, str] = NOTHING_HIDDEN) -> CanaryReport:
    """Let the canary try everything once, in a slot.

    Args:
        slot: of the sandbox.
        hidden: folders that it looks into, by their real paths, with what each is called.

    Raises:
        SandboxError: the slot does not work at all.
    """
    with tempfile.NamedTemporaryFile("w", prefix="autograder-canary-", delete=False) as secret:
        secret.write(SECRET)
    # Readable for everyone, so that only the sandbox can stop it.
    Path(secret.name).chmod(0o644)
    arguments: dict[str, list[object]] = {"alive": [], "read": [secret.name], "connect": [], "fork": []}
    if hidden:
        arguments["look"] = list(hidden_.questions(hidden))
    plan = CallPlan([QuestionCalls(name, [("call", given)], 2.0) for name, given in arguments.items()])
    try:
        run = slot.run(plan, {"canary.py": SOURCE + hidden_.SOURCE}, "canary")
    finally:
        plan.close()
        os.unlink(secret.name)  # noqa: PTH108
    answers = {name: found[0] for name, found in zip(arguments, run.answers, strict=True)}
    return CanaryReport(
        alive=_gives(answers["alive"], 42),
        escaped=tuple(name for name in ATTEMPTS if _succeeded(name, answers[name])),
        seconds=run.seconds,
        looked=answers.get("look"),
    )


def _gives(answer: Answer, value: object) -> bool:
    return isinstance(answer, Returned) and answer.value == value


def _succeeded(name: str, answer: Answer) -> bool:
    return _gives(answer, SECRET if name == "read" else True)


def check(slot: Slot, hidden: Mapping[str, str] = NOTHING_HIDDEN) -> CanaryReport:
    """Let the canary try everything, and stop where it did what the slot's tier promises to stop.

    Args:
        slot: of the sandbox.
        hidden: folders of `hidden_folders`, which it must not be able to read.

    Raises:
        BreachError: it did.
        SandboxError: nothing works in this tier here.
        UsageError: one of the folders can be read, as they lie here.
    """
    hidden = hidden if slot.tier in hidden_.HIDING else NOTHING_HIDDEN
    hidden_.refuse_below(hidden)
    flight = try_canary(slot, hidden)
    if not flight.alive:
        raise SandboxError(f"tier {slot.tier} does not run a harmless submission here")
    broken = [ATTEMPTS[name] for name in PROMISES[slot.tier] if name in flight.escaped]
    if broken:
        raise BreachError(
            f"a test submission could {' and '.join(broken)} although tier {slot.tier} promises otherwise. "
            "No submission was run. Please report this with the output of `autograder doctor`."
        )
    if hidden:
        if not isinstance(flight.looked, Returned):
            raise SandboxError(f"the self-test could not look for hidden folders in tier {slot.tier}: {flight.looked}")
        hidden_.refuse_seen(flight.looked.value, hidden)
    return flight


def works(tier: Tier, limits: SubmissionLimits | None = None, hidden: Mapping[str, str] = NOTHING_HIDDEN) -> str:
    """Why a tier does not work here; nothing where it does. Tried, never read from settings.

    Raises:
        BreachError: it runs, and lets the canary out.
        UsageError: it runs, and one of the hidden folders can be read in it.
    """
    try:
        with Slot(limits, tier) as slot:
            check(slot, hidden)
    except BreachError:
        raise
    except (SandboxError, OSError) as error:
        return str(error) or type(error).__name__
    return ""


def best_tier(
    limits: SubmissionLimits | None = None, hidden: Mapping[str, str] = NOTHING_HIDDEN
) -> tuple[Tier, dict[Tier, str]]:
    """The first tier that works here, and why those before it do not.

    Raises:
        BreachError: a tier lets the canary out.
        UsageError: one of the hidden folders can be read in a tier that works.
    """
    refused: dict[Tier, str] = {}
    for tier in (Tier.A, Tier.A_MINUS, Tier.B, Tier.C):
        reason = works(tier, limits, hidden)
        if not reason:
            return tier, refused
        refused[tier] = reason
    return Tier.NONE, refused
