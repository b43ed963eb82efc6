"""Reads notebooks, by `json` alone: nothing of one is run, parsed as Python or believed, and its size is bounded."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.submissions.intake_limits import MODULE_BYTES, NOTEBOOK_BYTES, NOTEBOOK_CELLS, NOTEBOOK_VALUES
from autograder.submissions.notebook_outputs import without_outputs
from autograder.submissions.tree import RefusedError

SUFFIX = ".ipynb"
# The mark of the handout on the cells that belong to it: {"answer": "4a"} in a cell's metadata, under this name.
MARK = "autograder"
_ANSWER_HEADING = re.compile(r"##\s+(\w+)\.\s", re.ASCII)


@dataclass(frozen=True, slots=True)
class NotebookContent:
    """What a notebook holds.

    Args:
        cells: the source of each code cell, by a name that says which one it is ("cell 5", counted from the top with
            all cells), in order.
        answers: its written answers, in the form of `answers.md`; None where it has no cells for them.
    """

    cells: Mapping[str, bytes]
    answers: str | None = None


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


def read_notebook(data: bytes) -> NotebookContent:
    """The cells of a notebook of format 3 or 4.

    Raises:
        RefusedError: it is none; the message is the end of a sentence that begins with the file's name.
    """
    cells = list(cells_of(decoded_work(data)))
    code = {f"cell {cell.number}": cell.source.encode(errors="replace") for cell in cells if cell.kind == "code"}
    size = sum(map(len, code.values()))
    if size > MODULE_BYTES:
        raise RefusedError(
            f"has {size:,} bytes in its code cells, and at most {MODULE_BYTES:,} are read: hand in a smaller notebook"
        )
    return NotebookContent(code, _answers([(cell.source, _mark(cell)) for cell in cells if cell.kind == "markdown"]))


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


def _text(source: object) -> str:
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def _mark(cell: NotebookCell) -> str | None:
    answer = metadata_of(cell.metadata, MARK).get("answer")
    return answer if isinstance(answer, str) and answer.isascii() and answer.isalnum() else None


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
