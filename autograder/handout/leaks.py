"""Looks for what must not reach students, in the bytes that they get."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.course.rubric import read_rubric
from autograder.course.settings import read_course
from autograder.errors import CourseError, HandoutError
from autograder.handout.material import Material, materials
from autograder.handout.notebook_file import CELL_METADATA, METADATA
from autograder.handout.rendering import files_of
from autograder.handout.stub import is_public
from autograder.submissions.notebook_reader import decoded, metadata_of
from autograder.submissions.tree import RefusedError

# Shorter lines (`return 0.0`, `else:`) are in everybody's code and give nothing away.
SHORTEST_TELLING_LINE = 25
# A row of names, quoted or not, and a rule drawn in a comment.
TELLS_NOTHING = re.compile(r"[(\[]?[\w,\"]*[)\]]?|[^A-Za-z]*")
MACHINE_PATH = re.compile(r"(?<![\w./])/(?:home|root|work|tmp|Users|mnt|opt)/[\w.]|(?<!\w)[A-Za-z]:\\\\?Users\\")


def _open_lines(tree: ast.Module) -> set[int]:
    """The lines of a staff module that are no secret: docstrings, imports, and the signatures of public functions."""
    ranges: list[tuple[int, int]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            ranges.append((node.lineno, node.end_lineno or node.lineno))
        if isinstance(node, ast.FunctionDef) and is_public(node):
            # Not up to the body: a comment between the two is as secret as the body.
            parts = [part for part in (*ast.walk(node.args), node.returns) if isinstance(part, ast.expr | ast.arg)]
            end = max((part.end_lineno or 0 for part in parts), default=node.lineno)
            ranges.append((node.lineno, min(end, node.body[0].lineno - 1)))
        if isinstance(node, ast.Module) or (isinstance(node, ast.FunctionDef) and is_public(node)):
            docstring = node.body[0] if ast.get_docstring(node) is not None else None
            ranges += [] if docstring is None else [(docstring.lineno, docstring.end_lineno or docstring.lineno)]
    return {number for first, last in ranges for number in range(first, last + 1)}


def _private_lines(source: str) -> set[str]:
    """The telling lines of a staff module: as they stand there, comments with them, and as Python writes statements.

    The two differ in brackets and line breaks, and either may be what reaches a student.
    """
    tree = ast.parse(source)
    public = _open_lines(tree)
    written = list(enumerate(source.splitlines(), start=1))
    lines = {line for number, line in written if number not in public}
    for node in ast.walk(tree):
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.stmt) and node.lineno not in public and not hasattr(node, "body") and not text:
            lines |= set(ast.unparse(node).splitlines())
    told = {_normal(line) for number, line in written if number in public}
    # Another bracket may follow where a line is pasted, and take the last comma.
    normal = {_normal(line).rstrip(",") for line in lines} - told
    return {line for line in normal if len(line) >= SHORTEST_TELLING_LINE and not TELLS_NOTHING.fullmatch(line)}


def _normal(text: str) -> str:
    """Without what differs between two ways to write the same: white space, kinds of quotes, a last comma."""
    return re.sub(r",(?=[)\]}])", "", re.sub(r"\s+", "", text).replace("'", '"'))


def secrets(material: Material) -> dict[str, str]:
    """What must not reach students, in the form of `_normal`, and where it stands.

    Raises:
        HandoutError: a staff file cannot be read.
    """
    found: dict[str, str] = {}
    public = {_normal(line) for text in files_of(material).values() for line in _aliases(text)}
    for path in sorted(material.folder.rglob("*.py")):
        if path.name == "public_checks.py" or "__pycache__" in path.parts:
            continue
        try:
            source = path.read_text(encoding="utf-8")
            private = _private_lines(source)
        except (OSError, UnicodeDecodeError, SyntaxError) as error:
            raise HandoutError(f"{path}: {error}") from error
        where = str(path.relative_to(material.folder.parent))
        found |= dict.fromkeys(private - public, where)
        found |= dict.fromkeys(_hints(source), where)
    for answer in read_rubric(material.folder / "rubric.toml"):
        for criterion in answer.criteria:
            found[_normal(criterion.text)] = f"{material.name}/rubric.toml"
    return found


def _hints(source: str) -> set[str]:
    """The texts in decorators, whole, however they are broken over lines: the hints of mistakes."""
    texts = {
        _normal(constant.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        for constant in ast.walk(decorator)
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
    }
    return {text for text in texts if len(text) >= SHORTEST_TELLING_LINE}


def _aliases(text: str) -> list[str]:
    """Lines of a stub that are meant to be public: type aliases of its signatures."""
    return [line for line in text.splitlines() if re.match(r"[A-Z]\w* = (npt|Callable|Mapping|Sequence)", line)]


def all_secrets(solutions: Path) -> dict[str, str]:
    """The secrets of all assignments, and the course's seed.

    Raises:
        HandoutError: a staff file cannot be read.
    """
    hidden: dict[str, str] = {}
    for material in materials(solutions):
        hidden |= secrets(material)
    if (solutions / "course.toml").exists():
        try:
            hidden[str(read_course(solutions / "course.toml").seed)] = "course.toml, the secret seed"
        except CourseError as error:
            raise HandoutError(str(error)) from error
    return hidden


def leaks_in(files: Mapping[str, bytes], hidden: Mapping[str, str]) -> Iterator[str]:
    """What leaks in these files: secrets, paths of a machine, and in notebooks whatever a run leaves.

    Args:
        files: bytes by a name for messages.
        hidden: what must not be there, in the form of `_normal`, and where it stands.
    """
    for name, data in files.items():
        text = data.decode(errors="replace")
        if name.endswith(".ipynb"):
            text, problems = _opened(data)
            yield from (f"{name} {problem}" for problem in problems)
        # What JSON or a string escapes must not hide.
        everything = _normal(text)
        yield from (f"{name} holds a line of {where}: {line}" for line, where in hidden.items() if line in everything)
        yield from (f"{name} holds a path of a machine: {match[0]}" for match in MACHINE_PATH.finditer(text))


def _opened(data: bytes) -> tuple[str, list[str]]:
    """All texts of a notebook as a person reads them, and what stands in it that the handout never writes."""
    try:
        found = decoded(data)
    except RefusedError as error:
        return data.decode(errors="replace"), [str(error)]
    problems = []
    if found.get("metadata") != METADATA:
        problems.append(f"has metadata of its own: {found.get('metadata')}")
    if surplus := sorted(set(found) - {"cells", "metadata", "nbformat", "nbformat_minor"}):
        problems.append(f"has more than cells: {', '.join(surplus)}")
    cells = found.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return "\n".join(_texts(found)), [*problems, "has cells that are none"]
    for number, cell in enumerate(cells, start=1):
        if cell.get("outputs") or cell.get("execution_count") is not None or cell.get("attachments"):
            problems.append(f"has been run or holds files: cell {number}")
        if surplus := sorted(set(metadata_of(cell)) - CELL_METADATA):
            problems.append(f"has metadata on cell {number}: {', '.join(surplus)}")
    return "\n".join(_texts(found)), problems


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        yield "".join(value)
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def leaks(solutions: Path, out: Path) -> list[str]:
    """Every secret that stands in the files below a folder of handouts.

    Raises:
        HandoutError: a staff file cannot be read.
    """
    files = {
        str(path): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".pyc", ".zip")
    }
    return list(leaks_in(files, all_secrets(solutions)))
