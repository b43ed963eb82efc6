"""What would change if a class were graded again, before anything of it is published."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from autograder.errors import StoreError
from autograder.gradebook.changes import Diff, compare
from autograder.gradebook.marks_file import MARKS
from autograder.grading.run import GROUPS, Begin, Done, grade

CHANGES_RECORDS = False


def preview(
    results: str | Path,
    submissions: str | Path,
    *,
    assignments: Sequence[str] | None = None,
    jobs: int | None = None,
    seed: int | None = None,
    solutions: str | Path | None = None,
    isolation: str | None = None,
    marks: str | Path | None = None,
    begin: Begin | None = None,
    done: Done | None = None,
) -> Diff:
    """Whose score would change if these submissions were graded now, as solutions, settings and engine stand.

    Args:
        results: a folder that `grade` wrote, which stays as it is.
        submissions, assignments, jobs, seed, solutions, isolation, marks, begin, done: as of `grade`.

    Raises:
        UsageError, SubmissionsError, SolutionsError, CourseError, MarksError, StoreError: nothing was graded, and why.
        BreachError: the sandbox does not hold what it promises; nothing was graded.
    """
    old = Path(results)
    if not any((old / "results").glob("*.json")):
        raise StoreError(f"{old} holds no records: give a folder that `autograder grade` wrote.")
    # Into a folder that is thrown away; what is up to date is taken over, and not graded again.
    with tempfile.TemporaryDirectory(prefix="autograder-diff-") as folder:
        new = Path(folder) / "new"
        for name in ("results", "run.json", MARKS, GROUPS):
            source = old / name
            if source.is_dir():
                shutil.copytree(source, new / name)
            elif source.exists():
                new.mkdir(exist_ok=True)
                shutil.copy(source, new / name)
        grade(
            submissions,
            new,
            assignments=assignments,
            jobs=jobs,
            seed=seed,
            solutions=solutions,
            isolation=isolation,
            marks=marks,
            begin=begin,
            done=done,
        )
        return compare(old, new, marks=marks, solutions=solutions)
