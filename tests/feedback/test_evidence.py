"""What the record holds for pictures and tables: numbers beside the right ones, broken chains, own work."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from autograder.feedback.pages import student_page
from autograder.grading.own_work import unusual
from autograder.judging.evidence import MOST_ELEMENTS, elements, number
from autograder.judging.levels import Reveal
from autograder.judging.literals import show_code
from autograder.judging.tolerance import Tolerance
from autograder.records.record import CheckResult, Result, decode, encode
from autograder.records.written_answers import own_answers, split_answers
from autograder.submissions.source_text import as_text
from tests.feedback.course import REFERENCE, WRONG, graded

CLOSE = Tolerance(relative=1e-9, absolute=1e-12)


def test_each_number_stands_at_its_place() -> None:
    got, count = elements(([1.0, 5.0], 3.0), (np.array([1.0, 2.0]), np.float64(3.0)), CLOSE, names=("a", "b"))
    assert [(e.place, e.right) for e in got] == [("a[0]", True), ("a[1]", False), ("b", True)], f"places: {got}"
    assert count == 3, "all are counted"
    got, _ = elements({"W": [[1.0]], "c": 0.0}, {"W": np.array([[2.0]]), "c": 0.0}, CLOSE)
    assert [(e.place, e.got, e.expected) for e in got] == [("W[0, 0]", 1.0, 2.0), ("c", 0.0, 0.0)], f"a dict: {got}"
    got, _ = elements((1.0, 2.0), (0.0, 2.0), CLOSE)
    assert [e.place for e in got] == ["part 1", "part 2"], f"parts without names are counted: {got}"


def test_a_value_of_another_structure_has_no_elements() -> None:
    for got, expected in (
        (1.0, np.zeros(2)),
        ("a", 1.0),
        ([1.0], (1.0, 2.0)),
        (3, {"a": 1.0}),
        ({"b": 1.0}, {"a": 1.0}),
        (None, (1.0, 2.0)),
    ):
        assert elements(got, expected, CLOSE) == ((), 0), f"{got!r} is nothing to compare with {expected!r}"


def test_of_many_numbers_the_worst_are_kept_in_order() -> None:
    rng = np.random.default_rng(3)
    expected = rng.normal(size=500)
    got = expected.copy()
    wrong = sorted(rng.permutation(500)[:7].tolist())
    got[wrong] += 1.0
    kept, count = elements(got, expected, CLOSE)
    assert (len(kept), count) == (MOST_ELEMENTS, 500), f"bounded: {len(kept)} of {count}"
    assert [e.place for e in kept if not e.right] == [f"[{i}]" for i in wrong], "every wrong one is among them"
    places = [int(e.place[1:-1]) for e in kept]
    assert places == sorted(places), "in the order of the answer"


def test_what_is_not_finite_survives_json() -> None:
    got, _ = elements([np.nan, np.inf, -np.inf], np.array([1.0, np.inf, 2.0]), CLOSE)
    assert [e.got for e in got] == ["nan", "inf", "-inf"], f"JSON has no such numbers: {got}"
    assert [e.right for e in got] == [False, True, False], f"an expected inf is met by itself: {got}"
    assert number(0.1) == 0.1, "finite numbers stay"


@pytest.mark.parametrize(
    "arguments",
    [
        (np.array([0.1, 2.0]), 3, 0.5),
        (np.zeros((0, 3)), np.array([[1, 2], [3, 4]]), [np.array([0.25])]),
        ({"W": np.array([[1.5]]), "c": 0.0}, (np.array([1e-300]),), np.array([])),
    ],
)
def test_a_case_as_code_gives_the_case_back(arguments: tuple[object, ...]) -> None:
    code = show_code("f", ("a", "b", "c"), arguments)
    told: dict[str, object] = {}
    scope = {"np": np, "f": lambda a, b, c: told.update(a=a, b=b, c=c)}
    exec(code, scope)  # our own text
    assert list(told) == ["a", "b", "c"], f"the call must be there: {code}"
    for given, back in zip(arguments, told.values(), strict=True):
        assert type(given) is type(back), f"{given!r} came back as {back!r}"
        np.testing.assert_equal(back, given, err_msg=f"{given!r} came back as {back!r}")
    assert show_code("f", ("a",), (np.zeros(1000),)) == "", "nobody reads a thousand numbers"


def the(result: Result, function: str) -> CheckResult:
    return next(c for a in result.assignments for q in a.questions if q.function == function for c in q.checks)


def test_the_record_holds_what_the_pages_need(tmp_path: Path) -> None:
    raising = REFERENCE.replace("return 2.0 * x", "y = x\n    return y[99]")
    wrong, raised = graded(tmp_path, {"a": WRONG, "b": raising}).records
    evidence = the(wrong, "total_grad").evidence
    assert evidence is not None
    assert evidence.elements[0].place == "[0]", f"the gradient, number by number: {evidence.elements}"
    assert "x = np.array([" in evidence.code, f"the case, ready to paste: {evidence.code}"
    chain = the(wrong, "bound").evidence
    assert chain is not None
    assert chain.chain is not None
    assert (chain.chain.at, chain.chain.link, len(chain.chain.lines)) == (2, True, 4), f"the broken link: {chain.chain}"
    source = raised.assignments[0].sources[0]
    line = source.text.split("\n").index("    return y[99]") + 1
    evidence = the(raised, "total_grad").evidence
    assert evidence is not None
    assert (evidence.file, evidence.line) == ("squares.py", line), f"where it was raised: {evidence}"
    assert source.text == raising, "the student's own code"
    assert [q.task for q in wrong.assignments[0].questions][:2] == [
        r"The sum of the squares, $\sum_i x_i^2$.",
        "The gradient of total, shape (n,).",
    ], "what was asked: as declared, or the docstring's first paragraph"
    assert not the(raised, "total").evidence, "a passed check has nothing to show"
    assert decode(encode(wrong)) == wrong, "the record reads back as it was"


def test_curves_are_drawn_only_where_a_value_is_wrong(tmp_path: Path) -> None:
    missing = REFERENCE.replace("def total(", "def totals(").replace("total(", "totals(")
    right, gone, wrong = graded(tmp_path, {"a": REFERENCE, "b": missing, "c": WRONG}).records
    for record in (right, gone):
        assert not record.assignments[0].questions[0].curves, f"{record.student}: nothing to draw"
    (curve,) = wrong.assignments[0].questions[0].curves
    assert len(curve.got) == len(curve.over) == len(curve.expected) == 9, f"a value each: {curve}"


SHEET = """# Written answers

