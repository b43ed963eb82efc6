"""The journal of marks: nothing is lost, whoever writes, whatever ends them, and whatever is changed by hand."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.gradebook import journal
from autograder.gradebook.journal import (
    change_marks,
    given_before,
    history,
    journal_of,
    latest,
    read_marks,
    write_marks,
)
from autograder.gradebook.marks import Mark
from autograder.gradebook.marks_file import Marks
from tests.repository import ROOT

ANNA = Mark("anna", "a.f", 1.0, "well done", "hash")
BERTA = Mark("berta", "a.f", 2.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "marks.csv"


def give(path: Path, *marks: Mark, who: str = "tom") -> None:
    for mark in marks:
        change_marks(path, lambda given, mark=mark: given.with_mark(mark), who=who)  # type: ignore[misc]


def test_every_change_is_kept_with_who_and_when(path: Path) -> None:
    give(path, ANNA, BERTA)
    give(path, Mark("anna", "a.f", 0.5), who="eva")
    change_marks(path, lambda given: given.without("berta", "a.f"), who="eva")
    told = [(line.who, line.given[0].student, line.given[0].points) for line in history(path)]
    wanted = [("tom", "anna", 1.0), ("tom", "berta", 2.0), ("eva", "anna", 0.5), ("eva", "berta", None)]
    assert told == wanted, f"who gave what, and took what back: {told}"
    assert all(line.when.endswith("+00:00") for line in history(path)), "when, in UTC"
    assert latest(path)["anna", "a.f"].who == "eva", "who gave the mark that counts"
    assert [line.who for line in given_before(path, ANNA)] == ["tom"], "and who the one before"
    assert list(read_marks(path)) == [Mark("anna", "a.f", 0.5)], "the table holds what counts"


def test_what_changes_nothing_is_no_line(path: Path) -> None:
    give(path, ANNA, ANNA)
    assert len(history(path)) == 1, f"{history(path)}"


def test_a_process_that_ended_before_the_table_was_written_lost_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(path, ANNA)

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(journal, "write_whole", killed)
        with pytest.raises(SystemExit):
            give(path, BERTA)
    assert b"berta" not in path.read_bytes(), "the table is as before"
    assert list(read_marks(path)) == [ANNA, BERTA], "what stands in the journal counts"
    give(path, Mark("carl", "a.f", 3.0))
    assert path.read_bytes().count(b"\n") == 4, "the next change brings the table up to date"
    assert len(history(path)) == 3, "and each change stands in the journal once"


def test_a_half_written_line_is_passed_over(path: Path) -> None:
    give(path, ANNA)
    with journal_of(path).open("ab") as file:
        file.write(b'{"when": "2026-')
    assert list(read_marks(path)) == [ANNA], "what was not whole was never told to be given"
    give(path, BERTA)
    assert [line.given[0].student for line in history(path)] == ["anna", "berta"], "the next line is whole"


def test_a_table_changed_by_hand_counts_and_is_noted(path: Path) -> None:
    give(path, ANNA, BERTA)
    path.write_text("student,item,points\nanna,a.f,7\ncarl,a.f,3\n")
    assert [mark.points for mark in read_marks(path)] == [7.0, 3.0], "people may edit it"
    give(path, Mark("dora", "a.f", 4.0))
    by_hand = [line for line in history(path) if line.who == journal.BY_HAND]
    assert len(by_hand) == 1, f"one line tells what was changed: {by_hand}"
    changed = {(given.student, given.points) for given in by_hand[0].given}
    assert changed == {("anna", 7.0), ("carl", 3.0), ("berta", None)}, f"{changed}"


def test_a_table_from_before_there_was_a_journal_is_its_beginning(path: Path) -> None:
    path.write_text("student,item,points\nanna,a.f,1\n")
    give(path, BERTA)
    assert [(line.who, len(line.given)) for line in history(path)] == [(journal.BY_HAND, 1), ("tom", 1)], (
        "both are kept"
    )


def test_a_long_journal_is_read_from_its_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "TAIL", 64)
    give(path, ANNA, BERTA, Mark("carl", "a.f", 3.0, "x" * 500))
    assert [mark.student for mark in read_marks(path)] == ["anna", "berta", "carl"], "whatever the length of a line"


def test_a_name_that_no_encoding_knows_is_kept(path: Path) -> None:
    give(path, Mark("anna\udcff", "a.f", 1.0))
    assert history(path)[0].given[0].student == "anna\udcff", "as the file system has it"


def test_writing_all_marks_is_a_change_too(path: Path) -> None:
    give(path, ANNA)
    write_marks(path, Marks.of([BERTA]))
    assert [given.points for given in history(path)[-1].given] == [2.0, None], "what came, and what went"


def _marked_by(path: Path, people: int, each: int, kills: int) -> None:
    """So many people mark at once; some are killed in between and begin again where the last told mark was."""
    # After so many marks of all together, whoever gave the last one is killed.
    ends = set(random.Random(20261201).sample(range(1, people * each // 4), kills))
    count = 0
    left = {f"person{n}": (n * each, (n + 1) * each) for n in range(people)}
    running: dict[str, subprocess.Popen[str]] = {}
    told = dict.fromkeys(left, -1)
    while left or running:
        for who in [who for who in left if who not in running]:
            first, last = left.pop(who)
            command = [sys.executable, "-m", "tests.gradebook.marking_process", str(path), who, str(first), str(last)]
            running[who] = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for who, process in [*running.items()]:
            assert process.stdout is not None
            line = process.stdout.readline()
            if line:
                told[who], count = int(line), count + 1
            if count in ends:
                ends.remove(count)
                process.kill()
                told[who] = max([told[who], *map(int, process.stdout.read().split())])
            if not line:
                process.wait()
                process.stdout.close()
                del running[who]
                last = (int(who.removeprefix("person")) + 1) * each
                if told[who] + 1 < last:
                    left[who] = (max(told[who] + 1, last - each), last)
    assert not ends, f"so many were killed as was meant: {ends}"


@pytest.mark.slow
def test_four_people_give_2000_marks_at_once_and_are_killed_and_no_mark_is_lost(path: Path) -> None:
    each = 500
    _marked_by(path, 4, each, kills=20)
    marks = list(read_marks(path))
    assert len(marks) == 4 * each, f"{4 * each} were given, {len(marks)} are there"
    wrong = [m for m in marks if m.comment != f"by person{int(m.student[7:]) // each}"]
    assert not wrong, f"each is the one that was given: {wrong[:3]}"
    assert set(latest(path)) == {(mark.student, mark.item) for mark in marks}, "and all stand in the journal"
