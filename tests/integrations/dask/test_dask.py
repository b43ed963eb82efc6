"""Grading on Dask gives the bytes of a local run, whatever happens to workers, scheduler and client."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

import autograder.grading.run
from autograder.cli import main
from autograder.errors import BackendError, GradingProcessError, UngradableError
from autograder.grading.plan import load_course
from autograder.integrations.dask.backend import DaskBackend
from autograder.integrations.dask.on_worker import GradingProcess
from autograder.integrations.dask.protocol import GradedReply, Job, decode, dumped, setting_of
from autograder.judging.verdicts import Verdict
from autograder.records.record import Result
from autograder.sandbox.tiers import Tier
from autograder.submissions import Submission, Work
from tests.integrations.dask.cluster import Processes, children, until
from tests.needed import needed
from tests.small import REFERENCE, SOLUTIONS
from tests.small.making import WRONG, content, course, hand_in, run

needed("distributed", "the package distributed is not installed")

# Dask's own threads end a little after its client is closed, and the pages' processes are forked beside them.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

STUDENTS = 24
SLOW = "import time\ntime.sleep(0.05)\n"
# Seconds without a sign of life; far more than a heartbeat, and a test need not wait long.
PATIENCE = 4.0
# The sandbox's server is the parent of the child that a submission runs in.
KILLER = REFERENCE.replace("return 2.0 * x", "import os; os.kill(os.getppid(), 9); return 2.0 * x")


@pytest.fixture(scope="module")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Each takes a moment, so that a fault finds some at work.
    works = {f"student{n:02}": f"{WRONG if n % 3 else REFERENCE}\n{SLOW}# {n}\n" for n in range(STUDENTS)}
    return hand_in(tmp_path_factory.mktemp("class") / "submissions", works)


@pytest.fixture(scope="module")
def local(submissions: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run in this machine's own processes writes."""
    out = tmp_path_factory.mktemp("local") / "out"
    run(submissions, out)
    return content(out)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Processes]:
    (tmp_path / "cluster").mkdir()
    with Processes(tmp_path / "cluster") as processes:
        yield processes


def after(count: int, fault: Callable[[], object]) -> Callable[[int, int, Result], None]:
    """A fault that comes when so many records are written."""

    def done(finished: int, total: int, result: Result) -> None:
        if finished == count:
            fault()

    return done


def check(
    cluster: Processes, submissions: Path, out: Path, local: dict[str, bytes], fault: Callable[[], object]
) -> None:
    """Grade with a fault in the middle: every submission has one record, the one of a local run."""
    students: list[str] = []
    happens = after(5, fault)

    def done(finished: int, total: int, result: Result) -> None:
        students.append(result.student)
        happens(finished, total, result)

    place = DaskBackend(cluster.address, patience=PATIENCE, away=60.0)
    run(submissions, out, place=place, done=done)
    assert len(students) == STUDENTS, f"each submission is graded once: {sorted(students)}"
    found = content(out)
    wrong = sorted(name for name in {*found, *local} if found.get(name) != local.get(name))
    told = ""
    if wrong:
        wanted, got = (files.get(wrong[0], b"").decode().splitlines() for files in (local, found))
        told = "\n".join(unified_diff(wanted, got, "local", "cluster", lineterm="", n=1))[:2000]
    assert not wrong, f"not what a local run writes: {wrong}; {told}; {cluster.log('worker')[-2000:]}"


@pytest.mark.slow
def test_two_workers_write_what_a_local_run_writes(
    cluster: Processes, submissions: Path, tmp_path: Path, local: dict[str, bytes]
) -> None:
    cluster.start_worker()
    check(cluster, submissions, tmp_path / "out", local, cluster.start_worker)


@pytest.mark.slow
def test_a_worker_is_killed(cluster: Processes, submissions: Path, tmp_path: Path, local: dict[str, bytes]) -> None:
    first, _ = cluster.start_worker(), cluster.start_worker()
    check(cluster, submissions, tmp_path / "out", local, first.kill)