## 4a. Gradient descent (2 points)

Can we?

*Your answer:*

No: **constant**.

### A heading of my own

and more

## 4b. Pairs

It is a bound.
"""


def test_answers_are_found_under_their_headings() -> None:
    found = split_answers(SHEET, ["4a", "4b", "4c"])
    assert found["4a"] == "No: **constant**.\n\n### A heading of my own\n\nand more", f"without the task: {found['4a']}"
    assert found["4b"] == "It is a bound.", f"a sheet without the marker: {found['4b']}"
    assert "4c" not in found, "not there"


def test_a_sheet_without_headings_is_kept_whole(tmp_path: Path) -> None:
    sheets = {"a": "All in one text.", "b": "# 1. The bound\n\n*Your answer:*\n\nSquares are not negative.\n"}
    whole, split = graded(tmp_path, {"a": REFERENCE, "b": REFERENCE}, sheets).records
    assert own_answers(split.assignments[0]) == {"written_1": "Squares are not negative."}, "the answer to its question"
    assert not own_answers(whole.assignments[0]), "there is no heading to tell what belongs where"
    page = student_page(whole, "course", Reveal.HINT)
    assert "All in one text." in page, "nothing is lost: the page shows the whole sheet"


def test_the_task_above_an_answer_is_no_part_of_it(tmp_path: Path) -> None:
    (record,) = graded(tmp_path, {"a": REFERENCE}, {"a": "Nothing yet."}).records
    assignment = record.assignments[0]
    (task,) = (question.task for question in assignment.questions if question.written)
    assert task, "a task to leave out"
    for written, told in (("Squares are not negative.", "an answer"), ("", "none")):
        # The line "Your answer" was deleted, and an editor broke the lines anew.
        sheet = f"# 1. The bound\n\n{task.replace(' ', chr(10), 1)}\n\n{written}\n"
        found = own_answers(msgspec.structs.replace(assignment, answers=sheet))
        assert found == {"written_1": written}, f"below the task stands {told}: {found}"


def test_what_no_answer_needs_is_named() -> None:
    source = "import numpy as np\nimport os.path\nfrom ctypes import *\nx = eval('1')\ny = f.__globals__\n"
    assert unusual("a.py", source) == [
        "a.py imports os.path in line 2",
        "a.py imports ctypes in line 3",
        "a.py calls eval in line 4",
        "a.py reads __globals__ in line 5",
    ], f"each with its line: {unusual('a.py', source)}"
    assert unusual("a.py", "import numpy, math, itertools\n") == [], "ordinary modules are ordinary"
    assert unusual("a.py", "def (\n") == [], "what cannot be parsed is told elsewhere"
    assert unusual("a.py", "(" * 5000) == [], "nor does it cost the record"


def test_sources_are_read_by_their_declared_encoding() -> None:
    assert as_text("# coding: latin-1\nx = 'é'\n".encode("latin-1")) == "# coding: latin-1\nx = 'é'\n", "as declared"
    assert as_text(b"x = '\xe9'\n") == "x = '\ufffd'\n", "what cannot be read is shown to be so"
