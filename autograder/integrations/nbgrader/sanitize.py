"""Gives the cells of a submitted notebook the metadata that the gradebook has of them, never the student's."""

import json
from dataclasses import dataclass
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.integrations.nbgrader.cell_ids import checks_id
from autograder.integrations.nbgrader.new_cells import code_cell, markdown_cell, numbered
from autograder.integrations.nbgrader.source_notebooks import SCHEMA

MISSING = "This cell was missing from what was handed in."


@dataclass(frozen=True)
class _Known:
    """A cell of the released notebook, as the gradebook has it."""

    grade_id: str
    kind: str
    locked: bool
    checksum: str
    source: str
    points: float | None
    grade: bool
    solution: bool
    task: bool

    @property
    def metadata(self) -> NotebookNode:
        meta = {
            "grade_id": self.grade_id,
            "grade": self.grade,
            "solution": self.solution,
            "task": self.task,
            "locked": self.locked,
            "schema_version": SCHEMA,
            "cell_type": self.kind,
            "checksum": self.checksum,
        }
        return NotebookNode(meta if self.points is None else {**meta, "points": self.points})

    def cell(self, source: str, given: NotebookNode | None = None) -> NotebookNode:
        """The cell with this source."""
        made = code_cell(source) if self.kind == "code" else markdown_cell(source)
        if given is not None and "attachments" in given and self.kind == "markdown":
            made["attachments"] = given["attachments"]
        made.metadata = NotebookNode({"nbgrader": self.metadata})
        return made

    def restored(self) -> NotebookNode:
        """The cell where the student deleted it. The note makes an answer differ from none: a person then looks."""
        if self.locked:
            return self.cell(self.source)
        return self.cell(f"# {MISSING}" if self.kind == "code" else f"*{MISSING}*")


def _known(notebook: Any) -> dict[str, _Known]:
    points = {cell.name: float(cell.max_score) for cell in [*notebook.grade_cells, *notebook.task_cells]}
    grade, solution, task = (
        {cell.name for cell in cells} for cells in (notebook.grade_cells, notebook.solution_cells, notebook.task_cells)
    )
    return {
        cell.name: _Known(
            grade_id=cell.name,
            kind=cell.cell_type,
            locked=bool(cell.locked),
            checksum=cell.checksum,
            source=cell.source,
            points=points.get(cell.name),
            grade=cell.name in grade,
            solution=cell.name in solution,
            task=cell.name in task,
        )
        for cell in notebook.source_cells
    }


class Canonical(NbGraderPreprocessor):
    """All of sanitizing: extra, doubled, re-flagged and deleted cells end no run and move no points.

    It stands for nbgrader's DeduplicateIds, OverwriteCells, OverwriteKernelspec and CheckCellMetadata, which mend what
    a student's notebook says of itself, and stop where they cannot; here nothing of that is taken over.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """The notebook with every graded cell once, in the student's order."""
        with Gradebook(resources["nbgrader"]["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(resources["nbgrader"]["notebook"], resources["nbgrader"]["assignment"])
            known = _known(notebook)
            nb.metadata["kernelspec"] = json.loads(notebook.kernelspec or "{}")
        cells, places = [], set()
        for cell in nb.cells:
            grade_id = cell.metadata.pop("nbgrader", {}).get("grade_id")
            if grade_id in known and grade_id not in places:
                places.add(grade_id)
                own = known[grade_id]
                cells.append(own.cell(own.source if own.locked else cell.source, cell))
            else:
                cells.append(cell)
        for grade_id, own in known.items():
            if grade_id not in places and (own.grade or own.solution or own.task):
                cells.insert(_place(cells, grade_id), own.restored())
        nb.cells = numbered(cells)
        return nb, resources


def _place(cells: list[NotebookNode], grade_id: str) -> int:
    """Where a missing cell goes: beside its function's other one, or at the end."""
    for place, cell in enumerate(cells):
        other = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if other and checks_id(other) == grade_id:
            return place + 1
        if other and checks_id(grade_id) == other:
            return place
    return len(cells)
