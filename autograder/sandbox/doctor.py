"""Shows which layers of isolation work here, what each stops, and what to install for those that do not."""

import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from autograder.errors import BreachError
from autograder.sandbox.canary import try_canary, works
from autograder.sandbox.inside import jail, landlock, seccomp
from autograder.sandbox.inside.kernel import call
from autograder.sandbox.slot import Slot
from autograder.sandbox.tiers import FIRST_UID, MEANS, Tier, reachable

CHANGES_RECORDS = False


@dataclass(frozen=True, slots=True)
class LayerState:
    """One layer: what it stops, why it does not work here (nothing where it does), and what would help."""

    layer: str
    stops: str
    refused: str
    help: str


@dataclass(frozen=True, slots=True)
class Examination:
    """Every layer and every tier of this machine; `breach` says how the canary got out, if it did."""

    findings: tuple[LayerState, ...]
    tiers: dict[Tier, str]
    canary_seconds: float
    breach: str = ""

    @property
    def tier(self) -> Tier:
        """The best that works."""
        return next((tier for tier, refused in self.tiers.items() if not refused), Tier.NONE)


def tried(attempt: Callable[[], object]) -> str:
    """Why something does not work, tried in a child that is thrown away; nothing where it does."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            attempt()
            said = ""
        except BaseException as error:
            said = str(error) or type(error).__name__
        os.write(writing, said.encode()[:500])
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


def _without_new_privileges(then: Callable[[], object]) -> Callable[[], object]:
    def attempt() -> None:
        call("prctl", jail.NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        then()

    return attempt


def _own_user() -> str:
    if os.geteuid() != 0:
        return ""
    return "" if reachable(FIRST_UID) else "the interpreter lies where only root may read"


def examine() -> Examination:
    """Try every layer, then every tier with a test submission that tries to get out."""
    bubblewrap = "" if shutil.which("bwrap") else "not installed"
    install = "install bubblewrap (Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap)"
    new_user = 0x10000000
    findings = [
        LayerState("limits", "endless loops, memory and disk exhaustion", "", ""),
        LayerState(
            "seccomp",
            "processes, sockets, signals, tracing, mounting: every call not on a list",
            tried(_without_new_privileges(seccomp.restrict)),
            "a kernel with CONFIG_SECCOMP_FILTER, on x86_64 or aarch64",
        ),
        LayerState(
            "landlock",
            "reading files other than Python's own, writing any",
            tried(_without_new_privileges(lambda: landlock.restrict(["/usr"], []))),
            "Linux 5.13 or later with landlock among the lsm= modules",
        ),
        LayerState("bubblewrap", "seeing the machine's files, processes and network at all", bubblewrap, install),
        LayerState(
            "user namespaces",
            "(what bubblewrap needs)",
            tried(lambda: call("unshare", new_user | jail.NEW_MOUNTS)),
            "sysctl kernel.unprivileged_userns_clone=1, or bubblewrap's AppArmor profile; containers often refuse",
        ),
        LayerState(
            "a user of its own",
            "as root: touching what root owns, should all else fail",
            _own_user(),
            "a Python that other users may read, such as the system's",
        ),
    ]
    tiers: dict[Tier, str] = {}
    seconds = 0.0
    breach = ""
    for tier in (Tier.A, Tier.A_MINUS, Tier.B, Tier.C):
        try:
            tiers[tier] = works(tier)
        except BreachError as error:
            tiers[tier] = breach = str(error)
    best = next((tier for tier, refused in tiers.items() if not refused), None)
    if best is not None:
        with Slot(tier=best) as slot:
            try_canary(slot)
            seconds = try_canary(slot).seconds
    return Examination(tuple(findings), tiers, seconds, breach)


def print_examination(found: Examination, console: Console | None = None) -> bool:
    """Print it for people; returns whether submissions of others may be graded here without being asked twice."""
    console = console or Console()
    console.print(f"{platform.system()} {platform.release()} {platform.machine()}, user {os.geteuid()}\n")
    table = Table("layer", "what it stops", "works here", "to get it")
    for finding in found.findings:
        state = "yes" if not finding.refused else f"no: {finding.refused}"
        table.add_row(finding.layer, finding.stops, state, finding.help if finding.refused else "")
    console.print(table)
    tiers = Table("tier", "means", "works here")
    for tier, refused in found.tiers.items():
        tiers.add_row(tier, MEANS[tier], f"no: {refused}" if refused else "yes")
    console.print(tiers)
    if found.breach:
        console.print(f"[bold]{found.breach}[/bold]")
        return False
    console.print(
        f"`autograder grade` uses tier {found.tier}. The self-test takes {found.canary_seconds * 1000:.0f} ms."
    )
    if found.tier in (Tier.C, Tier.NONE):
        console.print("That is not enough for submissions of others: grade refuses unless --isolation=none is given.")
        return False
    return True
