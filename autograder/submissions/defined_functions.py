"""Which functions a source defines, by reading alone: nothing is parsed or run, and it takes time in proportion.

Sources may be hostile, and this runs in the trusted process; so it looks at the statements at the left margin, texts
and comments blanked out. What is made in other ways (in a loop, by `setattr`) is not found: no points hang on it.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

# Of a source; what stands below is not looked at. Ordinary work has a tenth of it.
MOST_CHARACTERS = 300_000
# Texts and comments. Possessive, and no two alternatives begin alike: nothing is tried twice.
_BLANKED = re.compile(
    r"'''[^\\']*+(?:(?:\\.|'(?!''))[^\\']*+)*+(?:'''|\Z)"
    r'|"""[^\\"]*+(?:(?:\\.|"(?!""))[^\\"]*+)*+(?:"""|\Z)'
    r"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'?"
    r'|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"?'
    r"|#[^\n]*+",
    re.DOTALL,
)
_IN_A_LINE = re.compile(r"[^\n]")
# What stands at the left margin and begins a statement.
_AT_MARGIN = re.compile(r"^[^\s)\]}]", re.MULTILINE)
_DEFINES = re.compile(r"(?:async[ \t]+def|def|class)[ \t]+(\w+)")
_INDENTED = re.compile(r"^([ \t]++)(?:async[ \t]+def|def|class)[ \t]+(\w+)", re.MULTILINE)
_OPENS_BLOCK = re.compile(r"(?:if|elif|else|try|except|finally|with|for|while)\b")
_ASSIGNS = re.compile(r"(\w++(?:[ \t]*+,[ \t]*+\w++)*+)[ \t]*+(?::[^=\n]*+)?=(?!=)")
_FROM = re.compile(r"from[ \t]+([.\w]++)[ \t]+import\b[ \t]*+")
_IMPORTED = re.compile(r"(\w++)(?:\s++as\s++(\w++))?")
# The body of a function that is not written, its texts blanked out.
_UNWRITTEN = re.compile(
    r"(?:raise[ \t]+NotImplementedError\b(?:[ \t]*\([^()]*\))?|pass|\.\.\.|return[ \t]+NotImplemented)?"
)
_METHOD = re.compile(r"\bdef[ \t]")
_STUB = re.compile(r"\braise[ \t]+NotImplementedError\b")
# Characters of all signatures of a source that are looked through for their ends.
_SIGNATURES = 200_000
# How far names that are imported from one's own files are followed.
_FOLLOWED = 4


@dataclass(frozen=True, slots=True)
class Definition:
    """One name that a source defines at its top level.

    Args:
        name: the name; "*" for all of another module's.
        file: that it stands in.
        line: of the file, from 1 on.
        written: whether it is more than a stub.
        text: the definition without comments and blank lines, to compare it with another; of what is imported, its
            name there.
        origin: the module that it is imported from, as written; empty for what is defined here.
    """

    name: str
    file: str
    line: int
    written: bool
    text: str
    origin: str = ""

    @property
    def is_function(self) -> bool:
        """Whether it is a function or class, rather than a name that is assigned to or imported."""
        return _DEFINES.match(self.text) is not None


