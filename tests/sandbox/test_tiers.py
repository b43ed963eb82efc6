"""The tier is what works, found by trying; a machine that refuses a layer gets the next, or a refusal that says why."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.errors import BreachError, SandboxError
from autograder.sandbox import canary
from autograder.sandbox.canary import CanaryReport, best_tier, check
from autograder.sandbox.inside import kernel
from autograder.sandbox.inside.jail import Layer
from autograder.sandbox.inside.seccomp import ALLOW, ALLOWED, ARCHITECTURES, KILL, Instruction, program
from autograder.sandbox.slot import Slot
from autograder.sandbox.tiers import LAYERS, Tier
from tests.small import REFERENCE, SOLUTIONS

# Installs a seccomp filter that refuses system calls by number, then runs the command: a container, say, that knows no
# namespaces, or an old kernel. `clone` is refused only where it asks for a namespace.
REFUSING = """
import ctypes, os, runpy, struct, sys
errno, calls = int(sys.argv[1]), [int(n) for n in sys.argv[2].split(",")]
LOAD, EQUAL, ANY, RETURN, ALLOW = 0x20, 0x15, 0x45, 0x06, 0x7FFF0000
code = [(LOAD, 0, 0, 0)]
for number in calls:
    code += [(EQUAL, 0, 1, number), (RETURN, 0, 0, 0x50000 | errno)]
code += [(EQUAL, 0, 3, int(sys.argv[3])), (LOAD, 0, 0, 16), (ANY, 0, 1, 0x7E020000), (RETURN, 0, 0, 0x50001)]
code += [(RETURN, 0, 0, ALLOW)]
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
packed = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
filter = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(code), ctypes.addressof(packed)))
assert libc.prctl(22, 2, filter) == 0, "no filter"
sys.argv = ["autograder", *sys.argv[4:]]
runpy.run_module("autograder", run_name="__main__")
"""
EPERM, ENOSYS = 1, 38
NAMESPACES = ("unshare", "setns", "mount")
LANDLOCK = ("landlock_create_ruleset",)


def refusing(errno: int, calls: tuple[str, ...], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command where these system calls are refused."""
    numbers = kernel.numbers()
    refused = ",".join(str(numbers[name]) for name in calls)
    command = [sys.executable, "-c", REFUSING, str(errno), refused, str(numbers["clone"]), *arguments]
    environment = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=120)


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    (tmp_path / "class" / "anna").mkdir(parents=True)
    (tmp_path / "class" / "anna" / "squares.py").write_text(REFERENCE)
    return tmp_path / "class"


def test_where_namespaces_are_refused_tier_b_holds(submissions: Path, tmp_path: Path) -> None:
    grade = ["grade", str(submissions), "--out", str(tmp_path / "out"), "--solutions", str(SOLUTIONS)]
    run = refusing(EPERM, NAMESPACES, *grade)
    assert run.returncode == 0, f"tier B needs no namespace: {run.stdout}{run.stderr}"
    assert "isolation: tier B" in run.stderr, f"the tier must be told in one line: {run.stderr}"
    assert '"isolation": "B"' in (tmp_path / "out" / "run.json").read_text(), "and stand in the run's record"


@pytest.mark.slow
def test_where_landlock_is_missing_too_grading_is_refused_unless_asked_for_by_name(
    submissions: Path, tmp_path: Path
) -> None:
    grade = ["grade", str(submissions), "--out", str(tmp_path / "out"), "--solutions", str(SOLUTIONS)]
    run = refusing(ENOSYS, NAMESPACES + LANDLOCK, *grade)
    assert run.returncode == 2, f"tier C is not enough: {run.stdout}{run.stderr}"
    for told in ("tier C", "--isolation=none", "doctor"):
        assert told in run.stderr, f"{told!r} must be told: {run.stderr}"
    assert not (tmp_path / "out").exists(), "no submission may have run"
    run = refusing(ENOSYS, NAMESPACES + LANDLOCK, *grade, "--isolation=none")
    assert run.returncode == 0, f"asked for by name it goes on: {run.stdout}{run.stderr}"
    assert "isolation: tier C" in run.stderr, f"with what there is: {run.stderr}"


