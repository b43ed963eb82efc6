"""Reads notebooks, by `json` alone: nothing of one is run, parsed as Python or believed, and its size is bounded."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.sandbox.inside.notebook_cells import RUNS_ITS_CELL
from autograder.submissions.intake_limits import MODULE_BYTES, NOTEBOOK_BYTES, NOTEBOOK_CELLS, NOTEBOOK_VALUES
from autograder.submissions.notebook_outputs import without_outputs
from autograder.submissions.tree import RefusedError

SUFFIX = ".ipynb"
# The mark of the handout on the cells that belong to it: {"answer": "4a"} in a cell's metadata, under this name.
MARK = "autograder"
_ANSWER_HEADING = re.compile(r"##\s+(\w+)\.\s", re.ASCII)
# Code that a text cell only quotes.
_FENCED = re.compile(r"^```.*?(?:^```|\Z)", re.MULTILINE | re.DOTALL)
# A cell that Jupyter writes to a file of its own, in place of running it.
_WRITES = re.compile(r"%%(?:writefile|file)[ \t]+(?:(?:-a|--append)[ \t]+)?[\"']?([\w./-]+\.py)[\"']?[ \t]*$")
# Bytes by which a picture is known again.
_BEGINNING = 65_536


@dataclass(frozen=True, slots=True)
class CellPicture:
    """A picture, or the like, that is kept in a notebook's cell: its name, kind after MIME, bytes and hash."""

    cell: str
    name: str
    kind: str
    bytes: int
    hash: str


