"""A warm grader gives the records of a class, one submission at a time, whatever happens to its processes."""

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from autograder import HandedIn, WarmGrader
from autograder.errors import CourseError, EngineError, SolutionsError, SubmissionsError, UsageError
from autograder.grading import warm_ends
from autograder.judging.verdicts import Verdict
from autograder.records.record import encode
from tests.grading.waiting import ended, until
from tests.small import REFERENCE, SOLUTIONS
from tests.small.making import WRONG, course, hand_in, run

# Under way for as long as an import may take; then the statement is passed over, and the rest is right.
ENDLESS = f"while True:\n    pass\n{REFERENCE}"
CRASHES = REFERENCE.replace("return 2.0 * x", "import ctypes; ctypes.string_at(0)")
LATE = """
[assignments.b1_squares]
due = 2026-03-01T12:00:00+00:00
weight = 100.0
[late]
penalty = 0.25
"""


def slow(*values: Any) -> Any:
    """One more of its kind: each starts processes."""
    return pytest.param(*values, marks=pytest.mark.slow)


@pytest.fixture(scope="module")
def grader() -> Iterator[WarmGrader]:
    with WarmGrader(SOLUTIONS, slots=2, isolation="none") as made:
        yield made


def work(source: str) -> dict[str, bytes]:
    return {"squares.py": source.encode()}


