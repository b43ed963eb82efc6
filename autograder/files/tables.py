"""Tables as text, CSV: the one way to read what people, platforms and spreadsheets write.

Read are comma, semicolon and tab, also where Excel's first line `sep=;` names one; UTF-8 with and without a byte-order
mark, UTF-16 with one; any line ends. What is damaged is an error with its line, and never a table that is cut short.
`table_writing` writes them.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from autograder.files.visible import visible

# In the order in which they win where a header has as many of two: a comma may stand within a name.
DELIMITERS = "\t;,"
# A class of 5,000 with 500 columns has about 20 MB. A cell takes some 60 bytes of memory.
MOST_BYTES = 64_000_000
MOST_CELLS = 4_000_000
# Of a file in an old encoding: so many cells are shown, of so many characters, since they may have been read wrongly.
_SAMPLES, _SAMPLE = 3, 40

_SEP = re.compile(r'"?sep=(?P<mark>[^\r\n])"?[,;\t]*(?:\r\n|\n|\r|$)', re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_HEAD = 100_000
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?")
# "1,234" may be a thousand and more, and tells nothing of decimals.
_WITH_COMMA = re.compile(r"[+-]?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})")
_WITH_POINT = re.compile(r"[+-]?[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})")
_WORDS = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
_BINARY = {b"PK\x03\x04": "a workbook or a zip", b"\xd0\xcf\x11\xe0": "an old workbook"}


class DamagedTableError(ValueError):
    """It is no table that can be read.

    Args:
        told: what is wrong; the end of a sentence that begins with the file's name.
        line: of the file, from 1; 0 where it is the whole.

    Attributes:
        header: the first row, where that much could be read.
    """

    def __init__(self, told: str, line: int = 0) -> None:
        super().__init__(f", line {line}: {told}" if line else f" {told}")
        self.header: tuple[str, ...] = ()


class TableRow(NamedTuple):
    """A row as a spreadsheet counts it: the header is 1, blank rows count, Excel's `sep=` does not."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its header, and the rows below it that are not blank.

    Args:
        header: the cells of the first row, as they stand there; no row has more.
        rows: below it.
        delimiter: between cells.
        guessed: what must be told to people where the encoding was guessed; "" where it was not.
    """

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    delimiter: str = ","
    guessed: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in small letters, without spaces around them."""
        return tuple(cell.strip().lower() for cell in self.header)

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row's number, and its cells by `columns`; one that a short row lacks is empty."""
        # Of two columns of one name the first counts.
        places = {name: place for place, name in reversed(list(enumerate(self.columns)))}
        for number, cells in self.rows:
            yield number, {name: cells[at] if at < len(cells) else "" for name, at in places.items()}

    @property
    def decimal(self) -> str:
        """The mark before decimals: the one that its numbers have, or else the usual one beside its delimiter."""
        commas, points = (
            any(mark in cell and form.fullmatch(cell.strip()) for row in self.rows for cell in row.cells)
            for mark, form in ((",", _WITH_COMMA), (".", _WITH_POINT))
        )
        if commas != points:
            return "," if commas else "."
        return "," if self.delimiter == ";" else "."


