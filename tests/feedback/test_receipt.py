"""The page, the class page and whoever marks are told what is graded, what came besides, and what a person decides."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from autograder.feedback import class_numbers
from autograder.feedback.comment import comment
from autograder.feedback.pages import class_page, student_page
from autograder.feedback.receipt_view import receipt_view
from autograder.judging.levels import Reveal
from autograder.judging.verdicts import Verdict
from autograder.records.compact import CompactRecords
from autograder.records.record import Result, decode, encode
from autograder.submissions.receipt import AnswerPlace, Attachment, FunctionPlace, LeftOut, OfferedFile, Receipt
from tests.feedback.making import check, question, record

PROOF = Attachment("scans/<b>proof.jpg", "picture", 2_340_000, hash="1")
SHEET = Attachment("answers.pdf", "pdf", 34_000, pages=2, hash="2")
CELL = Attachment("first.ipynb", "picture", 900, inside="cell 7, p.png", hash="3")
RECEIPT = Receipt(
    functions=(
        FunctionPlace("f", "first.py", 12, True),
        FunctionPlace("g", "cell 5", 3, True),
        FunctionPlace("h", "first.py", 30, False),
        FunctionPlace("k", passed_over="cell 2, which is a text cell"),
        FunctionPlace("made"),
        FunctionPlace("gone"),
    ),
    sheets=("answers.md",),
    answers=(AnswerPlace("1a. Why (2 points)", True), AnswerPlace("1b. How", False)),
    left_out=(LeftOut("data.csv", "is neither code nor an answer"),),
    more_left_out=1_200,
)
QUESTION = "first.ipynb was graded; first.py was not, though it holds other work. A person decides which counts."


def with_receipt(receipt: Receipt | None = RECEIPT, attachments: tuple[Attachment, ...] = (), **more: object) -> Result:
    questions = [question(name, [check("c", 1.0)]) for name in ("f", "g", "h", "made")]
    questions += [question(name, [check("c", 0.0, verdict=Verdict.MISSING)]) for name in ("k", "gone")]
    unmarked = check("k1", 0.0, verdict=Verdict.UNGRADED, kind="criterion")
    result = record("anna", [*questions, question("written_1", [unmarked], written=True)])
    given = {"file": "first.py", "receipt": receipt, "attachments": attachments, **more}
    return replace(result, assignments=(replace(result.assignments[0], **given),))


def page(result: Result) -> str:
    return student_page(result, "course", Reveal.VERDICT)


def test_the_page_says_where_each_function_stands_and_what_is_left_out() -> None:
    html = page(with_receipt())
    _, _, rest = html.partition("This is what is graded")
    receipt = rest.partition("</details>")[0]
    for told in (
        "<code>f</code></th><td>line 12 of first.py",
        "<code>g</code></th><td>cell 5, line 3",
        "<code>h</code></th><td>line 30 of first.py: not written yet",
        "<code>k</code></th><td>stands in cell 2, which is a text cell: it is not run",
        "<code>made</code></th><td>is made when the file runs",
        "<code>gone</code></th><td>not found",
        "answers.md: with text: 1a; nothing is written below: 1b",
        "data.csv is neither code nor an answer",
        "1,200 more files",
    ):
        assert told in receipt, f"{told!r} must be shown: {receipt}"


def test_the_receipt_is_open_only_where_a_student_had_better_look() -> None:
    fine = Receipt(functions=(FunctionPlace("f", "first.py", 12, True),))
    assert not receipt_view(with_receipt(fine).assignments[0]).odd, "all is as it should be"
    for odd in (
        Receipt(functions=(FunctionPlace("gone"),)),
        Receipt(functions=(FunctionPlace("f", "first.py", 1, False),)),
        Receipt(left_out=(LeftOut("a", "b"),)),
        Receipt(functions=fine.functions, question=QUESTION),
    ):
        html = page(with_receipt(odd))
        assert '<details class="card source" open><summary>This is what is graded' in html, (
            f"{odd} must be seen at once"
        )
    assert '<details class="card source"><summary>This is what is graded' in page(with_receipt(fine)), "folded"


def test_a_proof_as_a_picture_is_never_nothing() -> None:
    html = page(with_receipt(attachments=(PROOF, SHEET, CELL)))
    assert "No answer was handed in" not in html, "a person reads it"
    for told in (
        "scans/&lt;b&gt;proof.jpg (picture, 2.3 MB)",
        "answers.pdf (PDF, 2 pages, 34 kB)",
        "first.ipynb, cell 7, p.png (picture, 900 bytes)",
    ):
        assert html.count(told) >= 2, f"{told!r} in the receipt and at the answer that waits"
    assert "No answer was handed in" in page(with_receipt()), "without one, nothing was"


def test_what_came_without_a_module_is_shown() -> None:
    result = with_receipt(Receipt(), (PROOF,), file=None, problem="No file named first.py was found.")
    html = page(result)
    assert "proof.jpg" in html and "not found" not in html.partition("This is what is graded")[2][:400], (
        "the picture alone"
    )


def test_a_record_of_before_has_no_receipt_and_a_page() -> None:
    html = page(with_receipt(None))
    assert "This is what is graded" not in html and "Graded: first.py" in html, "as before"
    old = (
        encode(with_receipt(None)).replace(b'"receipt": null', b'"more": null').replace(b'"attachments": []', b'"x": 1')
    )
    assert decode(old).assignments[0].receipt is None, "records of before can be read"


def test_a_record_keeps_its_receipt() -> None:
    result = with_receipt(attachments=(PROOF, SHEET, CELL))
    assert decode(encode(result)) == result, "as it was written"


def test_the_class_page_asks_which_file_is_meant_and_says_it_once() -> None:
    asked = replace(with_receipt(Receipt(question=QUESTION)), notes=(QUESTION, "small.zip is damaged."))
    lost = "No file named first.py was found; first_v2.py defines 2 of the 3 functions: was it meant?"
    offered = Receipt(question=lost, offered=(OfferedFile("first_v2.py", ("f", "g"), True),))
    renamed = replace(with_receipt(offered, problem=lost, file=None), student="berta")
    fine = replace(with_receipt(), student="cem")
    needs = class_numbers.needs([asked, renamed, fine])
    assert [(one.student, one.reasons) for one in needs.asked] == [("anna", (QUESTION,)), ("berta", (lost,))], (
        f"{needs.asked}"
    )
    assert [(one.student, one.reasons) for one in needs.noted] == [("anna", ("small.zip is damaged.",))], (
        f"{needs.noted}"
    )
    assert not class_numbers.needs([renamed]).nothing, "a person has to decide"
    html = class_page([asked, renamed, fine], "course")
    assert "Which file is meant: 2" in html and html.count("which file?") == 2, "a list, and a flag at each student"


def test_light_records_say_as_much_on_the_class_page() -> None:
    whole = [with_receipt(Receipt(question=QUESTION, functions=RECEIPT.functions), (PROOF,)), with_receipt()]
    light = CompactRecords()
    found = [light.record(result) for result in whole]
    assert class_numbers.needs(found) == class_numbers.needs(whole), "what needs a person"
    kept = found[0].assignments[0].receipt
    assert kept is not None and not kept.functions, f"and no more than that is kept: {kept}"


def test_the_class_page_counts_answers_with_a_text_and_with_a_picture() -> None:
    text = with_receipt(answers="## 1. Proof\n\nBecause.")
    needs = class_numbers.needs([text, with_receipt(attachments=(PROOF,)), with_receipt()])
    assert needs.ungraded == (("a1_first.written_1", 3, 1, 1),), (
        f"to mark, with a text, with a picture: {needs.ungraded}"
    )
    assert "With a PDF or picture" in class_page([text], "course"), "and says so"


def test_other_forms_of_feedback_name_the_pictures() -> None:
    told = comment(with_receipt(attachments=(SHEET,)), "course")
    assert "Handed in for a person to read" in told and "34 kB" in told, f"{told}"


@pytest.mark.parametrize("level", list(Reveal))
def test_every_level_shows_the_receipt(level: Reveal, tmp_path: Path) -> None:
    assert "line 12 of first.py" in student_page(with_receipt(), "course", level), "it is the student's own"
