"""What makes a record stale, and what does not: the hashes of the engine, of what is asked, and of a submission."""

import hashlib
import shutil
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from autograder.authoring import Assignment
from autograder.authoring.kinds.value import Value
from autograder.course.rubric import Criterion, WrittenAnswer
from autograder.course.settings import Course
from autograder.course.solutions import Solution
from autograder.judging.tolerance import Tolerance
from autograder.records import fingerprint
from autograder.records.fingerprint import (
    DIGITS,
    digest,
    engine_files,
    engine_hash,
    exam_hashes,
    sources_hash,
    sources_of,
    work_hash,
    work_hashes,
)
from autograder.submissions import Submission, Work
from tests.repository import ROOT

TOLERANCES = {name: Tolerance(1e-6, 1e-9) for name in ("value", "derivation", "differences", "loose")}


def test_a_digest_knows_where_each_part_ends() -> None:
    assert len({digest(["ab", "c"]), digest(["a", "bc"]), digest(["abc"]), digest(["abc", ""])}) == 4, "parts count"
    assert digest(["ä"]) == digest(["ä".encode()]), "a text is its bytes"
    assert digest(["\udcff"]) != digest([""]), "also one that no encoding knows"
    whole = hashlib.sha256(b"2:ab1:c").hexdigest()
    assert digest(["ab", b"c"]) == whole[:20], f"the first 20 digits of SHA-256: {digest(['ab', b'c'])}"
    assert DIGITS == 20, "80 bits; stored records are compared with it"


