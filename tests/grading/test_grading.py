"""The main job on a small course: a folder of submissions in, records, table and pages out."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder import feedback as reports
from autograder.cli import main
from autograder.errors import SubmissionsError, UsageError
from autograder.grading.grader import Grader
from autograder.grading.run import Results, grade
from autograder.judging.verdicts import Verdict
from autograder.records.record import CheckResult, Result
from tests.small import REFERENCE, SOLUTIONS

Class = Callable[[Mapping[str, str]], Path]

# Seconds after which a process is taken to hang, however busy the machine is.
HANGS = 600


@pytest.fixture
def hand_in(tmp_path: Path) -> Class:
    """Makes a folder of submissions: a student's name and the text of squares.py."""

    def make(submissions: Mapping[str, str]) -> Path:
        for student, source in submissions.items():
            folder = tmp_path / "submissions" / student
            folder.mkdir(parents=True)
            (folder / "squares.py").write_text(source)
        return tmp_path / "submissions"

    return make


def run(folder: Path, out: str = "out", **options: Any) -> Results:
    return grade(folder, folder.parent / out, solutions=SOLUTIONS, **options)


def one(hand_in: Class, source: str) -> Result:
    return run(hand_in({"anna": source}), jobs=1).records[0]


def checks_of(result: Result, function: str) -> dict[str, CheckResult]:
    (question,) = [q for a in result.assignments for q in a.questions if q.function == function]
    return {check.name: check for check in question.checks}


def test_right_work_earns_all_but_the_written_answers(hand_in: Class) -> None:
    result = one(hand_in, REFERENCE)
    failed = [check for check in result.checks if check.verdict not in (Verdict.PASSED, Verdict.UNGRADED)]
    assert not failed, f"right work must pass every check: {failed}"
    assert (result.score, result.max_score) == (16.0, 18.0), f"2 points wait for a person: {result.score}"


def test_a_stub_earns_nothing(hand_in: Class) -> None:
    names = ("total", "total_grad", "root", "bound", "fit")
    result = one(hand_in, "".join(f"def {name}(*arguments): raise NotImplementedError\n" for name in names))
    assert result.score == 0.0, f"a stub must earn nothing: {[c for c in result.checks if c.points]}"
    verdicts = {check.verdict for check in result.checks}
    assert verdicts == {Verdict.RAISED, Verdict.UNGRADED}, f"nothing is written yet: {verdicts}"


def test_points_follow_from_the_checks(hand_in: Class) -> None:
    result = one(hand_in, REFERENCE.replace("np.sum(x**2)", "np.mean(x**2) * (1 if len(x) == 1 else 2)"))
    assert result.score == sum(check.points for check in result.checks), "the score is the sum of the checks"
    assert 0.0 < result.score < 16.0, f"one wrong function must cost some points: {result.score}"


@pytest.mark.parametrize(
    ("change", "function", "check", "verdict"),
    [
        (("np.sum(x**2)", "np.sum(x**2) * 1.0000001"), "total", "numbers", Verdict.FAILED),
        (("float(np.sum(x**2))", "np.array([np.sum(x**2)])"), "total", "numbers", Verdict.WRONG_TYPE),
        (("float(np.sum(x**2))", "x[10]"), "total", "numbers", Verdict.RAISED),
        (("float(np.sum(x**2))", "(x.sort(), np.sum(x**2))[1] * 1.0"), "total", "arguments_untouched", Verdict.FAILED),
        (
            ("float(np.sum(x**2))", "np.sum(x**2) + 0 * np.log(np.zeros(1))[0] ** -1"),
            "total",
            "no_warning",
            Verdict.FAILED,
        ),
        (('raise ValueError("x must not be negative")', "return 0.0"), "root", "negative", Verdict.FAILED),
        (("raise ValueError(", "raise KeyError("), "root", "negative", Verdict.RAISED),
        (("if x < 0.0", "if True"), "root", "negative", Verdict.RAISED),
        (('("<=", lambda', '("=", lambda'), "bound", "two_numbers", Verdict.FAILED),
        (("default_rng(seed)", "default_rng()"), "fit", "sample", Verdict.FAILED),
        (("np.mean(x)", "np.max(x)"), "fit", "sample", Verdict.FAILED),
        (
            ("return float(np.mean(x)", "while True: pass\n    return float(np.mean(x)"),
            "fit",
            "sample",
            Verdict.TIMEOUT,
        ),
        (("return 2.0 * x", "return np.ones(10**11)"), "total_grad", "numbers", Verdict.MEMORY),
        (("return 2.0 * x", "import os; os._exit(0)"), "total_grad", "numbers", Verdict.CRASHED),
        (("def total_grad(", "def totalgrad("), "total_grad", "numbers", Verdict.MISSING),
    ],
)
def test_each_kind_of_wrong_work_gets_its_verdict(
    hand_in: Class, change: tuple[str, str], function: str, check: str, verdict: Verdict
) -> None:
    assert change[0] in REFERENCE, f"the reference no longer holds {change[0]!r}"
    result = one(hand_in, REFERENCE.replace(*change))
    found = checks_of(result, function)[check]
    assert found.verdict is verdict, f"{change[1]!r} should be {verdict}: {found}"
    assert found.points == 0.0, f"a failed check earns nothing: {found}"
    assert found.message, "a failed check must say why"
    others = [c for q in result.assignments[0].questions if q.function != function and not q.written for c in q.checks]
    touched = [c for c in others if c.verdict is not Verdict.PASSED]
    assert not touched or function == "total", f"the other functions must not suffer: {touched}"


