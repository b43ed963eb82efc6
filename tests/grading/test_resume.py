"""A second run does only what changed, and a run that is killed loses nothing."""

import dataclasses
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import autograder.grading.plan
import autograder.grading.run
from autograder.cli import main
from autograder.errors import SolutionsError, StoreError, UsageError
from autograder.grading.grader import Grader
from autograder.grading.plan import _known
from autograder.judging.verdicts import Verdict
from autograder.records.record import decode
from autograder.records.store import Store
from autograder.submissions import HandedIn
from tests.small import REFERENCE, SOLUTIONS
from tests.small.making import WRONG, content, course, hand_in, run

WORKS = {"anna": REFERENCE, "berta": WRONG, "cem": "x = (\n"}


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    return hand_in(tmp_path / "submissions", WORKS)


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run over such submissions writes."""
    folder = tmp_path_factory.mktemp("first")
    return run(hand_in(folder / "submissions", WORKS), folder / "out").folder


@pytest.fixture
def out(first_run: Path, tmp_path: Path) -> Path:
    """A copy of it: the folder of a run over the submissions."""
    return shutil.copytree(first_run, tmp_path / "out")


@pytest.fixture
def forbidden(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From its call on, making an exam or starting a sandbox is an error."""

    def fail(*arguments: Any, **options: Any) -> Any:
        raise AssertionError("a run with nothing to do must neither make the exam nor try the sandbox")

    def forbid() -> None:
        monkeypatch.setattr(autograder.grading.plan, "make_exam", fail)
        monkeypatch.setattr(autograder.grading.run, "choose_tier", fail)

    return forbid


def graded(submissions: Path, out: Path, solutions: Path = SOLUTIONS, **options: Any) -> list[str]:
    """The students whom a run grades."""
    found: list[str] = []
    run(submissions, out, solutions, done=lambda count, total, result: found.append(result.student), **options)
    return sorted(found)


def without_history(folder: Path) -> dict[str, object]:
    """The table, and the records without what they keep of earlier hand-ins; pages are made of these alone."""
    records = {path.name: decode(path.read_bytes()) for path in sorted((folder / "results").iterdir())}
    plain = {
        name: replace(record, assignments=tuple(replace(a, before=None) for a in record.assignments))
        for name, record in records.items()
    }
    return {"scores.csv": (folder / "scores.csv").read_bytes(), **plain}


def test_a_second_run_grades_nothing_and_makes_no_exam(
    submissions: Path, tmp_path: Path, forbidden: Callable[[], None]
) -> None:
    out = tmp_path / "out"
    assert graded(submissions, out) == ["anna", "berta", "cem"], "the first run grades all"
    before = content(out)
    forbidden()
    results = run(submissions, out)
    assert results.graded == 0, f"nothing has changed: {results.graded} were graded"
    assert content(out) == before, "and so no byte may change"
    assert [record.score for record in results] == [16.0, 12.0, 0.0], "all records are returned"


def test_only_a_changed_submission_is_graded_again(submissions: Path, out: Path, tmp_path: Path) -> None:
    hand_in(submissions, {"berta": REFERENCE})
    assert graded(submissions, out) == ["berta"], "one submission has changed"
    run(submissions, tmp_path / "fresh")
    assert without_history(out) == without_history(tmp_path / "fresh"), "as if all had been graded now"


def slow(*values: Any) -> Any:
    """One more of its kind: each grades a class."""
    return pytest.param(*values, marks=pytest.mark.slow)


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (lambda s: ("course.toml", s.replace("relative = 1e-9", "relative = 1e-3")), True),
        slow(lambda s: ("course.toml", s.replace("seed = 1", "seed = 2")), True),
        pytest.param(
            lambda s: ("course.toml", s.replace("relative = 1e-7", "relative = 1e-3")), True, marks=pytest.mark.slow
        ),
        (lambda s: ("course.toml", s + "\n[tolerances.never_used]\nrelative = 1.0\nabsolute = 0.0\n"), False),
        pytest.param(
            lambda s: ("course.toml", s.replace("seed = 1", 'seed = 1\nreveal = "full"')), False, marks=pytest.mark.slow
        ),
        (lambda s: ("b1_squares/questions.py", s.replace("points=2)", "points=5)", 1)), True),
        slow(lambda s: ("b1_squares/squares.py", s + "# another reference\n"), True),
    ],
)
def test_changed_questions_are_asked_again(
    change: Callable[[str], tuple[str, str]], again: bool, submissions: Path, out: Path, tmp_path: Path
) -> None:
    name, _ = change("")
    after = course(tmp_path / "after")
    _, text = change((after / name).read_text())
    assert text != (after / name).read_text(), "the change must change something"
    (after / name).write_text(text)
    wanted = ["anna", "berta", "cem"] if again else []
    assert graded(submissions, out, after) == wanted, f"a change of {name}"
    run(submissions, tmp_path / "fresh", after)
    assert content(out) == content(tmp_path / "fresh"), "as if all had been graded now"


