"""Notebooks for tests, as Jupyter writes them."""

import ast
import json
from collections.abc import Iterable
from typing import Any


def code(source: str, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": 1}


def text(source: str, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source.splitlines(keepends=True), "metadata": metadata}


def notebook(cells: Iterable[dict[str, Any] | str]) -> bytes:
    """A notebook; a cell that is a text is code."""
    made = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def from_module(source: bytes) -> bytes:
    """A module as a notebook, one cell a statement, among the cells that students have besides."""
    lines = source.decode().splitlines(keepends=True)
    nodes = ast.parse(source).body
    starts = [min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) for node in nodes]
    # Comments above a statement stay with the one before it.
    ends = [*(start - 1 for start in starts[1:]), len(lines)]
    cells = ["".join(lines[start - 1 : end]) for start, end in zip(starts, ends, strict=True)]
    around = [
        "%matplotlib inline\nimport otter\ngrader = otter.Notebook()",
        "import matplotlib.pyplot as plt\nplt.plot([1])",
    ]
    return notebook([*around, *cells, "!ls\ngrader.check('f')", text("# The end")])
