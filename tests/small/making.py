"""Small classes and courses, to be graded in one process."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.grading.run import Results, grade
from tests.small import REFERENCE, SOLUTIONS

WRONG = REFERENCE.replace("np.sum(x**2)", "np.sum(np.abs(x))")
ANSWERS = "# Written answers\n\n## 1. The proof (2 points)\n\nProve the bound.\n\n*Your answer:*\n\n{}\n"


def course(folder: Path, settings: str = "", top: str = "") -> Path:
    """A copy of the small course: `top` goes before its tables, `settings` after them."""
    shutil.copytree(SOLUTIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / "course.toml"
    file.write_text(file.read_text().replace("seed = 1\n", f"seed = 1\n{top}\n") + f"\n{settings}\n")
    return folder


def hand_in(folder: Path, works: Mapping[str, str], answers: Mapping[str, str] | None = None) -> Path:
    """A folder of submissions: by student the source of squares.py, and what they write on the proof."""
    for student, source in works.items():
        (folder / student).mkdir(parents=True, exist_ok=True)
        (folder / student / "squares.py").write_text(source)
        if answers and student in answers:
            (folder / student / "answers.md").write_text(ANSWERS.format(answers[student]))
    return folder


def run(submissions: Path, out: Path, solutions: Path = SOLUTIONS, **options: Any) -> Results:
    """Grade in one process, without isolation: these submissions are ours."""
    return grade(submissions, out, solutions=solutions, **{"isolation": "none", "jobs": 1, **options})


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder of results but the run's own, which depends on the clock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }
