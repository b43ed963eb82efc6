"""A course from its release to its export: six students, a person who marks, a second round.

The course is made once, which takes a while: all this is slow, and test_parts.py has the quick tests.
"""

import csv
import json
import pickle
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "nbgrader", reason="nbgrader is not installed: python -m pip install 'seminar-autograder[nbgrader]'"
)
if sys.platform != "linux":
    pytest.skip("nbgrader's exchange and the sandbox need Linux", allow_module_level=True)

from autograder.integrations.nbgrader.grade_course import grade_course
from autograder.integrations.nbgrader.preconditions import problems
from autograder.integrations.nbgrader.pull import pull
from autograder.integrations.nbgrader.recorded import RecordedByNbgrader
from autograder.records.record import Result, decode
from tests.integrations.nbgrader import students as of
from tests.integrations.nbgrader.students import (
    ASSIGNMENT,
    NOTEBOOK,
    Notebook,
    cell_of,
    exchange,
    hand_in,
    nbgrader,
    right,
)
from tests.once import once

# Of nbgrader and what it builds on; they are not ours to mend.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]

SECRET = "the-instructor's-own-secret-73619"
SCRIPT = "<script>window.stolen = true</script>"
EXTENSIONS = "{'nbgrader.server_extensions.formgrader': True}"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
Scores = dict[tuple[str, str], tuple[float | None, float | None, bool]]


def wrong(notebook: Notebook) -> None:
    """One function forgets that 0 log 0 is 0."""
    right(notebook)
    cell_of(notebook, "kl")["source"] = "def kl(q, p):\n    return float(np.sum(q * np.log(q / p)))"


def hostile(notebook: Notebook) -> None:
    """Wrong in all, with what a notebook may say of itself bent to get points and to run scripts."""
    for cell in list(notebook["cells"]):
        meta = cell["metadata"].get("nbgrader", {})
        if meta.get("grade") and not meta.get("solution"):
            meta |= {"points": 0.0, "solution": True}
            cell["outputs"] = [
                {"output_type": "execute_result", "data": {"text/plain": "5.5"}, "metadata": {}, "execution_count": 1}
            ]
            notebook["cells"].append(json.loads(json.dumps(cell)) | {"id": f"again-{len(notebook['cells'])}"})
    cell_of(notebook, "joint")["cell_type"] = "markdown"
    extra = {"grade": True, "solution": False, "locked": False, "schema_version": 3, "points": 100.0}
    forged = of.code("100")
    forged["metadata"] = {"nbgrader": {**extra, "grade_id": "bonus"}}
    raw = {"cell_type": "raw", "metadata": {"raw_mimetype": "text/html"}, "source": SCRIPT, "id": "raw"}
    notebook["cells"] += [forged | {"id": "bonus"}, raw]
    cell_of(notebook, "written_2")["source"] = (
        f"{SCRIPT} <img src=x onerror='window.stolen=true'> [me](javascript:alert(1)) "
        "$\\href{javascript:alert(1)}{x}$"
        " \\\\(\\\\href{javascript:alert(1)}{x}\\\\)"
    )
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"x": SCRIPT}}}
    notebook["metadata"]["title"] = SCRIPT


