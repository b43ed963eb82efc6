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


def _function_stub(node: ast.FunctionDef) -> str:
    stub = ast.FunctionDef(
        name=node.name,
        args=node.args,
        body=[ast.Pass()],
        decorator_list=[],
        returns=node.returns,
        type_comment=None,
    )
    header = ast.unparse(ast.fix_missing_locations(stub)).removesuffix("    pass").rstrip()
    if len(header) > 120:
        arguments = ", ".join(ast.unparse(argument) for argument in node.args.args)
        returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        header = f"def {node.name}(\n    {arguments}\n){returns}:"
    docstring = ast.get_docstring(node, clean=False)
    if docstring is None:
        raise HandoutError(f"{node.name} has no docstring; students would not know what to write")
    return f'{header}\n    """{docstring}"""\n    raise NotImplementedError("write {node.name} here")\n'


def _names(node: ast.AST) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def _signature_names(function: ast.FunctionDef) -> set[str]:
    parts = [argument.annotation for argument in function.args.args] + [function.returns]
    return {name for part in parts if part is not None for name in _names(part)}


def stub(source: str, name: str) -> str:
    """The module that students fill in: signatures and docstrings of a reference, and nothing of its bodies.

    Raises:
        HandoutError: the source has no functions or docstrings.
    """
    tree = ast.parse(source)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and _public(node)]
    docstring = ast.get_docstring(tree, clean=False)
    if not functions or docstring is None:
        raise HandoutError(f"{name} needs a docstring and public functions")
    needed = {name for function in functions for name in _signature_names(function)}
    aliases: list[str] = []
    for node in reversed(tree.body):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in needed:
            aliases.insert(0, ast.unparse(node))
            needed |= _names(node.value)
    imports = "\n".join(_imports(tree, needed | {"np"}))
    parts = [f'"""{docstring}"""', imports, "\n".join(aliases)]
    head = "\n\n".join(part for part in parts if part)
    return head + "\n\n\n" + "\n\n".join(_function_stub(function) for function in functions)


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
    except (RubricError, SyntaxError) as error:
        raise HandoutError(str(error)) from error
    return {
        "README.md": statement.replace(FUNCTIONS_HERE, function_table(source)),
        f"{material.module}.py": made,
        f"test_{material.module}.py": material.text("public_checks.py"),
        "answers.md": answer_sheet(answers),
    }


def make_handout(solutions: Path, out: Path) -> None:
    """Write the students' folders; nothing is written where anything is wrong.

    Raises:
        HandoutError: a source is missing or wrong.
    """
    made = {material.name: files_of(material) for material in materials(solutions)}
    for name, files in made.items():
        for file, text in files.items():
            write_whole(out / name / file, text.encode())


def drift(solutions: Path, out: Path) -> list[str]:
    """What in the students' folders is not as `make_handout` would write it, one line a file."""
    problems = []
    for material in materials(solutions):
        for file, text in files_of(material).items():
            path = out / material.name / file
            if not path.exists():
                problems.append(f"{path} is missing; run `autograder handout`")
            elif path.read_bytes() != text.encode():
                problems.append(f"{path} has drifted from {material.folder}; run `autograder handout`")
        problems += _surplus(out / material.name, set(files_of(material)))
    return problems


def _surplus(folder: Path, expected: set[str]) -> list[str]:
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    strangers = [name for name in names if name not in expected and not name.startswith((".", "__"))]
    return [f"{folder / name} belongs to no handout; remove it" for name in strangers]


def _body_lines(source: str) -> set[str]:
    """The telling lines of functions' bodies and of everything private, without docstrings."""
    lines: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Expr):
            continue
        body: list[ast.stmt] = node.body if isinstance(node, ast.FunctionDef | ast.ClassDef) else [node]
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            body = body[1:]
        for statement in body:
            lines |= set(map(_normal, ast.unparse(statement).splitlines()))
    return {line for line in lines if len(line) >= SHORTEST_TELLING_LINE}


def _normal(line: str) -> str:
    return re.sub(r"\s+", "", line)


def secrets(material: Material) -> dict[str, str]:
    """What must not reach students, with white space taken out, and where it stands."""
    found: dict[str, str] = {}
    public = {_normal(line) for text in files_of(material).values() for line in _aliases(text)}
    for path in sorted(material.folder.rglob("*.py")):
        if path.name == "public_checks.py" or "__pycache__" in path.parts:
            continue
        for line in _body_lines(path.read_text(encoding="utf-8")) - public:
            found[line] = f"{path.relative_to(material.folder.parent)}"
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
