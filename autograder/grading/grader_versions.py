"""Whether work is graded with the Python and NumPy that students were told of."""

from autograder.course.settings import Course
from autograder.submissions.numpy_names import version
from autograder.submissions.rules import Rules, dotted


def versions_note(course: Course) -> list[str]:
    """What a person must know where it is not; at most one line.

    Args:
        course: whose `grader` says what students were told.
    """
    if course.grader is None:
        return []
    told, here = (version(course.grader.python), version(course.grader.numpy)), Rules.here()
    if told == (here.python, here.numpy):
        return []
    return [
        f"course.toml says that work is graded with Python {course.grader.python} and NumPy {course.grader.numpy}, and "
        f"here are Python {dotted(here.python)} and NumPy {dotted(here.numpy)}: students were told of other rules. "
        "Grade with those, or change [grader] and make the handout again."
    ]