def test_the_message_gives_the_smallest_case_in_full(hand_in: Class) -> None:
    result = one(hand_in, REFERENCE.replace("np.sum(x**2)", "np.sum(np.abs(x))"))
    check = checks_of(result, "total")["numbers"]
    assert "total(x=np.array([" in check.message, f"the arguments must be copyable: {check.message}"
    assert check.case is not None, "the case must be in the record"
    assert check.case.expected is not None, "the expected value must be in the record"
    for part in (check.case.arguments, check.case.got, check.case.expected, "error"):
        assert part in check.message, f"{part!r} must be told: {check.message}"
    assert check.case.arguments.count(",") == 0, f"the smallest case has one number: {check.case.arguments}"


def test_a_gradient_of_the_students_own_wrong_function_earns_half(hand_in: Class) -> None:
    own = REFERENCE.replace("np.sum(x**2)", "np.sum(x**3)").replace("return 2.0 * x", "return 3.0 * x**2")
    check = checks_of(one(hand_in, own), "total_grad")["numbers"]
    assert (check.verdict, check.points) == (Verdict.FAILED, 2.0), f"follow-through earns half of 4: {check}"
    assert "your own total" in check.brief, f"it must be said: {check.brief}"


def test_no_follow_through_for_a_wrong_gradient_of_a_right_function(hand_in: Class) -> None:
    check = checks_of(one(hand_in, REFERENCE.replace("return 2.0 * x", "return 3.0 * x**2")), "total_grad")["numbers"]
    assert check.points == 0.0, f"this is the gradient of nothing: {check}"
    rough = REFERENCE.replace(
        "return 2.0 * x",
        "return np.array([(total(x + e) - total(x - e)) / 2e-3 for e in 1e-3 * np.eye(len(x))]) + 1e-7",
    )
    check = checks_of(one_more(hand_in, rough), "total_grad")["numbers"]
    assert check.points == 0.0, f"differences of the right function are not its gradient: {check}"


def one_more(hand_in: Class, source: str) -> Result:
    folder = hand_in({"berta": source})
    return next(result for result in run(folder, jobs=1) if result.student == "berta")


def test_a_module_that_cannot_be_imported_is_said_to_be_so(hand_in: Class) -> None:
    result = one(hand_in, "import numpy as np\nx = (\n")
    (assignment,) = result.assignments
    assert "squares.py cannot be imported" in assignment.problem, f"the problem must be told: {assignment.problem}"
    assert "line 2" in assignment.problem, f"the line must be told: {assignment.problem}"
    assert {check.verdict for check in result.checks} == {Verdict.RAISED, Verdict.UNGRADED}, "every function raised"