def processes(grader: WarmGrader) -> dict[int, int]:
    """The processes of a grader, each with its parent."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            found[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    below = {grader._maker._process.pid}
    while more := {process for process, parent in found.items() if parent in below} - below:
        below |= more
    return {process: found[process] for process in below if process in found and not ended(process)}


def workers(grader: WarmGrader) -> list[int]:
    """The processes that the maker has forked."""
    maker = grader._maker._process.pid
    return [process for process, parent in processes(grader).items() if parent == maker]


# --- records ---------------------------------------------------------------------------------------------------------


def test_a_record_is_that_of_a_class_however_it_is_given(grader: WarmGrader, tmp_path: Path) -> None:
    sources = {"anna": REFERENCE, "berta": WRONG, "cem": "x = (\n", "dora": CRASHES}
    answers = dict.fromkeys(sources, "We have $(x-y)^2 \\ge 0$.")
    submissions = hand_in(tmp_path / "class", sources, answers)
    run(submissions, tmp_path / "out")
    for student in sources:
        folder = submissions / student
        with zipfile.ZipFile(tmp_path / f"{student}.zip", "w") as archive:
            for path in folder.iterdir():
                archive.write(path, path.name)
        files = {path.name: path.read_bytes() for path in folder.iterdir()}
        packed = {"hand-in.zip": (tmp_path / f"{student}.zip").read_bytes()}
        record = (tmp_path / "out" / "results" / f"{student}.json").read_bytes()
        for given in (folder, str(folder), tmp_path / f"{student}.zip", files):
            graded = grader.grade(given, student=student)
            assert encode(graded.record) == record, f"{student} as {type(given).__name__}: the bytes of a class"
        unpacked = grader.grade(packed, student=student).record
        assert unpacked.score == graded.record.score, f"a zip among the uploaded is opened: {unpacked.assignments}"
        alone = grader.grade(folder / "squares.py", student=student).record
        assert alone.score == graded.record.score, f"a module by itself is graded: {alone.notes}"
        assert graded.score == graded.final.score == graded.record.score, "nothing is late, so all scores are equal"
        assert graded.max_score == 18.0, f"the most is that of the course: {graded.max_score}"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "No file named squares.py"),
        ({"sqaures.py": b"x = 1\n"}, "was it meant?"),
        ({"../squares.py": REFERENCE.encode()}, "leads out"),
        ({"/squares.py": REFERENCE.encode()}, "leads out"),
        ({"a/" * 20 + "squares.py": REFERENCE.encode()}, "folders deep"),
        ({"squares.py": b"x" * 2_000_000}, "bytes"),
        ({"squares.zip": b"PK\x03\x04 damaged"}, "squares.zip"),
        ({"squares.rar": b"Rar!"}, "archive"),
    ],
)
def test_whatever_is_handed_in_stands_in_the_record(grader: WarmGrader, files: dict[str, bytes], told: str) -> None:
    record = grader.grade(files).record
    (assignment,) = record.assignments
    text = " ".join([assignment.problem, *record.notes])
    assert record.score == 0.0 and told in text, f"{told!r} must be told: {text}"
    assert {check.verdict for check in record.checks if check.kind != "criterion"} == {Verdict.MISSING}, "nothing else"


def test_files_have_places_and_one_of_a_name(grader: WarmGrader) -> None:
    given = {
        "b1_squares/squares.py": b"from helper import two\n" + REFERENCE.replace("2.0 * x", "two * x").encode(),
        "b1_squares/helper.py": b"two = 2.0\n",
        "./b1_squares//helper.py": b"two = 3.0\n",
        "__pycache__/squares.py": b"1 / 0\n",
        "squares.zip": _zip({"notes.md": b"hello"}),
    }
    graded = grader.grade(given)
    assert graded.score == 16.0, f"a helper beside the module is there: {graded.record}"
    assert any("more than once" in note for note in graded.record.notes), f"and that is told: {graded.record.notes}"


def _zip(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def test_lateness_counts_and_weights_do_not(tmp_path: Path) -> None:
    with WarmGrader(course(tmp_path / "solutions", LATE), isolation="none") as grader:
        early = grader.grade(work(REFERENCE), handed_in=HandedIn(at="2026-03-01T10:00:00Z"))
        late = grader.grade(work(REFERENCE), handed_in=HandedIn(at="2026-03-02T10:00:00Z"))
    assert early.score == 16.0, f"points, not shares of the course's total: {early.score}"
    assert late.score == 16.0 - 0.25 * 18.0, f"a quarter of 18 points for the first day: {late.score}"
    assert late.record.score == 16.0, "the record is what the machine found"


@pytest.mark.slow
def test_cases_of_each_student_are_theirs(tmp_path: Path) -> None:
    solutions = course(tmp_path / "solutions", top='cases = "per-student"')
    run(hand_in(tmp_path / "class", {"anna": WRONG, "berta": WRONG}), tmp_path / "out", solutions)
    with WarmGrader(solutions, isolation="none") as grader:
        for student in ("anna", "berta"):
            record = grader.grade(tmp_path / "class" / student, student=student).record
            assert encode(record) == (tmp_path / "out" / "results" / f"{student}.json").read_bytes(), f"{student}'s own"


def test_submissions_are_isolated_as_in_a_class(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("16")
    (tmp_path / "secret").chmod(0o644)
    reads = REFERENCE.replace("return 2.0 * x", f"return float(open({str(tmp_path / 'secret')!r}).read())")
    with WarmGrader(SOLUTIONS) as grader:
        graded = grader.grade(work(reads))
    verdicts = {check.title: check.verdict for check in graded.record.checks}
    assert graded.tier in ("A", "A-", "B"), f"the best that works here: {graded.tier}"
    assert verdicts["Is the gradient of total"] is Verdict.RAISED, f"no file of ours can be read: {verdicts}"


# --- threads and processes -------------------------------------------------------------------------------------------


def test_threads_share_it(grader: WarmGrader) -> None:
    sources = [REFERENCE, WRONG, "x = (\n"]

    def graded(number: int) -> tuple[str, float | None]:
        found = grader.grade(work(sources[number % 3]), student=f"student{number}")
        return found.record.student, found.score

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(graded, range(48)))
    expected = [(f"student{number}", [16.0, 12.0, 0.0][number % 3]) for number in range(48)]
    assert found == expected, f"each thread gets its own record: {found}"


def test_a_worker_that_dies_is_replaced(grader: WarmGrader) -> None:
    for worker in workers(grader):
        os.kill(worker, signal.SIGKILL)
    for _ in range(3):
        assert grader.grade(work(REFERENCE)).score == 16.0, "another one grades"
    assert len(workers(grader)) >= 1, "and it is there"


@pytest.mark.slow
def test_a_worker_that_dies_at_its_work_costs_no_record(grader: WarmGrader) -> None:
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(grader.grade, work(ENDLESS), student="slow")
        until("a submission is under way", lambda: len(grader._busy) == 1)
        _kill_busy(grader)
        assert grader.grade(work(WRONG), student="berta").score == 12.0, "another submission is graded meanwhile"
        slow = waiting.result()
    (assignment,) = slow.record.assignments
    assert "time limit" in " ".join(assignment.notes), f"it is graded again, to its own end: {assignment.notes}"
    assert (slow.record.student, slow.score) == ("slow", 16.0), "and has its own record"


def test_a_submission_on_which_workers_die_is_given_up(grader: WarmGrader) -> None:
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(grader.grade, work(ENDLESS), student="slow")
        for _ in range(2):
            until("a submission is under way", lambda: len(grader._busy) == 1)
            _kill_busy(grader)
        slow = waiting.result()
    assert slow.score is None and slow.record.score is None, "that is no zero"
    assert "worker process ended" in slow.record.grader_error, f"and the reason is kept: {slow.record.grader_error}"
    assert slow.final.max_score == 18.0, "of all that was asked"
    assert grader.grade(work(REFERENCE)).score == 16.0, "the next one is graded"


def _kill_busy(grader: WarmGrader) -> None:
    """End the worker that is at work: the one whose slot's server has a child."""
    found = processes(grader)

    def at_work() -> list[int]:
        now = processes(grader)
        children = set(now.values())
        servers = [process for process in now if process in children and now[process] in workers(grader)]
        return [now[server] for server in servers]

    until(f"one of {found} is at work", lambda: len(at_work()) == 1)
    (worker,) = at_work()
    busy = next(iter(grader._busy))
    os.kill(worker, signal.SIGKILL)
    until("its death is noticed", lambda: busy.closed)


