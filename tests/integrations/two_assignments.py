"""A small course of two assignments, of which one can be broken while the other is graded."""

import shutil
from pathlib import Path

from tests.small.making import course

GRADED, OTHER = "b1_squares", "b2_cubes"


def two_assignments(folder: Path) -> Path:
    """The small course, and its assignment once more under another name."""
    made = course(folder)
    shutil.copytree(made / GRADED, made / OTHER)
    (made / OTHER / "squares.py").rename(made / OTHER / "cubes.py")
    questions = made / OTHER / "questions.py"
    text = questions.read_text()
    questions.write_text(text.replace(f'"{GRADED}", module="squares"', f'"{OTHER}", module="cubes"'))
    assert questions.read_text() != text, "the second assignment has a name of its own"
    return made


def break_rubric(made: Path) -> Path:
    """Break the rubric of the other assignment; returns its path."""
    rubric = made / OTHER / "rubric.toml"
    rubric.write_text(rubric.read_text().replace("points = 2", "points = 0"))
    return rubric