@pytest.mark.slow
def test_a_worker_is_frozen(cluster: Processes, submissions: Path, tmp_path: Path, local: dict[str, bytes]) -> None:
    first, _ = cluster.start_worker(), cluster.start_worker()
    check(cluster, submissions, tmp_path / "out", local, lambda: first.send_signal(signal.SIGSTOP))


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGSTOP, signal.SIGKILL])
def test_the_process_that_grades_is_frozen_or_killed(
    sent: signal.Signals, cluster: Processes, submissions: Path, tmp_path: Path, local: dict[str, bytes]
) -> None:
    worker = cluster.start_worker()
    processes: list[int] = []

    def fault() -> None:
        processes.extend(children(worker.pid))
        for process in processes:
            os.kill(process, sent)

    check(cluster, submissions, tmp_path / "out", local, fault)
    assert len(processes) == 1, f"a worker of one thread has one process that grades: {processes}"


@pytest.mark.slow
def test_the_scheduler_is_restarted(
    cluster: Processes, submissions: Path, tmp_path: Path, local: dict[str, bytes]
) -> None:
    cluster.start_worker()

    def fault() -> None:
        assert cluster.scheduler is not None
        cluster.end(cluster.scheduler)
        cluster.start_scheduler()
        cluster.start_worker()

    check(cluster, submissions, tmp_path / "out", local, fault)


@pytest.mark.slow
def test_the_client_is_killed_and_run_again(
    cluster: Processes, submissions: Path, tmp_path: Path, local: dict[str, bytes]
) -> None:
    cluster.start_worker()
    out = tmp_path / "out"
    command = [sys.executable, "-m", "autograder", "grade", str(submissions), "--out", str(out), "--isolation", "none"]
    command += ["--solutions", str(SOLUTIONS), "--scheduler", cluster.address]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until("the first run writes no record", lambda: len(list(out.glob("results/*.json"))) >= 3)
    first.kill()
    first.wait()
    kept = len(list(out.glob("results/*.json")))
    assert kept < STUDENTS, "the run was killed in the middle"
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert f"{STUDENTS} students, {STUDENTS - kept} graded" in again.stdout, f"{kept} were done: {again.stdout}"
    assert content(out) == local, "the two runs together write what a local run writes"


