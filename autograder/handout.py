"""Makes what students receive from the staff's folder: one source, so that nothing drifts; and checks it for leaks."""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.results import write_whole
from autograder.rubric import RubricError, WrittenAnswer, read_rubric

FUNCTIONS_HERE = "<!-- functions -->"
# Shorter lines (`return 0.0`, `else:`) are in everybody's code and give nothing away.
SHORTEST_TELLING_LINE = 25
# A row of names, and a rule drawn in a comment.
TELLS_NOTHING = re.compile(r"[(\[]?[\w,]*[)\]]?|[^A-Za-z]*")
LINE = 120
MACHINE_PATH = re.compile(r"(?<![\w./])/(?:home|root|work|tmp|Users|mnt|opt)/[\w.]")


class HandoutError(ValueError):
    """The handout cannot be made; says which file is at fault. The old files stay."""


@dataclass(frozen=True, slots=True)
class Material:
    """The staff's files for one assignment."""

    folder: Path

    @property
    def name(self) -> str:
        """Of the assignment."""
        return self.folder.name

    @property
    def module(self) -> str:
        """The module that students write: the folder's name after its number."""
        return self.name.partition("_")[2]

    def text(self, name: str) -> str:
        """One of the files.

        Raises:
            HandoutError: it cannot be read.
        """
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise HandoutError(f"{self.folder / name}: {error}") from error


def materials(solutions: Path) -> list[Material]:
    """The assignments of a folder of solutions: those with a statement.

    Raises:
        HandoutError: there is none.
    """
    found = [Material(path.parent) for path in sorted(solutions.glob("*/statement.md"))]
    if not found:
        raise HandoutError(f"{solutions} holds no assignment: none of its folders has a statement.md")
    return found


