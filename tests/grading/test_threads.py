"""Two calls in one process, at once or one after another, share nothing."""

import os
import shutil
import sys
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from autograder.course.solutions import load_solutions
from autograder.errors import SolutionsError, StoreError
from autograder.exam.exam import Exam, make_exam
from autograder.feedback import pages
from autograder.files import locks
from autograder.forking import ForkedPool, own_descriptor, undisturbed
from autograder.grading import plan
from autograder.records.store import Store
from autograder.sandbox.slot_number import claimed_number
from autograder.submissions import list_entries, read_submission
from tests.grading.waiting import ended, until
from tests.small import REFERENCE
from tests.small.making import WRONG, content, course, hand_in, run

T = TypeVar("T")
ROUNDS = 3
# A reference that wants something else of the same functions, and is as long.
OTHER = REFERENCE.replace("np.sum(x**2)", "np.sum(-x*x)").replace("return 2.0 * x\n", "return -2. * x\n")


def both(first: Callable[[], T], second: Callable[[], T]) -> tuple[T, T]:
    """What two calls give that are made at once, each in a thread."""
    with ThreadPoolExecutor(2) as threads:
        found = [threads.submit(what) for what in (first, second)]
        return found[0].result(), found[1].result()


def other_course(folder: Path) -> Path:
    """A course of the same names with another reference."""
    made = course(folder)
    (made / "b1_squares" / "squares.py").write_text(OTHER)
    return made


# --- at once ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_two_threads_grade_two_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Their pages, too, are made by processes.
    monkeypatch.setattr(pages, "FEWEST_FOR_A_POOL", 2)
    classes = {
        name: (
            hand_in(tmp_path / name / "class", {f"{name}{n}": works[n % len(works)] for n in range(5)}),
            make(tmp_path / name / "solutions"),
        )
        for name, make, works in (
            ("physics", course, (REFERENCE, WRONG, OTHER)),
            ("geodesy", other_course, (OTHER, "x = (\n", REFERENCE)),
        )
    }

    def graded(name: str, out: str, together: threading.Barrier) -> dict[str, bytes]:
        submissions, solutions = classes[name]
        # Workers start once both know what is to be done.
        run(submissions, tmp_path / name / out, solutions, jobs=2, begin=lambda *_: together.wait())
        return content(tmp_path / name / out)

    alone = {name: graded(name, "alone", threading.Barrier(1)) for name in classes}
    first = alone["physics"]["scores.csv"].decode().splitlines()[1]
    assert first.startswith("physics0,16,"), f"the reference of physics is right there: {first}"
    for turn in range(ROUNDS):
        together = threading.Barrier(2)
        physics, geodesy = (partial(graded, name, f"out{turn}", together) for name in classes)
        for name, files in zip(classes, both(physics, geodesy), strict=True):
            assert files == alone[name], f"round {turn}: the files of {name} must be those of a run by itself"


def test_two_threads_do_not_write_into_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "LOCK_SECONDS", 0.0)
    with Store(tmp_path).writing(), ThreadPoolExecutor(1) as threads:

        def write() -> None:
            with Store(tmp_path).writing():
                pytest.fail("the folder is held by another thread")

        with pytest.raises(StoreError, match="another run"):
            threads.submit(write).result()


def test_another_runs_workers_do_not_keep_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "LOCK_SECONDS", 0.0)
    forked, over = threading.Event(), threading.Event()

    def other_run() -> int:
        with ForkedPool(1, int) as pool:
            pool.submit(max, 1).result()
            forked.set()
            over.wait()
            return pool.submit(max, 2).result()

    with ThreadPoolExecutor(1) as threads:
        with Store(tmp_path).writing():
            other = threads.submit(other_run)
            forked.wait()
        try:
            # Its worker lives, and was forked while the folder was held.
            with Store(tmp_path).writing():
                pass
        finally:
            over.set()
        assert other.result() == 2, "the other run goes on"