def test_the_files_are_as_designed(hand_in: Class, tmp_path: Path) -> None:
    results = run(hand_in({"anna": REFERENCE, "=berta": "", "çelik ö": REFERENCE}))
    assert [result.student for result in results] == sorted(result.student for result in results), "in order of names"
    for result in results:
        (path,) = [
            p
            for p in (tmp_path / "out" / "results").iterdir()
            if json.loads(p.read_text())["student"] == result.student
        ]
        record = json.loads(path.read_text())
        assert list(record)[:4] == ["student", "score", "max_score", "assignments"], f"the fixed fields: {list(record)}"
        (assignment,) = record["assignments"]
        assert {"name", "score", "max_score", "questions"} <= set(assignment), f"the fixed fields: {set(assignment)}"
        check = assignment["questions"][0]["checks"][0]
        fixed = {"name", "title", "verdict", "points", "max_points", "message", "hint"}
        assert fixed <= set(check), f"the fixed fields: {set(check)}"
        assert (tmp_path / "out" / "feedback" / f"{path.stem}.html").exists(), "a page for every record"
    with (tmp_path / "out" / "scores.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:4] == ["student", "total", "max", "b1_squares.total"], f"the fixed columns: {list(rows[0])}"
    assert [row["total"] for row in rows] == ["0", "16", "16"], f"one row a student: {rows}"
    assert rows[0]["student"] == "'=berta", "a spreadsheet must not take a name for a formula"
    assert rows[0]["b1_squares.written_1"] == "", "a written answer waits for a person"
    assert (tmp_path / "out" / "index.html").exists(), "the class page"
    assert not list((tmp_path / "out").rglob("*.part")), "no half-written file may stay"


def test_the_same_run_twice_gives_the_same_bytes(hand_in: Class, tmp_path: Path) -> None:
    raising = REFERENCE.replace("return 2.0 * x", "raise ValueError(object())").replace("np.sum(x**2)", "len({*'abc'})")
    folder = hand_in({"anna": REFERENCE, "berta": raising, "cem": "x = lambda: 1", "dora": "import os; os._exit(3)"})
    run(folder, "one", jobs=2)
    run(folder, "two", jobs=1)
    for path in sorted((tmp_path / "one").rglob("*")):
        # What depends on the clock stands in these two: the class page tells who was slow.
        if path.is_file() and path.name not in ("run.json", "index.html"):
            other = tmp_path / "two" / path.relative_to(tmp_path / "one")
            assert path.read_bytes() == other.read_bytes(), f"{path.name} differs between two runs"


def test_another_seed_gives_other_cases_and_the_same_verdicts(hand_in: Class) -> None:
    folder = hand_in({"anna": REFERENCE, "berta": REFERENCE.replace("np.sum(x**2)", "np.sum(x**4)")})
    one_run, other = run(folder, "one", seed=1), run(folder, "two", seed=2)
    for first, second in zip(one_run, other, strict=True):
        verdicts = [check.verdict for check in first.checks]
        assert verdicts == [check.verdict for check in second.checks], f"{first.student}: another seed, another verdict"
    messages = [[check.message for check in results.records[1].checks] for results in (one_run, other)]
    assert messages[0] != messages[1], "another seed must make other cases"


def test_a_fault_of_the_grader_is_no_students_zero(
    hand_in: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(self: Grader, submission: Any) -> Any:
        if submission.student == "berta":
            raise RuntimeError("a fault of ours")
        return mark(self, submission)

    mark = Grader.grade
    monkeypatch.setattr(Grader, "grade", fail)
    folder = hand_in({"anna": REFERENCE, "berta": REFERENCE})
    code = main(["grade", str(folder), "--out", str(tmp_path / "out"), "--solutions", str(SOLUTIONS)])
    assert code == 1, "a grader error must end the run non-zero"
    record = json.loads((tmp_path / "out" / "results" / "berta.json").read_text())
    assert record["score"] is None, f"no score may be recorded: {record['score']}"
    assert "a fault of ours" in record["grader_error"], "the record must say what a maintainer needs"
    rows = (tmp_path / "out" / "scores.csv").read_text().splitlines()
    assert rows[1].startswith("anna,16,"), f"the others are graded: {rows[1]}"
    assert rows[2].startswith("berta,,"), f"no score in the table: {rows[2]}"
    assert "berta" in capsys.readouterr().out, "the summary must name the student"


def test_a_worker_that_dies_costs_one_student_and_no_other(hand_in: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(self: Grader, submission: Any) -> Any:
        if submission.student == "berta":
            os.kill(os.getpid(), signal.SIGKILL)
        return mark(self, submission)

    mark = Grader.grade
    monkeypatch.setattr(Grader, "grade", die)
    results = run(hand_in(dict.fromkeys(["anna", "berta", "cem", "dora", "emil"], REFERENCE)), jobs=2)
    scores = {result.student: result.score for result in results}
    assert scores == {"anna": 16.0, "berta": None, "cem": 16.0, "dora": 16.0, "emil": 16.0}, f"one is lost: {scores}"


def test_wrong_usage_is_told_in_one_line(hand_in: Class, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = hand_in({"anna": REFERENCE})
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    solutions = ["--solutions", str(SOLUTIONS)]
    for arguments, told in (
        ([str(tmp_path / "nowhere"), "--out", str(tmp_path / "out"), *solutions], "nowhere"),
        ([str(tmp_path / "empty"), "--out", str(tmp_path / "out"), *solutions], "empty"),
        ([str(folder), "--out", str(folder / "out"), *solutions], "inside"),
        ([str(folder), "--out", str(tmp_path / "file"), *solutions], "not a folder"),
        ([str(folder), "--out", str(tmp_path / "out"), "--assignment", "b7", *solutions], "b7"),
        ([str(folder), "--out", str(tmp_path / "out"), "--solutions", str(tmp_path / "empty")], "course.toml"),
    ):
        assert main(["grade", *arguments]) == 2, f"{arguments} must be wrong usage"
        error = capsys.readouterr().err
        assert told in error, f"{told!r} must be told: {error}"
        assert "Traceback" not in error, f"no traceback of ours: {error}"
    assert not (tmp_path / "out").exists(), "nothing may be written"


def test_the_python_face_raises_what_the_command_prints(hand_in: Class, tmp_path: Path) -> None:
    folder = hand_in({"anna": REFERENCE})
    with pytest.raises(UsageError):
        grade(folder, folder, solutions=SOLUTIONS)
    with pytest.raises(SubmissionsError):
        grade(tmp_path / "nowhere", tmp_path / "out", solutions=SOLUTIONS)


def test_ctrl_c_leaves_every_finished_record_whole(hand_in: Class, tmp_path: Path) -> None:
    slow = REFERENCE.replace("return float(np.sqrt(x))", "import time; time.sleep(0.2); return float(np.sqrt(x))")
    folder = hand_in({"anna": REFERENCE, **{f"slow{i}": slow for i in range(40)}})
    command = [sys.executable, "-m", "autograder", "grade", str(folder), "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        [*command, "--solutions", str(SOLUTIONS)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background of a shell has them ignore Ctrl-C, and so would their programs.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        record = tmp_path / "out" / "results" / "anna.json"
        for _ in range(2400):
            if record.exists():
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=HANGS)
    assert process.returncode == 130, f"an interrupted run says so by its exit code: {process.returncode}\n{error}"
    assert "records are whole" in error, f"it must say what is there: {error}"
    assert "Traceback" not in error, f"no traceback of ours: {error}"
    for path in (tmp_path / "out" / "results").iterdir():
        assert json.loads(path.read_text())["student"] == path.stem, f"{path.name} must be whole"


def test_nothing_of_a_hidden_case_is_on_the_page_under_hint(hand_in: Class, tmp_path: Path) -> None:
    telling = """
class Telling(Exception): pass
def total(x): raise Telling(repr(x))
def total_grad(x): return [repr(x)]
def root(x): return x * 1.5
def fit(x, seed): return type(repr(list(x)), (), {})()
def bound(): return [(repr(1.25), lambda x, y, s, e: x)] * 4
"""
    result = one(hand_in, telling)
    assert "array(" in checks_of(result, "total")["numbers"].message, "the staff's record tells all"
    page = (tmp_path / "out" / "feedback" / "anna.html").read_text()
    cases = [check.case for check in result.checks if check.case]
    assert cases, "there are failing cases"
    for case in cases:
        for secret in (case.arguments, case.got, case.expected):
            if secret and len(secret) > 6 and any(map(str.isdigit, secret)):
                assert secret not in page, f"{secret} must not reach the student"
    assert "It raised Telling: array([1.])" in page, "of a case made to be shown, all may be seen"


def test_markup_and_control_characters_from_students_are_inert_everywhere(
    hand_in: Class, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "<img src=x onerror=alert(1)>\x1b[31m\u202e[bold]=cmd"
    message = "<script>alert(1)</script>\x1b]0;title\x07\u202e{{ 7 * 7 }}"
    source = f"def total(x): raise ValueError({message!r})\ndef root(x): return {message!r}\n"
    (tmp_path / "solutions").mkdir()
    shutil.copytree(SOLUTIONS, tmp_path / "solutions", dirs_exist_ok=True)
    course = tmp_path / "solutions" / "course.toml"
    course.write_text(course.read_text().replace("seed = 1", 'seed = 1\nreveal = "full"'))
    folder = hand_in({hostile: source, "anna": source})
    code = main(["grade", str(folder), "--out", str(tmp_path / "out"), "--solutions", str(tmp_path / "solutions")])
    assert code == 0, "hostile text is a student's failure, not the grader's"
    pages = [path.read_text() for path in (tmp_path / "out").rglob("*.html")]
    assert len(pages) == 3, "two feedback pages and the class page"
    own = f"<script>{(Path(reports.__file__).parent / 'templates' / 'table.js').read_text()}</script>"
    assert sum(own in page for page in pages) == 1, "only the class page has a script, and that is ours"
    for page in (page.replace(own, "") for page in pages):
        for live in ("<script", "<img", "\x1b", "\u202e", "\x07"):
            assert live not in page, f"{live!r} must not reach a browser"
        assert "Content-Security-Policy" in page, "every page forbids scripts and requests"
    assert any("&lt;script&gt;alert(1)" in page for page in pages), "it is shown, as text"
    printed = capsys.readouterr()
    assert "\x1b]0" not in printed.out + printed.err, "a title must not be set"
    assert "\u202e" not in printed.out + printed.err, "text must not be reordered"
    rows = (tmp_path / "out" / "scores.csv").read_text().splitlines()
    assert not any(row.startswith(("=", "+", "-", "@")) for row in rows), f"no cell is a formula: {rows}"
    assert (folder / "anna" / "squares.py").read_text() == source, "what was handed in stays as it was"
