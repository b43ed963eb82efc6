"""The lines of a source one after the other, each with what in it is code: texts and comments are blanked.

Linear in what it reads, whatever that is, and needs no Python that could parse it: so a source that is broken, hostile,
or of a later version can be looked at. The fields of an f-string are code, nested as Python 3.12 has them.
"""

import re
from dataclasses import dataclass

_CODE_STOPS = re.compile(r"\"\"\"|'''|[\"'#\\()\[\]{}:]")
_TEXT_STOPS = {
    (quote, fields): re.compile(rf"{quote}|\\{'|[{}]' if fields else ''}")
    for quote in ('"""', "'''", '"', "'")
    for fields in (False, True)
}
_SPEC_STOPS = re.compile(r"[{}\"']")
_PREFIX = re.compile(r"(?<!\w)[A-Za-z]{1,3}$")
# Texts and fields inside one another; Python itself allows fewer.
_MOST_OPEN = 400
# Nobody writes these at the margin inside brackets: something above was left open.
_BEGINS = re.compile(r"(?:async\s+def|def|class|import|from)\s|@\w")


@dataclass(slots=True)
class _Text:
    """An open text: the quotes that end it, and whether it has fields."""

    quote: str
    fields: bool


@dataclass(slots=True)
class _Field:
    """An open field of an f-string: brackets open in it, and whether its format has begun."""

    depth: int = 0
    spec: bool = False


class LineReader:
    """Reads lines in order, and knows where each leaves off.

    Attributes:
        nests: whether the last line has an f-string as only Python 3.12 and later read them: with its own quotes, a
            backslash, a comment or the end of a line inside a field.
    """

    def __init__(self) -> None:
        self._open: list[_Text | _Field] = []
        self._depth = 0
        self._joined = False
        self.nests = False

    @property
    def between_statements(self) -> bool:
        """Whether no text, bracket or backslash carries the last line on into the next."""
        return not (self._open or self._depth or self._joined)

    @property
    def in_text(self) -> bool:
        """Whether the next line begins inside a text."""
        return bool(self._open) and isinstance(self._open[-1], _Text)

    def begins_anew(self, line: str) -> bool:
        """Whether the next line, which is this one, does not go on with the last."""
        return self.between_statements or (not self.in_text and _BEGINS.match(line) is not None)

    def read(self, line: str) -> str:
        """The code of a line, of the line's length; quotes stay, what is between them is blank.

        Args:
            line: without its end.
        """
        if self.begins_anew(line):
            self._open, self._depth = [], 0
        self._joined = self.nests = False
        found: list[str] = []
        at = 0
        while at < len(line):
            top = self._open[-1] if self._open else None
            if isinstance(top, _Text):
                at = self._read_text(line, at, top, found)
            elif top is not None and top.spec:
                at = self._read_spec(line, at, found)
            else:
                at = self._read_code(line, at, top, found)
        self._end_line()
        return "".join(found)

    def _read_code(self, line: str, at: int, field: _Field | None, found: list[str]) -> int:
        stop = _CODE_STOPS.search(line, at)
        if stop is None:
            found.append(line[at:])
            return len(line)
        found.append(line[at : stop.start()])
        sign = stop[0]
        if sign == "#":
            self.nests |= field is not None
            found.append(" " * (len(line) - stop.start()))
            return len(line)
        if sign == "\\":
            self.nests |= field is not None
            self._joined = stop.end() == len(line)
            found.append(line[stop.start() : stop.end() + 1])
            return stop.end() + 1
        found.append(sign)
        if sign[0] in "\"'":
            self._open_text(line, stop.start(), sign)
        elif sign in "([{":
            self._deepen(field, 1)
        elif sign == ":":
            if field is not None and field.depth == 0:
                field.spec = True
        elif field is not None and sign == "}" and field.depth == 0:
            self._open.pop()
        else:
            self._deepen(field, -1)
        return stop.end()

    def _open_text(self, line: str, at: int, quote: str) -> None:
        if len(self._open) >= _MOST_OPEN:
            return
        self.nests |= any(isinstance(above, _Text) and quote.startswith(above.quote) for above in self._open)
        prefix = _PREFIX.search(line[max(0, at - 4) : at])
        self._open.append(_Text(quote, prefix is not None and not {"f", "t"}.isdisjoint(prefix[0].lower())))

    def _deepen(self, field: _Field | None, by: int) -> None:
        if field is None:
            self._depth = max(0, self._depth + by)
        else:
            field.depth = max(0, field.depth + by)

    def _read_text(self, line: str, at: int, text: _Text, found: list[str]) -> int:
        stop = _TEXT_STOPS[text.quote, text.fields].search(line, at)
        if stop is None:
            found.append(" " * (len(line) - at))
            return len(line)
        found.append(" " * (stop.start() - at))
        if stop[0] == text.quote:
            self._open.pop()
            found.append(text.quote)
            return stop.end()
        doubled = stop[0] in "{}" and line.startswith(stop[0], stop.end())
        if stop[0] == "\\" or doubled:
            self.nests |= stop[0] == "\\" and len(self._open) > 1
            self._joined = stop[0] == "\\" and stop.end() == len(line)
            found.append(" " * min(2, len(line) - stop.start()))
            return stop.end() + 1
        if stop[0] == "{":
            self._open.append(_Field())
        found.append(" ")
        return stop.end()

    def _read_spec(self, line: str, at: int, found: list[str]) -> int:
        """The format of a field, which is text with fields of its own."""
        stop = _SPEC_STOPS.search(line, at)
        if stop is None:
            found.append(" " * (len(line) - at))
            return len(line)
        found.append(" " * (stop.start() - at))
        text = self._open[-2]
        if isinstance(text, _Text) and line.startswith(text.quote, stop.start()):
            self._open.pop()  # it was left open, and the text ends here
            return stop.start()
        if stop[0] == "{":
            self._open.append(_Field())
        elif stop[0] == "}":
            self._open.pop()
        found.append(" ")
        return stop.end()

    def _end_line(self) -> None:
        if self._joined or not self._open:
            return
        if isinstance(text := self._open[-1], _Text):
            if len(text.quote) == 1:
                self._open.pop()  # such a text ends with its line
        elif any(isinstance(above, _Text) and len(above.quote) == 1 for above in self._open):
            self.nests = True
