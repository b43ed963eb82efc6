"""The package's face: its members are those that docs/library.md shows, whose examples run, and it costs nothing."""

import ast
import importlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import autograder
from autograder import errors
from autograder.errors import MarksError, RecordsError, StoreError, UsageError
from autograder.exports.export import export
from autograder.feedback import pages
from autograder.gradebook.giving_marks import give_mark, remove_mark
from autograder.gradebook.journal import read_marks
from autograder.grading.outputs import apply_marks
from autograder.grading.preview import preview
from autograder.records.store import read_records
from tests.small import REFERENCE, SOLUTIONS
from tests.small.making import WRONG, course, hand_in, run

HOME = Path(__file__).parents[2]
GUIDE = (HOME / "docs" / "library.md").read_text()
MEMBERS = [name for name in autograder.__all__ if name != "__version__"]
# What a program that only looks at the face, or asks the command for help, need not wait for.
HEAVY = set("numpy msgspec msgpack jinja2 rich pytest markdown_it pygments multiprocessing yaml".split())
ITEM = "b1_squares.written_1.1"


# --- its members -----------------------------------------------------------------------------------------------------


def test_what_is_documented_is_what_there_is() -> None:
    shown = re.findall(r"^### `(\w+)`$", GUIDE, re.MULTILINE) + re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE)
    assert sorted(shown) == sorted(set(shown)), f"each member has one place: {sorted(shown)}"
    assert set(shown) == set(autograder.__all__), "docs/library.md and autograder.__all__ must name the same"


def test_members_are_sorted_listed_and_found() -> None:
    assert autograder.__all__ == sorted(autograder.__all__), "sorted, so that each is found and none stands twice"
    assert set(autograder.__all__) <= set(dir(autograder)), "dir() shows what there is, also before it is asked for"
    with pytest.raises(AttributeError, match="grad_e"):
        autograder.grad_e  # noqa: B018  # the mistake is what is tested


@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_is_what_its_module_has_and_says_what_it_is(name: str) -> None:
    found = getattr(autograder, name)
    module = importlib.import_module(autograder._MODULE_OF[name])
    assert found is getattr(module, name), f"{name} is that of {module.__name__}"
    told = found.__doc__ or ""
    assert told.strip() and not told.startswith(f"{name}("), f"{name} has a docstring of its own: {told!r}"


