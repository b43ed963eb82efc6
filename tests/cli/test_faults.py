"""Whatever is wrong around a command, it ends with the right exit code and one message that names what is wrong.

Each verb meets each fault that it can meet. Most run in this process; what only a process can show, in one of its own.
"""

import errno
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from autograder import cli
from autograder.cli import main
from autograder.errors import SandboxError
from autograder.grading.grader import Grader
from tests.cli.place import ASSIGNMENT, COMMANDS, SEED, Place, make

if sys.platform != "linux":
    pytest.skip("most verbs need Linux", allow_module_level=True)

NOBODY = 65534


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return make(tmp_path_factory.mktemp("made"))


@pytest.fixture
def place(made: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A copy to break, and a temporary folder of its own, in which the details of our own faults are found."""
    shutil.copytree(made.root, tmp_path / "place", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "temporary").mkdir()
    (tmp_path / "temporary").chmod(0o777)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return Place(tmp_path / "place")


class Ends:
    """How commands end."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, command: list[str], code: int, *told: str) -> str:
        """The command ends with this code, and with one message, that tells all of this."""
        self._capsys.readouterr()
        found = main(command)
        printed = self._capsys.readouterr()
        messages = printed.err.split("autograder: ")[1:]
        assert found == code, f"{command} ends with {found}, not {code}: {printed.err}"
        assert len(messages) == 1, f"one message: {printed.err}"
        assert "Traceback" not in printed.out + printed.err, f"no traceback of ours: {printed.err}"
        (message,) = messages
        for text in told:
            assert text in message, f"{text!r} must be told by {command}: {message}"
        return message


@pytest.fixture
def ends(capsys: pytest.CaptureFixture[str]) -> Ends:
    return Ends(capsys)


def details() -> list[Path]:
    """The files in which faults of ours are told."""
    return sorted(Path(tempfile.gettempdir()).glob("*autograder-fault-*"))


# --- files of settings ----------

Change = Callable[[str], str]
COURSE: dict[str, Change] = {
    "no TOML": lambda text: f"{text}\n[[[\n",
    "an unknown key": lambda text: f"sead = 1\n{text}",
    "no seed": lambda text: text.replace(f"seed = {SEED}\n", ""),
    "a wrong type": lambda text: text.replace(f"seed = {SEED}\n", 'seed = "one"\n'),
    "a negative tolerance": lambda text: text.replace("relative = 1e-9", "relative = -1e-9"),
}
RUBRIC: dict[str, Change] = {
    "no TOML": lambda text: f"{text}\n[[[\n",
    "no points": lambda text: text.replace("points = 2", "points = 0"),
    "points in words": lambda text: text.replace("points = 2", 'points = "two"'),
    "an id twice": lambda text: f"{text}\n{text}",
}
STANDARDS: dict[str, str] = {
    "no TOML": "seeds = = 3\n",
    "an unknown key": "sedes = 3\n",
    "a wrong type": 'seeds = "three"\n',
}
LOADS = ("grade", "diff --against", "similar", "audit", "gradescope build", "nbgrader init", "handout --otter")


def change(path: Path, how: Change) -> None:
    before = path.read_text()
    path.write_text(how(before))
    assert path.read_text() != before, f"{path} must be another now"


def needs_extra(verb: str) -> None:
    for name, module in {"similar": "copydetect", "nbgrader": "nbgrader", "audit": "cosmic_ray"}.items():
        if verb.startswith(name):
            pytest.importorskip(module, reason=f"{module} is not installed: the extra {name}")


@pytest.mark.parametrize("fault", COURSE)
@pytest.mark.parametrize("verb", [*LOADS, "mark", "diff", "export", "handout"])
def test_a_wrong_course(verb: str, fault: str, place: Place, ends: Ends) -> None:
    needs_extra(verb)
    change(place.course / "course.toml", COURSE[fault])
    ends(COMMANDS[verb](place), 2, str(place.course / "course.toml"))
    assert not details(), "settings are no fault of ours"


@pytest.mark.parametrize("fault", RUBRIC)
@pytest.mark.parametrize("verb", [*LOADS, "mark --template", "handout", "handout --zip"])
def test_a_wrong_rubric(verb: str, fault: str, place: Place, ends: Ends) -> None:
    needs_extra(verb)
    change(place.assignment / "rubric.toml", RUBRIC[fault])
    ends(COMMANDS[verb](place), 2, str(place.assignment / "rubric.toml"))


@pytest.mark.parametrize("fault", STANDARDS)
@pytest.mark.parametrize("name", ["audit.toml", f"{ASSIGNMENT}/equivalent.toml"])
def test_wrong_standards(name: str, fault: str, place: Place, ends: Ends) -> None:
    (place.course / name).write_text(STANDARDS[fault])
    ends(COMMANDS["audit"](place), 2, str(place.course / name))


@pytest.mark.parametrize("verb", LOADS)
def test_a_name_that_is_not_there_in_the_questions(verb: str, place: Place, ends: Ends) -> None:
    needs_extra(verb)
    with (place.assignment / "questions.py").open("a") as file:
        file.write("\nb1.check(numberz)\n")
    line = len((place.assignment / "questions.py").read_text().splitlines())
    where = f"{place.assignment / 'questions.py'}, line {line}"
    ends(COMMANDS[verb](place), 2, where, "numberz")


def test_references_that_end_the_process_end_no_command_without_a_word(place: Place, ends: Ends) -> None:
    with (place.assignment / "questions.py").open("a") as file:
        file.write("\nraise SystemExit(0)\n")
    ends(COMMANDS["grade"](place), 70, "SystemExit")


# --- what is absent or damaged ----------

EXTRAS = {
    "typst": ("report", ["--format", "pdf"], "pdf"),
    "openpyxl": ("export", ["--to", "xlsx"], "xlsx"),
    "copydetect": ("similar", [], "similar"),
    "cosmic_ray": ("audit", [], "audit"),
    "distributed": ("grade", ["--dask-local", "1"], "dask"),
    "nbgrader": ("nbgrader grade", [], "nbgrader"),
}


@pytest.mark.parametrize("module", EXTRAS)
def test_a_missing_extra(module: str, place: Place, ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    verb, options, extra = EXTRAS[module]
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "autograder.integrations.dask.backend", raising=False)
    ends([*COMMANDS[verb](place), *options], 2, module, f"pip install 'seminar-autograder[{extra}]'")


@pytest.mark.parametrize(
    ("verb", "absent"),
    [
        ("grade", "submissions"),
        ("similar", "submissions"),
        ("diff --against", "submissions"),
        ("mark", "results"),
        ("report", "results"),
        ("diff", "results"),
        ("export", "results"),
        ("check", "student"),
        ("pack", "student"),
        ("nbgrader grade", "new"),
        *((verb, "solutions") for verb in (*LOADS, "handout")),
    ],
)
def test_a_folder_that_is_absent(verb: str, absent: str, place: Place, ends: Ends) -> None:
    needs_extra(verb)
    shutil.rmtree(place.root / absent, ignore_errors=True)
    ends(COMMANDS[verb](place), 2, str(place.root / absent))


@pytest.mark.parametrize("content", ["{", '{"student": "anna", "version": 99}', ""])
@pytest.mark.parametrize("verb", ["mark", "report", "diff", "export"])
def test_a_record_of_another_version(verb: str, content: str, place: Place, ends: Ends) -> None:
    (place.results / "results" / "anna.json").write_text(content)
    ends(COMMANDS[verb](place), 2, str(place.results / "results" / "anna.json"), "Grade again")


def test_a_damaged_record_is_graded_anew(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.results.rename(place.new)
    (place.new / "results" / "anna.json").write_text("{")
    assert main(COMMANDS["grade"](place)) == 0, "grading makes it again"
    assert "anna.json is no record" in " ".join(capsys.readouterr().err.split()), "and says so"


# --- paths ----------

WRITES = ("grade", "export", "similar", "pack", "handout", "handout --zip", "handout --otter", "gradescope build")
FILES = ("export", "pack", "gradescope build", "audit")


@pytest.fixture
def quick_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    """An audit that has found nothing, at once."""
    monkeypatch.setattr("autograder.audit.audit.audit", lambda *_, **__: None)
    monkeypatch.setattr("autograder.audit.report.as_json", lambda _: b"{}")


@pytest.mark.usefixtures("quick_audit")
@pytest.mark.parametrize("verb", [*WRITES, "audit", "mark --template", "nbgrader init"])
def test_out_below_a_file(verb: str, place: Place, ends: Ends) -> None:
    needs_extra(verb)
    place.new.write_text("mine")
    command = [text if text != str(place.new) else str(place.new / "x") for text in COMMANDS[verb](place)]
    ends(command, 2, str(place.new))
    assert place.new.read_text() == "mine", "what is there stays"


@pytest.mark.parametrize("verb", [verb for verb in WRITES if verb not in FILES] + ["nbgrader init"])
def test_out_is_a_file_where_a_folder_must_be(verb: str, place: Place, ends: Ends) -> None:
    needs_extra(verb)
    place.new.write_text("mine")
    ends(COMMANDS[verb](place), 2, str(place.new))
    assert place.new.read_text() == "mine", "what is there stays"


@pytest.mark.usefixtures("quick_audit")
@pytest.mark.parametrize("verb", [*FILES, "mark --template"])
def test_out_is_a_folder_where_a_file_must_be(verb: str, place: Place, ends: Ends) -> None:
    place.new.mkdir()
    ends(COMMANDS[verb](place), 2, str(place.new), "must be a file")
    assert not list(place.root.glob(".*")), "nothing half-written stays"


@contextmanager
def ordinary_user(folder: Path) -> Iterator[None]:
    """Root may read and write everything; nobody may not, and passes the folders that lead there."""
    if os.geteuid() != 0:
        yield
        return
    # They stay so: another of pytest's processes may be at the same.
    for above in (folder, *folder.parents):
        if above.stat().st_mode & 0o111 != 0o111:
            above.chmod(above.stat().st_mode | 0o111)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(
    ("verb", "closed"),
    [
        ("grade", "submissions"),
        ("similar", "submissions"),
        ("export", "solutions"),
        ("report", "results"),
        ("mark", "results"),
        ("export", "results"),
        ("check", "student"),
        ("pack", "student"),
        ("handout", "solutions"),
    ],
)
def test_a_folder_that_may_not_be_read(verb: str, closed: str, place: Place, ends: Ends) -> None:
    needs_extra(verb)
    # Once as it should be, so that all that it imports is there for whoever runs it.
    assert main(COMMANDS[verb](place)) == 0, "the command works"
    folder = place.root / closed
    folder.chmod(0)
    try:
        with ordinary_user(place.root):
            ends(COMMANDS[verb](place), 2, str(folder))
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize("verb", ["export", "pack", "handout", "gradescope build"])
def test_a_folder_that_may_not_be_written(verb: str, place: Place, ends: Ends) -> None:
    assert main(COMMANDS[verb](place)) == 0, "the command works"
    closed = place.root / "closed"
    closed.mkdir(0o555)
    command = [text if text != str(place.new) else str(closed / "x") for text in COMMANDS[verb](place)]
    with ordinary_user(place.root):
        ends(command, 2, str(closed / "x"), "ermission denied")
    assert not list(closed.iterdir()), "nothing is written"


# --- a full disk ----------


@pytest.mark.usefixtures("quick_audit")
@pytest.mark.parametrize("verb", [*WRITES, "mark --template", "audit", "nbgrader init"])
def test_a_full_disk_on_writing(verb: str, place: Place, ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    needs_extra(verb)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    # As the system does it: no path is named.
    monkeypatch.setattr(os, "fsync", full)
    where = place.root / "hand" if verb == "handout --otter" else place.new
    message = ends(COMMANDS[verb](place), 2, str(where))
    assert "disk is full" in message or "No space left" in message, f"{message}"
    left = [path for path in place.root.rglob("*") if path.name.endswith(".part")]
    assert not left, f"nothing half-written stays: {left}"
    assert not details(), "a full disk is no fault of ours"


def test_a_full_disk_on_the_last_step(place: Place, ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path, **_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(source), None, str(target))

    before = {path: path.read_bytes() for path in place.results.rglob("*") if path.is_file()}
    monkeypatch.setattr(os, "replace", full)
    ends(COMMANDS["report"](place), 2, str(place.results / "feedback" / "anna.html"), "disk is full", "is whole")
    after = {path: path.read_bytes() for path in place.results.rglob("*") if path.is_file()}
    assert after == before, "the old pages stay as they were"


def run(
    command: list[str], stdout: int | IO[str] = subprocess.PIPE, first: Callable[[], None] | None = None
) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, which does `first` at first, and holds back what it prints, as usual."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(
        [sys.executable, "-m", "autograder", *command],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env=environment,
        preexec_fn=first,
    )


def test_files_that_may_not_grow(place: Place) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    done = run(COMMANDS["gradescope build"](place), first=limit)
    assert done.returncode == 2, f"the limit is the user's to lift: {done.stderr}"
    assert done.stderr.count("\n") == 1 and str(place.new) in done.stderr and "ulimit" in done.stderr, done.stderr
    assert not place.new.exists(), "no half of a zip is left"


def test_standard_output_on_a_full_disk(place: Place) -> None:
    with Path("/dev/full").open("w") as full:
        done = run([*COMMANDS["diff"](place), "--json"], stdout=full)
    assert done.returncode == 2, f"what was asked for is not written: {done.stderr}"
    assert done.stderr.count("\n") == 1 and "standard output: the disk is full" in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("verb", "options"), [("diff", ["--json"]), ("report", ["--format", "terminal"]), ("mark", [])]
)
def test_a_reader_that_has_seen_enough_is_told_nothing(verb: str, options: list[str], place: Place) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = run([*COMMANDS[verb](place), *options], stdout=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, ""), f"{done.returncode}: {done.stderr}"


# --- our own faults ----------


class _OursError(Exception):
    pass


@pytest.mark.parametrize("verb", [each.__name__.rpartition(".")[2] for each in cli.VERBS])
def test_a_fault_of_ours(verb: str, place: Place, ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> int:
        raise _OursError("a list\nof two lines")

    command = next(COMMANDS[name](place) for name in COMMANDS if name.split()[0] == verb)
    monkeypatch.setattr(getattr(cli, verb), "run", fail)
    message = ends(command, 70, "fault of ours", "_OursError: a list of two lines")
    assert message.count("\n") == 1, f"one line: {message}"
    (file,) = details()
    assert str(file) in message, f"the message names the file: {message}"
    assert file.stat().st_mode & 0o777 == 0o600, "it is for this user only"
    text = file.read_text()
    for part in ("Traceback (most recent call last)", "_OursError: a list", "in fail", "Python 3.", str(place.root)):
        assert part in text or (verb == "doctor" and part == str(place.root)), f"{part!r} must stand there: {text}"


@pytest.mark.parametrize("verb", [each.__name__.rpartition(".")[2] for each in cli.VERBS])
def test_ctrl_c(verb: str, place: Place, ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_: object) -> int:
        raise KeyboardInterrupt

    command = next(COMMANDS[name](place) for name in COMMANDS if name.split()[0] == verb)
    monkeypatch.setattr(getattr(cli, verb), "run", stop)
    ends(command, 130, "stopped")
    assert not details(), "that is no fault"


def test_the_details_stand_in_no_folder_of_the_command(
    place: Place, ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> int:
        raise _OursError

    monkeypatch.setattr(cli.check, "run", fail)
    # As where the system has none, and Python takes the folder at hand.
    monkeypatch.setattr(tempfile, "tempdir", str(place.student))
    before = sorted(place.student.iterdir())
    ends(COMMANDS["check"](place), 70, "could not be written", "test_faults.py, line ")
    assert sorted(place.student.iterdir()) == before, "a student's folder stays as it is"


def test_details_that_cannot_be_written(place: Place, ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> int:
        raise _OursError

    monkeypatch.setattr(cli.report, "run", fail)
    monkeypatch.setattr(tempfile, "tempdir", str(place.root / "nowhere"))
    ends(COMMANDS["report"](place), 70, "could not be written (No such file", "test_faults.py, line ")


def test_an_error_of_the_system_that_nobody_can_mend_is_ours(
    place: Place, ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = Path(cli.__file__).with_name("lost.html")
    for error in (FileNotFoundError(errno.ENOENT, "gone", str(lost)), OSError(errno.EBADF, "bad"), BrokenPipeError()):

        def fail(_: object, error: OSError = error) -> int:
            raise error

        monkeypatch.setattr(cli.report, "run", fail)
        ends(COMMANDS["report"](place), 70, type(error).__name__)


def test_a_sandbox_that_does_not_work(place: Place, ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise SandboxError("no tier lives here")

    monkeypatch.setattr("autograder.grading.run.choose_tier", fail)
    for verb in ("grade", "audit"):
        message = ends(COMMANDS[verb](place), 70, "no tier lives here. `autograder doctor`")
        assert any(str(file) in message for file in details()), f"the details are named: {message}"


# --- no score ----------


def test_a_check_without_a_score_is_named(place: Place, ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise _OursError

    monkeypatch.setattr(Grader, "grade", fail)
    ends(COMMANDS["grade"](place), 1, "1 of 1 students", "anna (every check)", "same command grades them again")
    assert (place.new / "results" / "anna.json").exists(), "the record says why"


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, autograder.cli as c; c.parser().format_help(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "msgspec", "rich", "jinja2", "tempfile", "traceback", "subprocess"} & set(done.stdout.split())
    site = subprocess.run([sys.executable, "-c", "import sys; print(*sys.modules)"], capture_output=True, text=True)
    assert not heavy - set(site.stdout.split()), f"--help must answer at once, without {heavy}"
