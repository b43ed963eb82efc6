"""Marks by people: their file, the terminal, the table to fill in, overrides; and that nothing loses them."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from autograder.cli import main
from autograder.course.rubric import read_rubric
from autograder.errors import MarksError
from autograder.files.formula_cells import defused, restored
from autograder.gradebook.beside_proof import beside
from autograder.gradebook.giving_marks import give_mark
from autograder.gradebook.journal import read_marks, write_marks
from autograder.gradebook.marking_order import MarkingSession, queue_of
from autograder.gradebook.marks import Mark, items
from autograder.gradebook.marks_file import Marks
from autograder.records.store import Store
from tests.small import REFERENCE, SOLUTIONS
from tests.small.making import WRONG, content, hand_in, run

ITEM = "b1_squares.written_1.1"
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=30)


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    """A folder of results of three students with written answers."""
    works = {"anna": REFERENCE, "berta": WRONG, "=cem": REFERENCE.replace('("<=", lambda', '("=", lambda')}
    answers = {"anna": "We have $(x-y)^2 \\ge 0$.", "berta": "Obvious.\x1b[31m", "=cem": "Complete the square."}
    run(hand_in(tmp_path / "submissions", works, answers), tmp_path / "out")
    return tmp_path / "out"


def mark(folder: Path, *options: str) -> int:
    return main(["mark", str(folder), "--solutions", str(SOLUTIONS), *options])


def scores(folder: Path) -> dict[str, str]:
    with (folder / "scores.csv").open(newline="") as file:
        return {row["student"]: row["total"] for row in csv.DictReader(file)}


@settings(deadline=None)
@given(st.lists(st.tuples(TEXT.filter(str.strip), st.sampled_from([ITEM, "a.f"]), st.floats(0, 99), TEXT), max_size=5))
def test_the_file_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, found: list[tuple[str, str, float, str]]
) -> None:
    path = tmp_path_factory.mktemp("marks") / "marks.csv"
    marks = Marks.of(Mark(student, item, round(points, 2), comment, "0a") for student, item, points, comment in found)
    write_marks(path, marks)
    again = read_marks(path)
    assert list(again) == list(marks), "every mark must come back as it was"
    write_marks(path, again)
    assert read_marks(path) == again, "and again"


@settings(deadline=None)
@given(st.text())
def test_a_defused_cell_is_no_formula_and_can_be_read_back(text: str) -> None:
    cell = defused(text)
    assert restored(cell) == text or cell == text, f"{text!r} is lost in {cell!r}"
    dangerous = cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") and len(cell) > 1
    number = cell.replace(",", ".").lstrip("+-").replace(".", "", 1)
    assert not dangerous or (number.isascii() and number.isdigit()), f"{cell!r} could be a formula"


# What a formula begins with, and what a spreadsheet may split a cell at, close together.
SPLIT = st.text(st.sampled_from("=+-@'＝;,\t\r\n1a "), max_size=12)


@settings(deadline=None)
@given(SPLIT)
def test_no_part_of_a_defused_cell_is_a_formula_where_a_spreadsheet_splits_it(text: str) -> None:
    cell = defused(text)
    assert restored(cell) == text or cell == text, f"{text!r} is lost in {cell!r}"
    parts = re.split(r"[,;\t\r\n]", cell)
    found = [part for part in parts[1:] if part[:1] in tuple("=+-@＝")]
    assert not found, f"{found} in {cell!r} could be formulas where another separator is set"


def test_the_file_is_one_sorted_line_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    marks = [Mark("berta", "a.f", 1.0, "one\ntwo"), Mark("anna", "a.written_1.2", 0.5), Mark("anna", "a.f", 2.0, "=1")]
    write_marks(path, Marks.of(marks))
    lines = path.read_text().splitlines()
    assert lines == [
        "student,item,points,comment,of",
        "anna,a.f,2,'=1,",
        "anna,a.written_1.2,0.5,,",
        "berta,a.f,1,one\\ntwo,",
    ], f"fit for version control: {lines}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("student,points\nanna,1\n", "row 1: there is no column item"),
        ("student,item,points\nanna,a.f,much\n", "row 2, column points: 'much'"),
        ("student,item,points\nanna,a.f,-1\n", "row 2, column points"),
        (
            "student,item,points\nanna,a.f,1\n\nanna,a.f,2\n",
            "row 4, column item: anna has a mark on a.f already, in row 2",
        ),
        ("student,item,points\nanna,,1\n", "row 2, column item"),
        ('student,item,points\nanna,"a.f,1\n', "line 2: a quotation mark that is opened here is never closed"),
        ("student,item,points,comment\nanna,a.f,1,good, but late\n", "line 2: there are 5 cells, and 4 in the header"),
        ("student,item,points,points\nanna,a.f,1,2\n", "row 1: 2 columns are called points"),
        ("student,item,points\nanna,a.f,1_0\n", "row 2, column points: '1_0'"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_row_and_column(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    path.write_text(text)
    with pytest.raises(MarksError) as caught:
        read_marks(path)
    assert told in str(caught.value), f"{told!r} must be told: {caught.value}"


def sit(folder: Path, lines: list[str], again: bool = False) -> tuple[str, int]:
    """Mark in the terminal with these lines typed; what was shown, and how many marks were given."""
    records, _ = Store(folder).read()
    console = Console(record=True, width=100, force_terminal=False, file=(folder / "shown.txt").open("w"))
    typed: Iterator[str] = iter(lines)

    def ask(prompt: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    found = [item for record in records.values() for item in items(record)]
    rubrics = {"b1_squares": read_rubric(SOLUTIONS / "b1_squares" / "rubric.toml")}
    queue = queue_of(found, read_marks(folder / "marks.csv"), again)
    asking = MarkingSession(folder / "marks.csv", queue, beside(records.values(), rubrics), console, ask)
    count = asking.run()
    console.file.close()
    return console.export_text(), count


def test_the_terminal_asks_for_each_student_in_turn_and_saves_at_once(graded: Path) -> None:
    shown, count = sit(graded, ["?", "3", "#", "2 the square is named", "1 #1", "b", "0.5 only states it", "q"])
    assert count == 3, f"two marks, and one given again: {shown}"
    marks = {mark.student: (mark.points, mark.comment) for mark in read_marks(graded / "marks.csv")}
    assert marks == {"=cem": (2.0, "the square is named"), "anna": (0.5, "only states it")}, f"as typed: {marks}"
    for part in (
        "Prove the bound.",
        "Complete the square.",
        "Completes the square.",
        "every line holds",
        "def bound()",
        "The link from line 1 to line 2 breaks",
        "at most 2 points",
        "#1 the square is named",
        "given before: 1 the square is named",
        "1 left",
    ):
        assert part in shown, f"{part!r} must be shown: {shown}"
    assert "line 4 uses that e is not below 0" in " ".join(shown.split()), f"what each link uses: {shown}"
    assert "\x1b[31m" not in shown, "an answer must not colour the terminal"
    shown, count = sit(graded, [])
    assert "berta" in shown and "anna" not in shown, f"only what is not marked is asked: {shown}"


def test_marks_survive_regrades_and_count_everywhere(graded: Path, tmp_path: Path) -> None:
    assert scores(graded) == {"'=cem": "13", "anna": "16", "berta": "12"}, f"before: {scores(graded)}"
    sit(graded, ["2 well done", "1 <b>half</b>", "0"])
    marks = (graded / "marks.csv").read_bytes()
    results = run(tmp_path / "submissions", graded, force=True)
    assert (graded / "marks.csv").read_bytes() == marks, "grading must not touch the file of marks"
    assert scores(graded) == {"'=cem": "15", "anna": "17", "berta": "12"}, f"marks count: {scores(graded)}"
    assert [each.waiting for each in results.finals] == [0, 0, 0], "nothing waits"
    page = (graded / "feedback" / "anna.html").read_text()
    assert "17 of 18 points" in page and "&lt;b&gt;half" in page, "the page has points and comment"
    assert "wait to be marked" not in (graded / "index.html").read_text(), "nothing waits for a person"
    records, _ = Store(graded).read()
    assert records["anna"].score == 16.0, "the record stays what the machine found"


def test_what_a_regrade_makes_doubtful_is_listed(
    graded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sit(graded, ["2", "1", "0"])
    assert mark(graded, "--override", "berta", "b1_squares.total", "--points", "3", "--reason", "unclear") == 0
    hand_in(tmp_path / "submissions", {"anna": REFERENCE}, {"anna": "Another proof."})
    hand_in(tmp_path / "submissions", {"berta": WRONG + "# changed\n"}, {"berta": "Obvious.\x1b[31m"})
    results = run(tmp_path / "submissions", graded)
    assert any("to look at again: 2" in line for line in results.told), f"the run says so: {results.told}"
    capsys.readouterr()
    assert mark(graded, "--doubts") == 0
    listed = capsys.readouterr().out
    assert f"anna: {ITEM}: the answer has changed" in listed, f"anna's answer: {listed}"
    assert "berta: b1_squares.total: the submission or the machine's score" in listed, f"berta's code: {listed}"
    assert scores(graded)["anna"] == "17", "a doubtful mark counts until a person looks"
    shown, _ = sit(graded, ["2 now right"])
    assert "on another text than this: 1" in shown, f"the doubtful one is asked again: {shown}"
    assert mark(graded, "--doubts") == 0
    assert "anna" not in capsys.readouterr().out, "and is then settled"


def test_overrides_from_the_command_line(graded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    override = ("--override", "berta", "b1_squares.total")
    assert mark(graded, *override, "--points", "4", "--reason", "the docstring was unclear") == 0
    assert scores(graded)["berta"] == "15", f"in place of 1 point: {scores(graded)}"
    assert "docstring was unclear" in (graded / "feedback" / "berta.html").read_text(), "the student reads why"
    for wrong, told in (
        ((*override, "--points", "4"), "--reason"),
        ((*override, "--points", "x", "--reason", "y"), "not a number"),
        (("--override", "bertha", "b1_squares.total", "--points", "1", "--reason", "y"), "bertha"),
        (("--override", "berta", "b1_squares.sum", "--points", "1", "--reason", "y"), "b1_squares.total"),
        (("--remove", "anna", "b1_squares.total"), "no mark"),
    ):
        capsys.readouterr()
        assert mark(graded, *wrong) == 2, f"{wrong} is wrong usage"
        assert told in capsys.readouterr().err, f"{told!r} must be told"
    assert mark(graded, "--remove", "berta", "b1_squares.total") == 0
    assert scores(graded)["berta"] == "12", "the machine's score counts again"


def test_marks_by_a_table(graded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "table.csv"
    assert mark(graded, "--template", str(table)) == 0
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["student"] for row in rows] == ["'=cem", "anna", "berta"], f"a row a criterion: {rows}"
    assert rows[1]["answer"].startswith("We have") and "every line holds" in rows[1]["machine"], f"to read: {rows[1]}"
    rows[0] |= {"points": "2", "comment": "-1 would be unfair"}
    rows[1] |= {"points": "1,5"}

    def save() -> None:
        with table.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, rows[0], delimiter=";")
            writer.writeheader()
            writer.writerows(rows)

    save()
    assert mark(graded, "--import", str(table)) == 0
    assert scores(graded) == {"'=cem": "15", "anna": "17.5", "berta": "12"}, f"taken: {scores(graded)}"
    before = content(graded)
    rows[0]["points"], rows[1]["item"], rows[2]["points"] = "9", "b1_squares.written_2.1", "two"
    save()
    capsys.readouterr()
    assert mark(graded, "--import", str(table)) == 2, "a table with mistakes is refused"
    told = capsys.readouterr().err
    for part in ("row 2, column points: 9 is more than 2", "row 3, column item", "row 4, column points: 'two'"):
        assert part in told, f"{part!r} must be told: {told}"
    assert content(graded) == before, "and nothing of it is taken"


def rows_of_table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def filled(path: Path, points: dict[str, str]) -> None:
    """Fill in the points of these students' first rows."""
    rows, left = rows_of_table(path), dict(points)
    for row in rows:
        row["points"] = left.pop(restored(row["student"]), row["points"])
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_an_older_table_does_not_take_newer_marks_away(
    graded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.csv"
    assert mark(graded, "--template", str(table)) == 0, "made before anybody marks"
    filled(table, {"anna": "1", "berta": "1"})
    item = rows_of_table(table)[0]["item"]
    give_mark(graded, "anna", item, 0.5, "meanwhile")
    capsys.readouterr()
    assert mark(graded, "--import", str(table)) == 1, "a person must look"
    told = capsys.readouterr()
    assert "anna" in told.err and "0.5 points were given by" in told.err, f"who gave what, by row: {told.err}"
    marks = read_marks(graded / "marks.csv")
    assert marks.student("anna")[item].points == 0.5, "the newer mark stays"
    assert marks.student("berta")[item].points == 1.0, "the other rows are taken"
    assert mark(graded, "--import", str(table), "--over") == 0, "or all are, by name"
    assert read_marks(graded / "marks.csv").student("anna")[item].points == 1.0, "the table's"
    assert mark(graded, "--history") == 0, "and nothing is forgotten"
    assert "meanwhile" in capsys.readouterr().out, "the mark that was replaced stands in the journal"


def test_an_override_above_the_maximum_is_asked_about(
    graded: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ("--override", "anna", "b1_squares.total", "--points", "75", "--reason", "a slip of the finger")
    assert mark(graded, *options) == 2, "nobody can be asked here"
    told = capsys.readouterr().err
    assert "75 is more than" in told and "--above-maximum" in told, f"{told}"
    assert not list(read_marks(graded / "marks.csv")), "nothing was given"
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "n")
    assert mark(graded, *options) == 0 and not list(read_marks(graded / "marks.csv")), "no is no"
    monkeypatch.setattr("builtins.input", lambda _: "y")
    assert mark(graded, *options) == 0, "yes is yes"
    assert read_marks(graded / "marks.csv").student("anna")["b1_squares.total"].points == 75.0, "it counts"
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    assert mark(graded, *options[:-1], "meant", "--above-maximum") == 0, "or said beforehand"


def test_a_mark_given_while_a_run_goes_on_is_in_what_it_writes(tmp_path: Path) -> None:
    hand_in(tmp_path / "submissions", {"anna": REFERENCE}, {"anna": "We have $(x-y)^2 \\ge 0$."})
    item = "b1_squares.written_1.1"

    def done(*_: object) -> None:
        write_marks(tmp_path / "out" / "marks.csv", Marks.of([Mark("anna", item, 1.0, "while it ran")]))

    run(tmp_path / "submissions", tmp_path / "out", done=done)
    assert "while it ran" in (tmp_path / "out" / "feedback" / "anna.html").read_text(), "the page has it"
    given: list[int] = []

    def pages(*_: object) -> None:
        if not given:
            given.append(1)
            write_marks(tmp_path / "out" / "marks.csv", Marks.of([Mark("anna", item, 0.5, "while pages were made")]))

    run(tmp_path / "submissions", tmp_path / "out", force=True, pages=pages)
    if given:
        assert "while pages were made" in (tmp_path / "out" / "feedback" / "anna.html").read_text(), "and that one too"


def test_who_marked_meanwhile_is_told_to_whoever_replaces_it(graded: Path) -> None:
    records = Store(graded).records()
    queue = queue_of([item for record in records.values() for item in items(record)], Marks(), again=False)[:1]
    console = Console(record=True, width=120)

    def ask(_: str) -> str:
        give_mark(graded, queue[0].student, queue[0].item, 0.25, "mine")
        return "1 better"

    MarkingSession(graded / "marks.csv", queue, beside(list(records.values()), {}), console, ask).run()
    assert "gave 0.25 here meanwhile: mine" in console.export_text(), "two people marked the same"
    assert read_marks(graded / "marks.csv").student(queue[0].student)[queue[0].item].points == 1.0, (
        "the last one counts"
    )
