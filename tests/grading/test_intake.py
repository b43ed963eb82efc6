"""What was handed in reaches the record and whoever marks: pictures, receipts, functions in cells that do not run."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.console import Console

from autograder.gradebook.beside_proof import beside
from autograder.gradebook.journal import read_marks
from autograder.gradebook.marking_order import MarkingSession, queue_of
from autograder.gradebook.marks import items
from autograder.gradebook.marks_file import Marks
from autograder.gradebook.marks_template import read_template, write_template
from autograder.grading.run import Results
from autograder.records.record import AssignmentResult, Result
from autograder.records.store import Store
from tests.small import REFERENCE
from tests.small.making import WRONG, run
from tests.submissions.notebooks.making import from_module, notebook, text


def hand_in(home: Path, files: Mapping[str, str | bytes], student: str = "anna") -> Path:
    for name, data in files.items():
        path = home / "submissions" / student / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return home / "submissions"


def graded(home: Path, files: Mapping[str, str | bytes]) -> tuple[Result, AssignmentResult]:
    (record,) = run(hand_in(home, files), home / "out")
    return record, record.assignments[0]


def test_a_perfect_notebook_beside_our_tests_gets_its_points(tmp_path: Path) -> None:
    ours = "from otter.test_files import test_case\n\n\ndef total__one(total):\n    pass\n"
    files: dict[str, str | bytes] = {
        "squares.ipynb": from_module(REFERENCE.encode()),
        "tests/squares.py": ours,
        "tests/total.py": ours,
    }
    record, assignment = graded(tmp_path, {f"b1_squares/{name}": data for name, data in files.items()})
    whole, _ = graded(tmp_path / "module", {"squares.py": REFERENCE})
    assert record.score == whole.score and record.score, f"as the module does: {record.score} and {whole.score}"
    assert assignment.file == "b1_squares/squares.ipynb" and not record.notes, f"{assignment.file}, {record.notes}"
    assert not assignment.unusual, f"our tests import what no work does: {assignment.unusual}"


def test_what_a_person_reads_stands_in_the_record_also_without_a_module(tmp_path: Path) -> None:
    _, with_module = graded(tmp_path / "a", {"squares.py": REFERENCE, "answers.pdf": b"%PDF-", "data.csv": b"1"})
    assert [(one.path, one.kind, one.bytes) for one in with_module.attachments] == [("answers.pdf", "pdf", 5)], (
        f"{with_module.attachments}"
    )
    receipt = with_module.receipt
    assert receipt is not None and [one.path for one in receipt.left_out] == ["data.csv"], f"{receipt}"
    assert all(one.file == "squares.py" and one.written for one in receipt.functions), f"{receipt.functions}"
    _, alone = graded(tmp_path / "b", {"proof.jpg": b"1", "answers.md": "## 1. The proof\n\nBecause."})
    assert alone.file is None and [one.path for one in alone.attachments] == ["proof.jpg"], f"{alone.attachments}"
    assert "Because." in (alone.answers or ""), f"nor is the sheet lost: {alone.answers}"


def test_a_renamed_file_is_offered_and_not_graded(tmp_path: Path) -> None:
    record, assignment = graded(tmp_path, {"squares_final_v2.py": REFERENCE})
    assert record.score == 0.0 and "squares_final_v2.py defines 5 of the 5 functions" in assignment.problem, (
        f"{record.score}: {assignment.problem}"
    )
    assert assignment.receipt is not None, "the data for whoever decides"
    (offer,) = assignment.receipt.offered
    assert offer.path == "squares_final_v2.py" and "total_grad" in offer.functions and offer.near_name, f"{offer}"


def test_a_function_in_a_text_cell_is_told_at_its_checks(tmp_path: Path) -> None:
    body = REFERENCE.partition("def root")[2].partition("\ndef ")[0].partition("\nclass ")[0]
    rest = REFERENCE.replace(f"def root{body}", "")
    cells = notebook([rest, text(f"def root{body}")])
    _, assignment = graded(tmp_path, {"squares.ipynb": cells})
    (question,) = [question for question in assignment.questions if question.function == "root"]
    told = "There is no function root: it stands in cell 2, which is a text cell, and is not run. Make it a code cell."
    assert {check.message for check in question.checks} == {told}, f"{[check.message for check in question.checks]}"


def test_another_picture_needs_no_grading_and_reaches_record_and_page(tmp_path: Path) -> None:
    submissions = hand_in(tmp_path, {"squares.py": WRONG, "proof.jpg": b"1"})
    (first,) = run(submissions, tmp_path / "out")
    hand_in(tmp_path, {"proof.jpg": b"22", "scan.pdf": b"%PDF-"})
    results: Results = run(submissions, tmp_path / "out")
    (second,) = results
    assert results.graded == 0, "no check depends on it"
    sizes = {one.path: one.bytes for one in second.assignments[0].attachments}
    assert sizes == {"proof.jpg": 2, "scan.pdf": 5}, f"the record follows: {sizes}"
    assert "scan.pdf (PDF, 5 bytes)" in (tmp_path / "out" / "feedback" / "anna.html").read_text(), (
        "and so does the page"
    )
    assert first.score == second.score, "points do not change"


# --- marking ----------


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Three students: with a picture, with a text, with nothing."""
    sheet = "## 1. The proof (2 points)\n\nProve the bound.\n\n*Your answer:*\n\n{}\n"
    hand_in(tmp_path, {"squares.py": REFERENCE, "answers.md": sheet.format(""), "scans/proof.jpg": b"1"}, "anna")
    hand_in(tmp_path, {"squares.py": REFERENCE, "answers.md": sheet.format("By expansion.")}, "berta")
    run(hand_in(tmp_path, {"squares.py": REFERENCE}, "cem"), tmp_path / "out")
    return tmp_path / "out"