def definitions(file: str, text: str) -> list[Definition]:
    """What a source defines at its top level, also below `if`, `try` and the like; in order.

    Args:
        file: its name, for the places.
        text: the source; any text.
    """
    return list(_Source(file, text[:MOST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n")).definitions())


class _Source:
    """One source, and the same with its texts and comments blanked out; lines and columns stay."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.blanked = _BLANKED.sub(lambda found: _IN_A_LINE.sub(" ", found[0]), text)
        self.starts = [found.start() for found in _AT_MARGIN.finditer(self.blanked)]
        self._counted, self._line = 0, 1
        self._signatures = _SIGNATURES

    def definitions(self) -> Iterator[Definition]:
        """As declared above."""
        for start in self.starts:
            if found := _DEFINES.match(self.blanked, start):
                header = self._header(start)
                yield self._defined(found[1], start, header, self._after(header))
            elif _OPENS_BLOCK.match(self.blanked, start):
                yield from self._indented(start, self._after(start))
            elif found := _FROM.match(self.blanked, start):
                yield from self._imported(found, start)
            elif found := _ASSIGNS.match(self.blanked, start):
                text = self._compared(start, self._after(start))
                yield from (
                    Definition(name.strip(), self.file, self._line_of(start), True, text)
                    for name in found[1].split(",")
                )

    def _line_of(self, at: int) -> int:
        """The line of a place; places are asked for in order."""
        self._line += self.blanked.count("\n", self._counted, at)
        self._counted = at
        return self._line

    def _after(self, at: int) -> int:
        """Where the next statement at the margin begins."""
        place = bisect_right(self.starts, at)
        return self.starts[place] if place < len(self.starts) else len(self.blanked)

    def _header(self, start: int) -> int:
        """Where the colon of a signature stands; the start of the signature where none is found."""
        depth = 0
        for at in range(start, min(len(self.blanked), start + self._signatures)):
            character = self.blanked[at]
            depth += (character in "([{") - (character in ")]}")
            if character == ":" and depth <= 0:
                self._signatures -= at - start
                return at
        self._signatures = 0
        return start

    def _indented(self, start: int, end: int) -> Iterator[Definition]:
        """What a block at the margin defines, but not what stands in its functions and classes."""
        over = start
        for found in _INDENTED.finditer(self.blanked, start, end):
            if found.start() < over:
                continue
            own = found.end(1)
            header = self._header(own)
            shallow = re.compile(rf"^[ \t]{{0,{len(found[1])}}}[^\s)\]}}]", re.MULTILINE)
            following = shallow.search(self.blanked, header, end)
            over = following.start() if following else end
            yield self._defined(found[2], own, header, over)

    def _defined(self, name: str, start: int, header: int, end: int) -> Definition:
        """A function or class."""
        body = self.blanked[header + 1 : end].strip().rstrip(";").rstrip() if header > start else "not found"
        written = _UNWRITTEN.fullmatch(body) is None
        if written and self.blanked.startswith("class", start) and (methods := len(_METHOD.findall(body))):
            written = len(_STUB.findall(body)) < methods
        return Definition(name, self.file, self._line_of(start), written, self._compared(start, end))

    def _imported(self, found: re.Match[str], start: int) -> Iterator[Definition]:
        """The names of a `from ... import`; `*` for all of a module's."""
        names = self.blanked[found.end() : self._after(start)].replace("\\\n", " ").strip()
        if names.startswith("*"):
            yield Definition("*", self.file, self._line_of(start), True, "", found[1])
            return
        names = names[1:].partition(")")[0] if names.startswith("(") else names.partition("\n")[0]
        for part in names.split(","):
            if one := _IMPORTED.match(part.strip()):
                yield Definition(one[2] or one[1], self.file, self._line_of(start), True, one[1], found[1])

    def _compared(self, start: int, end: int) -> str:
        """The lines of a definition that hold code, without spaces at their ends."""
        pairs = zip(self.text[start:end].split("\n"), self.blanked[start:end].split("\n"), strict=True)
        return "\n".join(line.rstrip() for line, code in pairs if code.strip())


def defined_in(
    files: Mapping[str, str], main: Collection[str], wanted: Collection[str] = (), *, cells: bool = False
) -> dict[str, Definition]:
    """What the main sources define together, by name; names imported from one's own files at their place there.

    Args:
        files: the text of each source by name: of the module or cells, and of the helpers.
        main: the names of the module, or of the cells, in order.
        wanted: only these names, which are looked for in helpers too; empty for all that the main sources define.
        cells: the sources are a notebook's, in which a stub undoes no definition above it.
    """
    found: dict[str, Definition] = {}
    imports = _Imports(files, frozenset(wanted))
    for file in main:
        for one in imports.read(file, 0):
            if wanted and one.name not in wanted:
                continue
            before = found.get(one.name)
            undoes = cells and before is not None and before.written and not one.written
            if not undoes:
                found[one.name] = one
    return found


class _Imports:
    """Follows names to the file of one's own that defines them; each file is read once."""

    def __init__(self, files: Mapping[str, str], wanted: frozenset[str]) -> None:
        self._files, self._wanted = files, wanted
        self._known: dict[str, dict[str, Definition]] = {}

    def read(self, file: str, steps: int) -> Iterator[Definition]:
        """The definitions of a source, in order."""
        for one in definitions(file, self._files[file]):
            if not one.origin:
                yield one
            elif one.name == "*":
                there = self._of(file, one.origin, steps)
                yield from (there[name] for name in self._wanted if name in there)
            elif defined := self._of(file, one.origin, steps).get(one.text):
                yield replace(defined, name=one.name)

    def _of(self, file: str, origin: str, steps: int) -> dict[str, Definition]:
        """What another file of one's own defines, by name."""
        path = _own_file(self._files, file, origin)
        if not path or not self._wanted or steps == _FOLLOWED:
            return {}
        if path not in self._known:
            self._known[path] = {}  # files may import one another
            self._known[path] = {one.name: one for one in self.read(path, steps + 1)}
        return self._known[path]


def _own_file(files: Mapping[str, str], file: str, origin: str) -> str:
    """The file that a module is imported from, if it is one of these and not the source itself; else nothing."""
    stem = origin.lstrip(".").replace(".", "/")
    names = (f"{stem}.py", f"{stem}/__init__.py")
    return next((name for name in names if name in files and name != file), "")


def is_untouched(text: str) -> bool:
    """Whether every function of a source is as the handout has it, and there is one."""
    made = [one for one in definitions("", text) if one.is_function]
    return bool(made) and not any(one.written for one in made)