def package(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_the_nearest_word_decides_what_counts_as_engine(tmp_path: Path) -> None:
    quiet, loud = "CHANGES_RECORDS = False\n", "CHANGES_RECORDS = True\n"
    files = {
        "__init__.py": "",
        "a.py": "x = 1\n",
        "silent.py": f"'''Reads.'''\n{quiet}",
        "not_quite.py": " CHANGES_RECORDS = False\n# CHANGES_RECORDS = False\n",
        "room/__init__.py": quiet,
        "room/b.py": "",
        "room/c.py": loud,
        "room/inner/__init__.py": loud,
        "room/inner/d.py": "",
        "room/inner/e.py": quiet,
        "data/no_package.py": "",
        "page.html": "",
        "native.pyx": "",
    }
    found = dict(engine_files(package(tmp_path, files)))
    names = ["__init__.py", "a.py", "not_quite.py", "room/c.py", "room/inner/__init__.py", "room/inner/d.py"]
    assert list(found) == names, f"by path, each by the nearest word: {list(found)}"
    assert found["a.py"] == b"x = 1\n", "with its source"


def test_the_engine_is_its_version_its_sources_and_what_it_runs_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(**changes: object) -> str:
        with monkeypatch.context() as patch:
            for name, value in changes.items():
                patch.setattr(fingerprint, name, value)
            return engine_hash.__wrapped__()

    plain: dict[str, object] = {"engine_files": lambda folder: [("a.py", b"x")], "version": lambda name: f"{name} 1"}
    first = made(**plain)
    assert first == made(**plain) and len(first) == DIGITS, "it is the same each time"
    others: dict[str, dict[str, object]] = {
        "source": {"engine_files": lambda folder: [("a.py", b"y")]},
        "name": {"engine_files": lambda folder: [("b.py", b"x")]},
        "one more": {"engine_files": lambda folder: [("a.py", b"x"), ("b.py", b"")]},
        "numpy": {"version": lambda name: f"{name} {2 if name == 'numpy' else 1}"},
        "msgpack": {"version": lambda name: f"{name} {2 if name == 'msgpack' else 1}"},
        "python": {"platform": types.SimpleNamespace(python_version=lambda: "9.9")},
        "own version": {"__version__": "9.9"},
    }
    same = [what for what, change in others.items() if made(**{**plain, **change}) == first]
    assert not same, f"these make records stale, too: {same}"
    seen: list[Path] = []

    def noted(folder: Path) -> list[tuple[str, bytes]]:
        seen.append(folder)
        return []

    made(**{**plain, "engine_files": noted})
    assert seen == [ROOT / "autograder"], f"the sources are those of the package: {seen}"
    assert engine_hash() is engine_hash(), "found once in a process"


COURSE = {
    "shared.py": "",
    "course.toml": "",
    "notes.txt": "",
    "a1/questions.py": "",
    "a1/reference.py": "",
    "a1/data/table.csv": "1,2",
    "a1/data/TABLE.csv": "1,2",
    "a1/data/__pycache__/x.pyc": "",
    "a1/.hidden": "",
    "a1/__pycache__/y.pyc": "",
    "a1/alternatives/other.py": "",
    "a1/equivalent.toml": "",
    "a1/public_checks.py": "",
    "a1/rubric.toml": "",
    "a1/statement.md": "",
    "a1/data/statement.md": "",
    "a2/questions.py": "",
}
ASKED = [
    "shared.py",
    "a1/data/TABLE.csv",
    "a1/data/statement.md",
    "a1/data/table.csv",
    "a1/questions.py",
    "a1/reference.py",
]


def test_sources_are_those_that_a_check_depends_on(tmp_path: Path) -> None:
    found = sources_of(package(tmp_path, COURSE), "a1")
    assert list(found) == ASKED, f"own ones by path, and modules of the course: {list(found)}"
    assert found["a1/data/table.csv"] == digest([b"1,2"]), "each with the hash of its content"
    (tmp_path / "a1" / "link").symlink_to(tmp_path / "nowhere")
    assert list(sources_of(tmp_path, "a1")) == ASKED, "what is neither file nor folder is none"


@dataclass(frozen=True, slots=True)
class Foreign(Value):
    """As a kind of another package, whose source is no part of the engine."""


def solution(
    folder: Path, close: str = "value", other: str = "value", gradient: bool = False, foreign: bool = False
) -> Solution:
    assignment = Assignment("a1", module="reference", title="The first")

    def numbers(rng: object, size: int) -> tuple[float, ...]:
        """Is right"""
        return (1.0,)

    if foreign:
        assignment.declare("f", Foreign(), points=1, close=close)(numbers)
    else:
        assignment.check("f", points=1, close=close)(numbers)
    assignment.check("g", points=1, close=other)(numbers)
    if gradient:
        assignment.gradient("f", of="g", wrt=["x"], like=numbers, points=1, name="slope")
    written = (WrittenAnswer("1", "The proof", "Prove it.", (Criterion(1.0, "Says why"),)),)
    return Solution(assignment, types.ModuleType("reference"), written, folder / "a1")


def hashes(solution: Solution, course: Course, seed: int) -> dict[str, str]:
    return exam_hashes(solution, course, seed, sources_hash(solution))


def course(**tolerances: Tolerance) -> Course:
    return Course(seed=1, tolerances={**TOLERANCES, **tolerances})


def test_what_is_asked_is_its_sources_its_seed_and_the_tolerances_that_it_uses(tmp_path: Path) -> None:
    package(tmp_path, COURSE)
    first = hashes(solution(tmp_path), course(), 1)
    assert list(first) == ["f", "g", "written_1"], f"each function, each written answer: {list(first)}"
    assert hashes(solution(tmp_path), course(), 1) == first, "the same each time"

    def changed(found: dict[str, str]) -> list[str]:
        return [name for name in first if found[name] != first[name]]

    other = Tolerance(1e-3, 1e-9)
    absolute = Tolerance(1e-6, 1e-3)
    assert changed(hashes(solution(tmp_path), course(), 2)) == ["f", "g"], "another seed, other cases"
    assert changed(hashes(solution(tmp_path), course(value=other), 1)) == ["f", "g"], "a tolerance that is used"
    assert changed(hashes(solution(tmp_path), course(value=absolute), 1)) == ["f", "g"], "both of its numbers"
    assert changed(hashes(solution(tmp_path), course(loose=other), 1)) == [], "one that nobody uses"
    assert changed(hashes(solution(tmp_path, close="loose"), course(), 1)) == ["f"], "one check uses another"
    assert changed(hashes(solution(tmp_path, other="loose"), course(), 1)) == ["g"], "or another one"
    assert changed(hashes(solution(tmp_path, close="absent"), course(), 1)) == ["f"], "or one that is not there"
    steep = hashes(solution(tmp_path, gradient=True), course(), 1)
    assert hashes(solution(tmp_path, gradient=True), course(differences=other), 1)["f"] != steep["f"], (
        "a kind may use tolerances of its own"
    )
    asked = replace(solution(tmp_path), written=(WrittenAnswer("1", "The proof", "Prove.", (Criterion(1.0, "Why"),)),))
    assert changed(hashes(asked, course(), 1)) == ["written_1"], "a task, or what is looked for"
    (tmp_path / "a1" / "reference.py").write_text("x = 1\n")
    assert changed(hashes(solution(tmp_path), course(), 1)) == ["f", "g"], "a source"
    (tmp_path / "a1" / "reference.py").write_text("")
    shutil.move(tmp_path / "a1" / "data", tmp_path / "a1" / "renamed")
    assert changed(hashes(solution(tmp_path), course(), 1)) == ["f", "g"], "a source's name"


def test_a_kind_of_another_package_counts_by_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, COURSE)
    first = hashes(solution(tmp_path, foreign=True), course(), 1)
    assert first["f"] != hashes(solution(tmp_path), course(), 1)["f"], "its source is part of what is asked"
    other = tmp_path / "a1" / "alternatives" / "other.py"  # no part of what is asked
    other.write_text("changed\n")
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, __name__, types.SimpleNamespace(__file__=str(other)))
        second = hashes(solution(tmp_path, foreign=True), course(), 1)
        assert second["f"] != first["f"] and second["g"] == first["g"], "it judges: a change makes records stale"
        patch.setitem(sys.modules, __name__, types.SimpleNamespace(__file__=None))
        third = hashes(solution(tmp_path, foreign=True), course(), 1)
    assert third["f"] == hashes(solution(tmp_path), course(), 1)["f"], "one without a file has none to count"