def test_a_tier_that_does_not_work_here_is_refused_by_name(submissions: Path, tmp_path: Path) -> None:
    grade = ["grade", str(submissions), "--out", str(tmp_path / "out"), "--solutions", str(SOLUTIONS)]
    run = refusing(EPERM, NAMESPACES, *grade, "--isolation", "A")
    assert run.returncode == 2, f"tier A needs namespaces: {run.stdout}{run.stderr}"
    assert "tier A does not work here" in run.stderr, f"and says so: {run.stderr}"


@pytest.mark.parametrize(
    ("errno", "calls", "code", "told"),
    [(EPERM, NAMESPACES, 0, "uses tier B"), (ENOSYS, NAMESPACES + LANDLOCK, 1, "--isolation=none is given")],
)
def test_the_doctor_names_what_is_missing_and_what_to_install(
    errno: int, calls: tuple[str, ...], code: int, told: str
) -> None:
    run = refusing(errno, calls, "doctor")
    assert run.returncode == code, f"{run.stdout}{run.stderr}"
    for text in (told, "user namespaces", "containers often refuse", "landlock", "seccomp"):
        assert text in run.stdout, f"{text!r} must be told: {run.stdout}"


def test_a_breach_stops_the_run_before_any_submission(
    submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from autograder.cli import main

    # Where the details of a fault go.
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    # The layers are taken off tier A without it knowing.
    monkeypatch.setitem(LAYERS, Tier.A, frozenset({Layer.LIMITS}))
    code = main(["grade", str(submissions), "--out", str(tmp_path / "out"), "--solutions", str(SOLUTIONS)])
    error = capsys.readouterr().err
    assert code == 70, f"a breach is ours: {error}"
    assert "read a hidden file and open a network socket and start another process" in error, f"{error}"
    assert not (tmp_path / "out").exists(), "no submission may have run"


def test_a_canary_that_does_not_live_is_no_working_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canary, "try_canary", lambda *_: CanaryReport(alive=False, escaped=(), seconds=0.0))
    with Slot(tier=Tier.NONE) as slot, pytest.raises(SandboxError, match="harmless"):
        check(slot)
    assert best_tier()[0] is Tier.NONE, "where nothing lives, nothing is promised"


@pytest.mark.parametrize("tier", [Tier.A, Tier.A_MINUS, Tier.B, Tier.C])
def test_each_tier_keeps_its_promises_here(tier: Tier) -> None:
    reason = canary.works(tier)
    if reason:
        pytest.skip(f"tier {tier} does not work here: {reason}")
    with Slot(tier=tier) as slot:
        flight = check(slot)
    assert set(flight.escaped) <= {"read"}, f"only tier C lets files be read: {flight}"
    assert (tier is Tier.C) == ("read" in flight.escaped), f"tier {tier}: {flight}"


def test_a_breach_is_an_error_of_the_sandbox() -> None:
    assert issubclass(BreachError, SandboxError), "so that no caller takes it for a student's failure"


HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.mark.parametrize("machine", HEADERS)
def test_the_tables_of_system_calls_are_the_kernels(machine: str) -> None:
    if not HEADERS[machine].exists():
        pytest.skip(f"{HEADERS[machine]} is not installed (Debian: linux-libc-dev)")
    known = {}
    for line in HEADERS[machine].read_text().splitlines():
        words = line.replace("__NR3264_", "__NR_").split()
        if len(words) >= 3 and words[0] == "#define" and words[1].startswith("__NR_") and words[2].isdigit():
            known[words[1].removeprefix("__NR_")] = int(words[2])
    table = kernel.TABLES[machine]
    # The generic header names these after their 32-bit history.
    known = {"newfstatat": known.get("fstatat", -1), **known}
    wrong = {name: number for name, number in table.items() if known.get(name, number) != number or name not in known}
    assert not wrong, f"{machine}: the kernel's headers disagree on {wrong}"
    unknown = [name for name in ALLOWED if not any(name in other for other in kernel.TABLES.values())]
    assert not unknown, f"no machine has {unknown}"


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_the_filter_is_a_program_the_kernel_could_take(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "MACHINE", machine)
    monkeypatch.setattr("autograder.sandbox.inside.seccomp.MACHINE", machine)
    code = program(1)
    assert len(code) < 4096, "a filter has at most 4096 instructions"
    for at, (kind, true, false, _) in enumerate(code):
        assert 0 <= true < 256, f"instruction {at} jumps too far"
        assert 0 <= false < 256, f"instruction {at} jumps too far"
        if kind != 0x06:
            assert at + 1 + max(true, false) < len(code), f"instruction {at} jumps out of the program"
    assert code[-1][0] == 0x06, "it must end in a return"


def verdict(code: list[Instruction], number: int, arguments: dict[int, int], architecture: int) -> int:
    """What a filter returns for a call: the classic BPF of the kernel's Documentation/networking/filter.rst."""
    words = {0: number, 4: architecture} | {16 + 8 * index: value for index, value in arguments.items()}
    at, loaded = 0, 0
    while True:
        kind, true, false, value = code[at]
        at += 1
        match kind:
            case 0x20:
                loaded = words.get(value, 0)
            case 0x15:
                at += true if loaded == value else false
            case 0x45:
                at += true if loaded & value else false
            case 0x35:
                at += true if loaded >= value else false
            case 0x05:
                at += value
            case 0x06:
                return value


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_the_filter_allows_what_is_listed_and_nothing_else(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "MACHINE", machine)
    monkeypatch.setattr("autograder.sandbox.inside.seccomp.MACHINE", machine)
    code, table = program(7), kernel.TABLES[machine]

    def allowed(number: int, **arguments: int) -> bool:
        given = {int(name[1:]): value for name, value in arguments.items()}
        return verdict(code, number, given, ARCHITECTURES[machine]) == ALLOW

    listed = {table[name] for name in ALLOWED if name in table}
    guarded = {
        table[name] for name in ("open", "openat", "clone", "ioctl", "fcntl", "prlimit64", "tgkill") if name in table
    }
    found = {number for number in range(1 << 10) if allowed(number)}
    assert found - guarded == listed, "each call that is listed, and no other"
    assert not any(allowed(number) for number in (1 << 30, (1 << 31) - 1, (1 << 32) - 1)), "no number beyond the table"
    assert allowed(table["clone"], a0=0x10000) and not allowed(table["clone"], a0=0x11), "threads, not processes"
    assert allowed(table["tgkill"], a0=7) and not allowed(table["tgkill"], a0=8), "itself, nobody else"
    assert allowed(table["ioctl"], a1=0x5401) and not allowed(table["ioctl"], a1=0x5412), "no typing for others"
    assert allowed(table["fcntl"], a1=1030) and allowed(table["fcntl"], a1=4) and not allowed(table["fcntl"], a1=8)
    assert allowed(table["prlimit64"], a2=0) and not allowed(table["prlimit64"], a2=1), "reading limits, not setting"
    for name, flags in (("open", "a1"), ("openat", "a2")):
        if name in table:
            cut = {mode: allowed(table[name], **{flags: mode | os.O_TRUNC}) for mode in range(4)}
            assert cut == {0: False, 1: True, 2: True, 3: False}, f"{name} cuts off what it opens for writing: {cut}"
            assert all(allowed(table[name], **{flags: mode | os.O_CREAT}) for mode in range(4)), f"{name} opens"
    other = next(value for name, value in ARCHITECTURES.items() if name != machine)
    assert verdict(code, next(iter(listed)), {}, other) == KILL, "numbers of another machine mean something else"


def test_exotic_machines_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "MACHINE", "riscv64")
    with pytest.raises(OSError, match="riscv64"):
        kernel.call("getpid")
