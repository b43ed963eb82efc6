"""A notebook's cell as plain Python: what only IPython reads becomes `pass`, and every line keeps its number."""

import ast
import re

# `%%time` and its like run the cell that they stand on; other cell magics are in another language.
RUNS_ITS_CELL = frozenset("capture prun time timeit".split())
# `%time x = f()` runs its line; `%timeit f()` does not keep what it makes.
_RUNS_ITS_LINE = re.compile(r"(\s*)%time\s+(.*)")
_ASSIGNED = re.compile(r"(\s*[\w.,\s\[\]'\"]+?=\s*)(?:!|%(?!time\s)).*")
_ASSIGNED_TIME = re.compile(r"(\s*[\w.,\s\[\]'\"]+?=\s*)%time\s+(.*)")
_HELP = re.compile(r"\s*\?{1,2}\s*[\w.*]+\s*$|\s*[\w.*%\[\]]+\s*\?{1,2}\s*$")
_QUOTES = ("'''", '"""', "'", '"')


def plain(source: str) -> str:
    """The cell without magics (`%`, `%%`), shell lines (`!`) and requests for help (`?`).

    A cell that is Python already stays as it is, so that no line of a text is taken for a magic.
    """
    if _is_python(source):
        return source
    lines = source.splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is not None and lines[first].lstrip().startswith("%%"):
        if re.split(r"\W", lines[first].lstrip()[2:])[0] not in RUNS_ITS_CELL:
            return ""
        lines[first] = ""
    state, goes_on = _State(), False
    for number, line in enumerate(lines):
        if goes_on or state.between_statements:
            made = "pass" if goes_on else _plain_line(line)
            # A shell line goes on after a backslash.
            goes_on = made != line and line.endswith("\\")
            lines[number] = line = made
        state.read(line)
    return "\n".join(lines) + "\n"


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _plain_line(line: str) -> str:
    if timed := _RUNS_ITS_LINE.fullmatch(line) or _ASSIGNED_TIME.fullmatch(line):
        return timed[1] + timed[2]
    if assigned := _ASSIGNED.fullmatch(line):
        return f"{assigned[1]}None"
    if line.lstrip().startswith(("%", "!")) or _HELP.fullmatch(line):
        return line[: len(line) - len(line.lstrip())] + "pass"
    return line


class _State:
    """Where a line of Python leaves off: inside a text, inside brackets, after a backslash, or between statements."""

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0
        self._joined = False

    @property
    def between_statements(self) -> bool:
        return not (self._quote or self._depth or self._joined)

    def read(self, line: str) -> None:
        at, self._joined = 0, False
        while at < len(line):
            rest = line[at:]
            if rest.startswith("\\"):
                self._joined = at == len(line) - 1
                at += 2
            elif self._quote:
                ends = rest.startswith(self._quote)
                at += len(self._quote) if ends else 1
                self._quote = "" if ends else self._quote
            elif opened := next((quote for quote in _QUOTES if rest.startswith(quote)), ""):
                self._quote = opened
                at += len(opened)
            elif rest.startswith("#"):
                break
            else:
                self._depth = max(0, self._depth + (line[at] in "([{") - (line[at] in ")]}"))
                at += 1
        if len(self._quote) == 1 and not self._joined:
            self._quote = ""  # such a text ends with its line
