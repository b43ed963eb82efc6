"""Makes what students receive from the staff's folder: one source, so that nothing drifts."""

from collections.abc import Mapping
from pathlib import Path

from autograder.course.rubric import WrittenAnswer, read_rubric
from autograder.course.settings import Course, read_course
from autograder.course.solutions import load_solutions
from autograder.errors import CourseError, HandoutError, RubricError, SolutionsError
from autograder.files.writing import write_whole
from autograder.handout.common_sections import (
    DERIVATION_HERE,
    FUNCTIONS_HERE,
    HAND_IN_HERE,
    START_HERE,
    WRITTEN,
    WRITTEN_HERE,
    HandoutNames,
    function_table,
    hand_in,
    start,
    who_marks,
)
from autograder.handout.derivation_section import DERIVATION
from autograder.handout.handed_out_list import with_handout
from autograder.handout.material import Material, materials
from autograder.handout.notebook_file import ANSWERS_HEAD, answer_task, notebook
from autograder.handout.otter_tests import otter_tests
from autograder.handout.statement_page import statement_page
from autograder.handout.stub import stub
from autograder.students.grader_file import GRADER_FILE, grader_text
from autograder.submissions.numpy_names import version
from autograder.submissions.rules import Rules
from autograder.submissions.unwritten import YOUR_ANSWER


def _points(material: Material) -> Mapping[str, float]:
    """The points of each function; none where the folder holds a handout alone, and no questions.

    Raises:
        HandoutError: the questions are wrong.
    """
    if not (material.folder / "questions.py").exists():
        return {}
    try:
        (solution,) = load_solutions(material.folder.parent, [material.name])
    except SolutionsError as error:
        raise HandoutError(str(error)) from error
    points: dict[str, float] = {}
    for check in solution.assignment.checks:
        points[check.function] = points.get(check.function, 0.0) + check.points
    return points


def answer_sheet(answers: tuple[WrittenAnswer, ...]) -> str:
    """The file for written answers: task, points, and room to write."""
    parts = [f"{ANSWERS_HEAD}\n"]
    parts += [f"{answer_task(answer)}\n\n{YOUR_ANSWER}\n\n" for answer in answers]
    return "\n".join(parts).rstrip() + "\n"


def _course(solutions: Path) -> Course | None:
    """The course's settings; None where there are none.

    Raises:
        HandoutError: `course.toml` is wrong.
    """
    if not (solutions / "course.toml").exists():
        return None
    try:
        return read_course(solutions / "course.toml")
    except CourseError as error:
        raise HandoutError(str(error)) from error


def grader_file(course: Course | None) -> dict[str, str]:
    """The file that says with what the course grades, by its name; nothing where `course.toml` does not say it."""
    if course is None or course.grader is None:
        return {}
    return {GRADER_FILE: grader_text(Rules(version(course.grader.python), version(course.grader.numpy)))}


def files_of(material: Material) -> dict[str, str]:
    """What students get for one assignment, by path in its folder.

    Raises:
        HandoutError: a source is missing or wrong.
    """
    source = material.text(f"{material.module}.py")
    statement = material.text("statement.md")
    if FUNCTIONS_HERE not in statement:
        raise HandoutError(f"{material.folder / 'statement.md'} has no line {FUNCTIONS_HERE}")
    course = _course(material.folder.parent)
    try:
        answers = read_rubric(material.folder / "rubric.toml")
        made = stub(source, f"{material.module}.py")
    except RubricError as error:
        raise HandoutError(str(error)) from error
    except SyntaxError as error:
        raise HandoutError(f"{material.folder / material.module}.py: {error}") from error
    checks = material.text("public_checks.py")
    tests = otter_tests(checks, material.module, list(made.functions))
    install = "" if course is None else course.install
    names = HandoutNames(material.name, material.module, next(iter(made.functions)), install)
    points = _points(material)
    written = {answer.id: answer.points for answer in answers}
    table = f"{function_table(source, points)}\n\n{who_marks(points, written)}".rstrip()
    sections = {
        FUNCTIONS_HERE: table,
        START_HERE: start(names),
        DERIVATION_HERE: DERIVATION,
        WRITTEN_HERE: WRITTEN,
        HAND_IN_HERE: hand_in(names),
    }
    for here, section in sections.items():
        statement = statement.replace(here, section)
    return {
        "README.md": statement,
        "README.html": statement_page(material.name, statement),
        f"{material.module}.py": made.module,
        f"{material.module}.ipynb": notebook(names, statement, made, answers, {Path(name).stem for name in tests}),
        f"test_{material.module}.py": checks,
        "answers.md": answer_sheet(answers),
        **grader_file(course),
        **{f"tests/{name}": text for name, text in tests.items()},
    }


def handouts_of(solutions: Path) -> dict[str, dict[str, bytes]]:
    """What students get, by assignment and path in its folder.

    Raises:
        HandoutError: a source is missing or wrong.
    """
    return {
        material.name: {file: text.encode() for file, text in files_of(material).items()}
        for material in materials(solutions)
    }


def make_handout(solutions: Path, out: Path) -> None:
    """Write the students' folders, and the list of what was handed out; where anything is wrong, the old files stay.

    Raises:
        HandoutError: a source is missing or wrong, or a file cannot be written.
        SettingsError: that list is damaged.
    """
    handouts = handouts_of(solutions)
    made = {out / name / file: data for name, files in handouts.items() for file, data in files.items()}
    listed, data = with_handout(solutions, handouts)
    made[listed] = data
    before: dict[Path, bytes | None] = {}
    try:
        for path, data in made.items():
            old = path.read_bytes() if path.is_file() else None
            if old != data:
                write_whole(path, data)
                before[path] = old
    except BaseException as error:
        for path, old in before.items():
            path.unlink() if old is None else write_whole(path, old)
        if isinstance(error, OSError):
            raise HandoutError(f"{path} cannot be written ({error.strerror}); the old files stay") from error
        raise


def drift(solutions: Path, out: Path) -> list[str]:
    """What in the students' folders is not as `make_handout` would write it, one line a file."""
    found = materials(solutions)
    problems = _surplus(out, {material.name for material in found})
    for material in found:
        files = files_of(material)
        for file, text in files.items():
            path = out / material.name / file
            if not path.exists():
                problems.append(f"{path} is missing; run `autograder handout`")
            elif path.read_bytes() != text.encode():
                problems.append(f"{path} has drifted from {material.folder}; run `autograder handout`")
        folders = {Path(file).parent for file in files}
        for folder in sorted(folders):
            own = {path.parts[len(folder.parts)] for path in map(Path, files) if path.is_relative_to(folder)}
            problems += _surplus(out / material.name / folder, own)
    return problems


def _surplus(folder: Path, expected: set[str]) -> list[str]:
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    strangers = [name for name in names if name not in expected and not name.startswith((".", "__"))]
    return [f"{folder / name} belongs to no handout; remove it" for name in strangers]
