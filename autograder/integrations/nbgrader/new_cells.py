"""Cells of notebooks, as nbformat makes them, which validates each against its whole schema; these need none."""

from typing import Any

from nbformat import NotebookNode


def markdown_cell(source: str, **metadata: Any) -> NotebookNode:
    """A text cell."""
    return NotebookNode(id="cell", cell_type="markdown", metadata=NotebookNode(metadata), source=source)


def code_cell(source: str, **metadata: Any) -> NotebookNode:
    """A code cell that was not run."""
    made = NotebookNode(id="cell", cell_type="code", metadata=NotebookNode(metadata), source=source)
    made["outputs"], made["execution_count"] = [], None
    return made


def notebook(cells: list[NotebookNode]) -> NotebookNode:
    """A notebook of format 4.5."""
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=NotebookNode(), cells=cells)


def numbered(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The cells with ids of their own."""
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return cells
