"""A record after a task: what was graded anew, what is kept of the record before, and what is not."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from autograder.authoring import Assignment
from autograder.course.rubric import Criterion, WrittenAnswer
from autograder.course.solutions import Solution
from autograder.grading import plan
from autograder.grading.plan import LoadedCourse, merge, summed
from autograder.records.record import Result
from autograder.submissions import HandedIn
from tests.gradebook.made_up import assignment, check, function, record, settings, written


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "engine_hash", lambda: "now")


def solution(name: str) -> Solution:
    made = Assignment(name, module="m", title=name.upper())

    def case(rng: object, size: int) -> tuple[float]:
        """Is right"""
        return (1.0,)

    for asked in ("f", "g"):
        made.check(asked, points=2)(case)
    answers = (WrittenAnswer("1", "The proof", "Prove it.", (Criterion(1.0, "Says why"),)),)
    return Solution(made, plan, answers, Path(name))


def loaded(*names: str) -> LoadedCourse:
    made = LoadedCourse(Path(), settings(), tuple(map(solution, names)), names, {}, {})
    made._hashes[""] = {name: {"f": "hash-f", "g": "hash-g", "written_1": "hash-1"} for name in names}
    return made


def part(name: str, f: float | None = None, g: float | None = None, **given: Any) -> Any:
    scores = {"f": f, "g": g}
    asked = [function(n, check("values", s, 2.0)) for n, s in scores.items() if s is not None]
    return assignment(name, *asked, **given)


def scores(found: Result) -> dict[str, float]:
    return {f"{a.name}.{q.function}": q.score for a in found.assignments for q in a.questions}


def test_what_was_graded_anew_replaces_what_was_there() -> None:
    old, new = record(part("a", 1.0, 2.0)), record(part("a", 2.0))
    found = merge(loaded("a"), old, new)
    assert scores(found) == {"a.f": 2.0, "a.g": 2.0}, f"one function anew, the other kept: {scores(found)}"
    assert (found.score, found.max_score, found.assignments[0].score) == (4.0, 4.0, 4.0), f"summed anew: {found}"
    stamps = [(q.exam, q.engine) for q in found.assignments[0].questions]
    assert stamps == [("hash-f", "now"), ("x", "e")], f"what is new is stamped, what is kept keeps its own: {stamps}"


def test_nothing_of_another_submission_is_kept() -> None:
    old, new = record(part("a", 1.0, 2.0, submission="before")), record(part("a", 2.0, submission="after"))
    found = merge(loaded("a"), old, new)
    assert scores(found) == {"a.f": 2.0}, f"what was said of other work is not said of this: {scores(found)}"
    assert found.assignments[0].submission == "after", "it is of the new one"


def test_other_assignments_are_kept_as_they_were() -> None:
    old = record(part("a", 1.0), part("b", 0.5, at="then", late=True))
    new = record(part("a", 2.0), handed_in=HandedIn(at="now", late=False))
    found = merge(loaded("a", "b"), old, new)
    assert scores(found) == {"a.f": 2.0, "b.f": 0.5}, f"{scores(found)}"
    assert [(a.at, a.late) for a in found.assignments] == [("now", False), ("then", True)], "each with its own time"
    assert (found.score, found.max_score) == (2.5, 4.0), f"the total is of both: {found}"
    untimed = merge(loaded("a", "b"), old, record(part("a", 2.0, at="old", late=True)))
    assert [(a.at, a.late) for a in untimed.assignments] == [("", None), ("then", True)], "without a platform, none"


def test_assignments_and_functions_stand_in_the_order_of_what_is_asked() -> None:
    old, new = record(part("b", 1.0), part("gone", 1.0)), record(part("c", 1.0), part("a", g=1.0))
    found = merge(loaded("a", "b", "c"), old, new)
    assert [a.name for a in found.assignments] == ["a", "b", "c"], f"and what is asked no more is gone: {found}"
    swapped = merge(loaded("a"), record(part("a", 1.0)), record(part("a", g=2.0)))
    assert [q.function for q in swapped.assignments[0].questions] == ["f", "g"], "functions, too"
    first = merge(loaded("a"), None, record(part("a", 1.0, 2.0)))
    assert scores(first) == {"a.f": 1.0, "a.g": 2.0}, "a first record keeps nothing"
    proof = record(assignment("a", function("f", check("values", 1.0, 2.0)), written("written_1", 1.0)))
    kept = merge(loaded("a"), proof, record(part("a", 2.0)))
    assert [q.function for q in kept.assignments[0].questions] == ["f", "written_1"], "a written answer is kept, too"


def test_a_failure_of_the_grader_is_no_score() -> None:
    found = merge(loaded("a", "b"), record(part("b", 1.0)), replace(record(part("a", 1.0)), score=None))
    assert (found.score, found.max_score) == (None, 4.0), f"our fault is no zero: {found}"


def test_sums_have_no_dust() -> None:
    thirds = assignment("a", *(function(str(n), check("values", 0.1, 0.1)) for n in range(3)))
    found = summed(msgspec.structs.replace(thirds, score=9.0, max_score=9.0))
    assert (found.score, found.max_score) == (0.3, 0.3), f"0.1 three times is 0.3: {found}"
