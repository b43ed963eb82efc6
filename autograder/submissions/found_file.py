"""One file that may be the work of an assignment: its sources, what they define, and what is odd about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from autograder.files.names import shown
from autograder.submissions.asked import AskedWork
from autograder.submissions.defined_functions import Definition, defined_in, definitions, is_untouched
from autograder.submissions.file_contents import WEB_PAGE, as_utf8, conflicts, is_web_page, refuse_disguised
from autograder.submissions.helpers import with_helpers
from autograder.submissions.intake_limits import MODULE_BYTES, NOTEBOOK_FILE_BYTES
from autograder.submissions.notebook_reader import SUFFIX, NotebookContent, read_notebook
from autograder.submissions.reader import Reader, base
from autograder.submissions.tree import RefusedError, TooLargeError


@dataclass(frozen=True, eq=False)
class FoundFile:
    """A module or notebook that was read.

    Args:
        path: in the hand-in.
        asked: what is asked for.
        sources: the module, or each code cell by its name.
        notebook: what it holds, if it is one.
        files: the sources with the helpers beside and below.
        notes: what a person should know of it, if it is what is graded.
        cell_files: what the notebook's cells write to files when they run, by name; looked into, and not run here.
    """

    path: str
    asked: AskedWork
    sources: Mapping[str, bytes]
    notebook: NotebookContent | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    cell_files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def cells(self) -> tuple[str, ...]:
        """The names of the notebook's code cells, in order; empty for a module."""
        return () if self.notebook is None else tuple(self.notebook.cells)

    @property
    def written_by_cells(self) -> tuple[str, ...]:
        """The names of files that only cells write when they run, and that were not handed in."""
        return tuple(self.cell_files)

    @cached_property
    def defined(self) -> Mapping[str, Definition]:
        """What it defines; of what is asked for, also where a helper does."""
        main = list(self.sources) if self.notebook is None else list(self.notebook.run)
        both = {**self.files, **self.cell_files}
        texts = {name: data.decode(errors="replace") for name, data in both.items()}
        return defined_in(texts, main, self.asked.functions, cells=self.notebook is not None)

    @cached_property
    def written(self) -> frozenset[str]:
        """The functions that are written in it: of those asked for, where these are known."""
        return frozenset(name for name, one in self.defined.items() if one.written and self._counts(one))

    def _counts(self, one: Definition) -> bool:
        return one.name in self.asked.functions if self.asked.functions else one.is_function

    @property
    def text(self) -> bytes:
        """All its code."""
        return b"\n".join(self.sources.values())

    @cached_property
    def blank(self) -> bool:
        """Whether there is no code in it."""
        return not self.text.strip()

    @cached_property
    def untouched(self) -> bool:
        """Whether it is as the handout has it."""
        return not self.written and is_untouched(self.text.decode(errors="replace"))

    @cached_property
    def passed_over(self) -> Mapping[str, str]:
        """The functions that are written in a cell that is not run, and in no other: each with the cell, and why."""
        found: dict[str, str] = {}
        for where, text in self.notebook.not_run.items() if self.notebook is not None else ():
            for one in definitions(where, text):
                stands = self.defined.get(one.name)
                if one.is_function and one.written and self._counts(one) and not (stands and stands.written):
                    found.setdefault(one.name, where)
        return found


def read_module(reader: Reader, path: str, asked: AskedWork) -> FoundFile:
    """A module.

    Raises:
        RefusedError: it cannot be read, or is something else than Python.
    """
    data, encoding = reader.source(path, MODULE_BYTES)
    refuse_disguised(data, notebook=False)
    sources = {asked.file: data}
    notes = [f"{shown(path)} is in {encoding}, and was read all the same: save it as UTF-8."] if encoding else []
    notes += [note for note in [conflicts(shown(path), data.decode(errors="replace"))] if note]
    files, told = with_helpers(reader, path, asked.file, sources)
    if is_web_page(data):
        notes.insert(0, f"{shown(path)} {WEB_PAGE}. What could be read of it was graded.")
    found = FoundFile(path, asked, sources, None, files, (*notes, *told))
    if is_web_page(data) and not found.written:
        raise RefusedError(WEB_PAGE)
    return found


def read_notebook_file(reader: Reader, path: str, asked: AskedWork) -> FoundFile:
    """A notebook.

    Raises:
        RefusedError: it cannot be read, or is something else than a notebook in Python.
    """
    try:
        data, _ = as_utf8(reader.read(path, NOTEBOOK_FILE_BYTES))
    except TooLargeError as error:
        raise RefusedError(
            f"has {error.size}, and at most {NOTEBOOK_FILE_BYTES:,} are read: clear its outputs (they are not looked "
            "at), and hand it in again"
        ) from None
    refuse_disguised(data, notebook=True)
    notebook = read_notebook(data)
    helpers, told = with_helpers(reader, path, asked.file, notebook.cells)
    written = {name: text for name, text in notebook.writes.items() if name not in helpers and name != asked.file}
    found = FoundFile(path, asked, notebook.cells, notebook, helpers, tuple(told), written)
    if notebook.language and not found.written:
        raise RefusedError(
            f"is a notebook in {shown(notebook.language)[:40]}, and only Python is graded: write it in Python, with a "
            "kernel of Python"
        )
    return replace(found, notes=(*found.notes, *_on_cells(found)))


def _on_cells(found: FoundFile) -> Sequence[str]:
    """Notes on what in a notebook's cells is not as it seems."""
    notebook, path = found.notebook, shown(found.path)
    assert notebook is not None
    notes = [note for name in notebook.run if (note := conflicts(f"{name} of {path}", _text(notebook, name)))]
    by_cell: dict[str, list[str]] = {}
    for function, where in found.passed_over.items():
        by_cell.setdefault(where, []).append(function)
    for where, functions in by_cell.items():
        does = "stands" if len(functions) == 1 else "stand"
        notes.append(
            f"{', '.join(functions)} {does} in {where} and is not run: make it a code cell of Python, and hand "
            f"{path} in again."
        )
    return notes


def _text(notebook: NotebookContent, cell: str) -> str:
    return notebook.cells[cell].decode(errors="replace")


def read_file(reader: Reader, path: str, asked: AskedWork) -> FoundFile:
    """A module or a notebook, by its ending.

    Raises:
        RefusedError: as of the two.
    """
    if base(path).lower().endswith(SUFFIX):
        return read_notebook_file(reader, path, asked)
    return read_module(reader, path, asked)
