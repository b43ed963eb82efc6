"""Students are told with what the course grades, and assistants where it is graded with something else."""

from pathlib import Path

import pytest

from autograder.course.settings import read_course
from autograder.errors import CourseError
from autograder.grading.grader_versions import versions_note
from autograder.submissions.rules import Rules, dotted
from tests.small import REFERENCE
from tests.small.making import course as small_course
from tests.small.making import hand_in, run

COURSE = """seed = 1
[tolerances]
value = { relative = 1e-9, absolute = 1e-12 }
derivation = { relative = 1e-9, absolute = 1e-12 }
differences = { relative = 1e-5, absolute = 1e-7 }
"""


def course(folder: Path, more: str = "") -> Path:
    path = folder / "course.toml"
    path.write_text(COURSE + more)
    return path


def test_another_python_or_numpy_is_told_to_who_grades(tmp_path: Path) -> None:
    here = Rules.here()
    python, numpy = dotted(here.python), dotted(here.numpy)
    for told_python, told_numpy, is_told in ((python, numpy, False), ("3.2", numpy, True), (python, "1.2", True)):
        more = f'[grader]\npython = "{told_python}"\nnumpy = "{told_numpy}"\n'
        found = versions_note(read_course(course(tmp_path, more)))
        assert bool(found) == is_told, f"{told_python} and {told_numpy}, with {python} and {numpy} here: {found}"
        for number in (told_python, told_numpy, python, numpy):
            assert not found or number in found[0], f"{number} must be told: {found}"
    assert versions_note(read_course(course(tmp_path))) == [], "nobody was told of anything"


def test_a_run_tells_it(tmp_path: Path) -> None:
    solutions = small_course(tmp_path / "solutions", '[grader]\npython = "3.2"\nnumpy = "1.2"')
    found = run(hand_in(tmp_path / "in", {"ann": REFERENCE}), tmp_path / "out", solutions=solutions)
    assert any("is graded with Python 3.2 and NumPy 1.2" in note for note in found.notes), f"{found.notes}"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[grader]\npython = "3"\nnumpy = "2.4"\n', "grader.python is '3'; it is a version of two numbers"),
        ('[grader]\npython = "3.11"\nnumpy = 2.4\n', "grader.numpy must be a text"),
        ('[grader]\npython = "3.11"\n', "grader.numpy is missing"),
        ('[grader]\npyton = "3.11"\nnumpy = "2.4"\n', "did you mean python?"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, more: str, told: str) -> None:
    with pytest.raises(CourseError) as caught:
        read_course(course(tmp_path, more))
    assert told in str(caught.value), f"{told!r} must be told: {caught.value}"
