"""Known mistakes are tried on the public checks, and what these let pass is stated."""

from pathlib import Path

import pytest

from autograder.audit.findings import Counter
from autograder.audit.public_trials import CHECKS, public_trials
from autograder.audit.report import print_findings
from autograder.audit.standards import Standards
from autograder.course.solutions import Solution, load_solutions
from autograder.errors import SolutionsError
from tests.repository import SOLUTIONS
from tests.small.making import course

MISTAKES = '''
"""Two mistakes."""
import numpy as np
from .questions import b1

@b1.mistake("total", "The squares, not their sizes.")
def sizes(x):
    return float(np.sum(np.abs(x)))

@b1.mistake("total", "A sum, not a mean.")
def mean(x):
    return float(np.mean(np.square(x)))

@b1.mistake("root", "Nothing is halved here.")
def halved(x):
    return x / 2
'''
PUBLIC = '''
"""One check."""
import numpy as np
import squares
from autograder.public import expect

def test_total__by_hand() -> None:
    """Is 9 for one 3"""
    expect(squares.total, np.array([3.0]), gives=9.0, because="3 * 3")
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = course(tmp_path / "solutions")
    (home / "b1_squares" / "mistakes.py").write_text(MISTAKES)
    (home / "b1_squares" / CHECKS).write_text(PUBLIC)
    return home


def loaded(folder: Path) -> Solution:
    (found,) = load_solutions(folder, None)
    return found


def test_what_is_noticed_what_passes_and_what_nobody_looks_at(folder: Path) -> None:
    found = {trial.mistake.name: trial.noticed for trial in public_trials(loaded(folder))}
    assert found == {"sizes": True, "mean": False, "halved": None}, f"one number has no mean that differs: {found}"


def test_it_is_counted_stated_and_held_against_a_standard(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counter = Counter({("b1_squares", "total"): {}})
    for trial in public_trials(loaded(folder)):
        counter.add_public(trial)
    assert not counter.findings(Standards(alternatives=0)).problems, "stated only, where nothing is asked for"
    found = counter.findings(Standards(alternatives=0, public=0.9))
    assert [text for text in found.problems if "50.00% of the known mistakes are noticed" in text], f"{found.problems}"
    print_findings(found)
    said = capsys.readouterr().out
    assert "known mistakes that the public checks let pass: 1" in said, f"a list: {said}"
    assert "mean: A sum, not a mean." in said, f"with its hint: {said}"


def test_a_reference_that_does_not_pass_is_refused(folder: Path) -> None:
    (folder / "b1_squares" / CHECKS).write_text(PUBLIC.replace("gives=9.0", "gives=8.0"))
    with pytest.raises(SolutionsError, match="the reference does not pass a public check of total"):
        public_trials(loaded(folder))
    (folder / "b1_squares" / CHECKS).write_text("import nothing_of_this_name\n")
    with pytest.raises(SolutionsError, match="cannot be read: ModuleNotFoundError"):
        public_trials(loaded(folder))


def test_without_public_checks_nothing_is_said(tmp_path: Path) -> None:
    assert public_trials(loaded(course(tmp_path / "solutions"))) == [], "the small course has neither"


def test_what_students_are_known_to_do_wrong_is_noticed_before_they_hand_in() -> None:
    solutions = load_solutions(SOLUTIONS, None)
    passed = {trial.mistake.name for solution in solutions for trial in public_trials(solution) if not trial.noticed}
    assert not passed, f"public checks say nothing of these: {passed}"
