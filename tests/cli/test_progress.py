"""How far a command is: a bar in a terminal, a line at the end of a step elsewhere, and no thread that is left over."""

import io
import threading
from pathlib import Path

import pytest
from rich.console import Console

from autograder.cli import main
from autograder.cli.progress import GradingProgress, ProgressBar
from autograder.records.record import Result
from tests.repository import SOLUTIONS
from tests.small import REFERENCE
from tests.small import SOLUTIONS as SMALL


def console(terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=100, _environ={})


def shown(of: Console) -> list[str]:
    assert isinstance(of.file, io.StringIO), "the test's own console"
    return [line.split() for line in of.file.getvalue().splitlines() if line.strip()]  # type: ignore[misc]


def test_elsewhere_than_in_a_terminal_there_is_a_line_at_the_end_of_each_step() -> None:
    out = console(terminal=False)
    with ProgressBar(out) as bar:
        for count in range(4):
            bar.tell("making mutants", count, 3)
        assert len(shown(out)) == 1, f"nothing before the end of a step: {shown(out)}"
        for count in (1, 2):
            bar.step("seeds")(count, 2)
    lines = shown(out)
    assert [line[0] for line in lines] == ["making", "seeds"], f"a line a step: {lines}"
    assert "3/3" in lines[0] and "2/2" in lines[1], f"and how much was done: {lines}"


def test_what_is_stopped_says_how_far_it_came() -> None:
    out = console(terminal=False)

    def stopped() -> None:
        with ProgressBar(out) as bar:
            bar.tell("pages", 2, 5)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert "2/5" in shown(out)[0], f"the line of a step that was not ended: {shown(out)}"


@pytest.mark.parametrize("terminal", [True, False])
def test_a_bar_has_no_thread_that_a_worker_could_inherit(terminal: bool) -> None:
    before = threading.active_count()
    with ProgressBar(console(terminal)) as bar:
        for step in ("one", "two"):
            for count in range(3):
                bar.tell(step, count, 3)
                assert threading.active_count() == before, f"workers may be forked at {count} of {step}"
    assert threading.active_count() == before, "nor is one left"


def test_a_terminal_shows_a_bar_from_the_beginning_of_a_step() -> None:
    out = console(terminal=True)
    with ProgressBar(out) as bar:
        bar.tell("grading", 0, 7)
        first = str(shown(out))
        assert "grading" in first and "0/7" in first, f"before the first is done: {first}"


def test_a_step_that_begins_anew_has_a_line_of_its_own() -> None:
    out = console(terminal=False)
    with ProgressBar(out) as bar:
        for count in (1, 2, 1, 2):
            bar.tell("pages", count, 2)
    assert len(shown(out)) == 2, f"web pages, then PDFs: {shown(out)}"


def test_nothing_to_do_shows_nothing() -> None:
    out = console(terminal=False)
    with ProgressBar(out) as bar:
        bar.tell("pages", 0, 0)
    assert not shown(out), f"{shown(out)}"


def test_a_run_tells_of_what_the_grader_failed_on_and_of_names_in_plain_text() -> None:
    out = console(terminal=False)
    with GradingProgress(out) as progress:
        progress.begin(2, ["a note on [bold]one\x1b[31m"])
        for count, score in ((1, 1.0), (2, None)):
            progress.done(count, 2, Result("[red]ann", score, 2.0, ()))
        assert (progress.count, progress.total) == (2, 2), "how many are whole, for whoever is stopped"
    text = " ".join(word for line in shown(out) for word in line)
    assert "a note on [bold]one\\x1b[31m" in text, f"no markup, no control characters: {text}"
    assert "grader error on [red]ann" in text and "2/2" in text, f"{text}"


def test_handout_zips_tell_how_far_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["handout", "--zip", "--solutions", str(SOLUTIONS), "--out", str(tmp_path)]) == 0, "they are made"
    told = capsys.readouterr()
    for step in ("making handouts", "looking for leaks"):
        (line,) = [line for line in told.err.splitlines() if line.startswith(step)]
        assert "4/4" in line, f"all assignments: {line}"
    assert len(told.out.splitlines()) == 4, f"and the zips are named where a program reads them: {told.out}"


def test_grading_and_marking_tell_of_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for student in ("anna", "bert"):
        (tmp_path / "in" / student).mkdir(parents=True)
        (tmp_path / "in" / student / "squares.py").write_text(REFERENCE)
    folders = [str(tmp_path / "out"), "--solutions", str(SMALL)]
    assert main(["grade", str(tmp_path / "in"), "--jobs", "1", "--out", *folders]) == 0, "a class of two"
    told = capsys.readouterr().err
    assert "grading" in told and "pages" in told and told.count("2/2") == 2, f"both steps: {told}"
    override = ["--override", "anna", "b1_squares.total", "--points", "1", "--reason", "so"]
    assert main(["mark", *folders, *override]) == 0, "a mark is given"
    told = capsys.readouterr().err
    assert "pages" in told and "1/1" in told, f"only the page that changes: {told}"
