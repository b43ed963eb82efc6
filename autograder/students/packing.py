"""Makes the zip that a student hands in, and says first what is missing or misnamed in it."""

import difflib
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.feedback.places import place
from autograder.files.zips import zip_bytes
from autograder.sandbox.inside.notebook_cells import plain
from autograder.sandbox.inside.units import Compiler, Unit
from autograder.students.checks import function_of
from autograder.students.own_folder import AssignmentFolder
from autograder.students.own_rules import not_text, own_sources, sentence
from autograder.submissions.intake_limits import ANSWERS_BYTES, WORK_BYTES
from autograder.submissions.unwritten import answer_sections, is_answered

ANSWERS = "answers.md"


def members(work: AssignmentFolder) -> list[Path]:
    """The files to hand in: what is graded, its helpers, the written answers. No checks, caches or data."""
    found: dict[Path, None] = dict.fromkeys([work.taken] if work.taken is not None else [])
    notebook = work.notebook
    if notebook is not None and (work.notebook_written or is_answered(notebook.answers)):
        found[work.notebook_file] = None  # nothing that was written is left behind
    if answers := _answers_file(work):
        found[answers] = None
    return [*found, *work.helpers()]


def _answers_file(work: AssignmentFolder) -> Path | None:
    for path in sorted(work.folder.iterdir(), reverse=True):
        if path.name.casefold() == ANSWERS and path.is_file() and not path.is_symlink():
            return path
    return None


def problems(work: AssignmentFolder) -> list[str]:
    """What is missing or misnamed, one sentence each."""
    found = list(work.wrong)
    found += _missing_file(work)
    if work.module_written and work.notebook_written:
        module, notebook = work.module_file.name, work.notebook_file.name
        found.append(f"{module} and {notebook} both hold work: {module} is graded. Keep your work in one of the two.")
    found += _code(work)
    found += _written(work)
    size = sum(map(len, work.files().values())) if work.taken is not None else 0
    if size > WORK_BYTES:
        found.append(f"The Python files have {size:,} bytes together, and at most {WORK_BYTES:,} are graded.")
    links = [path.name for path in sorted(work.folder.iterdir()) if path.is_symlink() and path.suffix == ".py"]
    found += [f"{name} is a symbolic link and is left out: put the file itself here." for name in links]
    return list(dict.fromkeys(found))


def _missing_file(work: AssignmentFolder) -> list[str]:
    if work.taken is not None or work.wrong:
        return []
    names = [path.name for path in sorted(work.folder.iterdir()) if path.suffix.lower() in (".py", ".ipynb", ".txt")]
    names = [name for name in names if not function_of(name) and not name.startswith("test_")]
    near = difflib.get_close_matches(work.module_file.name, names, n=1, cutoff=0.6)
    hint = f" {near[0]} is here: was it meant? Rename it." if near else ""
    return [f"There is neither {work.module_file.name} nor {work.notebook_file.name}.{hint}"]


def _units(work: AssignmentFolder) -> Iterator[Unit]:
    """The statements of what is graded; a source that is no text has one that says so."""
    compiler = Compiler()
    cells = work.cells()
    files = work.files()
    for name in cells or [work.module_file.name]:
        try:
            text = files[name].decode(errors="replace") if cells else importlib.util.decode_source(files[name])
        except (SyntaxError, UnicodeDecodeError):
            yield Unit(name, 1, "", error=SyntaxError("it is not UTF-8 text"))
            continue
        yield from compiler.units(name, plain(text) if cells else text)


def _code(work: AssignmentFolder) -> list[str]:
    """What is wrong with the code: it cannot be read at all, it breaks rules of the course, functions are missing."""
    if work.taken is None:
        return []
    if no_text := not_text(work):
        return [no_text]
    rules = own_sources(work).breaches
    told = {(rule.file, rule.line) for rule in rules if rule.explains("SyntaxError")}
    return [*map(sentence, rules), *_functions(work, told)]


def _functions(work: AssignmentFolder, told: set[tuple[str, int]]) -> list[str]:
    """Functions that are missing or not started, and what cannot be read, but for lines that are told already."""
    found: list[str] = []
    stands: dict[str, bool] = {}
    broken: set[str] = set()
    for unit in _units(work):
        if unit.error is not None:
            line = getattr(unit.error, "lineno", None) or unit.line
            if (unit.file, line) not in told:
                found.append(f"Syntax error in {place(unit.file, line)}: {getattr(unit.error, 'msg', unit.error)}.")
            broken.update(unit.names)
        # A stub below a function that is written does not undo it in a notebook.
        for name in unit.names:
            stands[name] = unit.stub and (stands.get(name, True) or not work.cells())
    unwritten = [name for name in work.functions if stands.get(name) and name not in broken]
    if unwritten:
        found.append(f"Not started: {', '.join(unwritten)}.")
    for name in work.functions:
        if name not in stands:
            near = difflib.get_close_matches(name, [other for other in stands if other not in work.functions], 1, 0.75)
            hint = f" {near[0]} is there: was it meant? Rename it." if near else ""
            found.append(f"There is no function {name}.{hint}")
    return found


def _written(work: AssignmentFolder) -> list[str]:
    """Written answers that are empty: of the sheet, of the notebook, wherever they are less so."""
    file = _answers_file(work)
    if file is not None and file.stat().st_size > ANSWERS_BYTES:
        return [f"{file.name} has {file.stat().st_size:,} bytes, and at most {ANSWERS_BYTES:,} are read."]
    sheets = [file.read_text(encoding="utf-8", errors="replace")] if file is not None else []
    if work.notebook is not None and work.notebook.answers is not None:
        sheets.append(work.notebook.answers)
    if not sheets:
        return []
    empty: Sequence[str] = min(
        ([head for head, done in answer_sections(sheet) if not done] for sheet in sheets), key=len
    )
    return [f"Nothing is written below: {'; '.join(empty)}."] if empty else []


def pack(works: Sequence[AssignmentFolder]) -> bytes:
    """The zip, a folder in it for each work; the same files give the same bytes."""
    # Works that share a folder share its helpers.
    found = {
        (f"{work.folder.resolve().name}/{path.relative_to(work.folder).as_posix()}", path)
        for work in works
        for path in members(work)
    }
    return zip_bytes(found)
