"""What is read of a notebook, and what is said where it cannot be."""

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.submissions import intake_limits as limits
from autograder.submissions.defined_functions import is_untouched
from autograder.submissions.notebook_reader import read_notebook
from autograder.submissions.unwritten import answer_sections, is_answered
from tests.submissions.making import SOURCE, folder, read, told
from tests.submissions.notebooks.making import code, notebook, text

NAME = "a4_smooth_ap"


def test_cells_are_numbered_from_the_top_with_all_cells() -> None:
    made = notebook([text("# T"), "a = 1", text("x"), code("b = 2\nc = 3")])
    assert dict(read_notebook(made).cells) == {"cell 2": b"a = 1", "cell 4": b"b = 2\nc = 3"}, "text cells count too"


def test_format_3_is_read() -> None:
    sheets = [{"cells": [{"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python"}]}]
    found = read_notebook(json.dumps({"worksheets": sheets, "nbformat": 3}).encode())
    assert dict(found.cells) == {"cell 1": b"a = 1\nb = 2"}, f"the older format: {found}"


ODD_CELLS: list[Any] = [None, 3, [], {}, {"cell_type": []}, {"cell_type": "code"}, {"cell_type": "code", "source": 3}]


@pytest.mark.parametrize("cell", ODD_CELLS)
def test_an_odd_cell_costs_itself(cell: Any) -> None:
    data = json.dumps({"cells": [cell, {"cell_type": "code", "source": [1, "a = 1"], "metadata": []}]}).encode()
    assert read_notebook(data).cells["cell 2"] == b"a = 1", "the cell after it is read"


def test_text_that_is_no_unicode_is_read() -> None:
    assert (
        read_notebook(b'{"cells": [{"cell_type": "code", "source": "x = \'\\ud800\'"}]}').cells["cell 1"] == b"x = '?'"
    )
    assert read_notebook(b"\xef\xbb\xbf" + notebook(["a = 1"])).cells, "a byte order mark is no fault"


