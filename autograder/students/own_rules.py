"""The rules of the course on a student's own files: the same, in the same words, wherever they check their work.

`autograder check` and `pack` look through the folder. Under pytest, in a notebook and under otter-grader a check first
asks whether the function that it calls, with what this needs, will work when it is graded.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import Any

from autograder.errors import OwnFolderError
from autograder.feedback.messages import brief
from autograder.feedback.places import place
from autograder.judging.finding import Finding, Plain
from autograder.judging.verdicts import Verdict
from autograder.students.grader_file import read_rules
from autograder.students.newer_grammar import grammar_breaches
from autograder.students.own_folder import AssignmentFolder, find_work
from autograder.submissions.breaches import certain_breaches
from autograder.submissions.needed import Needs
from autograder.submissions.notebook_reader import SUFFIX
from autograder.submissions.rules import Breach
from autograder.submissions.source_text import encoding_of, is_text
from autograder.submissions.work_sources import WorkSources

# Bytes of a file beside a notebook that is looked at.
_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class OwnSources:
    """A student's own sources, held against the rules.

    Args:
        sources: as they are read.
    """

    sources: WorkSources

    @cached_property
    def _needs(self) -> Needs:
        return Needs(self.sources)

    @cached_property
    def breaches(self) -> list[Breach]:
        """All that breaks a rule for certain."""
        found = certain_breaches(self.sources)
        return found + [one for one in grammar_breaches(self.sources) if not _told(one, found)]

    def of(self, function: str) -> list[Breach]:
        """What breaks a rule for certain in what a function needs; each once."""
        found: list[Breach] = []
        statements = list(self._needs.statements(function))
        for statement in statements:
            for breach in self._needs.of(statement):
                if breach.certain and not _told(breach, found):
                    found.append(breach)
        lines = {(one.file, one.line + number) for one in statements for number in range(len(one.lines))}
        found += [one for one in self.breaches if (one.file, one.line) in lines and not _told(one, found)]
        return found

    def behind(self, function: str, error: str, where: str = "") -> Breach | None:
        """What explains an exception of this class in a function.

        Args:
            function: whose check failed.
            error: the class.
            where: the line that raised it, in words; it may stand in another function, which the check calls.
        """
        raising = [name for name in self._definitions(where) if name != function]
        found = [one for name in [function, *raising] for one in self._needs.breaches(name) if one.explains(error)]
        return next((one for one in found if one.certain), None) or next(iter(found), None)

    def _definitions(self, where: str) -> list[str]:
        """The functions in which a line stands, as `place` tells it."""
        return [
            name
            for file in (self.sources.main if where else ())
            for statement in self.sources.statements(file)
            for name in statement.defines
            if any(where == place(file, statement.line + number) for number in range(len(statement.lines)))
        ]

    def makes(self, function: str, code: str) -> Breach | None:
        """What of this code explains a result of an odd kind."""
        return next((one for one in self._needs.breaches(function) if one.code == code), None)


def _told(one: Breach, found: Sequence[Breach]) -> bool:
    return any((one.file, one.line, one.code) == (other.file, other.line, other.code) for other in found)


def sentence(breach: Breach) -> str:
    """What is said of it."""
    return brief(breach.finding)


def not_text(work: AssignmentFolder) -> str:
    """What is said of a module that Python cannot read as text; nothing where it can."""
    source = b"" if work.cells() else work.files().get(work.module_file.name, b"")
    if is_text(source):
        return ""
    about: dict[str, Plain] = {"path": work.module_file.name, "encoding": encoding_of(source)}
    return brief(Finding(Verdict.RAISED, "not_text", about))


def refuse_what_is_not_graded(function: Callable[..., Any]) -> None:
    """See to it that a function, with what it needs, keeps to the rules.

    Args:
        function: of the student, in a module's file or in a notebook.

    Raises:
        AssertionError: it does not; says which rule, and where.
    """
    __tracebackhide__ = True
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType) or not getattr(function, "__name__", "").isidentifier():
        return
    own = _of_module(Path(code.co_filename)) if code.co_filename.endswith(".py") else None
    own = own or _of_notebook(code.co_filename, getattr(function, "__globals__", {}))
    found = own.of(function.__name__) if own is not None else []
    if found:
        told = "\n".join(f"  {sentence(one)}" for one in found)
        raise AssertionError(f"{function.__name__} will not work when it is graded:\n{told}")


@dataclass
class _Kept:
    """What was read last, by what it was read from: every check asks again."""

    modules: dict[Path, tuple[object, OwnSources]] = field(default_factory=dict)
    cells: tuple[int, OwnSources] | None = None


_kept = _Kept()


def own_sources(work: AssignmentFolder) -> OwnSources:
    """The sources of an assignment's folder that are graded.

    Raises:
        OwnFolderError: the rules of the course cannot be read.
    """
    main = work.cells() or [work.module_file.name]
    beside = [path.name for path in work.folder.iterdir() if path.is_file() and path.suffix not in (".py", SUFFIX)]
    files = work.files()
    found = [name for name in main if name in files]
    sources = WorkSources(
        files,
        found,
        read_rules(work.folder),
        cells=bool(work.cells()),
        beside=beside,
        folders=[work.folder.resolve().name],
    )
    return OwnSources(sources)


def _of_module(path: Path) -> OwnSources | None:
    """The sources of a module's folder, read again where one of them has changed; None where it is no handout's."""
    if not path.is_absolute() or not path.is_file():
        return None
    state = tuple((file.name, file.stat().st_mtime_ns) for file in sorted(path.parent.iterdir()) if file.is_file())
    if path not in _kept.modules or _kept.modules[path][0] != state:
        try:
            (work,) = find_work(path)
            _kept.modules[path] = (state, own_sources(work))
        except OwnFolderError:
            return None
    return _kept.modules[path][1]


def _of_notebook(file: str, names: Mapping[str, Any]) -> OwnSources | None:
    """The cells that a notebook has run so far, in order: what was run again counts as it was last."""
    run = names.get("In")
    if not isinstance(run, list) or not ("ipykernel" in file or file.startswith("<ipython")):
        return None
    if _kept.cells is None or _kept.cells[0] != len(run):
        cells = {f"In [{number}]": str(text).encode() for number, text in enumerate(run) if str(text).strip()}
        helpers = {
            path.name: path.read_bytes() for path in sorted(Path().glob("*.py")) if path.stat().st_size < _MOST_BYTES
        }
        sources = WorkSources({**helpers, **cells}, list(cells), read_rules(Path()), cells=True)
        _kept.cells = (len(run), OwnSources(sources))
    return _kept.cells[1]
