"""Reads a notebook's cells, by `json` alone: nothing of it is run, parsed as Python or believed."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.submissions.intake_limits import MODULE_BYTES, NOTEBOOK_CELLS, NOTEBOOK_VALUES
from autograder.submissions.tree import RefusedError

SUFFIX = ".ipynb"
# The mark of the handout on the cells that belong to it: {"answer": "4a"} in a cell's metadata, under this name.
MARK = "autograder"
YOUR_ANSWER = "*Your answer:*"
_ANSWER_HEADING = re.compile(r"##\s+(\w+)\.\s", re.ASCII)
_STUB = re.compile(rb"^[ \t]+raise NotImplementedError\b", re.MULTILINE)
_FUNCTION = re.compile(rb"^(?:async[ \t]+)?def[ \t]", re.MULTILINE)


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


def read_notebook(data: bytes) -> NotebookContent:
    """The cells of a notebook of format 3 or 4.

    Raises:
        RefusedError: it is none; the message is the end of a sentence that begins with the file's name.
    """
    found = [*_cells(decoded(data))]
    code = {name: source.encode(errors="replace") for name, kind, source, _ in found if kind == "code"}
    size = sum(map(len, code.values()))
    if size > MODULE_BYTES:
        raise RefusedError(
            f"has {size:,} bytes in its code cells, and at most {MODULE_BYTES:,} are read: hand in a smaller notebook"
        )
    return NotebookContent(code, _answers([(source, mark) for _, kind, source, mark in found if kind == "markdown"]))


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


def _cells(notebook: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str | None]]:
    """Of each cell its name, kind and source, and the written answer that it is marked as. Odd cells are empty ones."""
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
            kind = cell.get("cell_type")
            source = _text(cell.get("source", cell.get("input")))
            yield f"cell {number}", kind if isinstance(kind, str) else "", source, _mark(cell)


def _text(source: object) -> str:
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def _mark(cell: Mapping[str, Any]) -> str | None:
    metadata = cell.get("metadata")
    own = metadata.get(MARK) if isinstance(metadata, dict) else None
    answer = own.get("answer") if isinstance(own, dict) else None
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


def is_answered(answers: str | None) -> bool:
    """Whether something was written below at least one task."""
    return any(written for _, written in answer_sections(answers or ""))


def answer_sections(answers: str) -> list[tuple[str, bool]]:
    """Each task of a sheet of written answers, by its heading, and whether something was written below it."""
    parts = re.split(r"^##\s+", answers, flags=re.MULTILINE)
    if len(parts) == 1:
        return [("", bool(answers.strip()) and _is_written(answers))]
    found = []
    for part in parts[1:]:
        heading, _, body = part.partition("\n")
        found.append((heading.strip(), _is_written(body)))
    return found


def _is_written(text: str) -> bool:
    """Whether something stands below the line that asks for an answer; who deletes the line has written, too."""
    return YOUR_ANSWER not in text or bool(text.partition(YOUR_ANSWER)[2].strip())


def is_untouched(source: bytes) -> bool:
    """Whether every function of a source still raises NotImplementedError, as far as can be told from its lines."""
    functions = len(_FUNCTION.findall(source))
    return functions > 0 and len(_STUB.findall(source)) >= functions
