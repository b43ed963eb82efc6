"""What a function of a work needs of it: the statements that it stands on, and what breaks the rules in these."""

import sys
from collections import deque
from collections.abc import Iterator

from autograder.submissions.breaches import breaches_of
from autograder.submissions.numpy_names import version
from autograder.submissions.rules import Breach
from autograder.submissions.statements import ImportedName, Statement
from autograder.submissions.work_sources import WorkSources

# So many statements are followed; ordinary functions need a handful.
_MOST_STATEMENTS = 1_000


class Needs:
    """The statements of a work by the names that they give."""

    def __init__(self, work: WorkSources) -> None:
        self._work = work
        self._by_name: dict[str, dict[str, Statement]] = {}
        self._found: dict[tuple[str, int], tuple[Breach, ...]] = {}

    def breaches(self, function: str) -> list[Breach]:
        """What breaks the rules, or may, in all that a function needs, the nearest first."""
        return [breach for statement in self.statements(function) for breach in self.of(statement)]

    def of(self, statement: Statement) -> tuple[Breach, ...]:
        """What breaks the rules, or may, in one statement."""
        place = (statement.file, statement.line)
        if place not in self._found:
            self._found[place] = tuple(breaches_of(statement, self._work))
        return self._found[place]

    def at(self, file: str, line: int) -> Statement | None:
        """The statement in which a line stands."""
        if file not in self._work.files:
            return None
        found = [one for one in self._work.statements(file) if one.line <= line < one.line + len(one.lines)]
        return found[0] if found else None

    def statements(self, function: str) -> Iterator[Statement]:
        """What a function needs, itself first: what defines the names in it, and in that, and so on."""
        waiting = deque([(self._work.main[0], function)] if self._work.main else [])
        seen: set[tuple[str, int]] = set()
        asked: set[tuple[str, str]] = set()
        while waiting and len(seen) < _MOST_STATEMENTS:
            file, name = waiting.popleft()
            statement = self._giving(file, name)
            if statement is None or (file, name) in asked:
                continue
            asked.add((file, name))
            if (statement.file, statement.line) not in seen:
                seen.add((statement.file, statement.line))
                yield statement
                waiting.extend((file, other) for other in sorted(statement.uses) if other != name)
            for imported in statement.imports:
                if imported.bound in (name, "*"):
                    waiting.extend(self._of_import(imported, statement, name))
            for _, dotted in statement.dotted:
                waiting.extend(self._of_module(dotted, file))

    def _giving(self, file: str, name: str) -> Statement | None:
        """The last statement that gives a name to the module of a file."""
        group = self._work.group(file)
        if group[0] not in self._by_name:
            found: dict[str, Statement] = {}
            for one in group:
                for statement in self._work.statements(one):
                    again = statement.defines & found.keys()
                    keeps = again if again and self._is_unread(statement) else frozenset()
                    found.update(dict.fromkeys(statement.defines - keeps, statement))
            self._by_name[group[0]] = found
        names = self._by_name[group[0]]
        return names.get(name) or self._starred(name, names.get("*"))

    def _is_unread(self, statement: Statement) -> bool:
        """Whether this Python, too, cannot read a statement: what stood above it then stays, here as in grading."""
        found = (breach.about for breach in self.of(statement) if breach.code == "newer_python")
        return any(not about["name"] and version(str(about["needs"])) > sys.version_info[:2] for about in found)

    def _starred(self, name: str, statement: Statement | None) -> Statement | None:
        """The `from ... import *` that gives a name."""
        for file in self._work.files_of(statement) if statement is not None else ():
            if any(name in own.defines for own in self._work.statements(file)):
                return statement
        return None

    def _of_import(self, imported: ImportedName, statement: Statement, name: str) -> Iterator[tuple[str, str]]:
        """What an imported file of one's own runs when it is imported, and the name that is taken out of it."""
        for inner in (False, True):
            file = self._work.own_file(imported, statement.file, inner=inner)
            if file is None or file not in self._work.files:
                continue
            for own in self._work.statements(file):
                if not own.is_definition:
                    yield from ((file, given) for given in sorted(own.defines))
            yield file, name if imported.name == "*" else imported.name

    def _of_module(self, dotted: str, file: str) -> Iterator[tuple[str, str]]:
        """The function that is meant where a name of an imported module of one's own stands."""
        first, _, rest = dotted.partition(".")
        statement = self._giving(file, first)
        for imported in statement.imports if statement is not None else ():
            if imported.bound == first:
                for inner in (False, True):
                    other = self._work.own_file(imported, file, inner=inner)
                    if other is not None and other in self._work.files:
                        yield other, rest.rpartition(".")[2]
