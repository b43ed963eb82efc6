"""Mutants of a reference: its source with one operator, number or branch changed, by cosmic-ray's operators.

Source: Jia and Harman, An Analysis and Survey of the Development of Mutation Testing, IEEE TSE 37(5), 2011.
"""

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from autograder.audit.subjects import Subject, SubjectKind
from autograder.course.solutions import Solution
from autograder.extras import needs

# On floats these raise at once: such mutants are always killed, and would only improve the figure.
BITS = ("BitOr", "BitAnd", "BitXor", "LShift", "RShift", "Invert")
# `==` on numbers and `is` differ by chance of Python's caches, not by meaning.
IDENTITY = ("_Is", "_IsNot")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A reference with one change.

    Args:
        function: in which the change stands, a helper perhaps; empty at the module's top.
        line: of the reference.
        before: the changed lines, without their indentation.
        after: the same after the change.
        source: of the whole module.
    """

    function: str
    line: int
    before: str
    after: str
    source: str


def _operators() -> Iterator[Any]:
    from cosmic_ray.operators.provider import OperatorProvider

    provider = OperatorProvider()
    for name in provider:
        operator = provider[name]
        if not operator.arguments() and not name.endswith((*BITS, *IDENTITY)):
            yield operator()


def _changed_sources(source: str) -> Iterator[str]:
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code

    tree = get_ast(source)
    for operator in _operators():
        count = sum(1 for node in ast_nodes(tree) for _ in operator.mutation_positions(node))
        for occurrence in range(count):
            try:
                changed = mutate_code(source, operator, occurrence)
            except AttributeError:
                # Among several exceptions that are caught, it replaces plain names only: `(OSError, zlib.error)`.
                continue
            if changed is not None:
                yield changed


def _difference(old: list[str], new: list[str]) -> tuple[int, str, str]:
    """How many lines stand before the first changed one, and what the changed ones were and are."""
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changed = [block for block in blocks if block[0] != "equal"]
    first, last = changed[0], changed[-1]
    before, after = old[first[1] : last[2]], new[first[3] : last[4]]
    return first[1], " ".join(map(str.strip, before)), " ".join(map(str.strip, after))


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a module, each once; what changes no meaning (annotations, docstrings) is left out.

    Raises:
        MissingExtraError: cosmic-ray is not installed.
    """
    needs("cosmic_ray", "audit")
    lines = source.splitlines(keepends=True)
    found = []
    # Statement by statement, since cosmic-ray reads all that it is given anew for each mutant.
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef | ast.Assign | ast.AnnAssign | ast.ClassDef):
            continue
        first, last = node.lineno - 1, node.end_lineno or node.lineno
        old = "".join(lines[first:last])
        seen = {_meaning(old)}
        for changed in _changed_sources(old):
            try:
                meaning = _meaning(changed)
            except SyntaxError:
                continue
            if meaning in seen:
                continue
            seen.add(meaning)
            line, before, after = _difference(old.splitlines(), changed.splitlines())
            whole = "".join([*lines[:first], changed, *lines[last:]])
            name = node.name if isinstance(node, ast.FunctionDef) else ""
            found.append(Mutant(name, first + line + 1, before, after, whole))
    return sorted(found, key=lambda mutant: mutant.line)


class _Bare(ast.NodeTransformer):
    """Takes annotations and docstrings off a tree: they mean nothing to the one who calls."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.Pass()
        return self.generic_visit(ast.Assign([node.target], node.value, lineno=node.lineno))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return ast.Pass() if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        # An alias of types, as `Floats = npt.NDArray[np.float64]`, is named as a class is; a constant in capitals.
        target = node.targets[0]
        alias = isinstance(target, ast.Name) and target.id[0].isupper() and not target.id.isupper()
        return ast.Pass() if alias else self.generic_visit(node)


def _meaning(source: str) -> str:
    return ast.dump(_Bare().visit(ast.parse(source)))


def _functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def reaching(source: str, function: str) -> frozenset[str] | None:
    """The functions of a module that may run `function`, with it; None for all, where it is no function."""
    if not function:
        return None
    uses = {
        name: {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        for name, node in _functions(ast.parse(source)).items()
    }
    found = {function}
    while True:
        more = {name for name, used in uses.items() if used & found} - found
        if not more:
            return frozenset(found)
        found |= more


def mutated(solution: Solution) -> list[tuple[Mutant, Subject]]:
    """Every mutant of an assignment's reference, as a submission that is asked what the change can reach.

    Raises:
        MissingExtraError: cosmic-ray is not installed.
    """
    assignment = solution.assignment
    file = f"{assignment.module}.py"
    source = (solution.folder / file).read_text(encoding="utf-8")
    found = []
    for mutant in mutants(source):
        asked = reaching(source, mutant.function)
        if asked is not None:
            asked = asked & frozenset(assignment.functions)
            if not asked:
                continue
        name = f"line {mutant.line}: {mutant.before} -> {mutant.after}"
        files = {file: mutant.source.encode()}
        subject = Subject(assignment.name, SubjectKind.MUTANT, name, mutant.function, assignment.module, files, asked)
        found.append((mutant, subject))
    return found
