"""Reads the staff's folder of solutions: one package per assignment, found by its `questions.py`."""

import importlib
import traceback
import types
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring import Assignment
from autograder.course.modules import package_of
from autograder.course.rubric import WrittenAnswer, read_rubric
from autograder.course.settings import Course, read_course
from autograder.errors import SolutionsError
from autograder.forking import undisturbed


@dataclass(frozen=True, slots=True)
class Solution:
    """An assignment as declared, with its reference and its written answers."""

    assignment: Assignment
    reference: types.ModuleType
    written: tuple[WrittenAnswer, ...]
    folder: Path


def _where(folder: Path, name: str, error: Exception) -> str:
    """The file and line of the staff's own that an error came from, or the assignment's folder."""
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        places.append((error.filename, error.lineno))
    own = [(path, line) for file, line in places if (path := Path(file).resolve()).is_relative_to(folder.resolve())]
    if not own:
        return str(folder / name)
    path, line = own[-1]
    return f"{folder / path.relative_to(folder.resolve())}, line {line}"


def find_solutions(start: Path | None = None) -> Path:
    """The folder `solutions` here, in a folder above, or beside the package.

    Raises:
        SolutionsError: there is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if any((folder / "solutions").glob("*/questions.py")):
            return folder / "solutions"
    raise SolutionsError(
        f"no folder `solutions` in {here} or above it; grading needs the references, name their folder with --solutions"
    )


def course_at(solutions: str | Path | None) -> Course:
    """The settings of the course in a folder of solutions; default: the nearest `solutions`.

    Raises:
        SolutionsError: there is none.
        CourseError: they cannot be used.
    """
    return read_course((Path(solutions) if solutions else find_solutions()) / "course.toml")


def assignment_names(folder: Path) -> list[str]:
    """The names of the assignments in a folder of solutions."""
    return sorted(path.parent.name for path in folder.glob("*/questions.py"))


def _load(folder: Path, package: str, name: str) -> Solution:
    package = f"{package}.{name}"
    try:
        questions = importlib.import_module(f"{package}.questions")
        declared = [value for value in vars(questions).values() if isinstance(value, Assignment)]
        if len(declared) != 1:
            raise SolutionsError(
                f"{folder / name / 'questions.py'} declares {len(declared)} assignments; one is needed"
            )
        reference = importlib.import_module(f"{package}.{declared[0].module}")
        if (folder / name / "mistakes.py").exists():
            importlib.import_module(f"{package}.mistakes")
    except SolutionsError:
        raise
    except Exception as error:
        raise SolutionsError(f"{_where(folder, name, error)}: {type(error).__name__}: {error}") from error
    assignment = declared[0]
    if assignment.name != name:
        raise SolutionsError(f"{folder / name / 'questions.py'} declares {assignment.name!r}; its folder is {name!r}")
    for mistake in (*assignment.mistakes, *assignment.wrongs):
        if mistake.function not in assignment.functions:
            raise SolutionsError(f"{folder / name / 'mistakes.py'}: nothing is asked of {mistake.function}")
    for function in assignment.functions:
        if not callable(getattr(reference, function, None)):
            raise SolutionsError(f"{folder / name / assignment.module}.py has no function {function}")
    rubric = folder / name / "rubric.toml"
    written = read_rubric(rubric) if rubric.exists() else ()
    for answer in written:
        if answer.derivation and answer.derivation not in assignment.functions:
            raise SolutionsError(f"{rubric}: answer {answer.id!r} names a derivation that is not asked")
    return Solution(assignment, reference, written, folder / name)


def refuse_unknown(names: Sequence[str], known: Sequence[str]) -> None:
    """Raises SolutionsError where a name is not that of an assignment."""
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SolutionsError(f"no assignment is named {unknown[0]!r}; there are: {', '.join(known)}")


def load_solutions(folder: Path, names: Sequence[str] | None = None) -> list[Solution]:
    """The solutions of the assignments in `names` (default: all), in order of their names, as they stand now.

    Raises:
        SolutionsError: an unknown name, or a declaration that cannot be used.
    """
    known = assignment_names(folder)
    if not known:
        raise SolutionsError(f"{folder} holds no assignment: none of its folders has a questions.py")
    refuse_unknown(names or (), known)
    # What is imported, and what it does to the process while it is, is no other thread's business.
    with undisturbed():
        package = package_of(folder)
        return [_load(folder, package, name) for name in known if not names or name in names]