@pytest.mark.slow
def test_a_submission_that_kills_its_server_each_time_has_crashed(
    cluster: Processes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In every tier but this one it cannot.
    monkeypatch.setattr(autograder.grading.run, "choose_tier", lambda *_: Tier.NONE)
    submissions = hand_in(tmp_path / "submissions", {"anna": REFERENCE, "killer": KILLER, "zoe": REFERENCE})
    here = run(submissions, tmp_path / "here").records
    cluster.start_worker()
    place = DaskBackend(cluster.address, patience=PATIENCE, away=60.0)
    there = run(submissions, tmp_path / "there", place=place).records
    assert [record.score for record in here] == [16.0, 0.0, 16.0], "it costs itself only"
    verdicts = {check.verdict for check in here[1].checks if check.kind != "criterion"}
    assert verdicts == {Verdict.CRASHED}, f"it has crashed, which is no fault of the grader: {verdicts}"
    assert list(here) == list(there), "the same on Dask"


@pytest.mark.slow
def test_each_student_may_have_own_cases(cluster: Processes, tmp_path: Path) -> None:
    own = course(tmp_path / "solutions", top='cases = "per-student"')
    submissions = hand_in(tmp_path / "submissions", {"anna": WRONG, "berta": WRONG})
    run(submissions, tmp_path / "here", own)
    cluster.start_worker()
    run(submissions, tmp_path / "there", own, place=DaskBackend(cluster.address))
    assert content(tmp_path / "here") == content(tmp_path / "there"), "each sits the same exam on Dask"


@pytest.mark.slow
def test_a_worker_with_another_engine_is_refused(
    submissions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(Path(autograder.__file__).parent, tmp_path / "other" / "autograder")
    with (tmp_path / "other" / "autograder" / "exam" / "making.py").open("a") as file:
        file.write("# another engine\n")
    (tmp_path / "cluster").mkdir()
    with Processes(tmp_path / "cluster", home=tmp_path / "other") as cluster:
        cluster.start_worker()
        command = ["grade", str(submissions), "--out", str(tmp_path / "out"), "--solutions", str(SOLUTIONS)]
        code = main([*command, "--isolation", "none", "--scheduler", cluster.address])
    told = capsys.readouterr().err
    assert code == 2 and "its engine differs" in told, f"it must be refused, and said why: {told}"
    assert not list((tmp_path / "out").glob("results/*")), "nothing was graded with another engine"


def test_no_scheduler_is_told(submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.integrations.dask.backend.CONNECT", 0.5)
    with pytest.raises(BackendError, match="does not answer"):
        run(submissions, tmp_path / "out", place=DaskBackend("tcp://127.0.0.1:9"))


@pytest.mark.slow
def test_no_worker_is_told(cluster: Processes, submissions: Path, tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(BackendError, match="no living worker"):
        run(submissions, tmp_path / "out", place=DaskBackend(cluster.address, away=2.0, tell=told.append))
    assert any("waiting for a worker" in line for line in told), f"it says what it waits for: {told}"


def certificates(folder: Path) -> dict[str, str]:
    """A key and a certificate that signs itself, as the configuration of Dask names them."""
    key, certificate = str(folder / "key.pem"), str(folder / "certificate.pem")
    options = ["-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2", "-keyout", key]
    subprocess.run(["openssl", "req", "-x509", *options, "-out", certificate], check=True, capture_output=True)
    names = {"CA_FILE": certificate}
    for role in ("CLIENT", "SCHEDULER", "WORKER"):
        names |= {f"{role}__KEY": key, f"{role}__CERT": certificate}
    return {f"DASK_DISTRIBUTED__COMM__TLS__{name}": path for name, path in names.items()}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_tls_as_dask_configures_it(
    submissions: Path, tmp_path: Path, local: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cluster").mkdir()
    environment = certificates(tmp_path)
    command = ["grade", str(submissions), "--solutions", str(SOLUTIONS), "--isolation", "none"]
    command += ["--out", str(tmp_path / "out")]
    with Processes(tmp_path / "cluster", "tls", environment) as cluster:
        cluster.start_worker()
        command += ["--scheduler", cluster.address]
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *command],
            env=os.environ | environment,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, f"{done.stderr.decode()}\n{cluster.log('worker')}"
        assert content(tmp_path / "out") == local, "the same over TLS"
        monkeypatch.setattr("autograder.integrations.dask.backend.CONNECT", 1.0)
        assert main([*command, "--force"]) == 2, "without a certificate nobody is let in"


@pytest.mark.slow
def test_workers_of_this_machine(submissions: Path, tmp_path: Path, local: dict[str, bytes]) -> None:
    command = [sys.executable, "-m", "autograder", "grade", str(submissions), "--solutions", str(SOLUTIONS)]
    command += ["--isolation", "none", "--out", str(tmp_path / "out"), "--dask-local", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert content(tmp_path / "out") == local, "the same with workers that are started for the run"


@pytest.fixture
def setting() -> Any:
    return setting_of(load_course(SOLUTIONS, None, None, None), None, Tier.NONE)


def test_a_seat_refuses_another_exam_or_engine(setting: Any) -> None:
    with pytest.raises(UngradableError, match="its exam differs"):
        GradingProcess(dumped(replace(setting, exam="0" * 20)), 30.0)
    with pytest.raises(UngradableError, match="its engine differs"):
        GradingProcess(dumped(replace(setting, engine="0" * 20)), 30.0)


def test_a_seat_leaves_nothing_on_the_disk(setting: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    process = GradingProcess(dumped(setting), 30.0)
    (folder,) = tmp_path.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700, "the solutions are for this user only"
    assert list(folder.glob("solutions/*/squares.py")), "the exam is made from the solutions"
    work = Work("squares.py", "squares", {"squares.py": REFERENCE.encode()})
    job = Job("anna", {"b1_squares": ("total", "root")}, Submission("anna", {"b1_squares": work}, {}))
    reply = decode(process.ask(dumped(job)))
    assert isinstance(reply, GradedReply) and reply.record.score == 7.0, f"two functions are graded: {reply}"
    process.close()
    assert not list(tmp_path.iterdir()), "nothing is left"
    with pytest.raises(GradingProcessError):
        process.ask(dumped(job))