def test_a_changed_rubric_needs_no_sandbox(
    submissions: Path, out: Path, tmp_path: Path, forbidden: Callable[[], None]
) -> None:
    after = course(tmp_path / "after")
    rubric = after / "b1_squares" / "rubric.toml"
    rubric.write_text(rubric.read_text().replace("points = 2", "points = 3"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(autograder.grading.plan, "make_exam", None)
        results = run(submissions, out, after)
    assert {record.max_score for record in results} == {19.0}, "the criterion is worth 3 now"
    run(submissions, tmp_path / "fresh", after)
    assert content(out) == content(tmp_path / "fresh"), "as if all had been graded now"


def test_another_engine_grades_all_again(
    submissions: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.grading.plan.engine_hash", lambda: "another")
    assert graded(submissions, out) == ["anna", "berta", "cem"], "the engine has changed"
    assert graded(submissions, out) == [], "and now the records are of this engine"


def test_students_functions_and_force(submissions: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert graded(submissions, out, students=["anna"]) == ["anna"], "only the student named"
    assert graded(submissions, out) == ["berta", "cem"], "the others have no record yet"
    assert graded(submissions, out, students=["anna"]) == [], "up to date"
    assert graded(submissions, out, students=["anna"], force=True) == ["anna"], "unless forced"
    before = content(out)
    assert graded(submissions, out, functions=["root"], force=True) == ["anna", "berta", "cem"], "one function of all"
    assert content(out) == before, "the other functions keep their results"
    with pytest.raises(UsageError, match="did you mean anna"):
        run(submissions, out, students=["ana"])
    with pytest.raises(SolutionsError, match=r"b1_squares\.root"):
        run(submissions, out, functions=["roots"])


def test_a_function_alone_is_graded_for_changed_questions_only(submissions: Path, out: Path, tmp_path: Path) -> None:
    after = course(tmp_path / "after")
    questions = after / "b1_squares" / "questions.py"
    questions.write_text(questions.read_text().replace('b1.check("root", points=1)', 'b1.check("root", points=4)'))
    run(submissions, out, after, functions=["b1_squares.root"])
    record = decode((out / "results" / "anna.json").read_bytes())
    scores = {q.function: q.score for a in record.assignments for q in a.questions}
    assert scores["root"] == 5.0, f"root is worth 3 points more: {scores}"
    assert scores["total"] == 5.0, f"the others stay: {scores}"
    assert graded(submissions, out, after) == ["anna", "berta", "cem"], "the others are still to be graded"
    run(submissions, tmp_path / "fresh", after)
    assert content(out) == content(tmp_path / "fresh"), "then all is as in one go"


def test_a_function_alone_leaves_no_hole_where_the_submission_changed(
    submissions: Path, out: Path, tmp_path: Path
) -> None:
    hand_in(submissions, {"berta": REFERENCE})
    assert graded(submissions, out, functions=["root"], force=True) == ["anna", "berta", "cem"], "all three"
    run(submissions, tmp_path / "fresh")
    assert without_history(out) == without_history(tmp_path / "fresh"), "graded as a whole"


def test_a_grader_error_is_graded_again_and_a_timeout_is_not(
    submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = REFERENCE.replace("return float(np.sqrt(x))", "while True: pass")
    hand_in(submissions, {"dora": slow})

    def fail(self: Grader, submission: Any) -> Any:
        if submission.student == "berta":
            raise RuntimeError("a fault of ours")
        return mark(self, submission)

    mark = Grader.grade
    monkeypatch.setattr(Grader, "grade", fail)
    results = run(submissions, tmp_path / "out")
    assert [record.student for record in results.grader_errors] == ["berta"], "one record has no score"
    monkeypatch.setattr(Grader, "grade", mark)
    assert graded(submissions, tmp_path / "out") == ["berta"], "only what failed by our fault is graded again"
    record = decode((tmp_path / "out" / "results" / "dora.json").read_bytes())
    assert any(check.verdict is Verdict.TIMEOUT for check in record.checks), "a timeout stands in the record"


def test_records_of_students_who_are_gone_stay_and_are_told(submissions: Path, out: Path, tmp_path: Path) -> None:
    later = hand_in(tmp_path / "later", {"dora": REFERENCE})
    told: list[str] = []
    results = run(later, out, begin=lambda total, notes: told.extend(notes))
    assert [record.student for record in results] == ["dora"], "the records of this folder"
    assert [record.student for record in results.others] == ["anna", "berta", "cem"], "and the others"
    assert any("anna, berta, cem" in line for line in told), f"they must be told: {told}"
    rows = (out / "scores.csv").read_text().splitlines()
    assert len(rows) == 5, f"all stay in the table: {rows}"


def test_a_file_that_is_no_record_is_told_and_graded_anew(submissions: Path, out: Path, tmp_path: Path) -> None:
    before = content(out)
    (out / "results" / "anna.json").write_text("{")
    told: list[str] = []
    run(submissions, out, begin=lambda total, notes: told.extend(notes))
    assert any("anna.json" in line for line in told), f"it must be told: {told}"
    assert content(out) == before, "the record is whole again"


def test_an_old_record_without_hashes_is_graded_anew(submissions: Path, out: Path, tmp_path: Path) -> None:
    before = content(out)
    path = out / "results" / "anna.json"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.strip().startswith(('"exam"', '"submission"'))))
    assert graded(submissions, out) == ["anna"], "a record of an earlier version has no hashes"
    assert content(out) == before, "the record is as the others"


def test_two_runs_at_once_are_refused(submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.files.locks.LOCK_SECONDS", 0.1)
    with Store(tmp_path / "out").writing(), pytest.raises(StoreError, match="another run"):
        run(submissions, tmp_path / "out")
    assert graded(submissions, tmp_path / "out") == ["anna", "berta", "cem"], "the lock ends with its run"


def test_cases_of_their_own_for_each_student(tmp_path: Path) -> None:
    own = course(tmp_path / "solutions", top='cases = "per-student"')
    submissions = hand_in(tmp_path / "submissions", {"anna": WRONG, "berta": WRONG})
    one, two = run(submissions, tmp_path / "out", own).records
    cases = [[check.case.arguments for check in record.checks if check.case] for record in (one, two)]
    assert cases[0] and cases[0] != cases[1], f"each student has cases of their own: {cases}"
    verdicts = [[check.verdict for check in record.checks] for record in (one, two)]
    assert verdicts[0] == verdicts[1], "and the same verdicts"
    assert graded(submissions, tmp_path / "out", own) == [], "the same in every run, so that nothing is graded twice"
    (alone,) = run(submissions, tmp_path / "alone", own, students=["berta"]).records
    assert alone.assignments == two.assignments, "a student's cases do not depend on the others"


PLANS = """import sys

def plans():
    frame = sys._getframe()
    while frame is not None:
        if hasattr(frame.f_locals.get("self"), "plans"):
            return float(len(frame.f_locals["self"].plans))
        frame = frame.f_back

"""


def test_the_cases_of_another_student_are_not_in_the_sandbox(tmp_path: Path) -> None:
    own = course(tmp_path / "solutions", top='cases = "per-student"')
    spies = PLANS + REFERENCE.replace("return 2.0 * x", "return plans()")
    submissions = hand_in(tmp_path / "submissions", {"anna": spies, "berta": spies})
    given = [
        {check.case.got for check in record.checks if check.case}
        for record in run(submissions, tmp_path / "out", own, jobs=1).records
    ]
    assert given == [{"1.0"}, {"1.0"}], f"one plan lies beside each submission, its own: {given}"


def test_the_command_says_what_it_did(submissions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["grade", str(submissions), "--out", str(tmp_path / "out"), "--solutions", str(SOLUTIONS)]
    assert main([*command, "--isolation", "none", "--jobs", "1"]) == 0, "graded"
    assert "3 students, 3 graded" in capsys.readouterr().out, "it says how many were graded"
    assert main(command) == 0, "and again"
    printed = capsys.readouterr()
    assert "3 students, 0 graded" in printed.out, "none was graded again"
    assert "up to date" in printed.err, "and why"


@pytest.mark.slow
def test_kills_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    kills, finished = 200, 5
    hand_in(tmp_path / "submissions", {f"student{n}": REFERENCE if n % 2 else WRONG for n in range(6)})
    command = [sys.executable, "-m", "tests.grading.killed", str(tmp_path), str(kills), "20261126"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, f"{done.stderr}"
    killed, rounds = map(int, done.stdout.split())
    assert killed >= kills, f"only {killed} runs were killed"
    assert rounds >= finished, f"the class was finished only {rounds} times"


def test_groups_are_known_to_later_runs(tmp_path: Path) -> None:
    hand_in(tmp_path / "submissions", {"Team 1": REFERENCE, "cem": REFERENCE})
    (tmp_path / "groups.csv").write_text("group,student\nTeam 1,anna\nTeam 1,berta\n")
    run(tmp_path / "submissions", tmp_path / "out", groups=tmp_path / "groups.csv")
    again = run(tmp_path / "submissions", tmp_path / "out")
    students = [result.student for result in again]
    assert students == ["anna", "berta", "cem"], f"nobody is called like the group: {students}"
    assert not again.others, f"and nobody is graded twice: {list(again.others)}"
    assert any("groups: as in" in note for note in again.notes), f"it is said: {again.notes}"


def test_the_platforms_time_stays_where_a_later_run_does_not_know_it() -> None:
    before = HandedIn(at="2026-11-26T12:00:00", late=False, id="101", email="a@uni.example", platform="moodle")
    assert _known(before, HandedIn(name="Anna")) == dataclasses.replace(before, name="Anna"), "what was known stays"
    assert _known(before, None) == before, "also where nothing is known now"
    later = HandedIn(at="2026-11-27T12:00:00", id="101", platform="moodle")
    known = _known(before, later)
    assert known is not None and known.at == later.at, "what is known now counts"
    other = HandedIn(id="102", platform="moodle")
    assert _known(before, other) == other, "somebody else is somebody else"
