"""A source as the statements at its margin, with what each imports, defines and uses, as far as its lines tell.

Nothing is parsed or run: a source that is broken, hostile or of a later Python is read as well, in time in proportion.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from autograder.sandbox.inside.notebook_cells import RUNS_ITS_CELL, cell_magic_of
from autograder.sandbox.inside.source_lines import LineReader

# Of all sources of a work together, so much is read: ordinary work has a tenth of it.
MOST_CHARACTERS = 200_000
_MOST_IMPORTS = 1_000
_GOES_ON = re.compile(r"(?:else|elif|except|finally)\b|[)\]}\s]|$")
_DEFINES = re.compile(r"[ \t]*(?:async[ \t]+def|def|class)[ \t]+(\w+)")
_EQUALS = re.compile(r"(?<![=!<>+\-*/%&|^@~:])=(?!=)")
_TARGETS = re.compile(r"[ \t]*+[A-Za-z_(\[*][\w \t,.\[\]()*]*+")
_BINDS = re.compile(r"\b(?:for|as|global)[ \t]+([A-Za-z_]\w*(?:[ \t]*,[ \t]*\w+)*)")
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_ALONE = re.compile(r"(?<![\w.])[A-Za-z_]\w*+(?![ \t]*+\.)")
_DOTTED = re.compile(r"(?<![\w.])([A-Za-z_]\w*(?:[ \t]*\.[ \t]*[A-Za-z_]\w*)+)")
_IMPORT = re.compile(r"[ \t]*import[ \t]+(.+)")
_FROM = re.compile(r"[ \t]*from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]+import\b[ \t]*(.*)")
# What stands in an import is the name of a module, and uses nothing.
_IMPORTED = re.compile(r"(?<![\w.])from[ \t]+[\w.]++[ \t]+import\b|(?:^|;)[ \t]*import[ \t][^;]*+")
_ASKS_FIRST = frozenset({"getattr", "hasattr", "suppress", "try"})
_VERSION = re.compile(r"\.(?:version_info|hexversion|__version__|suppress)\b")
_CATCHES = re.compile(r"except\b[ \t]*(?::|.*\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b)")
_FOR_TYPES = re.compile(r"[ \t]*if[ \t]+(?:\w+\.)?TYPE_CHECKING\b|[ \t]*if[ \t]+(?:False|0)[ \t]*:")


@dataclass(frozen=True, slots=True)
class ImportedName:
    """One name that a source imports.

    Args:
        line: of the file, from 1 on.
        level: how many dots stand before the module.
        module: that is imported, or imported from.
        name: that is taken out of it; "" for the module itself.
        bound: the name under which it is known from there on.
        guarded: whether the source goes on without it, since it catches the error, or needs it for types alone.
    """

    line: int
    level: int
    module: str
    name: str
    bound: str
    guarded: bool


@dataclass(frozen=True)
class Statement:
    """One statement at the margin.

    Args:
        file: that it stands in.
        line: where it begins, from 1 on.
        lines: as they are written.
        code: the same, with texts and comments blanked.
        nests: the lines that have an f-string as only Python 3.12 and later read them, counted from 0.
    """

    file: str
    line: int
    lines: tuple[str, ...]
    code: tuple[str, ...]
    nests: tuple[int, ...] = ()

    @cached_property
    def is_definition(self) -> bool:
        """Whether it is a function or class."""
        return self._own_name is not None

    @cached_property
    def _own_name(self) -> str | None:
        first = next((line for line in self.code if line.strip() and not line.startswith("@")), "")
        found = _DEFINES.match(first)
        return None if found is None or found[0][:1].isspace() else found[1]

    @cached_property
    def imports(self) -> tuple[ImportedName, ...]:
        """What it imports, at whatever depth."""
        if not any("import" in line for line in self.code):
            return ()
        guarded = _guarded(self.code)
        found = (name for number, text in self._simple() for name in _imported(text, number, self, guarded))
        return tuple(islice(found, _MOST_IMPORTS))

    def _simple(self) -> Iterator[tuple[int, str]]:
        """Its simple statements, with the line that each begins in; lines in brackets are joined."""
        joined, begun, depth = "", 0, 0
        for number, line in enumerate(self.code):
            if not joined:
                begun = number
            depth += sum(line.count(sign) for sign in "([{") - sum(line.count(sign) for sign in ")]}")
            joined += line.rstrip("\\ \t") + " "
            if depth > 0 or line.endswith("\\"):
                continue
            yield from ((begun, part) for part in joined.split(";"))
            joined, depth = "", 0
        if joined:
            yield begun, joined

    @cached_property
    def defines(self) -> frozenset[str]:
        """The names that it gives to the module."""
        if self._own_name is not None:
            return frozenset({self._own_name})
        found = {name.bound for name in self.imports}
        for line in self.code:
            if one := _DEFINES.match(line):
                found.add(one[1])
            elif one := _EQUALS.search(line):
                target = line[: one.start()].partition(":")[0]
                found.update(_NAME.findall(target) if _TARGETS.fullmatch(target) else ())
            for bound in _BINDS.finditer(line):
                found.update(_NAME.findall(bound[1]))
        return frozenset(found)

    @cached_property
    def uses(self) -> frozenset[str]:
        """The names that stand in it, but for those after a dot."""
        return frozenset(name for line in self.code for name in _NAME.findall(line))

    @cached_property
    def asks_first(self) -> bool:
        """Whether it may go on without what is not there: it asks for a version or attribute, or catches an error."""
        return not _ASKS_FIRST.isdisjoint(self.uses) or any(_VERSION.search(line) for line in self.code)

    @cached_property
    def stands_alone(self) -> frozenset[str]:
        """The names that stand in it without a dot after them."""
        return frozenset(name for line in self.code for name in _ALONE.findall(line))

    @cached_property
    def dotted(self) -> tuple[tuple[int, str], ...]:
        """What it takes out of modules and other objects ("np.linalg.norm"), with the line of the file."""
        return tuple(
            (self.line + number, re.sub(r"[ \t]", "", found))
            for number, line in enumerate(self.code)
            for found in _DOTTED.findall(_IMPORTED.sub("", line) if "import" in line else line)
        )


def _imported(text: str, number: int, statement: Statement, guarded: frozenset[int]) -> Iterator[ImportedName]:
    line = statement.line + number
    if found := _FROM.match(text):
        names = found[3].strip().removeprefix("(").partition(")")[0]
        for part in names.split(","):
            name, _, bound = part.strip().partition(" as ")
            if name.strip():
                yield ImportedName(
                    line, len(found[1]), found[2], name.strip(), (bound or name).strip(), number in guarded
                )
    elif found := _IMPORT.match(text):
        for part in found[1].split(","):
            module, _, bound = part.strip().partition(" as ")
            if module.strip():
                first = module.strip().partition(".")[0]
                yield ImportedName(line, 0, module.strip(), "", (bound or first).strip(), number in guarded)


def _guarded(code: tuple[str, ...]) -> frozenset[int]:
    """The lines whose import may fail without harm: within a `try` that catches it, or for types alone."""
    found: set[int] = set()
    blocks: list[tuple[int, int]] = []  # indentation and line of each `try:` and `if TYPE_CHECKING:`
    for number, line in enumerate(code):
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        text = line.strip()
        while blocks and indent <= blocks[-1][0]:
            own, begun = blocks.pop()
            if indent == own and _CATCHES.match(text):
                found.update(range(begun, number))
        if text.startswith("try:"):
            blocks.append((indent, number))
        elif _FOR_TYPES.match(line):
            following = (n for n in range(number + 1, len(code)) if code[n].strip())
            over = next((n for n in following if len(code[n]) - len(code[n].lstrip()) <= indent), len(code))
            found.update(range(number, over))
    return frozenset(found)


def statements(file: str, text: str, *, cell: bool = False) -> list[Statement]:
    """The statements of a source, in order.

    Args:
        file: its name.
        text: the source.
        cell: whether it is a notebook's: what only IPython reads is blanked, and a cell in another language is nothing.
    """
    if cell and cell_magic_of(text) and cell_magic_of(text) not in RUNS_ITS_CELL:
        return []
    lines = re.split(r"\r\n|\r|\n", text)
    found: list[Statement] = []
    reader, start, decorated = LineReader(), 0, False
    code: list[str] = []
    nests: list[int] = []
    for number, line in enumerate(lines):
        begins = reader.begins_anew(line)
        blank = cell and begins and line.lstrip().startswith(("%", "!", "?"))
        read = "" if blank else reader.read(line)
        if code and begins and not decorated and read and not _GOES_ON.match(read):
            found.append(Statement(file, start + 1, tuple(lines[start:number]), tuple(code), tuple(nests)))
            start, code, nests = number, [], []
        decorated = read.startswith("@") or (decorated and not read.strip())
        if reader.nests and not blank:
            nests.append(number - start)
        code.append(read)
    found.append(Statement(file, start + 1, tuple(lines[start:]), tuple(code), tuple(nests)))
    return found
