"""Students' code for a page: highlighted by Pygments in few classes, with line numbers and marked lines."""

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup
from pygments.lexer import Lexer
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, String, Token, _TokenType

from autograder.files.visible import visible

AROUND = 3
MOST_LINE = 400

# One element a name would make a page of code seven times its text; five kinds are enough to read by.
_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "c"),
    (String, "s"),
    (Keyword, "k"),
    (Number, "n"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "f"),
    (Token.Operator.Word, "k"),
)


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line: its number, its HTML, and whether something was raised there."""

    number: int
    html: Markup
    marked: bool


@cache
def _lexer() -> Lexer:
    return PythonLexer(ensurenl=True, stripnl=False)


@cache
def _class_of(kind: _TokenType) -> str:
    return next((name for family, name in _CLASSES if kind in family), "")


def _lines(source: str) -> Iterator[str]:
    """The HTML of each line; a text over several lines is closed and opened again at each line end."""
    row: list[str] = []
    for kind, text in _lexer().get_tokens(visible(source)):
        name = _class_of(kind)
        for number, piece in enumerate(text.split("\n")):
            if number:
                yield "".join(row)
                row = []
            if piece:
                safe = html.escape(piece[:MOST_LINE])
                row.append(f"<i class={name}>{safe}</i>" if name else safe)
    if row:
        yield "".join(row)


def highlighted(source: str, marked: Iterable[int] = ()) -> list[CodeLine]:
    """Every line of a source.

    Args:
        source: Python, right or not.
        marked: numbers of lines, from 1.
    """
    wanted = set(marked)
    # What Pygments takes for a line end must be one for Python too, or the marks would slip.
    source = source.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    return [
        CodeLine(number, Markup(line), number in wanted)  # noqa: S704  every piece was escaped
        for number, line in enumerate(_lines(source), start=1)
    ]


def excerpt(lines: list[CodeLine], line: int) -> list[CodeLine]:
    """A line with a few around it."""
    return lines[max(0, line - 1 - AROUND) : line + AROUND]