def test_a_forked_process_has_nothing_of_a_threads_own(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("secret")
    with own_descriptor(lambda: os.open(tmp_path / "own", os.O_RDONLY)) as descriptor:
        with ForkedPool(1, int) as pool:
            there = pool.submit(_first_bytes, descriptor).result()
        assert there == b"", f"the worker must not read what is open here: {there!r}"
        assert os.pread(descriptor, 6, 0) == b"secret", "here it stays open"
    with pytest.raises(OSError, match="Bad file"):
        os.fstat(descriptor)


def _first_bytes(held: int, descriptor: int) -> bytes:
    return os.pread(descriptor, 6, 0) if os.path.isfile(f"/proc/self/fd/{descriptor}") else b""  # noqa: PTH113


def test_a_process_is_not_forked_while_another_thread_must_not_be_disturbed() -> None:
    order: list[str] = []
    inside, go_on = threading.Event(), threading.Event()

    def undisturbed_work() -> None:
        with undisturbed():
            inside.set()
            go_on.wait()
            order.append("work")

    def forks() -> None:
        with ForkedPool(1, int) as pool:
            pool.submit(max, 1).result()
            order.append("fork")

    with ThreadPoolExecutor(2) as threads:
        work = threads.submit(undisturbed_work)
        inside.wait()
        fork = threads.submit(forks)
        assert not fork.done(), "it waits for its turn"
        go_on.set()
        work.result()
        fork.result()
    assert order == ["work", "fork"], f"one after the other: {order}"


def test_workers_hold_what_their_own_pool_gave_them() -> None:
    with ForkedPool(1, lambda: 10) as first, ForkedPool(1, lambda: 20) as second:
        found = [pool.submit(max, 15).result() for pool in (first, second, first)]
    assert found == [15, 20, 15], f"each pool has its own: {found}"


def test_what_is_left_by_an_exception_is_ended(tmp_path: Path) -> None:
    started = tmp_path / "started"

    def given_up() -> None:
        with ForkedPool(1, int) as pool:
            pool.submit(_for_ever, started)
            until("the task is under way", lambda: started.exists() and started.read_text() != "")
            raise KeyError

    with pytest.raises(KeyError):
        given_up()
    until("the worker, which would go on for ever, has ended", lambda: ended(int(started.read_text())))


def _for_ever(held: int, started: Path) -> None:
    started.write_text(str(os.getpid()))
    threading.Event().wait()


def test_slots_have_numbers_of_their_own() -> None:
    first, held = claimed_number()
    second, also_held = claimed_number()
    assert held is not None and also_held is not None, "there are numbers left"
    assert first != second, "as root each number is a user of its own"
    held.close()
    again, taken = claimed_number()
    assert taken is not None and again == first, "one that is given back is taken again"
    taken.close()
    also_held.close()


def test_two_threads_read_two_zips(tmp_path: Path) -> None:
    for name, source in (("first", REFERENCE), ("second", WRONG)):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            for number in range(20):
                archive.writestr(f"{name}{number:02}/squares.py", source)

    def sources(name: str) -> set[str]:
        found = set()
        for _ in range(5):
            listing = list_entries(tmp_path / f"{name}.zip")
            assert len(listing.entries) == 20, f"{name} has 20 students: {listing.students}"
            for entry in listing.entries:
                submission = read_submission(entry, {"b1_squares": "squares"})
                assert not submission.problems, f"{entry.student} is read: {submission.problems}"
                found.add(submission.works["b1_squares"].files["squares.py"].decode())
        return found

    assert both(lambda: sources("first"), lambda: sources("second")) == ({REFERENCE}, {WRONG}), "each reads its own"


# --- one after another -----------------------------------------------------------------------------------------------


# A module that a reference shares with others, and how it imports it.
PLACES = {"scale.py": "..scale", "b1_squares/scale.py": ".scale", "b1_squares/inner/scale.py": ".inner.scale"}


def rewritten(path: Path, text: str) -> None:
    """Write a file anew as an editor may within a second: as long as before, and of the same time."""
    before = path.stat()
    assert len(text.encode()) == before.st_size, "it is as long as before"
    path.write_text(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_changed_reference_is_the_one_that_is_asked(tmp_path: Path) -> None:
    solutions = course(tmp_path / "solutions")
    submissions = hand_in(tmp_path / "class", {"anna": REFERENCE, "berta": OTHER})
    scores = {each.student: each.score for each in run(submissions, tmp_path / "out", solutions)}
    assert scores["anna"] == 16.0 > (scores["berta"] or 0.0), f"anna's is right at first: {scores}"
    rewritten(solutions / "b1_squares" / "squares.py", OTHER)
    after = {each.student: each.score for each in run(submissions, tmp_path / "out", solutions)}
    assert after == {"anna": scores["berta"], "berta": 16.0}, f"and berta's is now: {after}"


def test_bytecode_of_another_text_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    solutions = course(tmp_path / "solutions")
    load_solutions(solutions)
    shutil.copytree(solutions, tmp_path / "copy")
    assert list((tmp_path / "copy").glob("b1_squares/__pycache__/squares.*.pyc")), "bytecode is kept, and comes along"
    rewritten(tmp_path / "copy" / "b1_squares" / "squares.py", OTHER)
    (solution,) = load_solutions(tmp_path / "copy")
    assert solution.reference.total_grad(3.0) == -6.0, "it was made of another text, and does not count"


@pytest.mark.parametrize("shared", PLACES)
def test_a_change_in_what_a_reference_imports_is_seen(shared: str, tmp_path: Path) -> None:
    solutions = course(tmp_path / "solutions")
    (solutions / shared).parent.mkdir(exist_ok=True)
    (solutions / shared).write_text("FACTOR = 2.0\n")
    place = {"scale.py": "..scale", "b1_squares/scale.py": ".scale", "b1_squares/inner/scale.py": ".inner.scale"}[
        shared
    ]
    reference = solutions / "b1_squares" / "squares.py"
    reference.write_text(f"from {place} import FACTOR\n{REFERENCE.replace('2.0 * x', 'FACTOR * x')}")
    (before,) = load_solutions(solutions)
    rewritten(solutions / shared, "FACTOR = 3.0\n")
    (after,) = load_solutions(solutions)
    assert (before.reference.total_grad(1.0), after.reference.total_grad(1.0)) == (2.0, 3.0), f"{shared} has changed"
    (again,) = load_solutions(solutions)
    assert again.reference is after.reference, "what has not changed is not imported again"


def test_two_folders_of_one_name_are_two(tmp_path: Path) -> None:
    first, second = course(tmp_path / "one" / "solutions"), other_course(tmp_path / "two" / "solutions")
    found = [load_solutions(folder)[0].reference.total_grad(1.0) for folder in (first, second, first)]
    assert found == [2.0, -2.0, 2.0], f"each folder has its own reference: {found}"


def test_a_mended_reference_can_be_imported_after_one_that_could_not(tmp_path: Path) -> None:
    solutions = course(tmp_path / "solutions")
    reference = solutions / "b1_squares" / "squares.py"
    reference.write_text("1 / 0\n")
    for _ in range(2):
        with pytest.raises(Exception, match="ZeroDivisionError"):
            load_solutions(solutions)
    reference.write_text(REFERENCE)
    assert load_solutions(solutions)[0].reference.total_grad(1.0) == 2.0, "what it says now is what counts"


def test_a_folder_that_changes_while_it_is_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    solutions = course(tmp_path / "solutions")
    submissions = hand_in(tmp_path / "class", {"anna": REFERENCE})

    def made_late(*arguments: Any) -> Exam:
        (solutions / "b1_squares" / "squares.py").write_text(OTHER)
        return make_exam(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(plan, "make_exam", made_late)
        with pytest.raises(SolutionsError, match="changed while it was read"):
            run(submissions, tmp_path / "out", solutions)
    assert run(submissions, tmp_path / "out", solutions).graded == 1, "no record says that it is of the old reference"


def test_results_beside_the_assignments_change_nothing(tmp_path: Path) -> None:
    solutions = course(tmp_path / "solutions", top='cases = "per-student"')
    submissions = hand_in(tmp_path / "class", {"anna": REFERENCE, "berta": REFERENCE})
    scores = [record.score for record in run(submissions, solutions / "out", solutions)]
    assert scores == [16.0, 16.0], f"each student's exam is of the same references: {scores}"
