"""The sources of a work as they are read: their statements, which file an import means, what each name stands for."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from autograder.sandbox.inside.handed_in_files import UP
from autograder.submissions.rules import Rules
from autograder.submissions.source_text import as_text
from autograder.submissions.statements import MOST_CHARACTERS, ImportedName, Statement, statements


class WorkSources:
    """A work.

    Args:
        files: source by path, as in `Work`.
        main: the name of the module's file, or of the cells in order.
        rules: of the course.
        cells: whether they are a notebook's.
        beside: names of other files that lie there, which the code cannot read.
        folders: names by which the folder may be imported.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        main: Sequence[str],
        rules: Rules,
        *,
        cells: bool = False,
        beside: Collection[str] = (),
        folders: Collection[str] = (),
    ) -> None:
        self.files, self.main, self.rules, self.cells = files, tuple(main), rules, cells
        self.beside, self._folders = frozenset(beside), frozenset(folders)
        self._left = MOST_CHARACTERS
        self._read: dict[str, list[Statement]] = {}
        self._known: dict[str, Mapping[str, str]] = {}

    def statements(self, file: str) -> list[Statement]:
        """Of one file; nothing of what goes beyond all that is read."""
        if file not in self._read:
            text = as_text(self.files[file])[: self._left]
            self._left -= len(text)
            self._read[file] = statements(file, text, cell=self.is_cell(file))
        return self._read[file]

    def is_cell(self, file: str) -> bool:
        """Whether it is a cell of the notebook."""
        return self.cells and file in self.main

    def own_file(self, name: ImportedName, file: str, *, inner: bool = False) -> str | None:
        """The file or folder of one's own that an import means; None where there is none.

        Args:
            name: that is imported.
            file: in which it is.
            inner: whether the name itself is meant, as a module of the one that it is imported from.
        """
        parts = [part for part in name.module.split(".") if part]
        parts += [name.name] if inner and name.name else []
        if name.level:
            above = [] if self.is_cell(file) else file.split("/")[:-1]
            up = name.level - 1
            tries = [[*above[: len(above) - up], *parts] if up <= len(above) else [*[".."] * (up - len(above)), *parts]]
        else:
            tries = [parts, ["..", *parts], *([parts[1:]] if parts and parts[0] in self._folders else [])]
        return next((found for stem in tries if (found := self._file_of("/".join(stem))) is not None), None)

    def _file_of(self, stem: str) -> str | None:
        if not stem or stem == UP.rstrip("/"):
            return f"{stem}/"
        for name in (f"{stem}.py", f"{stem}/__init__.py"):
            if name in self.files:
                return name
        return stem if any(name.startswith(f"{stem}/") for name in self.files) else None

    @cached_property
    def imported(self) -> tuple[str, ...]:
        """The main sources, and the files of one's own that are imported from there."""
        found = dict.fromkeys(self.main)
        waiting = list(self.main)
        for file in waiting:
            for statement in self.statements(file):
                for other in self.files_of(statement):
                    if other not in found:
                        found[other] = None
                        waiting.append(other)
        return tuple(found)

    def files_of(self, statement: Statement) -> Iterator[str]:
        """The files of one's own that a statement imports."""
        for name in statement.imports:
            for inner in (False, True):
                other = self.own_file(name, statement.file, inner=inner)
                if other is not None and other in self.files:
                    yield other

    def known_as(self, file: str) -> Mapping[str, str]:
        """Of a file, or of all cells: what the names are that modules, and things out of them, have there."""
        group = self.group(file)
        if group[0] not in self._known:
            self._known[group[0]] = self._names_of(group)
        return self._known[group[0]]

    def group(self, file: str) -> tuple[str, ...]:
        """The files that share their names with this one: all cells of a notebook."""
        return self.main if file in self.main else (file,)

    def _names_of(self, group: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in group:
            for statement in self.statements(one):
                for name in statement.imports:
                    if name.level:
                        continue
                    path = f"{name.module}.{name.name}" if name.name else name.module
                    # `import os.path` binds os.
                    binds_first = not name.name and name.bound == name.module.partition(".")[0]
                    found[name.bound] = name.bound if binds_first else path
        return found

    def gives(self, name: str) -> bool:
        """Whether the work gives the name to some module of its own, or may: it stands there without a dot after it."""
        return name in self._given or "*" in self._given

    def first_use(self, name: str) -> tuple[str, int]:
        """The file and line in which something is first taken out of a name."""
        uses = (
            (file, line)
            for file in self.imported
            for statement in self.statements(file)
            for line, dotted in statement.dotted
            if dotted.partition(".")[0] == name
        )
        return next(uses)

    @cached_property
    def _given(self) -> frozenset[str]:
        found: set[str] = set()
        for file in self.imported:
            for statement in self.statements(file):
                found |= statement.defines | statement.stands_alone
                found |= {name.bound for name in statement.imports}
        return frozenset(found)

    def paths(self, statement: Statement) -> Iterator[tuple[int, str]]:
        """What a statement takes out of modules, by the module's own name ("numpy.Inf"), and the line of each."""
        known = self.known_as(statement.file)
        for name in statement.imports:
            if not name.level and name.name:
                yield name.line, f"{name.module}.{name.name}"
        for line, dotted in statement.dotted:
            first, _, rest = dotted.partition(".")
            if first in known:
                yield line, f"{known[first]}.{rest}"