UNREADABLE = {
    "nothing": (b"", "is empty"),
    "cut off": (notebook(["a = 1"])[:-40], "malformed in line 1"),
    "a merge conflict": (b"{\n<<<<<<< HEAD\n", "malformed in line 2"),
    "no object": (b"[1, 2]", "no cells"),
    "no cells": (b'{"nbformat": 4}', "no cells"),
    "cells that are none": (b'{"cells": 3}', "no cells"),
    "not UTF-8": (b'{"cells": [], "x": "\xff\xfe"}', "not UTF-8"),
    "deeply nested": (b"[" * 100_000, "cannot be read"),
    "very many values": (b"[" + b"[]," * 1_000_000 + b"[]]", "clear its outputs"),
    "a long number": (b'{"cells": [], "x": ' + b"9" * 10_000 + b"}", "cannot be read"),
    "too much code": (notebook(["#" * (limits.MODULE_BYTES + 1)]), "bytes in its code cells"),
    "too many cells": (notebook([""] * (limits.NOTEBOOK_CELLS + 1)), "5,001 cells"),
    "too large": (b" " * (limits.NOTEBOOK_BYTES + 1), "16,000,001 bytes"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_told_on_that_students_record(tmp_path: Path, what: str) -> None:
    data, why = UNREADABLE[what]
    submission = read(folder(tmp_path / "anna", {"smooth_ap.ipynb": data, "kl_normal.py": SOURCE}))
    problem = submission.problems[NAME]
    assert "smooth_ap.ipynb" in problem and why in problem, f"{why!r} must be told: {problem}"
    assert "kl_normal" in str(submission.works), "the other assignment is graded"


OTHER = b"def f():\n    return 2\n"
WORK, STUB = b"def f():\n    return 1\n", b'def f():\n    """Doc."""\n    raise NotImplementedError("write f here")\n'
NOTEBOOK, STUB_NOTEBOOK = notebook([WORK.decode()]), notebook([STUB.decode()])


@pytest.mark.parametrize(
    ("module", "cells", "taken", "noted"),
    [
        (OTHER, NOTEBOOK, "smooth_ap.py", True),
        (WORK, NOTEBOOK, "smooth_ap.py", False),
        (STUB, NOTEBOOK, "smooth_ap.ipynb", False),
        (WORK, STUB_NOTEBOOK, "smooth_ap.py", False),
        (STUB, STUB_NOTEBOOK, "smooth_ap.py", False),
        (b"", NOTEBOOK, "smooth_ap.ipynb", False),
        (WORK, notebook([]), "smooth_ap.py", False),
    ],
)
def test_of_module_and_notebook_the_worked_one_is_taken(
    tmp_path: Path, module: bytes, cells: bytes, taken: str, noted: bool
) -> None:
    submission = read(folder(tmp_path / "anna", {"smooth_ap.py": module, "smooth_ap.ipynb": cells}))
    assert submission.works[NAME].path == taken, f"{taken} is graded: {submission}"
    both = "smooth_ap.py was graded; smooth_ap.ipynb was not" in told(submission)
    assert both is noted, f"told where both hold different work, and only there: {submission.notes}"


def test_one_that_cannot_be_read_gives_way_to_the_other(tmp_path: Path) -> None:
    submission = read(folder(tmp_path / "anna", {"smooth_ap.py": WORK, "smooth_ap.ipynb": b"{"}))
    assert submission.works[NAME].path == "smooth_ap.py" and "malformed" in told(submission), f"{submission}"


def test_helpers_beside_a_notebook_come_along(tmp_path: Path) -> None:
    files = {"w/smooth_ap.ipynb": notebook(["import helper"]), "w/helper.py": b"x = 1", "w/smooth_ap.py": STUB}
    work = read(folder(tmp_path / "anna", files)).works[NAME]
    assert dict(work.files) == {"cell 1": b"import helper", "helper.py": b"x = 1"}, f"without the stub: {work}"
    assert work.cells == ("cell 1",), f"the cells in order: {work}"


HEADING = "## 4a. Gradient descent (2 points)\n\nWhy?"
ANSWERED: list[dict[str, Any] | str] = [
    text("# Work\n\n## Rules for all. Of them"),
    "x = 1",
    text(HEADING),
    text("*Your answer:*\n\nBecause $x$.", autograder={"answer": "4a"}),
    text("And a second cell."),
    text("## 4b. Pairs (3 points)\n\nHow?"),
    text("*Your answer:*", autograder={"answer": "4b"}),
]


def test_answers_have_the_form_of_the_answer_sheet() -> None:
    marked = [cell for cell in ANSWERED if isinstance(cell, dict)]
    answers = read_notebook(notebook(marked[1:])).answers
    expected = f"{HEADING}\n\n*Your answer:*\n\nBecause $x$.\n\nAnd a second cell.\n\n"
    assert answers == expected + "## 4b. Pairs (3 points)\n\nHow?\n\n*Your answer:*\n", f"{answers}"
    assert answer_sections(answers) == [("4a. Gradient descent (2 points)", True), ("4b. Pairs (3 points)", False)]


def test_an_answer_without_its_heading_gets_one_by_its_mark() -> None:
    answers = read_notebook(notebook([text("Because.", autograder={"answer": "4a"})])).answers
    assert answers == "## 4a. \n\nBecause.\n", f"the mark says which it is: {answers!r}"
    marks: list[Any] = [{"answer": 3}, {"answer": "../x"}, 3, []]
    for mark in marks:
        assert read_notebook(notebook([text("Because.", autograder=mark)])).answers is None, f"{mark} is no mark"


def test_answers_count_wherever_they_stand(tmp_path: Path) -> None:
    sheet = b"## 4a. Gradient descent\n\n*Your answer:*\n\n"
    cells = notebook(ANSWERED[2:])
    for name, files, parts in (
        ("cells", {"smooth_ap.py": WORK, "smooth_ap.ipynb": cells, "answers.md": sheet}, ["Because $x$."]),
        ("sheet", {"smooth_ap.ipynb": NOTEBOOK, "answers.md": sheet + b"Sheet."}, ["Sheet."]),
        ("both", {"smooth_ap.ipynb": cells, "answers.md": sheet + b"Sheet."}, ["Because $x$.", "Sheet."]),
    ):
        submission = read(folder(tmp_path / name, files))
        answers = submission.works[NAME].answers or ""
        assert all(part in answers for part in parts), f"{name}: {parts} must be there: {answers}"
        assert ("both were taken" in told(submission)) is (name == "both"), f"{name}: {submission.notes}"


def test_written_and_unwritten_answers_are_told_apart() -> None:
    for answers, written in ((None, False), ("", False), ("*Your answer:*\n", False), ("Because.", True)):
        assert is_answered(answers) is written, f"{answers!r}"
    assert is_answered("## 1. T\n\nWhy?\n\nThe line that asks is gone."), "who deletes the line has written"


def test_a_stub_with_one_function_written_is_not_untouched() -> None:
    stub, work = STUB.decode(), WORK.decode()
    assert is_untouched(stub * 2) and not is_untouched(stub + work) and not is_untouched("x = 1"), "by their lines"
