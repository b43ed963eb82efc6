"""On which line of a TOML file each key and each item of a list stands; `tomllib` reads values and forgets lines."""

import re
import tomllib
from collections.abc import Iterator

CHANGES_RECORDS = False

# Where a value stands: the keys from the top of the file, and in lists the number of the item, from 0.
Keys = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""(?P<skipped>[ \t\r]+|\#[^\n]*)
      | (?P<newline>\n)
      | (?P<text>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
      | (?P<mark>[\[\]{},=.])
      | (?P<word>[^\s\[\]{},=."'\#]+|.)""",
    re.VERBOSE | re.DOTALL,
)


def lines_of(text: str) -> dict[Keys, int]:
    """The line of each key, table, and item of a list.

    Args:
        text: that `tomllib` has read: what stands where is not checked again.
    """
    return _Lines(text).found


def line_of(text: str, keys: Keys) -> int | None:
    """The line on which a value stands, or else the nearest table, list or key around it.

    >>> line_of('title = "x"\\n[late]\\npenalty = 2\\n', ("late", "penalty"))
    3
    >>> line_of('[[answer]]\\nid = "1"\\n[[answer]]\\nid = "2"\\n', ("answer", 1, "title"))
    3
    """
    found = lines_of(text)
    return next((found[keys[:length]] for length in range(len(keys), 0, -1) if keys[:length] in found), None)


class _Lines:
    """Goes through a file once, one token after the other."""

    def __init__(self, text: str) -> None:
        self.found: dict[Keys, int] = {}
        # Of each list of tables, how many of them have begun.
        self._counts: dict[Keys, int] = {}
        self._tokens = self._split(text)
        self._kind, self._now, self._line = next(self._tokens)
        table: Keys = ()
        while self._kind != "end":
            if self._now == "\n":
                self._next()
            elif self._now == "[":
                table = self._header()
            else:
                self._setting(table)

    @staticmethod
    def _split(text: str) -> Iterator[tuple[str, str, int]]:
        line = 1
        for match in _TOKEN.finditer(text):
            if match.lastgroup != "skipped":
                yield match.lastgroup or "", match[0], line
            line += match[0].count("\n")
        while True:
            yield "end", "", line

    def _next(self) -> None:
        self._kind, self._now, self._line = next(self._tokens)

    def _keys(self) -> list[str]:
        """A key, or several that are joined by dots; the token after them is next."""
        keys = []
        while self._kind in ("word", "text") or self._now == ".":
            if self._kind == "word":
                keys.append(self._now)
            elif self._kind == "text":
                keys.append(tomllib.loads(f"key = {self._now}")["key"])
            self._next()
        return keys

    def _header(self) -> Keys:
        """The head of a table, or of one more in a list of tables."""
        self._next()
        several = self._now == "["
        if several:
            self._next()
        line, keys = self._line, self._keys()
        table: Keys = ()
        for number, key in enumerate(keys, start=1):
            table = (*table, key)
            self.found.setdefault(table, line)
            if several and number == len(keys):
                self._counts[table] = self._counts.get(table, 0) + 1
            if table in self._counts:
                # What stands below a list of tables belongs to its last one.
                table = (*table, self._counts[table] - 1)
                self.found.setdefault(table, line)
        while self._kind not in ("newline", "end"):
            self._next()
        return table

    def _setting(self, table: Keys) -> None:
        """A key and its value."""
        line, keys = self._line, (*table, *self._keys())
        for length in range(len(table) + 1, len(keys) + 1):
            self.found.setdefault(keys[:length], line)
        self._next()
        self._value(keys)

    def _value(self, keys: Keys) -> None:
        """A value, with what stands in it; what ends it is next."""
        if self._now == "[":
            self._list(keys)
        elif self._now == "{":
            self._next()
            while self._now != "}" and self._kind != "end":
                if self._kind in ("word", "text"):
                    self._setting(keys)
                else:
                    self._next()
            self._next()
        else:
            while self._kind not in ("newline", "end") and self._now not in ("]", "}", ","):
                self._next()

    def _list(self, keys: Keys) -> None:
        number = 0
        self._next()
        while self._now != "]" and self._kind != "end":
            if self._kind == "newline":
                self._next()
            elif self._now == ",":
                number += 1
                self._next()
            else:
                self.found.setdefault((*keys, number), self._line)
                self._value((*keys, number))
        self._next()
