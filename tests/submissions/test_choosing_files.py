"""Of several files the fuller is graded; where two hold different work a person is asked; another name is offered."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.submissions import Entry
from autograder.submissions.submission import Piece
from tests.submissions.making import FUNCTIONS, STUB, asked, bulk, folder, pieced, read, told, written, zipped
from tests.submissions.notebooks.making import from_module, notebook, text

Make = Callable[[Path, Mapping[str, bytes]], Path | Entry]
both = pytest.mark.parametrize("make", [folder, zipped, pieced, bulk])
NAME = "a4_smooth_ap"
FULL, ONE = written(*FUNCTIONS), written("pair_loss")
OTHER = written("smooth_ap", by="2")


def cells(source: bytes) -> bytes:
    return from_module(source)


# Files, what is graded, and whether a person is asked.
CHOICES: dict[str, tuple[dict[str, bytes], str, bool]] = {
    "one tried in the module, all in the notebook": (
        {"smooth_ap.py": written("pair_loss", by="0"), "smooth_ap.ipynb": cells(FULL)},
        "smooth_ap.ipynb",
        True,
    ),
    "all in the module, one tried in the notebook": (
        {"smooth_ap.py": FULL, "smooth_ap.ipynb": cells(written("pair_loss", by="0"))},
        "smooth_ap.py",
        True,
    ),
    "as many in each": ({"smooth_ap.py": ONE, "smooth_ap.ipynb": cells(OTHER)}, "smooth_ap.py", True),
    "the same in both": ({"smooth_ap.py": FULL, "smooth_ap.ipynb": cells(FULL)}, "smooth_ap.py", False),
    "the beginning of it in the notebook": (
        {"smooth_ap.py": FULL, "smooth_ap.ipynb": cells(ONE)},
        "smooth_ap.py",
        False,
    ),
    "the beginning of it in the module": (
        {"smooth_ap.py": ONE, "smooth_ap.ipynb": cells(FULL)},
        "smooth_ap.ipynb",
        False,
    ),
    "a notebook that only tries the module": (
        {"smooth_ap.py": ONE, "smooth_ap.ipynb": notebook(["import smooth_ap", "smooth_ap.pair_loss(1)"])},
        "smooth_ap.py",
        False,
    ),
    "a notebook that imports all of the module": (
        {"smooth_ap.py": FULL, "smooth_ap.ipynb": notebook(["from smooth_ap import pair_loss, smooth_ap"])},
        "smooth_ap.py",
        False,
    ),
    "a module of which a helper holds the functions": (
        {"smooth_ap.py": b"from mine import *\n", "mine.py": FULL, "smooth_ap.ipynb": cells(written("smooth_ap"))},
        "smooth_ap.py",
        False,
    ),
    "an empty module": ({"smooth_ap.py": b"\n", "smooth_ap.ipynb": cells(ONE)}, "smooth_ap.ipynb", False),
    "two modules": ({"smooth_ap.py": ONE, "final/smooth_ap.py": FULL}, "final/smooth_ap.py", False),
    "two modules that differ": ({"smooth_ap.py": ONE, "final/smooth_ap.py": OTHER}, "smooth_ap.py", True),
    "the same module twice": (
        {"a4_smooth_ap/smooth_ap.py": FULL, "smooth_ap.py": FULL},
        "a4_smooth_ap/smooth_ap.py",
        False,
    ),
    "an older attempt with more": (
        {"attempt_1/smooth_ap.py": FULL, "attempt_2/smooth_ap.py": ONE},
        "attempt_2/smooth_ap.py",
        False,
    ),
    "a later attempt that is the stub": (
        {"attempt_1/smooth_ap.py": ONE, "attempt_2/smooth_ap.py": STUB},
        "attempt_1/smooth_ap.py",
        False,
    ),
    "an attempt with a notebook": (
        {"attempt_1/smooth_ap.py": FULL, "attempt_2/smooth_ap.ipynb": cells(ONE)},
        "attempt_2/smooth_ap.ipynb",
        False,
    ),
}


@both
@pytest.mark.parametrize("what", CHOICES)
def test_the_fuller_is_graded_and_a_person_is_asked_where_two_differ(tmp_path: Path, make: Make, what: str) -> None:
    files, taken, asks = CHOICES[what]
    submission = read(make(tmp_path / "anna", files), asked())
    assert submission.works[NAME].path == taken, f"{what}: {submission.works[NAME].path} was graded"
    question = submission.receipts[NAME].question
    assert bool(question) is asks, f"{what}: a person is asked {question!r}"
    assert not asks or question in submission.notes, f"{what}: what is asked is told, too: {submission.notes}"


def test_the_question_names_both_files_and_says_what_speaks_for_each(tmp_path: Path) -> None:
    files, _, _ = CHOICES["one tried in the module, all in the notebook"]
    question = read(folder(tmp_path / "anna", files), asked()).receipts[NAME].question
    for word in ("smooth_ap.ipynb was graded; smooth_ap.py was not", "3 of 3 functions", "1 in the other", "A person"):
        assert word in question, f"{word!r} must be told: {question}"


def test_other_attempts_are_named(tmp_path: Path) -> None:
    files, _, _ = CHOICES["an older attempt with more"]
    notes = read(folder(tmp_path / "anna", files), asked()).notes
    assert notes == ("attempt_2/smooth_ap.py was graded; attempt_1/smooth_ap.py was not.",), f"{notes}"


# --- other names ----------

RENAMED = [
    "smooth_ap_final_v2.py",
    "Copy of smooth_ap.py",
    "smooth_ap (1).py",
    "smooth_ap.py.txt",
    "smooth_ap.txt",
    "Smooth_AP.py",
    "smooth_ap.PY",
    "smooth-ap.py",
    "smoth_ap.py",
    "anna_smooth_ap.py",
    "smooth_ap",
    "main.py",
    "week6/solution.py",
    "Untitled.ipynb",
    "Copy of smooth_ap.ipynb",
    "smooth_ap-2.ipynb",
    "tests/smooth_ap.py",
]


@both
@pytest.mark.parametrize("name", RENAMED)
def test_a_renamed_file_is_offered_with_the_functions_that_it_defines(tmp_path: Path, make: Make, name: str) -> None:
    data = cells(written("smooth_ap", "smooth_map")) if name.endswith(".ipynb") else written("smooth_ap", "smooth_map")
    submission = read(make(tmp_path / "anna", {name: data}), asked())
    assert NAME not in submission.works, "it is never graded silently"
    problem, receipt = submission.problems[NAME], submission.receipts[NAME]
    assert problem.startswith("No file named smooth_ap.py was found"), f"what is missing: {problem}"
    assert f"{name} defines 2 of the 3 functions: was it meant?" in problem, f"what is there: {problem}"
    (offer,) = receipt.offered
    assert (offer.path, offer.functions) == (name, ("smooth_ap", "smooth_map")), f"as data: {offer}"
    assert offer.near_name is ("smooth" in name.lower().replace("smoth", "smooth") and name[:5] != "tests"), f"{offer}"
    assert receipt.question == problem, f"a person decides: {receipt.question!r}"
    reasons = {one.path: one.why for one in receipt.left_out}
    asks = "was not taken for the work: a person decides whether it counts"
    assert reasons == {name: asks}, f"no other reason stands against the question: {reasons}"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("notes.txt", b"what I did"),
        ("main.py", b"x = 1\n"),
        ("kl_normal.py", FULL),
        ("test_smooth_ap.py", FULL),
        ("report.pdf", b"%PDF-"),
        ("helper.py", STUB),
        ("deep.py", b"[" * 100_000),
        ("large.py", b"#" * 2_000_000),
    ],
)
def test_what_holds_none_of_the_functions_is_not_offered(tmp_path: Path, name: str, data: bytes) -> None:
    submission = read(folder(tmp_path / "anna", {name: data}), asked())
    assert not submission.receipts[NAME].offered, f"{name}: {submission.receipts[NAME].offered}"
    assert not submission.receipts[NAME].question, "and nobody is asked"


def test_of_several_the_one_with_more_functions_comes_first(tmp_path: Path) -> None:
    files = {"smooth_ap_old.py": ONE, "work.py": FULL, "smooth_ap_stub.py": STUB}
    submission = read(folder(tmp_path / "anna", files), asked())
    offered = [(one.path, len(one.functions)) for one in submission.receipts[NAME].offered]
    assert offered == [("work.py", 3), ("smooth_ap_old.py", 1), ("smooth_ap_stub.py", 0)], f"{offered}"
    assert "smooth_ap_old.py may be meant, too." in submission.problems[NAME], f"{submission.problems}"
    reasons = {one.path: one.why for one in submission.receipts[NAME].left_out}
    none = "was not taken for the work: none of the functions is written in it"
    assert reasons["smooth_ap_stub.py"] == none, f"nobody is asked about a stub: {reasons}"


def test_one_file_for_two_assignments_is_offered_for_both(tmp_path: Path) -> None:
    source = FULL + b"def kl_normal(x):\n    return 1\n"
    submission = read(folder(tmp_path / "anna", {"homework.py": source}), asked())
    told_ = {name: problem.partition("; ")[2][:40] for name, problem in submission.problems.items()}
    assert told_[NAME].startswith("homework.py defines 3 of the 3"), f"{told_}"
    assert told_["a3_kl_normal"].startswith("homework.py defines 1 of the 1"), f"{told_}"


HIDDEN = {
    "the stub": STUB,
    "an empty file": b"",
    "less than the other": ONE,
    "its own imports": b"import numpy as np\n",
}


@pytest.mark.parametrize("what", HIDDEN)
def test_work_beside_a_file_of_the_right_name_is_offered_too(tmp_path: Path, what: str) -> None:
    files = {"smooth_ap.py": HIDDEN[what], "smooth_ap_final.py": FULL}
    submission = read(folder(tmp_path / "anna", files), asked())
    assert submission.works[NAME].path == "smooth_ap.py", "the right name is graded"
    question = submission.receipts[NAME].question
    assert "smooth_ap_final.py defines 3: was it meant?" in question, f"{what} hides it: {question!r}"
    assert question in submission.notes, f"and it is told: {submission.notes}"


def test_a_helper_that_the_work_imports_is_no_other_work(tmp_path: Path) -> None:
    files = {"smooth_ap.py": b"from mine import pair_loss, smooth_ap, smooth_map\n", "mine.py": FULL}
    submission = read(folder(tmp_path / "anna", files), asked())
    assert not submission.receipts[NAME].offered and not submission.notes, f"{submission.receipts[NAME]}"


def test_uploads_lose_the_number_that_a_platform_gave_them(tmp_path: Path) -> None:
    folder(tmp_path / "anna", {"smooth_ap (1).py": FULL})
    entry = Entry("anna", tmp_path, (Piece("anna"),), uploaded=True)
    submission = read(entry, asked())
    assert submission.works[NAME].path == "smooth_ap.py", f"the platform's number, not the student's: {submission}"


# --- cells that do not run ----------

NOT_RUN: dict[str, tuple[dict[str, Any] | str, str]] = {
    "text": (text("def pair_loss(x):\n    return 1"), "cell 2, which is a text cell"),
    "raw": (
        {"cell_type": "raw", "source": "def pair_loss(x):\n    return 1", "metadata": {}},
        "cell 2, which is a raw cell",
    ),
    "html": ("%%html\ndef pair_loss(x):\n    return 1", "cell 2, which begins with %%html"),
    "script": ("\n%%script false\ndef pair_loss(x):\n    return 1", "cell 2, which begins with %%script"),
}


@pytest.mark.parametrize("what", NOT_RUN)
def test_a_function_in_a_cell_that_is_not_run_is_told(tmp_path: Path, what: str) -> None:
    cell, where = NOT_RUN[what]
    data = notebook(
        ["import numpy", cell, written("smooth_ap", "smooth_map").decode().partition("def pair_loss")[0], "x"]
    )
    submission = read(folder(tmp_path / "anna", {"smooth_ap.ipynb": data}), asked())
    work = submission.works[NAME]
    assert dict(work.passed_over) == {"pair_loss": where}, f"{what}: {work.passed_over}"
    assert f"pair_loss stands in {where} and is not run" in told(submission), f"{what}: {told(submission)}"
    assert submission.receipts[NAME].functions[0].passed_over == where, f"{submission.receipts[NAME].functions}"


def test_a_signature_that_a_text_quotes_or_that_runs_elsewhere_is_not_told(tmp_path: Path) -> None:
    quoted = text("The task:\n```python\ndef pair_loss(x):\n    return ...\n```\n")
    again = text("def smooth_ap(x):\n    return 1")
    data = notebook([quoted, again, FULL.decode()])
    submission = read(folder(tmp_path / "anna", {"smooth_ap.ipynb": data}), asked())
    assert not submission.works[NAME].passed_over and not submission.notes, f"{submission.notes}"


def test_a_timed_cell_runs(tmp_path: Path) -> None:
    data = notebook(["%%time\n" + FULL.decode()])
    submission = read(folder(tmp_path / "anna", {"smooth_ap.ipynb": data}), asked())
    assert not submission.works[NAME].passed_over and not submission.notes, f"%%time runs its cell: {submission}"


def test_a_file_that_a_cell_writes_is_looked_into_and_written_when_the_cell_runs(tmp_path: Path) -> None:
    made = notebook(["%%writefile ./mine.py\n" + ONE.decode(), "from mine import pair_loss"])
    submission = read(folder(tmp_path / "a", {"smooth_ap.ipynb": made}), asked())
    names = set(submission.works[NAME].files)
    assert names == {"cell 1", "cell 2"}, f"the cell itself writes it, when it runs: {names}"
    assert submission.receipts[NAME].functions[0].file == "mine.py", f"{submission.receipts[NAME].functions}"
    for name in ("../mine.py", "/tmp/mine.py", "smooth_ap.py"):
        data = notebook([f"%%writefile {name}\nx = 1", "y = 2"])
        files = read(folder(tmp_path / "b", {"smooth_ap.ipynb": data}), asked()).works[NAME].files
        assert set(files) == {"cell 1", "cell 2"}, f"{name} is no helper: {set(files)}"
    handed_in = {"smooth_ap.ipynb": made, "mine.py": b"x = 1\n"}
    files = read(folder(tmp_path / "c", handed_in), asked()).works[NAME].files
    assert files["mine.py"] == b"x = 1\n", "what was handed in stands"