@dataclass(frozen=True, slots=True)
class NotebookContent:
    """What a notebook holds.

    Args:
        cells: the source of each code cell, by a name that says which one it is ("cell 5", counted from the top with
            all cells), in order.
        answers: its written answers, in the form of `answers.md`; None where it has no cells for them.
        not_run: the text of cells that do not run, by a name that says why: "cell 2, which is a text cell".
        run: the names of `cells` without those that begin with a magic for another language or for a file.
        writes: the files of `%%writefile`, by name.
        pictures: that are kept in cells.
        language: as the notebook says; empty where it does not, or where it is Python.
    """

    cells: Mapping[str, bytes]
    answers: str | None = None
    not_run: Mapping[str, str] = field(default_factory=dict)
    run: tuple[str, ...] = ()
    writes: Mapping[str, bytes] = field(default_factory=dict)
    pictures: tuple[CellPicture, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """One cell, as far as it is one; what is missing or odd is empty.

    Args:
        number: counted from the top with all cells, from 1.
        kind: "code", "markdown" or another word.
        source: its text.
        metadata: its own.
        attachments: pictures, by name; not looked at.
    """

    number: int
    kind: str
    source: str
    metadata: Mapping[str, Any]
    attachments: object = None

    @property
    def name(self) -> str:
        """What it is called: "cell 5"."""
        return f"cell {self.number}"

    @property
    def mark(self) -> str | None:
        """The written answer that it is marked as."""
        answer = metadata_of(self.metadata, MARK).get("answer")
        return answer if isinstance(answer, str) and answer.isascii() and answer.isalnum() else None

    @property
    def pictures(self) -> tuple[CellPicture, ...]:
        """Those that are kept in it."""
        return tuple(_pictures(self.name, self.attachments))

    @property
    def why_not_run(self) -> str:
        """Its place and why it is not run; empty where it is."""
        if self.kind != "code":
            return f"{self.name}, which is a {'text' if self.kind == 'markdown' else 'raw'} cell"
        first = self._first_line
        if first.startswith("%%") and re.split(r"\W", first[2:])[0] not in RUNS_ITS_CELL:
            return f"{self.name}, which begins with {first.split()[0][:40]}"
        return ""

    @property
    def _first_line(self) -> str:
        return self.source.lstrip().partition("\n")[0].rstrip()

    @property
    def quoted_out(self) -> str:
        """Its text, without the code that it only quotes."""
        return self.source if self.kind == "code" else _FENCED.sub("", self.source)

    @property
    def written(self) -> tuple[str, bytes]:
        """The file that Jupyter writes in place of running it, and what it holds; "" where there is none."""
        found = _WRITES.match(self._first_line) if self.kind == "code" else None
        if found is None or found[1].startswith("/") or ".." in found[1].split("/"):
            return "", b""
        path = "/".join(part for part in found[1].split("/") if part not in ("", "."))
        return path, self.source.lstrip().partition("\n")[2].encode(errors="replace")


def read_notebook(data: bytes) -> NotebookContent:
    """The cells of a notebook of format 3 or 4.

    Raises:
        RefusedError: it is none; the message is the end of a sentence that begins with the file's name.
    """
    notebook = decoded_work(data)
    found = list(cells_of(notebook))
    code = {cell.name: cell.source.encode(errors="replace") for cell in found if cell.kind == "code"}
    size = sum(map(len, code.values()))
    if size > MODULE_BYTES:
        raise RefusedError(
            f"has {size:,} bytes in its code cells, and at most {MODULE_BYTES:,} are read: hand in a smaller notebook"
        )
    not_run = {cell.why_not_run: cell.quoted_out for cell in found if cell.why_not_run}
    return NotebookContent(
        cells=code,
        answers=_answers([(cell.source, cell.mark) for cell in found if cell.kind == "markdown"]),
        not_run=not_run,
        run=tuple(cell.name for cell in found if cell.kind == "code" and not cell.why_not_run),
        writes=dict(cell.written for cell in found if cell.written[0]),
        pictures=tuple(picture for cell in found for picture in cell.pictures),
        language=_language(notebook),
    )


def decoded_work(data: bytes) -> Mapping[str, Any]:
    """As `decoded`, of a notebook of at most `NOTEBOOK_FILE_BYTES`, without what its cells have shown.

    Raises:
        RefusedError: as there; or what is left is too large.
    """
    left = without_outputs(data)
    if len(left) > NOTEBOOK_BYTES:
        raise RefusedError(
            f"has {len(left):,} bytes beside its outputs, in code, texts and pictures, and at most {NOTEBOOK_BYTES:,} "
            "are read: hand in a smaller notebook"
        )
    return decoded(left)


def decoded(data: bytes) -> Mapping[str, Any]:
    """The notebook's JSON, an object of bounded size; nothing else is known of it.

    Raises:
        RefusedError: it is none; the message is the end of a sentence that begins with the file's name.
    """
    if not data.strip():
        raise RefusedError("is empty (0 bytes): save the notebook, and hand it in again")
    # A list of empty lists takes thirty times its bytes.
    if data.count(b",") + data.count(b"[") + data.count(b"{") > NOTEBOOK_VALUES:
        raise RefusedError("holds more values than are read: clear its outputs, and hand it in again")
    again = "open it in Jupyter, save it, and hand it in again"
    try:
        found = json.loads(data)
    except json.JSONDecodeError as error:
        if b"\n<<<<<<< " in data:
            again = "it holds a merge conflict of git (<<<<<<<): keep one version of it, and hand it in again"
        raise RefusedError(
            f"is no notebook: its JSON is malformed in line {error.lineno} ({error.msg}); {again}"
        ) from None
    except UnicodeDecodeError:
        raise RefusedError(f"is no notebook: it is not UTF-8 text; {again}") from None
    except (ValueError, RecursionError):
        raise RefusedError(f"is no notebook: its JSON cannot be read; {again}") from None
    if not isinstance(found, dict):
        raise RefusedError(f"is no notebook: it holds no cells; {again}")
    return found


def cells_of(notebook: Mapping[str, Any]) -> Iterator[NotebookCell]:
    """The cells of a decoded notebook of format 3 or 4, in order; what is no cell at all is passed over, and counted.

    Raises:
        RefusedError: it has none, or too many; the message is as that of `decoded`.
    """
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):  # format 3
        sheets = [sheet.get("cells") for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(cells, list):
        raise RefusedError("is no notebook: it holds no cells; open it in Jupyter, save it, and hand it in again")
    if len(cells) > NOTEBOOK_CELLS:
        raise RefusedError(f"has {len(cells):,} cells, and at most {NOTEBOOK_CELLS:,} are read: hand in only your work")
    for number, cell in enumerate(cells, start=1):
        if isinstance(cell, dict):
            kind, metadata = cell.get("cell_type"), metadata_of(cell)
            source = _text(cell.get("source", cell.get("input")))
            yield NotebookCell(number, kind if isinstance(kind, str) else "", source, metadata, cell.get("attachments"))


def metadata_of(part: Mapping[str, Any], name: str = "metadata") -> Mapping[str, Any]:
    """The metadata of a notebook or cell, or what a program has put into it under its name; empty where it is odd."""
    found = part.get(name)
    return found if isinstance(found, dict) else {}


def texts_of_cells(notebook: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """What of each cell a person wrote: its kind, its text, the names of the pictures in it."""
    for cell in cells_of(notebook):
        yield cell.kind, cell.source, *(picture.name for picture in cell.pictures)


def _language(notebook: Mapping[str, Any]) -> str:
    """The language that a notebook says it is in, where that is not Python."""
    metadata = notebook.get("metadata")
    told = []
    for part, key in (("kernelspec", "language"), ("language_info", "name"), ("kernelspec", "name")):
        inner = metadata.get(part) if isinstance(metadata, dict) else None
        value = inner.get(key) if isinstance(inner, dict) else None
        told.append(value if isinstance(value, str) else "")
    if any("python" in value.lower() for value in told):
        return ""
    return next((value for value in told[:2] if value), "")


def _text(source: object) -> str:
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def _pictures(cell: str, attachments: object) -> Iterator[CellPicture]:
    for name, kinds in attachments.items() if isinstance(attachments, dict) else ():
        for kind, data in kinds.items() if isinstance(kinds, dict) else ():
            text = _text(data)
            known = hashlib.sha256(f"{len(text)}:{text[:_BEGINNING]}".encode("utf-8", "surrogatepass")).hexdigest()
            yield CellPicture(cell, name, kind, 3 * len(text) // 4, known[:20])
            break


def _answers(texts: list[tuple[str, str | None]]) -> str | None:
    """The text cells from the first that is marked, or headed as the handout heads them, in the form of answers.md."""
    parts: list[str] = []
    headed: set[str] = set()
    for source, mark in texts:
        heading = _ANSWER_HEADING.match(source)
        if heading:
            headed.add(heading[1])
        if mark is not None and mark not in headed:
            # Its heading was deleted, or it was moved.
            headed.add(mark)
            parts.append(f"## {mark}. ")
        if headed:
            parts.append(source.strip())
    return "\n\n".join(parts) + "\n" if parts else None
