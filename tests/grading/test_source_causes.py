"""Where the sources of a work tell why something failed, that is what its student reads, as a hint."""

from pathlib import Path

import pytest

from autograder.grading.run import Results
from autograder.judging.levels import Reveal
from autograder.judging.verdicts import Verdict
from autograder.records.record import QuestionResult, Result
from autograder.records.reveal import revealed
from tests.small import REFERENCE
from tests.small.making import hand_in, run

NUMPY = "import numpy as np\n"
TOTAL = "return float(np.sum(x**2))"


def with_total(body: str, head: str = "") -> str:
    """The reference with another body of `total`, and something at its top."""
    return head + REFERENCE.replace(f"    {TOTAL}", f"    {body}")


WORKS: dict[str, tuple[str, str]] = {
    "package": (
        with_total("return float(simpson_like(x))", "from scipy.special import expit as simpson_like\n"),
        "Line 1 of squares.py imports scipy: scipy is not among what this course allows (NumPy and the standard "
        "library); write it yourself.",
    ),
    "helper": (
        with_total("return own(x)", "from my_utils import own\n"),
        "Line 1 of squares.py imports my_utils: there is no my_utils.py among your files",
    ),
    "numpy_name": (
        with_total("return float(np.product(np.ones(0)) * np.sum(x**2))"),
        "np.product is np.prod since NumPy 2",
    ),
    "newer_python": (
        with_total(f"y = t'{{x}}'\n    {TOTAL}"),
        "needs Python 3.14 (a t-string); the course grades with",
    ),
    "processes": (
        with_total(
            "with Pool(1) as pool:\n        return float(sum(pool.map(abs, x)))", "from multiprocessing import Pool\n"
        ),
        "starts a process (multiprocessing.Pool): no new processes may be started when work is graded.",
    ),
    "threads": (
        with_total(
            "for _ in range(99):\n        threading.Thread(target=threading.Event().wait, daemon=True).start()",
            "import threading\n",
        ),
        "More threads are started than may run at once: at most 64 when work is graded.",
    ),
    "data": (
        with_total("return float(np.sum(x**2)) * W", NUMPY + "W = float(np.load('w.npy')[0])\n"),
        "Line 2 of squares.py reads a file: files beside your module are not readable when it is graded",
    ),
    "prints": (with_total("print(np.sum(x**2))"), "print shows a value, return gives it back"),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Results:
    home = tmp_path_factory.mktemp("causes")
    works = {name: source for name, (source, _) in WORKS.items()}
    works["no_import"] = REFERENCE.replace("import numpy as np\n", "")
    works["in_order"] = REFERENCE
    page = REFERENCE.replace("import numpy as np\n", "")
    works["page"] = f"<!DOCTYPE html>\n<html><body>\n<pre>import numpy as np\n{page}</pre></body></html>\n"
    works["merge"] = REFERENCE + "\n<<<<<<< HEAD\nX = 1\n=======\nX = 2\n>>>>>>> b\n"
    works["magic"] = "%matplotlib inline\n" + REFERENCE
    hand_in(home / "in", works)
    (home / "in" / "latin").mkdir()
    (home / "in" / "latin" / "squares.py").write_bytes("# é\n".encode("latin-1") + REFERENCE.encode())
    return run(home / "in", home / "out")


def record(graded: Results, student: str) -> Result:
    (found,) = [each for each in graded if each.student == student]
    return revealed(found, Reveal.HINT)


def question(found: Result, function: str) -> QuestionResult:
    (one,) = [q for a in found.assignments for q in a.questions if q.function == function]
    return one


@pytest.mark.parametrize("what", WORKS)
def test_the_cause_is_the_hint_of_what_it_explains_and_of_nothing_else(graded: Results, what: str) -> None:
    found, sentence = record(graded, what), WORKS[what][1]
    total = question(found, "total")
    failed = [check for check in total.checks if check.verdict is not Verdict.PASSED]
    assert failed, f"{what}: something fails: {total}"
    assert any(sentence in check.hint for check in failed), f"{sentence!r} must be the hint: {[c.hint for c in failed]}"
    root = question(found, "root")
    assert root.score == root.max_score, f"what does not need it is right: {root}"


def test_a_missing_import_is_one_cause_whatever_fails_by_it(graded: Results) -> None:
    found = record(graded, "no_import")
    hints = {check.hint for name in ("total", "root", "fit") for check in question(found, name).checks if check.hint}
    assert len(hints) == 1, f"one cause, told in one way: {hints}"
    (hint,) = hints
    assert "uses np, which is nowhere imported: write `import numpy as np` at the top" in hint, hint


def test_a_web_page_is_one_cause_of_all_that_fails(graded: Results) -> None:
    found = record(graded, "page")
    hints = {check.hint for name in ("total", "root", "fit") for check in question(found, name).checks if check.hint}
    wanted = (
        "Line 1 of squares.py begins a web page (HTML) that only shows the file: on that site choose Raw or Download"
    )
    assert len(hints) == 1 and next(iter(hints)).startswith(wanted), f"one cause, and what to do: {hints}"


def test_statements_that_fail_are_told_by_their_cause_and_each_cause_once(graded: Results) -> None:
    for student, sentence in (
        ("package", "imports scipy"),
        ("helper", "imports my_utils"),
        ("data", "reads a file"),
        ("magic", "is for notebooks"),
        ("merge", "is the mark of a merge conflict"),
        ("page", "begins a web page"),
    ):
        notes = [note for a in record(graded, student).assignments for note in a.notes if sentence in note]
        assert len(notes) == 1, f"{student}: once, and by its cause: {notes}"


def test_an_encoding_that_python_does_not_read_is_named(graded: Results) -> None:
    problem = record(graded, "latin").assignments[0].problem
    assert "squares.py is not UTF-8 text: it is in an encoding of 8 bits, such as Latin-1" in problem, problem
    assert "Save it as UTF-8." in problem, f"and what to do: {problem}"


def test_right_work_has_no_causes(graded: Results) -> None:
    found = record(graded, "in_order")
    assert not any(check.hint for check in found.checks), "nothing failed"
    assert not any(a.notes for a in found.assignments), "and nothing is noted"


def test_at_the_level_of_verdicts_no_hint_is_shown(graded: Results) -> None:
    (whole,) = [each for each in graded if each.student == "package"]
    assert not any(check.hint for check in revealed(whole, Reveal.VERDICT).checks), "a cause is a hint"


def test_causes_are_found_in_notebooks_too(tmp_path: Path) -> None:
    from tests.submissions.notebooks.making import notebook

    (tmp_path / "in" / "anna").mkdir(parents=True)
    cells = ["%matplotlib inline\nimport numpy as np", "from scipy.special import expit", with_total("return expit(x)")]
    (tmp_path / "in" / "anna" / "squares.ipynb").write_bytes(notebook(cells))
    (found,) = run(tmp_path / "in", tmp_path / "out")
    hints = {check.hint for check in question(found, "total").checks if check.hint}
    assert hints == {
        "Cell 2, line 1 imports scipy: scipy is not among what this course allows (NumPy and the standard library); "
        "write it yourself."
    }, f"by cell and line: {hints}"