WORK = Work("a1/f.py", "f", {"f.py": b"x", "helper.py": b"y"}, answers="Because.", cells=("cell 1", "cell 2"))


@pytest.mark.parametrize(
    "change",
    [
        lambda work: replace(work, path="a2/f.py"),
        lambda work: replace(work, module="g"),
        lambda work: replace(work, files={"f.py": b"x"}),
        lambda work: replace(work, files={"f.py": b"x", "helper.py": b"z"}),
        lambda work: replace(work, files={"f.py": b"x", "other.py": b"y"}),
        lambda work: replace(work, answers=None),
        lambda work: replace(work, answers="Why?"),
        lambda work: replace(work, cells=("cell 2", "cell 1")),
    ],
)
def test_everything_that_was_handed_in_counts(change: Callable[[Work], Work]) -> None:
    assert work_hash(change(WORK), "") != work_hash(WORK, ""), f"another submission: {change(WORK)}"


def test_how_files_are_ordered_does_not_count() -> None:
    turned = replace(WORK, files={"helper.py": b"y", "f.py": b"x"})
    assert work_hash(turned, "") == work_hash(WORK, ""), "the same files are the same submission"


def test_why_nothing_was_handed_in_counts() -> None:
    found = {work_hash(None, ""), work_hash(None, "no file"), work_hash(WORK, ""), work_hash(WORK, "no file")}
    assert len(found) == 4, "a problem is a part of it, and no work is none"
    empty = Work("", "", {})
    assert work_hash(empty, "") != work_hash(None, ""), "an empty file is not none"


def test_each_assignment_has_its_own_hash() -> None:
    submission = Submission("anna", {"a1": WORK}, {"a2": "no file"})
    found = work_hashes(submission, ["a1", "a2", "a3"])
    wanted = {"a1": work_hash(WORK, ""), "a2": work_hash(None, "no file"), "a3": work_hash(None, "")}
    assert found == wanted, f"work, problem, or neither: {found}"
