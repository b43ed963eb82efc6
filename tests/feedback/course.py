"""Grades submissions of the small course, for the tests of what is shown of them."""

from collections.abc import Mapping
from pathlib import Path

from autograder.grading.run import Results, grade
from tests.small import REFERENCE as REFERENCE
from tests.small import SOLUTIONS

# Wrong in each way that a record can tell, every function once.
WRONG = (
    REFERENCE.replace("np.sum(x**2)", "np.sum(x**2) + 0.5")
    .replace("return 2.0 * x", "return 2.0 * x + (1 + np.arange(len(x))) / 7")
    .replace("float(np.sqrt(x))", "float(np.sqrt(x)) * 1.5")
    .replace('("<=", lambda', '("=", lambda')
    .replace("np.mean(x)", "np.max(x)")
)

# Everything that a submission controls carries its arguments.
TELLING = """
class Telling(Exception): pass
def total(x): raise Telling(repr(x))
def total_grad(x): return [repr(x)]
def root(x): return x * 1.5
def fit(x, seed): return type(repr(list(x)), (), {})()
def bound(): return [(repr(1.25), lambda x, y, s, e: x)] * 4
"""


def graded(folder: Path, submissions: Mapping[str, str], answers: Mapping[str, str] | None = None) -> Results:
    """Results of the small course; `answers` are the sheets of some students."""
    for student, source in submissions.items():
        own = folder / "submissions" / student
        own.mkdir(parents=True)
        (own / "squares.py").write_text(source)
        if answers and student in answers:
            (own / "answers.md").write_text(answers[student])
    return grade(folder / "submissions", folder / "out", solutions=SOLUTIONS, jobs=1)
