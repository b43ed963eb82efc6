"""Reads a submitted notebook for nbgrader: its cells by an allow-list, whatever the file is."""

import base64
import binascii
from pathlib import Path
from typing import Any, cast

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.converters import Autograde

from autograder.errors import LinkError
from autograder.feedback.comment import code_block, escaped
from autograder.integrations.nbgrader.links import links_in
from autograder.integrations.nbgrader.new_cells import code_cell, markdown_cell, notebook, numbered
from autograder.submissions.intake_limits import NOTEBOOK_FILE_BYTES
from autograder.submissions.notebook_reader import NotebookCell, cells_of, decoded_work, metadata_of
from autograder.submissions.reading import open_tree
from autograder.submissions.tree import RefusedError

Converted = tuple[str, ResourcesDict]

# Photos of handwritten proofs; other kinds can hold scripts.
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class HandedInExporter(NotebookExporter):
    """In place of nbgrader's reader of submissions, which follows links and believes what a notebook says of itself.

    A file that is no notebook becomes a notebook that says so: the submission is then graded and seen by a person,
    rather than left out.
    """

    def from_filename(self, filename: str, resources: ResourcesDict | None = None, **options: Any) -> Converted:
        """The notebook as the converter's preprocessors leave it."""
        path = Path(filename)
        if not (isinstance(self.parent, Autograde) and self.parent._sanitizing):
            return cast(Converted, super().from_filename(filename, resources, **options))
        found = next(links_in(path.parent), None)
        if found is not None:
            raise LinkError(str(found))
        resources = ResourcesDict() if resources is None else resources
        resources["metadata"] = ResourcesDict(name=path.stem, path=str(path.parent))
        return cast(Converted, self.from_notebook_node(read_handed_in(path), resources, **options))


def read_handed_in(path: Path) -> NotebookNode:
    """A submitted notebook, of which only sources, ids of cells and images are taken."""
    try:
        with open_tree(path.parent) as tree:
            if path.name in tree.refused:
                raise RefusedError(tree.refused[path.name])
            found = decoded_work(tree.read(path.name, NOTEBOOK_FILE_BYTES))
        cells = [_cell(cell) for cell in cells_of(found)]
    except RefusedError as error:
        cells = [markdown_cell(f"**{escaped(path.name)} {escaped(str(error))}**")]
    return notebook(numbered(cells))


def _cell(cell: NotebookCell) -> NotebookNode:
    # What cannot be written as UTF-8 would end the run.
    text = cell.source.encode("utf-8", "replace").decode()
    if cell.kind == "code":
        made = code_cell(text)
    elif cell.kind == "markdown":
        made = markdown_cell(text)
        if images := _images(cell.attachments):
            made["attachments"] = NotebookNode(images)
    else:
        # nbconvert writes raw cells into its pages as they are.
        made = markdown_cell(code_block(text, "text"))
    grade_id = metadata_of(cell.metadata, "nbgrader").get("grade_id")
    own = {"nbgrader": NotebookNode({"grade_id": grade_id})} if grade_id and isinstance(grade_id, str) else {}
    made.metadata = NotebookNode(own)
    return made


def _images(attachments: object) -> dict[str, NotebookNode]:
    """The images attached to a cell, by name."""
    found: dict[str, NotebookNode] = {}
    for name, kinds in attachments.items() if isinstance(attachments, dict) else ():
        for kind, data in kinds.items() if isinstance(kinds, dict) else ():
            whole = "".join(part for part in data if isinstance(part, str)) if isinstance(data, list) else data
            if kind in IMAGES and isinstance(whole, str) and _is_base64(whole):
                found[name.encode("utf-8", "replace").decode()] = NotebookNode({kind: "".join(whole.split())})
                break
    return found


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
