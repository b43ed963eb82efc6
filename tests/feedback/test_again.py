"""`autograder report`: from the records alone, the same pages and other formats."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.errors import RecordsError, ReportError
from autograder.feedback.pages import student_page, write_pages
from autograder.feedback.remake import read_class, read_shown, report
from autograder.judging.levels import Reveal
from autograder.records.record import Result
from tests.feedback.course import REFERENCE, WRONG, graded
from tests.feedback.making import random_class


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run."""
    return graded(tmp_path_factory.mktemp("again"), {"anna": REFERENCE, "berta": WRONG}).folder


@pytest.fixture
def run(original: Path, tmp_path: Path) -> Path:
    """A copy of it, without submissions and references beside it."""
    return shutil.copytree(original, tmp_path / "out")


def test_pages_are_made_again_to_the_byte(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run)
    pages = [*sorted((run / "feedback").iterdir()), run / "index.html"]
    before = {path: path.read_bytes() for path in pages}
    assert len(before) == 5, f"two pages, the same as JSON, the class: {list(before)}"
    shutil.rmtree(run / "feedback")
    (run / "index.html").unlink()
    assert main(["report", str(run)]) == 0, "records are all that is needed"
    for path, data in before.items():
        assert path.read_bytes() == data, f"{path.name} differs"


def test_a_level_is_for_this_time_only(run: Path) -> None:
    before = {path: path.read_bytes() for path in (run / "feedback").iterdir()}
    assert main(["report", str(run), "--reveal", "full", "--student", "berta"]) == 0, "made at another level"
    for path, data in before.items():
        assert path.read_bytes() == data, f"{path.name} is what students get, at the course's level"
    staff = run / "staff" / "full" / "feedback" / "berta.html"
    assert "on which a check fails, what came back, and what is right" in staff.read_text(), "staff see the cases"


def test_one_student_leaves_the_others_and_the_class_page_whole(run: Path) -> None:
    before = (run / "index.html").read_text()
    (run / "feedback" / "anna.html").write_text("as it was")
    assert main(["report", str(run), "--student", "berta"]) == 0, "only berta"
    assert (run / "feedback" / "anna.html").read_text() == "as it was", "anna's page is not touched"
    assert (run / "index.html").read_text() == before, "the class page is of the whole class"


def test_text_formats(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(run), "--format", "md,terminal", "--student", "berta", "--reveal", "full"]) == 0, "both"
    printed = capsys.readouterr().out
    written = (run / "staff" / "full" / "feedback" / "berta.md").read_text()
    for text in (printed, written.replace("\\", "")):
        for told in ("total_grad", "The link from line 1 to line 2 breaks", "breaks here", "np.array(["):
            assert told in text, f"{told!r} must be told: {text[:2000]}"


def test_pdf(run: Path) -> None:
    pytest.importorskip("typst", reason="needs the extra pdf: python -m pip install 'seminar-autograder[pdf]'")
    assert main(["report", str(run), "--format", "pdf"]) == 0, "for archives"
    first = (run / "feedback" / "berta.pdf").read_bytes()
    assert first.startswith(b"%PDF-"), f"{first[:20]!r}"
    report(run, formats=["pdf"])
    assert (run / "feedback" / "berta.pdf").read_bytes() == first, "the same record gives the same bytes"


def test_a_missing_extra_says_how_to_install_it(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    assert main(["report", str(run), "--format", "pdf"]) == 2, "wrong usage, until it is installed"
    assert "pip install 'seminar-autograder[pdf]'" in capsys.readouterr().err, "the command that helps"


def test_wrong_usage_is_told_in_one_line(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    for arguments, told in (
        ([str(tmp_path / "empty")], "no results/*.json"),
        ([str(run), "--student", "nobody"], "nobody"),
    ):
        assert main(["report", *arguments]) == 2, f"{arguments} is wrong usage"
        error = capsys.readouterr().err
        assert told in error, f"{told!r} must be told: {error}"
        assert "Traceback" not in error, f"no traceback of ours: {error}"
    with pytest.raises(SystemExit):
        main(["report", str(run), "--format", "docx"])
    (run / "results" / "berta.json").write_text('{"student": 3}')
    assert main(["report", str(run)]) == 2, "a damaged record is named"
    assert "berta.json" in capsys.readouterr().err, "by its file"


def test_a_damaged_policy_is_not_guessed(run: Path) -> None:
    (run / "course.json").write_text('{"title": "x", "reveal": "everything"}')
    with pytest.raises(RecordsError, match=r"course\.json"):
        report(run)


def test_a_page_that_fails_costs_no_other(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(result: Result, title: str, reveal: Reveal, applied: Sequence[str]) -> str:
        if result.student == "anna":
            raise RuntimeError("a fault of ours")
        return student_page(result, title, reveal)

    monkeypatch.setattr("autograder.feedback.pages.student_page", fail)
    (run / "feedback" / "berta.html").unlink()
    with pytest.raises(ReportError, match="anna"):
        report(run)
    assert (run / "feedback" / "berta.html").exists(), "berta's page is made all the same"
    assert (run / "index.html").exists(), "and the class page"


def test_several_processes_write_what_one_writes(tmp_path: Path) -> None:
    records = random_class(60)
    write_pages(records, tmp_path / "one", "course", Reveal.HINT, jobs=1)
    seen: list[tuple[int, int]] = []
    write_pages(records, tmp_path / "two", "course", Reveal.HINT, jobs=2, done=lambda *count: seen.append(count))
    assert seen[-1] == (60, 60), f"progress is told: {seen[-3:]}"
    for path in sorted((tmp_path / "one").rglob("*.*")):
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert other.read_bytes() == path.read_bytes(), f"{path.name} differs"


def test_records_come_in_order_of_students(run: Path) -> None:
    assert [light.student for light in read_class(run, read_shown(run)).results] == ["anna", "berta"], "by name"
