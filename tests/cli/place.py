"""A course, a student's hand-in, results and a student's folder, on which every verb of the command works."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.cli import main
from tests.small import REFERENCE, SOLUTIONS
from tests.students.folders import RIGHT, small

ASSIGNMENT = "b1_squares"
# Such as leaks into nothing by chance.
SEED = 90210417
CHECKS = '''"""Public checks."""
import squares as m
from autograder.public import expect

def test_root__four() -> None:
    """Is two for four"""
    expect(m.root, 4.0, gives=2.0, because="2 times 2 is 4")
'''


@dataclass(frozen=True)
class Place:
    """One folder that holds all of it."""

    root: Path

    @property
    def course(self) -> Path:
        """The folder of the references."""
        return self.root / "solutions"

    @property
    def assignment(self) -> Path:
        """The folder of the one assignment."""
        return self.course / ASSIGNMENT

    @property
    def submissions(self) -> Path:
        """What was handed in."""
        return self.root / "submissions"

    @property
    def results(self) -> Path:
        """What `grade` wrote."""
        return self.root / "results"

    @property
    def student(self) -> Path:
        """A student's own folder."""
        return self.root / "student"

    @property
    def new(self) -> Path:
        """Where nothing is yet."""
        return self.root / "new"


def make(root: Path) -> Place:
    """Everything, graded once."""
    place = Place(root)
    shutil.copytree(SOLUTIONS, place.course, ignore=shutil.ignore_patterns("__pycache__"))
    settings = place.course / "course.toml"
    settings.write_text(settings.read_text().replace("seed = 1\n", f"seed = {SEED}\n"))
    (place.assignment / "statement.md").write_text("# Sums of squares\n\n<!-- functions -->\n")
    (place.assignment / "public_checks.py").write_text(CHECKS)
    (place.submissions / "anna").mkdir(parents=True)
    (place.submissions / "anna" / "squares.py").write_text(REFERENCE)
    small(place.student, small_py=RIGHT)
    assert main(COMMANDS["grade"](place)) == 0, "the class must be graded"
    place.new.rename(place.results)
    return place


# By name: the verb, and the form of it that meets a fault.
COMMANDS: dict[str, Callable[[Place], list[str]]] = {
    "grade": lambda at: ["grade", f"{at.submissions}", "--out", f"{at.new}", *_grading(at)],
    "mark": lambda at: ["mark", f"{at.results}", "--doubts", *_solutions(at)],
    "mark --template": lambda at: ["mark", f"{at.results}", "--template", f"{at.new}", *_solutions(at)],
    "report": lambda at: ["report", f"{at.results}"],
    "diff": lambda at: ["diff", f"{at.results}", f"{at.results}", *_solutions(at)],
    "diff --against": lambda at: ["diff", f"{at.results}", "--against", f"{at.submissions}", *_grading(at)],
    "export": lambda at: ["export", f"{at.results}", "--to", "csv", "--out", f"{at.new}", *_solutions(at)],
    "similar": lambda at: ["similar", f"{at.submissions}", "--out", f"{at.new}", *_solutions(at)],
    "check": lambda at: ["check", f"{at.student}"],
    "pack": lambda at: ["pack", f"{at.student}", "--out", f"{at.new}"],
    "doctor": lambda at: ["doctor"],
    "handout": lambda at: ["handout", "--out", f"{at.new}", *_solutions(at)],
    "handout --zip": lambda at: ["handout", "--zip", "--out", f"{at.new}", *_solutions(at)],
    "handout --otter": lambda at: ["handout", "--out", f"{at.root / 'hand'}", "--otter", f"{at.new}", *_solutions(at)],
    "audit": lambda at: ["audit", "--jobs", "1", "--seeds", "1", "--json", f"{at.new}", *_solutions(at)],
    "nbgrader init": lambda at: ["nbgrader", "init", f"{at.new}", *_solutions(at)],
    "nbgrader grade": lambda at: ["nbgrader", "grade", f"{at.new}"],
    "gradescope build": lambda at: ["gradescope", "build", "--out", f"{at.new}", *_solutions(at)],
}


def _solutions(place: Place) -> list[str]:
    return ["--solutions", f"{place.course}"]


def _grading(place: Place) -> list[str]:
    return ["--jobs", "1", "--isolation", "none", *_solutions(place)]