def deleted(notebook: Notebook) -> None:
    """Right, but without the test cells, the written answer's cell and one function's."""
    right(notebook)
    gone = {"kl-checks", "joint-checks", "joint", "written_2", "public-checks"}
    notebook["cells"] = [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") not in gone]


def hang(notebook: Notebook) -> None:
    """One function never ends; the proof is untouched."""
    right(notebook)
    cell_of(notebook, "joint")["source"] = "def joint(marginals):\n    while True:\n        pass"
    cell_of(notebook, "written_2")["source"] = "*Your answer:*"


STUDENTS = {"anna": right, "ben": wrong, "carl": hostile, "dora": deleted, "emil": hang, "fay": right}


def link_in_inbound(course: Path) -> None:
    """Fay puts links into her own folder of the exchange, where `nbgrader submit` does not see them."""
    secret = course.parent / "secret.ipynb"
    secret.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": SECRET}], "metadata": {}}))
    (folder,) = (course.parent / "exchange/kl/inbound").glob("fay+*")
    folder.chmod(0o755)
    (folder / f"{NOTEBOOK}.ipynb").unlink()
    (folder / f"{NOTEBOOK}.ipynb").symlink_to(secret)
    (folder / "notes.html").symlink_to(secret)


@dataclass
class Ran:
    """The course after everything, and what was seen on the way."""

    course: Path
    first: RecordedByNbgrader
    again: RecordedByNbgrader
    graded: dict[str, int]
    links: list[str]
    scores: dict[str, Scores] = field(default_factory=dict)
    spied: list[str] = field(default_factory=list)

    def record(self, student: str) -> Result:
        return decode((self.course / "records/results" / f"{student}.json").read_bytes())


def scores_in(course: Path) -> Scores:
    """By student and cell: the machine's score, a person's, and whether it waits for one."""
    with sqlite3.connect(course / "gradebook.db") as db:
        rows = db.execute(
            "select a.student_id, b.name, g.auto_score, g.manual_score, g.needs_manual_grade from grade g "
            "join base_cell b on g.cell_id = b.id join submitted_notebook n on n.id = g.notebook_id "
            "join submitted_assignment a on a.id = n.assignment_id"
        ).fetchall()
    return {(student, cell): (auto, manual, bool(waits)) for student, cell, auto, manual, waits in rows}


def mark(course: Path, student: str, points: float, comment: str) -> None:
    """What formgrader does when a person types points and a comment."""
    from nbgrader.api import Gradebook

    with nbgrader(course) as app, Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        grade = gradebook.find_grade("written_2", NOTEBOOK, ASSIGNMENT, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.find_comment("written_2", NOTEBOOK, ASSIGNMENT, student).manual_comment = comment
        gradebook.db.commit()


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Everything, once for all of pytest's processes."""
    found = pickle.loads((once(tmp_path_factory, "nbgrader", run_all) / "ran").read_bytes())
    assert isinstance(found, Ran), "this is what was kept"
    return found


def run_all(folder: Path) -> None:
    """Everything; a spy is on whatever starts kernels and on every process."""
    seen_by_spy = folder / "spied"
    started: Any = subprocess.Popen.__init__

    def spied(what: str) -> None:
        # A file: what a process below does counts, too.
        with seen_by_spy.open("a") as file:
            file.write(f"{what}\n")

    def spy(self: Any, args: Any, *rest: Any, **options: Any) -> None:
        spied(" ".join(map(str, args)) if isinstance(args, list | tuple) else str(args))
        started(self, args, *rest, **options)

    from jupyter_client.manager import KernelManager
    from nbclient import NotebookClient

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KernelManager, "__init__", lambda self, *_, **__: spied("KERNEL manager"))
        patch.setattr(NotebookClient, "__init__", lambda self, *_, **__: spied("KERNEL client"))
        patch.setattr(subprocess.Popen, "__init__", spy)
        course = of.new_course(folder)
        of.release(course)
        for student, edit in STUDENTS.items():
            hand_in(course, folder / "home", student, edit)
        link_in_inbound(course)
        links = list(problems(course))
        with nbgrader(course) as app:
            exchange(app, "Collect", check_owner=False)
        first, again = grade_course(course, jobs=2), grade_course(course, jobs=2)
        graded = {"first": first.results.graded, "again": again.results.graded}
        seen = Ran(course, first.recorded, again.recorded, graded, links)
        seen.scores["first"] = scores_in(course)
        mark(course, "anna", 3.5, "Nicely put, but why may the sums be swapped?")
        pull(course)
        seen.graded["regraded"] = grade_course(course, jobs=2, force=True).results.graded
        seen.scores["regraded"] = scores_in(course)
        _feedback(course)
        seen.spied = seen_by_spy.read_text().splitlines()
    (folder / "ran").write_bytes(pickle.dumps(seen))


def _feedback(course: Path) -> None:
    from nbgrader.converters import GenerateFeedback

    with nbgrader(course) as app:
        GenerateFeedback(coursedir=app.coursedir, parent=app).start()
        exchange(app, "ReleaseFeedback")


def test_the_gradebook_has_the_scores_of_the_records(ran: Ran) -> None:
    for student in STUDENTS:
        for question in ran.record(student).assignments[0].questions:
            cell = question.function if question.written else f"{question.function}-checks"
            auto, _, waits = ran.scores["first"][student, cell]
            if question.written:
                assert auto in (None, 0.0) and waits == (auto is None), f"{student}, {cell}: {auto} {waits}"
            else:
                assert (auto, waits) == (question.score, False), (
                    f"{student}, {cell}: {auto} in place of {question.score}"
                )


def test_the_records_are_those_of_grade(ran: Ran, tmp_path: Path) -> None:
    from autograder import grade

    alone = grade(ran.course / "submitted", tmp_path / "out", assignments=[ASSIGNMENT], layout="nbgrader", jobs=2)
    assert [record.student for record in alone] == sorted(STUDENTS), "every student has a record"
    for record in alone:
        assert record == ran.record(record.student), f"{record.student}: `autograder grade` says otherwise"


def test_right_wrong_and_hostile_get_what_they_earned(ran: Ran) -> None:
    totals = {
        student: sum(auto or 0.0 for (name, _), (auto, _, _) in ran.scores["first"].items() if name == student)
        for student in STUDENTS
    }
    assert totals["anna"] == 20, f"all functions are right: {totals}"
    assert 0 < totals["ben"] < 20, f"one check of several fails: {totals}"
    assert totals["carl"] == 0, f"nothing was written but metadata and outputs: {totals}"
    assert totals["fay"] == 0, f"a link is not graded: {totals}"
    assert 0 < totals["emil"] < 20, f"a hang costs one function and what builds on it: {totals}"


def test_the_hostile_notebook_has_the_gradebooks_cells(ran: Ran) -> None:
    notebook = json.loads((ran.course / "autograded/carl" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_bytes())
    metas = [c["metadata"]["nbgrader"] for c in notebook["cells"] if "nbgrader" in c["metadata"]]
    ids = [meta["grade_id"] for meta in metas]
    assert len(ids) == len(set(ids)) and "bonus" not in ids, f"each cell of the release once: {ids}"
    points = {meta["grade_id"]: meta["points"] for meta in metas if meta["grade"]}
    assert points["kl-checks"] == 5.5, f"points are the gradebook's: {points}"
    assert "widgets" not in notebook["metadata"], "nothing of the student's metadata is kept"


def test_a_deleted_answer_waits_for_a_person_and_deleted_functions_are_zero(ran: Ran) -> None:
    scores = ran.scores["first"]
    assert scores["dora", "written_2"] == (None, None, True), "a deleted written cell is no zero"
    assert scores["dora", "joint-checks"][0] == 0, "a deleted function earns nothing"
    assert scores["dora", "kl-checks"][0] == 5.5, "a deleted test cell costs nothing"
    assert scores["emil", "written_2"] == (0.0, None, False), "an untouched answer is 0, as nbgrader has it"


def test_a_second_run_writes_nothing_down(ran: Ran) -> None:
    assert len(ran.first.written) == len(STUDENTS) and not ran.first.failed, f"all six: {ran.first}"
    assert ran.graded["again"] == 0, "all records are up to date"
    only_links = [student for _, student in ran.again.written]
    assert only_links == ["fay"], f"only what has no notebook is written down again: {only_links}"


def test_marks_survive_a_regrade_and_come_back(ran: Ran) -> None:
    assert ran.graded["regraded"] == len(STUDENTS), "the class was graded anew"
    assert ran.scores["regraded"]["anna", "written_2"] == (None, 3.5, False), "points stay, and are settled"
    text = (ran.course / "records/scores.csv").read_text()
    table = {row["student"]: row for row in csv.DictReader(text.splitlines())}
    assert table["anna"][f"{ASSIGNMENT}.written_2"] == "3.5", "the mark counts in our table"
    assert table["anna"]["total"] == "23.5", "and in the total"
    page = (ran.course / "records/feedback/anna.html").read_text()
    assert "Nicely put" in page, "the comment is on our page"


def test_feedback_carries_our_message_and_nothing_that_runs(ran: Ran) -> None:
    page = (ran.course / "feedback/ben" / ASSIGNMENT / f"{NOTEBOOK}.html").read_text()
    assert "3 of 5.5 points" in page and "Returns nan" in page, "our message is on nbgrader's page"
    for student in ("anna", "ben", "carl", "dora", "emil"):
        page = (ran.course / "feedback" / student / ASSIGNMENT / f"{NOTEBOOK}.html").read_text()
        assert "students never see this" not in page, f"{student} would read the rubric"
        for bad in (SCRIPT, "<img src=x", 'href="javascript'):
            assert bad not in page, f"{student}: {bad} is on the page"
    hostile_page = (ran.course / "feedback/carl" / ASSIGNMENT / f"{NOTEBOOK}.html").read_text()
    assert "tex2jax_ignore" in hostile_page, "MathJax is kept off what students wrote"


def test_what_a_link_leads_to_reaches_no_one(ran: Ran) -> None:
    assert sum("symbolic link" in line for line in ran.links) == 2, f"check names both links: {ran.links}"
    told = (ran.course / "submitted/fay" / ASSIGNMENT / "NOT_COLLECTED.txt").read_text()
    assert f"{NOTEBOOK}.ipynb is a symbolic link" in told, f"what was not collected is told: {told}"
    for part in ("submitted", "autograded", "feedback", "records"):
        for path in (ran.course / part).rglob("*"):
            assert not path.is_symlink(), f"{path} is a link"
            if path.is_file():
                assert SECRET.encode() not in path.read_bytes(), f"the secret is in {path}"
    for path in (ran.course.parent / "exchange/kl/feedback").rglob("*"):
        assert SECRET.encode() not in path.read_bytes(), f"the secret was released in {path}"


def test_no_kernel_was_started(ran: Ran) -> None:
    assert not any("KERNEL" in line for line in ran.spied), f"a kernel's manager or client was made: {ran.spied}"
    assert not any("ipykernel" in line for line in ran.spied), f"a kernel ran: {ran.spied}"
    assert ran.spied, "the spy sees processes: nbgrader starts alembic, the engine its sandbox"


def test_export_quotes(ran: Ran, tmp_path: Path) -> None:
    from nbgrader.api import Gradebook

    from autograder.integrations.nbgrader.export import QuotedCsv

    with nbgrader(ran.course) as app, Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        gradebook.update_or_create_student("ben", first_name='=HYPERLINK("x")', last_name='B, "the" Ben')
        QuotedCsv(to=str(tmp_path / "grades.csv")).export(gradebook)
    rows = {row["student_id"]: row for row in csv.DictReader((tmp_path / "grades.csv").read_text().splitlines())}
    assert rows["ben"]["last_name"] == 'B, "the" Ben', "a comma and quotes stay in their column"
    assert rows["ben"]["first_name"].startswith("'="), "no cell is a formula"
    assert float(rows["anna"]["score"]) == 23.5 and float(rows["anna"]["max_score"]) == 24, f"{rows['anna']}"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def formgrader(ran: Ran, tmp_path: Path) -> Iterator[str]:
    """The address of formgrader, served for the course."""
    port = _free_port()
    options = ["no-browser", "allow-root", f"port={port}", "ServerApp.token=", "ServerApp.password="]
    options += [f"ServerApp.root_dir={ran.course}", f"ServerApp.jpserver_extensions={EXTENSIONS}"]
    log = (tmp_path / "log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "server", *(f"--{option}" for option in options)],
        cwd=ran.course,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=1).read()
                break
            except OSError:
                assert server.poll() is None, f"the server ended: {(tmp_path / 'log').read_text()[-2000:]}"
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)
        log.close()


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
def test_formgrader_shows_scores_rubric_and_verdict_and_runs_no_script(ran: Ran, formgrader: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sqlite3.connect(ran.course / "gradebook.db") as db:
        ids = dict(
            db.execute(
                "select a.student_id, n.id from submitted_notebook n "
                "join submitted_assignment a on a.id = n.assignment_id"
            ).fetchall()
        )
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{formgrader}/formgrader/submissions/{ids['anna']}/")
        page.wait_for_function("document.getElementById('written_2').value !== ''")
        assert page.input_value("#written_2") == "3.5", "the mark given stands in its box"
        assert page.get_attribute("#kl-checks", "placeholder") == "5.5", "the machine's score stands in its box"
        text = page.inner_text("body")
        assert "students never see this" in text and "machine's verdict of the derivation" in text, (
            "the rubric is there"
        )
        page.goto(f"{formgrader}/formgrader/submissions/{ids['ben']}/")
        page.wait_for_function("document.getElementById('kl-checks').placeholder !== ''")
        assert page.get_attribute("#kl-checks", "placeholder") == "3", "partial credit"
        page.goto(f"{formgrader}/formgrader/submissions/{ids['carl']}/")
        page.wait_for_function("document.getElementById('kl-checks').placeholder !== ''")
        assert page.evaluate("window.stolen") is None, "a script of a student ran in formgrader"
        assert page.locator("a[href^='javascript:a']").count() == 0, "a student's link would run a script"
        browser.close()
