"""The module that students fill in: signatures and docstrings of a reference, and nothing of its bodies."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.errors import HandoutError

LINE = 120


def is_public(node: ast.stmt) -> bool:
    """Whether a statement is a function that students write."""
    return isinstance(node, ast.FunctionDef) and not node.name.startswith("_")


@dataclass(frozen=True, slots=True)
class Stub:
    """The parts of a stub module.

    Args:
        docstring: of the module, as written.
        head: imports and the types that the signatures need.
        functions: each stub, by name, in order.
    """

    docstring: str
    head: str
    functions: dict[str, str]

    @property
    def module(self) -> str:
        """The whole module."""
        top = "\n\n".join(part for part in (self.docstring, self.head) if part)
        return top + "\n\n\n" + "\n\n".join(self.functions.values())


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


def names_in(node: ast.AST) -> set[str]:
    """The names that stand in a piece of source."""
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def _signature_names(function: ast.FunctionDef) -> set[str]:
    return names_in(function.args) | (set() if function.returns is None else names_in(function.returns))


def stub(source: str, name: str) -> Stub:
    """The stub of a reference.

    Raises:
        HandoutError: the source has no functions or docstrings.
    """
    tree = ast.parse(source)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and is_public(node)]
    if not functions:
        raise HandoutError(f"{name} has no public function")
    needed = {name for function in functions for name in _signature_names(function)}
    aliases: list[str] = []
    for node in reversed(tree.body):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in needed:
            aliases.insert(0, ast.unparse(node))
            needed |= names_in(node.value)
    imports = "\n".join(needed_imports(tree, needed | {"np"})).strip("\n")
    head = "\n\n".join(part for part in (imports, "\n".join(aliases)) if part)
    written = _docstring(tree, source, name)
    return Stub(written, head, {function.name: _function_stub(function, source) for function in functions})


def needed_imports(tree: ast.Module, needed: set[str]) -> Iterator[str]:
    """The imports of a module, of these names only; a blank line before the first of an installed package."""
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
        only = ast.Import(kept) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, kept, node.level)
        yield ast.unparse(only)