def read_table(path: Path, error: Callable[[str], Exception], tell: Callable[[str], object] | None = None) -> Table:
    """The table in a file.

    Args:
        path: of the file.
        error: makes the exception to raise, from a message that names the file and the line.
        tell: is told where the encoding had to be guessed; where nobody can be told, such a file is refused.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise error(f"{path} has more than {MOST_BYTES:,} bytes, the most that are read of a table")
        table = parse(data)
    except OSError as wrong:
        raise error(f"{path} cannot be read: {wrong.strerror}") from wrong
    except DamagedTableError as wrong:
        raise error(f"{path}{wrong}") from wrong
    if table.guessed:
        if tell is None:
            raise error(f"{path} is not UTF-8: save it as CSV UTF-8, or in the program that wrote it as such")
        tell(f"{path} {table.guessed}")
    return table


def parse(data: bytes) -> Table:
    """The table in a file's bytes.

    Raises:
        DamagedTableError: it is none.
    """
    text, guessed = _decoded(data)
    named = _SEP.match(text)
    if named and named["mark"] not in DELIMITERS:
        raise DamagedTableError(f"sep={named['mark']} is read with a comma, a semicolon or a tab only", 1)
    delimiter = named["mark"] if named else _delimiter(text)
    header, rows = _rows(text[named.end() :] if named else text, delimiter, 1 if named else 0)
    if not guessed:
        return Table(header, rows, delimiter)
    odd = (cell for cells in (header, *(row.cells for row in rows)) for cell in cells if not cell.isascii())
    shown = ", ".join(visible(cell[:_SAMPLE], keep="") for cell in islice(odd, _SAMPLES))
    told = f"is not UTF-8 and was read as Windows-1252 (Western Europe): look whether this is right: {shown}"
    return Table(header, rows, delimiter, told)


def _decoded(data: bytes) -> tuple[str, bool]:
    """The text, and whether its encoding was guessed."""
    for begins, what in _BINARY.items():
        if data.startswith(begins):
            raise DamagedTableError(f"is {what}, and no CSV: save it as CSV UTF-8")
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), False
        text, guessed = data.decode("utf-8-sig"), False
    except UnicodeDecodeError as error:
        if error.encoding != "utf-8":
            raise DamagedTableError("begins as UTF-16 and is none: save it as CSV UTF-8") from error
        try:
            text, guessed = data.decode("cp1252"), True
        except UnicodeDecodeError as second:
            line = data.count(b"\n", 0, second.start) + 1
            raise DamagedTableError("it is neither UTF-8 nor Windows-1252: save it as CSV UTF-8", line) from second
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DamagedTableError("it holds what is no text (a zero byte): save it as CSV UTF-8", line)
    return text, guessed


def _delimiter(text: str) -> str:
    """The one that the first line has most of, outside of quoted cells, which may hold any."""
    first = re.split(r"[\r\n]", _QUOTED.sub("", text[:_HEAD]).lstrip("\r\n"), maxsplit=1)[0]
    return max(DELIMITERS, key=first.count) if any(mark in first for mark in DELIMITERS) else ","


def _rows(text: str, delimiter: str, above: int) -> tuple[tuple[str, ...], tuple[TableRow, ...]]:
    """The header and the rows of a table, of whose file so many lines stand above it."""
    header: tuple[str, ...] = ()
    rows: list[TableRow] = []
    count = 0
    try:
        for number, (line, cells) in enumerate(_split(text, delimiter, above), start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = tuple(cells)
                continue
            if any(cell.strip() for cell in cells[len(header) :]):
                told = f"there are {len(cells)} cells, and {len(header)} in the header: a text that holds"
                raise DamagedTableError(f"{told} {_WORDS[delimiter]} must stand in quotation marks", line)
            count += len(cells)
            if count > MOST_CELLS:
                raise DamagedTableError(f"there are more than {MOST_CELLS:,} cells, the most that are read", line)
            rows.append(TableRow(number, tuple(cells[: len(header)])))
    except DamagedTableError as wrong:
        wrong.header = header
        raise
    if not header:
        raise DamagedTableError("is empty")
    return header, tuple(rows)


def _split(text: str, delimiter: str, above: int) -> Iterator[tuple[int, list[str]]]:
    """Each row's first line, and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        first = above + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise DamagedTableError("a quotation mark that is opened here is never closed", first) from error
            if "field limit" in str(error):
                told = f"a cell has more than {csv.field_size_limit():,} characters: is a quotation mark missing?"
                raise DamagedTableError(told, first) from error
            told = "after a quotation mark that ends a cell stands more: within a text it must be written twice"
            raise DamagedTableError(told, above + reader.line_num) from error
        yield first, cells


def number_of(text: str) -> float:
    """A number as people write it, with a point or a comma before its decimals.

    Raises:
        ValueError: it is none.

    >>> number_of("12,5"), number_of(" 12.50 ")
    (12.5, 12.5)
    """
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is not a number")
    return float(text.strip().replace(",", "."))
