"""Makes a course folder for nbgrader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from autograder.course.settings import read_course
from autograder.course.solutions import load_solutions
from autograder.errors import CourseExistsError, HandoutError
from autograder.files.writing import write_whole
from autograder.gradebook.policy import due_of
from autograder.handout import materials
from autograder.integrations.nbgrader.config import CONFIG, config_text
from autograder.integrations.nbgrader.source_notebooks import source_files


@dataclass(frozen=True)
class MadeCourse:
    """What was written, and what was there already."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def make_course(
    course: Path,
    solutions: Path,
    *,
    course_id: str = "",
    exchange: Path | None = None,
    names: Sequence[str] | None = None,
    force: bool = False,
) -> MadeCourse:
    """Write the settings and the source notebooks.

    Args:
        course: the folder; made where there is none.
        solutions: the references.
        course_id: nbgrader's name of the course; default: the folder's.
        exchange: nbgrader's exchange; default: its own.
        names: of assignments; default all.
        force: write source notebooks anew that were changed. Settings are never written anew.

    Raises:
        CourseExistsError: a notebook was changed by hand. Nothing was written.
        HandoutError, SolutionsError: a source is missing or wrong.
    """
    solutions = solutions.resolve()
    loaded = {solution.assignment.name: solution for solution in load_solutions(solutions, names)}
    found = [material for material in materials(solutions) if material.name in loaded]
    if len(found) < len(loaded):
        missing = sorted(set(loaded) - {material.name for material in found})
        raise HandoutError(f"{solutions / missing[0]} has no statement.md, which its notebook begins with")
    files = {
        course / "source" / material.name / name: text.encode()
        for material in found
        for name, text in source_files(material, loaded[material.name]).items()
    }
    changed = [path for path, data in files.items() if path.exists() and path.read_bytes() != data]
    if changed and not force:
        raise CourseExistsError(f"{changed[0]} differs from what would be written; --force writes it anew")
    settings = course / CONFIG
    if not settings.exists():
        files[settings] = config_text(course_id or course.resolve().name, solutions, exchange).encode()
    kept = [path for path, data in files.items() if path.exists() and path.read_bytes() == data]
    kept += [settings] if settings not in files else []
    written = [path for path in files if path not in kept]
    for path in written:
        write_whole(path, files[path])
    return MadeCourse(tuple(written), tuple(kept))


def record_due_dates(course: Path, solutions: Path) -> list[str]:
    """Put the due dates of `course.toml` into the gradebook; returns the assignments that have one."""
    rules = read_course(solutions / "course.toml")
    due = {name: due_of(rules, "", name) for name, terms in rules.assignments.items() if terms.due}
    if not due:
        return []
    from nbgrader.api import Gradebook

    from autograder.integrations.nbgrader.running import opened

    with opened(course) as app, Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        for name, at in due.items():
            if at is not None:
                gradebook.update_or_create_assignment(name, duedate=at.astimezone(UTC).replace(tzinfo=None))
    return sorted(due)