def _public(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and not node.name.startswith("_")


def _docstring(node: ast.Module | ast.FunctionDef, source: str, name: str) -> str:
    """The docstring as it is written, with its quotes and escapes."""
    first = node.body[0] if node.body else None
    written = ast.get_source_segment(source, first) if isinstance(first, ast.Expr) else None
    if ast.get_docstring(node) is None or written is None:
        raise HandoutError(f"{name} has no docstring; students would not know what to write")
    return written


def _function_stub(node: ast.FunctionDef, source: str) -> str:
    docstring = _docstring(node, source, node.name)
    returns = "" if node.returns is None else f" -> {_written(node.returns, source)}"
    arguments = _arguments(node.args, source)
    header = f"def {node.name}({', '.join(arguments)}){returns}:"
    if len(header) > LINE:
        inner = ", ".join(arguments)
        if len(inner) + 4 > LINE:
            inner = ",\n    ".join(arguments) + ","
        header = f"def {node.name}(\n    {inner}\n){returns}:"
    return f'{header}\n    {docstring}\n    raise NotImplementedError("write {node.name} here")\n'


def _written(node: ast.expr, source: str) -> str:
    """An annotation or a default as its author wrote it, in one line."""
    return " ".join((ast.get_source_segment(source, node) or ast.unparse(node)).split())


def _arguments(args: ast.arguments, source: str) -> list[str]:
    """The parameters of a signature, each as ruff formats it."""

    def one(argument: ast.arg, default: ast.expr | None = None, stars: str = "") -> str:
        annotation = "" if argument.annotation is None else f": {_written(argument.annotation, source)}"
        equals = " = " if annotation else "="
        return f"{stars}{argument.arg}{annotation}{'' if default is None else equals + _written(default, source)}"

    positional = [*args.posonlyargs, *args.args]
    defaults = [*[None] * (len(positional) - len(args.defaults)), *args.defaults]
    parts = [one(argument, default) for argument, default in zip(positional, defaults, strict=True)]
    if args.posonlyargs:
        parts.insert(len(args.posonlyargs), "/")
    if args.vararg is not None:
        parts.append(one(args.vararg, stars="*"))
    elif args.kwonlyargs:
        parts.append("*")
    parts += [one(argument, default) for argument, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    return parts if args.kwarg is None else [*parts, one(args.kwarg, stars="**")]


def _names(node: ast.AST) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def _signature_names(function: ast.FunctionDef) -> set[str]:
    return _names(function.args) | (set() if function.returns is None else _names(function.returns))


def stub(source: str, name: str) -> str:
    """The module that students fill in: signatures and docstrings of a reference, and nothing of its bodies.

    Raises:
        HandoutError: the source has no functions or docstrings.
    """
    tree = ast.parse(source)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and _public(node)]
    if not functions:
        raise HandoutError(f"{name} has no public function")
    needed = {name for function in functions for name in _signature_names(function)}
    aliases: list[str] = []
    for node in reversed(tree.body):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in needed:
            aliases.insert(0, ast.unparse(node))
            needed |= _names(node.value)
    imports = "\n".join(_imports(tree, needed | {"np"})).strip("\n")
    parts = [_docstring(tree, source, name), imports, "\n".join(aliases)]
    head = "\n\n".join(part for part in parts if part)
    return head + "\n\n\n" + "\n\n".join(_function_stub(function, source) for function in functions)


def _imports(tree: ast.Module, needed: set[str]) -> Iterator[str]:
    blank = False
    for node in tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        kept = [alias for alias in node.names if (alias.asname or alias.name).split(".")[0] in needed]
        if not kept:
            continue
        root = (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        if root.startswith("numpy") and not blank:
            blank = True
            yield ""
        node.names = kept
        yield ast.unparse(node)


def function_table(source: str) -> str:
    """A table of the functions and the first lines of their docstrings."""
    rows = ["| function | what it returns |", "| --- | --- |"]
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and _public(node):
            first = (ast.get_docstring(node) or "").splitlines()[0].replace("|", "\\|")
            rows.append(f"| `{node.name}` | {first} |")
    return "\n".join(rows)


def answer_sheet(answers: tuple[WrittenAnswer, ...]) -> str:
    """The file for written answers: task, points, and room to write."""
    parts = ["# Written answers\n\nWrite below each task, in Markdown; formulas go in `$...$`. A person marks them.\n"]
    parts += [f"## {a.id}. {a.title} ({a.points:g} points)\n\n{a.task.strip()}\n\n*Your answer:*\n\n" for a in answers]
    return "\n".join(parts).rstrip() + "\n"


def files_of(material: Material) -> dict[str, str]:
    """What students get for one assignment, by file name.

    Raises:
        HandoutError: a source is missing or wrong.
    """
    source = material.text(f"{material.module}.py")
    statement = material.text("statement.md")
    if FUNCTIONS_HERE not in statement:
        raise HandoutError(f"{material.folder / 'statement.md'} has no line {FUNCTIONS_HERE}")
    try:
        answers = read_rubric(material.folder / "rubric.toml")
        made = stub(source, f"{material.module}.py")
    except RubricError as error:
        raise HandoutError(str(error)) from error
    except SyntaxError as error:
        raise HandoutError(f"{material.folder / material.module}.py: {error}") from error
    return {
        "README.md": statement.replace(FUNCTIONS_HERE, function_table(source)),
        f"{material.module}.py": made,
        f"test_{material.module}.py": material.text("public_checks.py"),
        "answers.md": answer_sheet(answers),
    }


def make_handout(solutions: Path, out: Path) -> None:
    """Write the students' folders; where anything is wrong, the old files stay.

    Raises:
        HandoutError: a source is missing or wrong, or a file cannot be written.
    """
    made = {
        out / material.name / file: text.encode()
        for material in materials(solutions)
        for file, text in files_of(material).items()
    }
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
            raise HandoutError(f"{error}; the old files stay") from error
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
        problems += _surplus(out / material.name, set(files))
    return problems


def _surplus(folder: Path, expected: set[str]) -> list[str]:
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    strangers = [name for name in names if name not in expected and not name.startswith((".", "__"))]
    return [f"{folder / name} belongs to no handout; remove it" for name in strangers]


def _open_lines(tree: ast.Module) -> set[int]:
    """The lines of a staff module that are no secret: docstrings, imports, and the signatures of public functions."""
    ranges: list[tuple[int, int]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            ranges.append((node.lineno, node.end_lineno or node.lineno))
        if isinstance(node, ast.FunctionDef) and _public(node):
            # Not up to the body: a comment between the two is as secret as the body.
            parts = [part for part in (*ast.walk(node.args), node.returns) if isinstance(part, ast.expr | ast.arg)]
            end = max((part.end_lineno or 0 for part in parts), default=node.lineno)
            ranges.append((node.lineno, min(end, node.body[0].lineno - 1)))
        if isinstance(node, ast.Module) or (isinstance(node, ast.FunctionDef) and _public(node)):
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
            private = _private_lines(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, SyntaxError) as error:
            raise HandoutError(f"{path}: {error}") from error
        found |= dict.fromkeys(private - public, str(path.relative_to(material.folder.parent)))
    for answer in read_rubric(material.folder / "rubric.toml"):
        for criterion in answer.criteria:
            found[_normal(criterion.text)] = f"{material.name}/rubric.toml"
    return found


def _aliases(text: str) -> list[str]:
    """Lines of a stub that are meant to be public: type aliases of its signatures."""
    return [line for line in text.splitlines() if re.match(r"[A-Z]\w* = (npt|Callable|Mapping|Sequence)", line)]


def leaks(solutions: Path, out: Path) -> list[str]:
    """Every line of a reference, question, mistake or criterion, and every machine path, that stands in the handout."""
    hidden: dict[str, str] = {}
    for material in materials(solutions):
        hidden |= secrets(material)
    problems = []
    for folder, _, names in os.walk(out):
        for name in sorted(names):
            path = Path(folder) / name
            if "__pycache__" in path.parts or path.suffix == ".pyc":
                continue
            text = path.read_bytes().decode(errors="replace")
            everything = _normal(text)
            problems += [
                f"{path} holds a line of {where}: {line}" for line, where in hidden.items() if line in everything
            ]
            problems += [f"{path} holds a path of a machine: {match}" for match in MACHINE_PATH.findall(text)]
    return problems
