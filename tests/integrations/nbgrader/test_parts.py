"""Single parts of the bridge: the button, late hand-ins, links, Markdown, marks taken back, a run that was stopped."""

import importlib
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("nbgrader", reason="nbgrader is not installed (the extra `nbgrader`)")
if sys.platform != "linux":
    pytest.skip("nbgrader's exchange and the sandbox need Linux", allow_module_level=True)

from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder.course.settings import Course, LatePenalty, Terms
from autograder.integrations.nbgrader import preconditions as checking
from autograder.integrations.nbgrader.config import FILTERS, config_text
from autograder.integrations.nbgrader.grade_course import grade_course
from autograder.integrations.nbgrader.late import penalty
from autograder.integrations.nbgrader.links import links_in, take_links_away
from autograder.integrations.nbgrader.pull import pull
from autograder.integrations.nbgrader.read_notebook import read_handed_in
from autograder.integrations.nbgrader.scoring import clamped
from autograder.judging.tolerance import Tolerance
from autograder.submissions.intake_limits import NOTEBOOK_CELLS
from tests.integrations.nbgrader.students import ASSIGNMENT, NOTEBOOK, generate, nbgrader, new_course, own_copy, right
from tests.integrations.nbgrader.test_course import mark, scores_in
from tests.once import once
from tests.repository import SOLUTIONS

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]


def submitted(course: Path, student: str) -> Path:
    """A right notebook where `nbgrader collect` puts it."""
    notebook = json.loads((course / "release" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_text())
    right(notebook)
    folder = course / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / f"{NOTEBOOK}.ipynb").write_text(json.dumps(notebook))
    (folder / "timestamp.txt").write_text("2026-11-26 12:00:00.000000 UTC")
    return folder


def make(folder: Path) -> None:
    """A course with two right submissions, ungraded."""
    made = new_course(folder)
    generate(made)
    submitted(made, "gina")
    submitted(made, "hugo")