@pytest.mark.slow
def test_the_process_that_makes_workers_may_die_too(tmp_path: Path) -> None:
    solutions = course(tmp_path / "solutions")
    with WarmGrader(solutions, isolation="none") as grader:
        first = grader._maker._process
        for process in (*workers(grader), first.pid):
            os.kill(process, signal.SIGKILL)
        first.wait()
        assert grader.grade(work(WRONG)).score == 12.0, "it is started again, and asks the same"
        (solutions / "b1_squares" / "squares.py").write_text(REFERENCE.replace("return 2.0 * x", "return x + x"))
        for process in (*workers(grader), grader._maker._process.pid):
            os.kill(process, signal.SIGKILL)
        grader._maker._process.wait()
        with pytest.raises(UsageError, match="changed"):
            grader.grade(work(WRONG))


def test_close_ends_everything_and_tells_who_waits() -> None:
    grader = WarmGrader(SOLUTIONS, isolation="none")
    before = list(processes(grader))
    assert len(before) >= 3, f"a maker, a worker, a server: {before}"
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(grader.grade, work(ENDLESS)) for _ in range(2)]
        until("one is under way, the other waits", lambda: len(grader._busy) == 1)
        grader.close()
        for each in waiting:
            with pytest.raises(UsageError, match="closed"):
                each.result()
    grader.close()
    with pytest.raises(UsageError, match="closed"):
        grader.grade(work(REFERENCE))
    until(f"{before} have ended", lambda: all(map(ended, before)))


@pytest.mark.slow
def test_everything_ends_with_the_program(tmp_path: Path) -> None:
    program = f"""
import os, signal
from autograder import WarmGrader
grader = WarmGrader({str(SOLUTIONS)!r}, isolation="none")
print(grader._maker._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    command = [sys.executable, "-c", program]
    found = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    maker = int(found.stdout)
    until("what was started for a program that was killed has ended", lambda: ended(maker))


def test_a_forked_process_makes_its_own() -> None:
    with WarmGrader(SOLUTIONS, isolation="none") as grader:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                grader.grade(work(REFERENCE))
            except UsageError as error:
                code = 0 if "make one in each process" in str(error) else 2
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, "in the child it refuses, and says what to do"
        assert grader.grade(work(REFERENCE)).score == 16.0, "and here it goes on"


def test_no_process_of_the_programs_keeps_it_open() -> None:
    grader = WarmGrader(SOLUTIONS, isolation="none")
    before = list(processes(grader))
    over, go_on = socket.socketpair()
    child = os.fork()
    if child == 0:
        over.recv(1)
        os._exit(0)
    try:
        # The child has copies of all that is open here; the pipes' ends must not be among them.
        started = threading.Thread(target=grader.close)
        started.start()
        until("all ends are closed", lambda: all(map(ended, before)))
        started.join()
        assert grader._maker._process.returncode == 0, "it ended by itself, and had not to be killed"
    finally:
        go_on.send(b"x")
        os.waitpid(child, 0)
        over.close()
        go_on.close()


# --- wrong usage -----------------------------------------------------------------------------------------------------


def test_there_is_at_least_one_slot() -> None:
    with pytest.raises(UsageError, match="slots=0"):
        WarmGrader(SOLUTIONS, slots=0)


@pytest.mark.parametrize(
    ("file", "text", "options", "error", "told"),
    [
        ("course.toml", "seed = 'x'\n", {}, CourseError, r"course\.toml"),
        slow("course.toml", None, {"isolation": "Z"}, UsageError, "isolation 'Z'"),
        slow("course.toml", None, {"assignments": ["b2_cubes"]}, SolutionsError, "b2_cubes"),
        slow("b1_squares/questions.py", "import os; os._exit(3)\n", {}, EngineError, "exit code 3"),
    ],
)
def test_what_cannot_be_made_is_told(
    file: str, text: str | None, options: dict[str, Any], error: type[Exception], told: str, tmp_path: Path
) -> None:
    solutions = course(tmp_path / "solutions")
    if text is not None:
        (solutions / file).write_text(text)
    with pytest.raises(error, match=told):
        WarmGrader(solutions, **{"isolation": "none", **options})


def test_a_call_that_cannot_mean_what_it_says_is_refused(grader: WarmGrader, tmp_path: Path) -> None:
    with pytest.raises(SubmissionsError, match="nowhere"):
        grader.grade(tmp_path / "nowhere")
    for files in ({"squares.py": REFERENCE}, {b"squares.py": b""}, {"\udce9.py": b""}):
        with pytest.raises(UsageError, match="must be"):
            grader.grade(files)  # type: ignore[arg-type]  # what is wrong is what is tested
    with pytest.raises(UsageError, match="must be"):
        grader.grade(work(REFERENCE), student="\udce9")
    assert grader.grade(work(REFERENCE)).score == 16.0, "and the grader goes on"


def test_the_program_itself_gets_nothing_onto_its_path() -> None:
    assert "sys.path" not in warm_ends._BOOT, "no folder of the program's may shadow a module of the grader's"
