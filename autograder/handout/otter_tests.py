"""The public checks as otter-grader's test files, one a function, in its exception format.

`grader.check("pair_loss")` in a notebook reads `tests/pair_loss.py`. The functions under test are the notebook's own.
"""

import ast
import json
from collections.abc import Mapping, Sequence

from autograder.errors import HandoutError
from autograder.handout.stub import LINE, names_in, needed_imports

# The module of which the checks' helpers are imported.
HELPERS = "autograder.public"


def otter_tests(
    checks: str, module: str, functions: Sequence[str], points: Mapping[str, float] | None = None
) -> dict[str, str]:
    """The test files, by name.

    Args:
        checks: the source of the public checks.
        module: the name of the students' module that they import.
        functions: the functions asked for; their checks are named `test_<function>__<what>`. One without has no file.
        points: of each function; otter's own default where there are none.

    Raises:
        HandoutError: there are checks, but they do not import the module.
    """
    tree = ast.parse(checks)
    made = {}
    for function in functions:
        own = [node for node in tree.body if _is_check(node, function)]
        if own:
            made[f"{function}.py"] = _file(
                checks, tree, _alias(tree, module), function, own, (points or {}).get(function)
            )
    return made


def _alias(tree: ast.Module, module: str) -> str:
    """The name under which the checks use the students' module."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            for name in node.names:
                if name.name == module:
                    return name.asname or module
    raise HandoutError(f"the public checks do not import {module}; write `import {module} as ...`")


def _is_check(node: ast.stmt, function: str) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name.startswith(f"test_{function}__")


def _file(
    checks: str, tree: ast.Module, alias: str, function: str, own: Sequence[ast.stmt], points: float | None
) -> str:
    needed = set().union(*map(names_in, own))
    helpers: list[str] = []
    for node in reversed(tree.body):
        test = isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        if not test and not isinstance(node, ast.Import | ast.ImportFrom) and _defines(node) & needed:
            needed |= names_in(node)
            helpers.insert(0, ast.get_source_segment(checks, node) or ast.unparse(node))
    constants = [helper for helper in helpers if not helper.startswith("def ")]
    blocks = [
        f'"""Public checks of {function} for otter-grader, made from test_*.py; hidden checks follow."""\n\n'
        + "\n".join(_imports(tree, needed - {alias}))
        + f"\n\nOK_FORMAT = False\nname = {_quoted(function)}\npoints = {points!r}"
        + "".join(f"\n{constant}" for constant in constants),
        *(helper for helper in helpers if helper not in constants),
        *(_test(checks, node, alias) for node in own if isinstance(node, ast.FunctionDef)),
    ]
    return "\n\n\n".join(blocks) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _imports(tree: ast.Module, needed: set[str]) -> list[str]:
    """The imports, sorted, with otter's decorator and what stands for the module."""
    lines = [line for line in needed_imports(tree, needed) if line]
    helpers = [line.partition(" import ")[2].split(", ") for line in lines if line.startswith(f"from {HELPERS} ")]
    names = sorted([name for line in helpers for name in line] + ["of_notebook"])
    ours = f"from {HELPERS} import {', '.join(names)}"
    if len(ours) > LINE:
        ours = f"from {HELPERS} import (\n" + "".join(f"    {name},\n" for name in names) + ")"
    others = [line for line in lines if not line.startswith(f"from {HELPERS} ")]
    return [*others, "from otter.test_files import test_case", "", ours]


def _defines(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef):
        return {node.name}
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}


def _test(checks: str, node: ast.FunctionDef, alias: str) -> str:
    """One check as a test case: its body, on the functions of the notebook's environment."""
    lines = checks.splitlines()
    title = " ".join((ast.get_docstring(node) or node.name).split())
    # The title says what the docstring does; what follows it may begin with a comment.
    first = node.body[0].lineno if ast.get_docstring(node) is None else (node.body[0].end_lineno or 0) + 1
    body = "\n".join(lines[first - 1 : node.end_lineno])
    given = f"    global {alias}\n    {alias} = of_notebook(env)"
    decorator = f"@test_case(name={_quoted(title)})"
    if len(decorator) > LINE:
        decorator = f"@test_case(\n    name={_quoted(title)}\n)"
    return f"{decorator}\ndef {node.name.removeprefix('test_')}(env):\n{given}\n{body}"
