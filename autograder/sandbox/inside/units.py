"""A source as the statements at its top level, each compiled by itself: one that cannot be compiled costs no other."""

import __future__

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from types import CodeType
from typing import Any

# Lines joined to a block that does not compile alone, such as a text with lines at the left margin; and all in all.
_MOST_JOINED, _MOST_TRIES = 60, 2000
_FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
_DEFINES = re.compile(
    r"^(?:async[ \t]+)?def[ \t]+(\w+)|^class[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE
)
# A line at the left margin that cannot begin a statement belongs to the one before.
_GOES_ON = re.compile(r"[ \t)\]}#]|$|(?:else|elif|except|finally)\b")
_BEGINS_DEFINITION = re.compile(r"(?:async\s+def|def|class)\b|@")
NOT_PARSED = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True)
class Unit:
    """One statement: its code, or why there is none.

    Args:
        file: that it stands in.
        line: of the file, from 1 on.
        source: the statement, as text where nothing else was needed of it.
        code: what to run.
        error: of compiling it.
        stub: whether it is a function that only raises NotImplementedError.
    """

    file: str
    line: int
    source: str | ast.stmt
    code: CodeType | None = None
    error: BaseException | None = None
    stub: bool = False

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What it defines, or would."""
        if isinstance(self.source, ast.stmt):
            return _names(self.source)
        if self.error is None:
            return _names(ast.parse(self.source).body[0])
        return tuple(name for match in _DEFINES.findall(self.source) for name in match if name)

    def run(self, names: dict[str, Any]) -> None:
        """Run it among these names; what a cell awaits at its top level is waited for.

        Raises:
            BaseException: whatever it raises.
        """
        assert self.code is not None, "it was compiled"
        if self.code.co_flags & inspect.CO_COROUTINE:
            from autograder.sandbox.inside.awaiting import wait_for  # few need it, and it loads much

            wait_for(eval(self.code, names))  # noqa: S307
        else:
            exec(self.code, names)  # noqa: S102


class Compiler:
    """Compiles sources to units; `from __future__` holds from where it stands, for all that follows.

    Args:
        in_cell: whether they are a notebook's, which may await at the top level.
    """

    def __init__(self, *, in_cell: bool = False) -> None:
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if in_cell else 0

    def units(self, file: str, text: str) -> Iterator[Unit]:
        """The units of one source, in order; those of a part that is no Python have an error."""
        found = self._by_lines(file, text)
        if found is not None:
            yield from found
            return
        try:
            tree = ast.parse(text, file)
        except NOT_PARSED:
            yield from self._by_blocks(file, text)
            return
        for node in tree.body:
            yield self._compiled(file, node)

    def _by_lines(self, file: str, text: str) -> list[Unit] | None:
        """The units of a source whose statements are told by their lines; None where that does not hold.

        Nearly all sources are so, and a tree, which costs more than the rest of an import, is then not made.
        """
        # Other ends of lines are not counted alike by everybody.
        if any(sign in text for sign in "\r\f\v\x1c\x1d\x1e\x85\u2028\u2029"):
            return None
        lines, flags, found = text.splitlines(keepends=True), self._flags, list[Unit]()
        starts = _starts(lines)
        above = lines[: starts[0]]
        if not lines or _GOES_ON.match(lines[starts[0]]) or any(line.strip() and line[0] != "#" for line in above):
            return None
        ends, block = [*starts[1:], len(lines)], 0
        while block < len(starts):
            start, code, part = starts[block], None, ""
            # A text, or brackets, may have lines at the margin.
            for last in range(block, min(block + _MOST_JOINED, len(ends))):
                part = "".join(lines[start : ends[last]])
                try:
                    code = compile("\n" * start + part, file, "exec", flags, dont_inherit=True)
                    break
                except NOT_PARSED:
                    continue
            if code is None:
                return None
            block = last + 1
            # Statements may share a line.
            tree = ast.parse(part).body if ";" in part or "NotImplementedError" in part else []
            if len(tree) > 1:
                return None
            flags |= code.co_flags & _FUTURE
            found.append(Unit(file, start + 1, part, code, stub=any(map(is_stub, tree))))
        self._flags = flags
        return found

    def _compiled(self, file: str, node: ast.stmt) -> Unit:
        line = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
        try:
            code = compile(ast.Module([node], []), file, "exec", self._flags, dont_inherit=True)
        except NOT_PARSED as error:
            return Unit(file, line, node, error=error)
        self._flags |= code.co_flags & _FUTURE
        return Unit(file, line, node, code, stub=is_stub(node))

    def _by_blocks(self, file: str, text: str) -> Iterator[Unit]:
        """As `units`, for a source that does not parse: block by block, each as long as it must be to parse."""
        lines = text.splitlines(keepends=True)
        starts = _starts(lines)
        ends = [*starts[1:], len(lines)]
        block, tries = 0, _MOST_TRIES
        while block < len(starts):
            start, last, found = starts[block], block, None
            error: BaseException | None = None
            while found is None and last < len(starts) and tries:
                tries -= 1
                joins = last > block and _BEGINS_DEFINITION.match(lines[starts[last]])
                if last - block > _MOST_JOINED or joins:
                    break
                try:
                    found = ast.parse("".join(lines[start : ends[last]]), file)
                except NOT_PARSED as problem:
                    error = error or problem
                    last += 1
            if found is not None:
                for node in found.body:
                    ast.increment_lineno(node, start)
                    yield self._compiled(file, node)
                block = last + 1
            else:
                yield _broken(file, start, "".join(lines[start : ends[block]]), error)
                block += 1


def _starts(lines: list[str]) -> list[int]:
    """The lines at the left margin that can begin a statement; the first line where none can."""
    starts = [number for number, line in enumerate(lines) if not _GOES_ON.match(line)]
    return [start for start in starts if start == 0 or not _decorates(lines, start)] or [0]


def _decorates(lines: list[str], start: int) -> bool:
    """Whether the statement at the left margin before this line is a decorator, which belongs to it."""
    above = next((line for line in reversed(lines[:start]) if not _GOES_ON.match(line)), "")
    return above.startswith("@")


def _broken(file: str, start: int, text: str, error: BaseException | None) -> Unit:
    if isinstance(error, SyntaxError):
        error.filename, error.lineno = file, start + (error.lineno or 1)
    return Unit(file, start + 1, text, error=error or SyntaxError("this part is no Python", (file, start + 1, 1, "")))


def _names(node: ast.stmt) -> tuple[str, ...]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return (node.name,)
    found: dict[str, None] = {}
    for below in ast.walk(node):
        match below:
            case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found[name] = None
            case ast.alias(name=name, asname=other):
                found[other or name.partition(".")[0]] = None
    return tuple(found)


def is_stub(node: ast.AST) -> bool:
    """Whether a statement is a function as the handout has it: a docstring, and NotImplementedError."""
    if not isinstance(node, ast.FunctionDef):
        return False
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        return False
    raised = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