@pytest.fixture
def course(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it."""
    return own_copy(once(tmp_path_factory, "parts", make), tmp_path / "own")


def test_the_button_grades_one_student_without_a_kernel(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyter_client.manager import KernelManager
    from nbgrader.apps.api import NbGraderAPI

    monkeypatch.setattr(KernelManager, "__init__", lambda *_, **__: pytest.fail("a kernel was started"))
    with nbgrader(course) as app:
        told = NbGraderAPI(app.coursedir, parent=app).autograde(ASSIGNMENT, "gina")
    assert told["success"], f"formgrader would show an error: {told}"
    scores = scores_in(course)
    assert scores["gina", "kl-checks"] == (5.5, None, False), f"our score: {scores}"
    assert not any(student == "hugo" for student, _ in scores), "only this student was asked for"


def test_a_run_that_was_stopped_goes_on(course: Path) -> None:
    grade_course(course, jobs=1)
    before = scores_in(course)
    notebook = course / "autograded/hugo" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    assert notebook.exists(), "both are written down"
    # As nbgrader leaves it when it is killed after sanitizing.
    notebook.chmod(0o644)
    half = json.loads(notebook.read_bytes())
    del half["metadata"]["autograder_shows"]
    notebook.write_text(json.dumps(half))
    again = grade_course(course, jobs=1)
    assert again.results.graded == 0, "the records were whole"
    assert again.recorded.written == ((ASSIGNMENT, "hugo"),), f"only what was half done: {again.recorded}"
    assert scores_in(course) == before, "and nothing was lost"


def test_a_mark_taken_back_in_formgrader_is_taken_back_here(course: Path) -> None:
    grade_course(course, jobs=1)
    mark(course, "gina", 2.0, "Half of it.")
    item = f"{ASSIGNMENT}.written_2"
    assert pull(course).marks["gina", item].points == 2, "formgrader's points are pulled"
    from nbgrader.api import Gradebook

    with nbgrader(course) as app, Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        gradebook.find_grade("written_2", NOTEBOOK, ASSIGNMENT, "gina").manual_score = None
        gradebook.db.commit()
    found = pull(course)
    assert found.taken_back == [("gina", item)], f"it counts nowhere any more: {found}"
    assert any("no points" in note for note in found.notes), f"the comment that is left is told: {found.notes}"


def test_check_names_settings_that_were_changed(course: Path) -> None:
    assert not list(checking.problems(course)), "a course as it was made has no problems"
    settings = course / "nbgrader_config.py"
    with settings.open("a") as file:
        file.write('\nc.ExchangeFactory.collect = "nbgrader.exchange.default.collect.ExchangeCollect"\n')
    found = list(checking.problems(course))
    assert len(found) == 1 and "c.ExchangeFactory.collect" in found[0], f"the setting is named: {found}"


def test_a_link_is_taken_away_and_what_it_led_to_stays(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mine")
    folder = tmp_path / "submitted/eve/a"
    folder.mkdir(parents=True)
    (folder / "n.ipynb").write_text("{}")
    (folder / "more").symlink_to(tmp_path)
    (folder / "notes.html").symlink_to(secret)
    assert len(list(links_in(folder))) == 2, "a link to a folder and one to a file"
    take_links_away(assignment="a", student="*", notebooks=[str(folder / "n.ipynb")])
    assert not list(links_in(folder)), "no link is left for nbgrader to follow"
    assert "It led to" in (folder / "notes.html.was-a-link.txt").read_text(), "what was there is told"
    assert secret.read_text() == "mine", "what it led to is not touched"


@pytest.mark.parametrize(
    "data",
    [b"", b"no json", b"[]", b'{"cells": 3}', b'{"cells": [{"cell_type": 1, "source": {}}, 7, null]}', b"\xff\xfe"],
)
def test_any_file_becomes_a_notebook(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "n.ipynb"
    path.write_bytes(data)
    made = read_handed_in(path)
    assert made.nbformat == 4 and isinstance(made.cells, list), f"nbgrader can go on with {data!r}"


def test_a_notebook_is_refused_here_for_what_it_is_refused_for_when_it_is_graded(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": "", "metadata": {}}] * (NOTEBOOK_CELLS + 1)
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": cells}))
    (made,) = read_handed_in(tmp_path / "n.ipynb").cells
    assert "001 cells" in made.source, f"none of its cells is left out in silence: {made.source}"


def test_an_image_stays_and_a_drawing_that_could_run_does_not(tmp_path: Path) -> None:
    kinds = {"photo.png": {"image/png": "aGVsbG8="}, "evil.svg": {"image/svg+xml": "<svg onload='x'/>"}}
    cell = {"cell_type": "markdown", "source": "see", "metadata": {}, "attachments": kinds}
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": [cell]}))
    (made,) = read_handed_in(tmp_path / "n.ipynb").cells
    assert list(made["attachments"]) == ["photo.png"], f"{made}"


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "<svg><animate onbegin=alert(1)></svg>",
        "![x](javascript:alert(1))",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "$\\text{<img src=x onerror=alert(1)>}$",
    ],
)
def test_markdown_of_students_comes_out_clean(source: str) -> None:
    cell = new_markdown_cell(source)
    page, _ = HTMLExporter(filters=FILTERS).from_notebook_node(new_notebook(cells=[cell]))
    body = page[page.index("<main") :] if "<main" in page else page
    for bad in ("<script>alert", "<img src=x", 'href="javascript', "<svg><animate", 'href="data:', 'src="javascript'):
        assert bad not in body, f"{bad} of {source!r} would act"
    assert "mathjax_ignore" in body, "MathJax is kept off it"


def test_the_rubric_is_shown_by_formgrader_alone() -> None:
    cell = new_markdown_cell("", metadata={"autograder_staff": "the rubric"})
    book = new_notebook(cells=[cell])
    graded, _ = HTMLExporter(filters=FILTERS).from_notebook_node(book, resources={"submission_id": "x"})
    feedback, _ = HTMLExporter(filters=FILTERS).from_notebook_node(book)
    stock, _ = HTMLExporter().from_notebook_node(book)
    assert "the rubric" in graded, "formgrader shows it"
    assert "the rubric" not in feedback, "feedback does not"
    assert "the rubric" not in stock, "nor do nbgrader's own settings"


@pytest.mark.parametrize(
    ("score", "most", "given"),
    [(3.0, 5.0, 3.0), (7.0, 5.0, 5.0), (-1.0, 5.0, 0.0), (float("nan"), 5.0, 0.0), (float("inf"), 5.0, 0.0)],
)
def test_no_number_gives_full_points_by_accident(score: float, most: float, given: float) -> None:
    assert clamped(score, most) == given, f"{score} of {most}"


def _course(late: LatePenalty | None, due: datetime | None, extension: float = 0) -> Course:
    tolerances = dict.fromkeys(("value", "derivation", "differences"), Tolerance(1e-9, 1e-9))
    terms = {"a": Terms(due=due)} if due else {}
    return Course(1, tolerances, assignments=terms, late=late, extensions={"gina": {"a": extension}})


@pytest.mark.parametrize(
    ("extension", "seconds", "lost"),
    [(0, 90_000, 4.8), (0, 3_600, 2.4), (1, 90_000, 2.4), (3, 90_000, 0.0), (0, 900_000, 12.0)],
)
def test_the_late_penalty_is_the_courses(extension: float, seconds: float, lost: float) -> None:
    due = datetime(2026, 11, 26, 12, tzinfo=UTC)
    at = datetime.fromtimestamp(due.timestamp() + seconds, UTC)
    rules = _course(LatePenalty(penalty=0.1), due, extension)
    found = penalty(rules, "gina", "a", at, seconds, 12.0, 24.0)
    assert found == pytest.approx(lost), f"10 % of 24 points a begun day, at most what was earned: {found}"


def test_every_class_that_the_settings_name_is_there() -> None:
    names = re.findall(r'"((?:autograder|nbgrader)\.[\w.]+)"', config_text("x", SOLUTIONS, None))
    assert len(names) >= 9, f"the settings name our classes: {names}"
    for name in names:
        module, _, what = name.rpartition(".")
        assert hasattr(importlib.import_module(module), what), f"{name} is not there: a course that names it is broken"


def test_validate_tells_students_what_fails(course: Path) -> None:
    from nbgrader.validator import Validator

    found = Validator().validate(str(course / "release" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"))
    told = {cell["source"]: cell["raw_error"] for cell in found["failed"]}
    assert "kl not started" in told['grader.check("kl")'], f"the words of our public checks: {told}"
    assert "Traceback" not in told['grader.check("kl")'], "and no lines of ours"
    again = Validator().validate(str(course / "submitted/gina" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"))
    assert not [cell for cell in again.get("failed", []) if "check" in cell["source"]] or again == {}, f"{again}"
