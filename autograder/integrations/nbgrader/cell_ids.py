"""How cells are called: by nbgrader's ids, and by the questions of our records."""

from autograder.gradebook.marks import WRITTEN

# The test cell of a function, whose own cell is called as the function is.
CHECKS = "-checks"
SETUP = "public-checks"
# The mark of a cell of ours that only staff may see; it is never in a cell that students get or hand in.
STAFF = "autograder_staff"
# In the metadata of an autograded notebook: the hash of the result that it shows.
SHOWS = "autograder_shows"


def checks_id(function: str) -> str:
    """The id of the cell that carries a function's points."""
    return function + CHECKS


def question_of(grade_id: str) -> str:
    """The question of a graded cell: a function's name, or "written_4a"."""
    return grade_id.removesuffix(CHECKS)


def comment_cell(question: str) -> str:
    """The id of the cell that carries comments on a question: nbgrader keeps them with the student's own cell."""
    return question


def is_written(question: str) -> bool:
    """Whether a question is a written answer."""
    return question.startswith(WRITTEN)