def shown_to_who_marks(results: Path, lines: list[str]) -> str:
    records = Store(results).records()
    console = Console(record=True, width=100, file=Path("/dev/null").open("w"))  # noqa: SIM115
    left = iter(lines)

    def ask(_: str) -> str:
        try:
            return next(left)
        except StopIteration:
            raise EOFError from None

    found = [item for record in records.values() for item in items(record)]
    queue = queue_of(found, read_marks(results / "marks.csv"), again=False)
    MarkingSession(results / "marks.csv", queue, beside(records.values(), {}), console, ask).run()
    console.file.close()
    return console.export_text()


def test_who_marks_is_told_of_a_picture(results: Path) -> None:
    shown = shown_to_who_marks(results, ["s", "s", "s"])
    anna, _, rest = shown.partition("berta")
    berta, _, cem = rest.partition("cem")
    assert "(nothing is written as text)" in anna, f"{anna}"
    assert "handed in, to be looked at: scans/proof.jpg (picture, 1 byte)" in anna, f"where it lies: {anna}"
    assert "By expansion." in berta and "handed in, to be" not in berta, f"{berta}"
    assert "(nothing is written)" in cem, f"there is nothing: {cem}"


def test_the_table_to_fill_in_names_the_picture(results: Path, tmp_path: Path) -> None:
    records = Store(results).records()
    found = [item for record in records.values() for item in items(record)]
    write_template(tmp_path / "marks.csv", found, Marks(), {})
    with (tmp_path / "marks.csv").open(newline="", encoding="utf-8-sig") as file:
        answers = {row["student"]: row["answer"] for row in csv.DictReader(file)}
    assert "scans/proof.jpg" in answers["anna"] and answers["berta"] == "By expansion.", f"{answers}"
    assert answers["cem"] == "", f"{answers}"
    assert read_template(tmp_path / "marks.csv", records) == [], "nothing is filled in, and that can be read"


def test_a_mark_is_in_doubt_once_the_picture_is_another(results: Path) -> None:
    shown_to_who_marks(results, ["2", "1", "0"])
    before = {item.student: item.of for record in Store(results).records().values() for item in items(record)}
    hand_in(results.parent, {"scans/proof.jpg": b"2"})
    run(results.parent / "submissions", results)
    after = {item.student: item.of for record in Store(results).records().values() for item in items(record)}
    assert [name for name in before if before[name] != after[name]] == ["anna"], f"{before} and {after}"
    assert "anna" in shown_to_who_marks(results, []), "it is asked for again"
