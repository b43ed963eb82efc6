"""Written work is never lost: answer sheets wherever they lie, PDFs, pictures, and pictures in a notebook's cells."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.submissions import Entry
from autograder.submissions import intake_limits as limits
from autograder.submissions.asked import AskedWork
from autograder.submissions.receipt import size_words
from tests.submissions.making import FUNCTIONS, OURS, asked, bulk, folder, pieced, read, told, written, zipped
from tests.submissions.notebooks.making import notebook, text

Make = Callable[[Path, Mapping[str, bytes]], Path | Entry]
both = pytest.mark.parametrize("make", [folder, zipped, pieced, bulk])
NAME, OTHER = "a4_smooth_ap", "a3_kl_normal"
WORK = written(*FUNCTIONS)
NORMAL = b"def kl_normal(x):\n    return 1\n"
SHEET = b"# Written answers\n\n## 4a. Why (2 points)\n\nWhy?\n\n*Your answer:*\n\n%s\n"
BLANK = OURS["answers.md"]


def attached(path: Path | Entry, name: str = NAME) -> list[str]:
    return [one.path for one in read(path, asked()).attachments[name]]


KINDS = {
    "proof.jpg": "picture",
    "proof.JPEG": "picture",
    "scan 1.png": "picture",
    "IMG_0815.HEIC": "picture",
    "answers.pdf": "pdf",
    "answers.docx": "document",
    "Beweis.odt": "document",
    "notes.pages": "document",
    "answers.tex": "text",
    "proof.md": "text",
    "solution.txt": "text",
}


@both
@pytest.mark.parametrize("name", KINDS)
def test_written_work_that_is_no_text_is_kept_with_its_place(tmp_path: Path, make: Make, name: str) -> None:
    submission = read(make(tmp_path / "anna", {"a4/smooth_ap.py": WORK, f"a4/scans/{name}": b"12345"}), asked())
    (one,) = submission.attachments[NAME]
    assert (one.path, one.kind, one.bytes) == (f"a4/scans/{name}", KINDS[name], 5), f"{one}"
    assert one.hash, "it can be known again"
    assert not submission.notes, f"and it is in order: {submission.notes}"


@pytest.mark.parametrize(
    "name", ["data.csv", "README.md", "requirements.txt", "notes.txt", "model.pt", "LICENSE.md", "x.gif.bak"]
)
def test_what_is_no_written_work_is_none(tmp_path: Path, name: str) -> None:
    assert attached(folder(tmp_path / "anna", {"smooth_ap.py": WORK, name: b"1"})) == [], f"{name} is no answer"


@both
def test_a_proof_without_a_module_is_not_lost(tmp_path: Path, make: Make) -> None:
    files = {"a4_smooth_ap/proof.pdf": b"%PDF-", "a4_smooth_ap/answers.md": SHEET % b"Because."}
    submission = read(make(tmp_path / "anna", files), asked())
    assert [one.path for one in submission.attachments[NAME]] == ["a4_smooth_ap/proof.pdf"], f"{submission.attachments}"
    assert "Because." in submission.answers[NAME], f"nor is the sheet: {submission.answers}"
    assert "a4_smooth_ap/answers.md was handed in without smooth_ap.py" in told(submission), f"{told(submission)}"


# Where a picture lies beside two works, and whose it is.
PLACES = [
    ("a4_smooth_ap/proof.jpg", [NAME]),
    ("a4_smooth_ap/scans/proof.jpg", [NAME]),
    ("a3_kl_normal/proof.jpg", [OTHER]),
    ("scans/kl_normal proof.jpg", [OTHER]),
    ("scans/a4-smooth-ap.pdf", [NAME]),
    ("proof.jpg", [OTHER, NAME]),
    ("scans/proof.jpg", [OTHER, NAME]),
]


@pytest.mark.parametrize(("path", "whose"), PLACES)
def test_what_may_belong_to_several_stands_with_each(tmp_path: Path, path: str, whose: list[str]) -> None:
    files = {"a4_smooth_ap/smooth_ap.py": WORK, "a3_kl_normal/kl_normal.py": NORMAL, path: b"1"}
    submission = read(folder(tmp_path / "anna", files), asked())
    found = [name for name in (OTHER, NAME) if submission.attachments[name]]
    assert found == whose, f"{path} is of {found}"


def test_what_lies_beside_a_work_is_not_an_absent_ones(tmp_path: Path) -> None:
    submission = read(folder(tmp_path / "anna", {"code/smooth_ap.py": WORK, "proof.jpg": b"1"}), asked())
    assert not submission.attachments[OTHER] and submission.attachments[NAME], f"{submission.attachments}"


def test_an_assignment_without_written_answers_gets_none_of_anothers(tmp_path: Path) -> None:
    course = {"a1": AskedWork("one", ("f",)), "a2": AskedWork("two", ("g",), ("2",))}
    files = {"one.py": b"def f(): return 1", "two.py": b"def g(): return 1", "proof.jpg": b"1"}
    submission = read(folder(tmp_path / "anna", files), course)
    assert not submission.attachments["a1"] and submission.attachments["a2"], f"{submission.attachments}"


@pytest.mark.parametrize(
    ("data", "pages"),
    [
        (b"%PDF-1.4\n<< /Type /Pages /Count 3 >> << /Type /Page >> <</Type/Page/Parent 1 0 R>> << /Type /Page\n>>", 3),
        (b"%PDF-1.5\n<< /Type /Pages /Kids [] /Count 12 >>", 12),
        (b"%PDF-1.5\n<< /Type /ObjStm >> stream", None),
        (b"no PDF", None),
        (b"%PDF-" + b"/Type /Page " * 400_000, None),
    ],
)
def test_the_pages_of_a_pdf_are_counted_where_it_says_them(tmp_path: Path, data: bytes, pages: int | None) -> None:
    submission = read(folder(tmp_path / "anna", {"smooth_ap.py": WORK, "answers.pdf": data}), asked())
    (one,) = submission.attachments[NAME]
    assert one.pages == pages, f"{data[:60]!r} has {one.pages}"


def test_large_pictures_cost_the_code_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.submissions.tree.SUBMISSION_BYTES", 50_000)
    files = {f"a{number}.jpg": bytes(100_000) for number in range(5)}
    submission = read(folder(tmp_path / "anna", {"smooth_ap.py": WORK, "kl_normal.py": NORMAL, **files}), asked())
    assert set(submission.works) == {NAME, OTHER}, f"photographs do not count as code that is read: {told(submission)}"
    assert [one.bytes for one in submission.attachments[NAME]] == [100_000] * 5, f"{submission.attachments[NAME]}"


def test_another_picture_of_the_same_name_is_known_as_another(tmp_path: Path) -> None:
    hashes = set()
    for number, data in enumerate((b"1" * 100, b"2" + b"1" * 99, b"1" * 101)):
        path = folder(tmp_path / str(number), {"smooth_ap.py": WORK, "proof.jpg": data})
        hashes.add(read(path, asked()).attachments[NAME][0].hash)
    assert len(hashes) == 3, "by its size and beginning"


def test_no_more_are_told_than_the_limit(tmp_path: Path) -> None:
    files = {f"plots/{number:03}.png": b"1" for number in range(limits.ATTACHMENTS + 5)}
    found = attached(folder(tmp_path / "anna", {"smooth_ap.py": WORK, **files}))
    assert len(found) == limits.ATTACHMENTS and found[0] == "plots/000.png", f"{len(found)}"


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    (folder(tmp_path / "anna", {"smooth_ap.py": WORK}) / "proof.jpg").symlink_to("/etc/passwd")
    submission = read(tmp_path / "anna", asked())
    assert not submission.attachments[NAME] and "proof.jpg is a symbolic link" in told(submission), (
        f"{told(submission)}"
    )


# --- in a notebook ----------

PICTURE = {"proof.png": {"image/png": "iVBORw0KGgo" * 100}}


def with_picture(*cells: dict[str, Any] | str) -> bytes:
    return notebook([WORK.decode(), *cells])


def test_a_picture_in_an_answers_cell_is_counted_with_its_cell(tmp_path: Path) -> None:
    cell = {**text("*Your answer:*\n\n![proof.png](attachment:proof.png)"), "attachments": PICTURE}
    data = with_picture(text("## 4a. Why\n\nWhy?"), cell)
    submission = read(folder(tmp_path / "anna", {"a4/smooth_ap.ipynb": data}), asked())
    (one,) = submission.attachments[NAME]
    assert (one.path, one.kind, one.inside) == ("a4/smooth_ap.ipynb", "picture", "cell 3, proof.png"), f"{one}"
    assert one.bytes == 825 and one.hash, f"its size without the wrapping: {one}"
    assert not submission.notes, f"it is there, so nothing is missing: {submission.notes}"


@pytest.mark.parametrize("odd", [3, [], {"a": 3}, {"a": {}}, {"a": {"image/png": 3}}, {"\ud800": {"image/png": "AA"}}])
def test_odd_pictures_cost_nothing(tmp_path: Path, odd: Any) -> None:
    data = with_picture({**text("x"), "attachments": odd})
    assert NAME in read(folder(tmp_path / "anna", {"smooth_ap.ipynb": data}), asked()).works, f"{odd}"


def test_pictures_of_a_notebook_count_where_its_answers_do(tmp_path: Path) -> None:
    answered = [text("## 4a. Why\n\nWhy?"), {**text("*Your answer:*\n\nSo."), "attachments": PICTURE}]
    beside = {"smooth_ap.py": WORK, "smooth_ap.ipynb": notebook(answered)}
    submission = read(folder(tmp_path / "anna", beside), asked())
    assert submission.works[NAME].path == "smooth_ap.py", "the module is graded"
    assert [one.inside for one in submission.attachments[NAME]] == ["cell 2, proof.png"], f"{submission.attachments}"


# --- sheets ----------

SHEETS = [
    "answers.md",
    "Answers.MD",
    "answers (1).md",
    "answers.txt",
    "answers.md.txt",
    "Copy of answers.md",
    "written/answers.md",
    "../answers.md",
    "../a4 theory/answers.md",
]


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_read_wherever_it_lies(tmp_path: Path, name: str) -> None:
    at = f"work/a4/{name}".replace("a4/../", "")
    submission = read(folder(tmp_path / "anna", {"work/a4/smooth_ap.py": WORK, at: SHEET % b"Because."}), asked())
    assert "Because." in (submission.works[NAME].answers or ""), f"{at}: {submission.works[NAME]}"
    assert submission.receipts[NAME].sheets == (at,), f"and the receipt says which: {submission.receipts[NAME].sheets}"


def test_another_assignments_sheet_is_not_taken(tmp_path: Path) -> None:
    files = {"a4_smooth_ap/smooth_ap.py": WORK, "a3_kl_normal/kl_normal.py": NORMAL}
    files |= {"a3_kl_normal/answers.md": (SHEET % b"Normal.").replace(b"4a.", b"3.")}
    submission = read(folder(tmp_path / "anna", files), asked())
    assert submission.works[NAME].answers is None, f"its headings are another's: {submission.works[NAME].answers!r}"
    assert "Normal." in (submission.works[OTHER].answers or ""), f"{submission.works[OTHER]}"


def test_a_blank_sheet_gives_way_to_one_that_is_written(tmp_path: Path) -> None:
    files = {"a4_smooth_ap/smooth_ap.py": WORK, "a4_smooth_ap/answers.md": BLANK, "answers.md": SHEET % b"Because."}
    submission = read(folder(tmp_path / "anna", files), asked())
    assert "Because." in (submission.works[NAME].answers or ""), f"{submission.works[NAME].answers!r}"
    assert not submission.notes, f"and that is in order: {submission.notes}"


def test_two_sheets_with_answers_are_told(tmp_path: Path) -> None:
    files = {"smooth_ap.py": WORK, "answers.md": SHEET % b"One.", "answers.txt": SHEET % b"Two."}
    submission = read(folder(tmp_path / "anna", files), asked())
    assert "One." in (submission.works[NAME].answers or ""), "the one of the right name"
    assert "stand in answers.md and in answers.txt: the first was read" in told(submission), f"{told(submission)}"


def test_a_picture_that_a_sheet_shows_and_that_is_not_there_is_told(tmp_path: Path) -> None:
    body = (
        b"![one](proof.jpg) <img src='scans/two.png'> ![three](three%20b.png) ![web](https://x.org/a.png) ![a](data:x)"
    )
    files = {"smooth_ap.py": WORK, "answers.md": SHEET % body, "scans/two.png": b"1"}
    submission = read(folder(tmp_path / "anna", files), asked())
    (note,) = submission.notes
    assert note == "answers.md shows proof.jpg and three b.png, which were not handed in.", f"{note}"


@pytest.mark.parametrize(
    "body", [b"![" * 300_000, b"<img " * 190_000, b"![a](" + b" " * 900_000, b"<img src=" + b"a" * 900_000]
)
def test_no_sheet_keeps_the_grader_busy(tmp_path: Path, body: bytes) -> None:
    submission = read(folder(tmp_path / "anna", {"smooth_ap.py": WORK, "answers.md": b"## 4a. \n" + body}), asked())
    assert NAME in submission.works, "it is read as any other"


# --- the receipt ----------


def test_the_receipt_says_where_each_function_stands_and_what_is_left_out(tmp_path: Path) -> None:
    files = {
        "a4/smooth_ap.py": b"import numpy as np\nfrom mine import smooth_ap\n\n\ndef pair_loss(x):\n    return 1\n",
        "a4/mine.py": b"\ndef smooth_ap(x):\n    return 1\n",
        "a4/answers.md": SHEET % b"Because.",
        "a4/data.csv": b"1,2",
        "a4/proof.jpg": b"1",
        "a4/test_mine.py": b"import pytest",
        "elsewhere/old.py": b"x = 1",
        "README.md": b"# Mine",
    }
    receipt = read(folder(tmp_path / "anna", files), asked()).receipts[NAME]
    places = [(one.function, one.file, one.line, one.written) for one in receipt.functions]
    assert places == [
        ("pair_loss", "smooth_ap.py", 5, True),
        ("smooth_ap", "mine.py", 2, True),
        ("smooth_map", "", 0, False),
    ], f"in the order in which they are asked for: {places}"
    assert [(one.answer, one.written) for one in receipt.answers] == [("4a. Why (2 points)", True)], (
        f"{receipt.answers}"
    )
    left_out = {one.path: one.why for one in receipt.left_out}
    assert set(left_out) == {"a4/data.csv", "elsewhere/old.py"}, f"what does not count, and no more: {left_out}"
    assert "cannot read files" in left_out["a4/data.csv"] and "cannot be imported" in left_out["elsewhere/old.py"], (
        f"{left_out}"
    )


def test_the_receipt_tells_so_many_files_and_counts_the_rest(tmp_path: Path) -> None:
    files = {f"data/{number:03}.csv": b"1" for number in range(limits.LEFT_OUT + 30)}
    receipt = read(folder(tmp_path / "anna", {"smooth_ap.py": WORK, **files}), asked()).receipts[NAME]
    assert len(receipt.left_out) == limits.LEFT_OUT and receipt.more_left_out == 30, f"{receipt.more_left_out} more"


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1 kB"), (2_340_000, "2.3 MB")]
)
def test_sizes_are_told_as_people_read_them(count: int, words: str) -> None:
    assert size_words(count) == words, f"{count}: {size_words(count)}"