def test_the_types_that_a_checker_sees_are_those() -> None:
    tree = ast.parse((HOME / "autograder" / "__init__.py").read_text())
    (seen,) = [node for node in tree.body if isinstance(node, ast.If)]
    typed = {alias.name: node.module for node in seen.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert typed == autograder._MODULE_OF, "what a type checker reads, and what is imported, must be the same"
    assert sorted(typed) == autograder.__all__, "and all of it is public"
    assert (HOME / "autograder" / "py.typed").exists(), "without it a checker reads no types at all"


def test_every_error_is_a_member() -> None:
    ours = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert ours <= set(autograder.__all__), f"whoever calls us must be able to catch {ours - set(autograder.__all__)}"


@pytest.mark.parametrize(
    "program",
    [
        "import autograder; dir(autograder)",
        "from autograder import AutograderError, UsageError",
        "from autograder.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass",
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_asked_for(program: str) -> None:
    told = f"{program}\nimport sys\nprint('loaded:', *sorted(name for name in sys.modules if '.' not in name))"
    found = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True, cwd=HOME).stdout
    loaded = set(found.rpartition("loaded:")[2].split())
    assert "autograder" in loaded, f"the program ran: {found}"
    assert not loaded & HEAVY, f"{program!r} must not wait for {sorted(loaded & HEAVY)}"


# --- its guide -------------------------------------------------------------------------------------------------------


def blocks() -> Iterator[str]:
    """The examples, each with as many empty lines before it as put its own on their numbers."""
    for found in re.finditer(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL):
        yield "\n" * GUIDE[: found.start(1)].count("\n") + found[1]


@pytest.mark.slow
def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(HOME / "solutions", tmp_path / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("perfect_compact", "mistakes_1"):
        shutil.copytree(HOME / "tests" / "sample_class" / "submissions" / name, tmp_path / "submissions" / name)
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {}
    examples = list(blocks())
    assert len(examples) > 15, f"each member is shown at work: {len(examples)} examples were found"
    for example in examples:
        exec(compile(example, "docs/library.md", "exec"), namespace)  # our own text
    graded, told = namespace["graded"], capsys.readouterr().out
    assert graded.score == graded.record.score > 0, f"the example of one submission has a score: {graded.score}"
    assert re.search(rf"{graded.score:g} of {graded.max_score:g} in \d+ ms", told), f"and it is printed: {told}"


# --- what its functions promise beside the command line --------------------------------------------------------------


@pytest.fixture(scope="module")
def once_graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of two students, one of whom wrote a proof, and its results."""
    folder = tmp_path_factory.mktemp("library")
    answers = {"anna": "We have $(x-y)^2 \\ge 0$."}
    run(hand_in(folder / "submissions", {"anna": REFERENCE, "berta": WRONG}, answers), folder / "out")
    return folder


@pytest.fixture
def graded(once_graded: Path, tmp_path: Path) -> Path:
    """A copy of the results, beside the submissions."""
    shutil.copytree(once_graded, tmp_path, dirs_exist_ok=True)
    return tmp_path / "out"


def test_a_mark_is_checked_before_it_is_given(graded: Path) -> None:
    for item, value, comment, told in (
        ("b1_squares.sum", 1.0, "why", "b1_squares.total"),
        ("b1_squares.total", 1.0, " ", "reason"),
        (ITEM, 3.0, "", "3 is more than 2"),
        (ITEM, -1.0, "", "from 0 on"),
        (ITEM, float("nan"), "", "from 0 on"),
    ):
        with pytest.raises(MarksError, match=told):
            give_mark(graded, "anna", item, value, comment)
    with pytest.raises(MarksError, match="bertha"):
        give_mark(graded, "bertha", ITEM, 1.0)
    with pytest.raises(StoreError, match="nowhere"):
        remove_mark(graded / "nowhere", "anna", ITEM)
    with pytest.raises(MarksError, match="no mark"):
        remove_mark(graded, "anna", ITEM)
    assert not (graded / "marks.csv").exists(), "and nothing of it was written"
    mark = give_mark(graded, "anna", ITEM, 2.0, " Complete the square. ")
    assert mark.comment == "Complete the square." and mark.of, "it keeps what it was given on"
    assert [each.score for each in apply_marks(graded, solutions=SOLUTIONS)] == [18.0, 12.0], "and then it counts"
    remove_mark(graded, "anna", ITEM)
    assert [each.score for each in apply_marks(graded, solutions=SOLUTIONS)] == [16.0, 12.0], "until it is taken back"


def test_no_mark_is_lost_where_many_give_at_once(graded: Path) -> None:
    students = [f"student{number:02}" for number in range(24)]
    record = (graded / "results" / "anna.json").read_text()
    for student in students:
        (graded / "results" / f"{student}.json").write_text(
            record.replace('"student": "anna"', f'"student": "{student}"')
        )
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda student: give_mark(graded, student, ITEM, 1.5), students))
    given = [mark.student for mark in read_marks(graded / "marks.csv")]
    assert given == students, f"each has a mark: {len(given)} of {len(students)}"


def test_functions_refuse_what_they_cannot_mean(graded: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="moodle"):
        export(graded, "moddle", solutions=SOLUTIONS)
    with pytest.raises(UsageError, match="b1_squares"):
        export(graded, "csv", assignment="b2", solutions=SOLUTIONS)
    for read in (read_records, lambda folder: export(folder, "csv", solutions=SOLUTIONS)):
        with pytest.raises(RecordsError, match="nothing"):
            read(tmp_path / "nothing")
    with pytest.raises(StoreError, match="nothing"):
        preview(tmp_path / "nothing", tmp_path / "submissions", solutions=SOLUTIONS)
    (graded / "results" / "anna.json").write_text("{")
    with pytest.raises(RecordsError, match=r"anna\.json"):
        read_records(graded)


def test_a_preview_publishes_nothing(graded: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in graded.rglob("*") if path.is_file()}
    after = course(tmp_path / "after")
    questions = after / "b1_squares" / "questions.py"
    questions.write_text(questions.read_text().replace("points=2)", "points=5)", 1))
    found = preview(graded, tmp_path / "submissions", solutions=after, jobs=1, isolation="none")
    assert [change.student for change in found.changes] == ["anna", "berta"], f"both change: {found}"
    assert {path: path.read_bytes() for path in graded.rglob("*") if path.is_file()} == before, "and no file does"


def test_a_page_is_made_anew_when_its_template_changes(graded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = graded / "feedback" / "anna.html"
    apply_marks(graded, solutions=SOLUTIONS)
    first = page.stat().st_mtime_ns
    apply_marks(graded, solutions=SOLUTIONS)
    assert page.stat().st_mtime_ns == first, "one that is up to date stays"
    room, read = Path(pages.__file__).parent, Path.read_bytes

    def changed(path: Path) -> bytes:
        return read(path) + (b"<!-- -->" if path.name == "student.html" and room in path.parents else b"")

    monkeypatch.setattr(Path, "read_bytes", changed)
    apply_marks(graded, solutions=SOLUTIONS)
    assert page.stat().st_mtime_ns > first, "another template makes another page"
