"""Picks each assignment's module or notebook, the helpers beside it and its written answers out of a tree of files.

Where both a module and a notebook were handed in, the module is taken, unless only the notebook was worked in.
"""

import codecs
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.files.names import enumerated, shown
from autograder.submissions.attempts import newest_first
from autograder.submissions.intake_limits import (
    ANSWERS_BYTES,
    MODULE_BYTES,
    NOTEBOOK_FILE_BYTES,
    WORK_BYTES,
    WORK_FILES,
)
from autograder.submissions.notebook_reader import SUFFIX, read_notebook
from autograder.submissions.submission import Submission, Work
from autograder.submissions.tree import RefusedError, TooLargeError, Tree, refusals, shallowest_first
from autograder.submissions.unwritten import is_answered, is_untouched

ANSWERS = "answers.md"
# Files that may hold a module under another name: smooth_ap.py.txt, smooth_ap.ipynb, smooth_ap.PY, smooth_ap.
_MAY_BE_SOURCE = re.compile(r"\.(py\w?|txt|ipynb)$|^[^.]+$", re.IGNORECASE)
_NEAR = 0.75


def pick(student: str, tree: Tree, modules: Mapping[str, str]) -> Submission:
    """What a student handed in for each assignment.

    Args:
        student: as in the entry.
        tree: the files of the entry.
        modules: the module's name, without .py, by the assignment's name.
    """
    works: dict[str, Work] = {}
    problems: dict[str, str] = {}
    notes = list(tree.notes)
    for assignment, module in modules.items():
        # Where assignments share a module's name, what stands in another one's folder is not taken for this one's.
        elsewhere = {other for other, name in modules.items() if name == module and other != assignment}
        work, told = _work(tree, assignment, module, elsewhere)
        notes += told
        if work is not None:
            works[assignment] = work
        else:
            problems[assignment] = _problem(tree, module, modules.values())
            notes += _answers_alone(tree, assignment, module)
    # Reading may have refused more. One reason may concern several assignments: each note stands once.
    return Submission(student, works, problems, tuple(dict.fromkeys([*notes, *refusals(tree.refused)])))


def _base(path: str) -> str:
    return path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class _Found:
    """One file that may be the work: where it is, what it holds, and notes on the choice of it."""

    path: str
    sources: Mapping[str, bytes]
    notes: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    answers: str | None = None

    @property
    def untouched(self) -> bool:
        """Whether it is as the handout has it."""
        return is_untouched(b"\n".join(self.sources.values()))

    @property
    def blank(self) -> bool:
        """Whether there is no code in it."""
        return not any(source.strip() for source in self.sources.values())


def _work(tree: Tree, assignment: str, module: str, elsewhere: set[str]) -> tuple[Work | None, list[str]]:
    """The work of one assignment, if its module or notebook can be read, and notes on it."""
    own = _module(tree, _candidates(tree, assignment, f"{module}.py", elsewhere))
    notebook = _notebook(tree, _candidates(tree, assignment, f"{module}{SUFFIX}", elsewhere))
    taken, notes = _one_of(own, notebook)
    if taken is None:
        return None, []
    notes += taken.notes
    if taken.blank:
        notes.append(f"{shown(taken.path)} is empty: hand it in again if that was not meant.")
    folder = taken.path[: -len(_base(taken.path))]
    files, left_out = _python_files(tree, taken.path, f"{module}.py", taken.sources)
    answers, told = _answers(tree, folder)
    if notebook is not None and is_answered(notebook.answers):
        # Answers count wherever they stand, whichever of the two files is graded.
        if is_answered(answers):
            told.append(f"Written answers stand in {ANSWERS} and in {shown(notebook.path)}: both were taken.")
            answers = f"{answers}\n{notebook.answers}"
        else:
            answers = notebook.answers
    folders = tuple(dict.fromkeys(name for name in [*taken.path.split("/")[-2:-1], assignment] if name.isidentifier()))
    return Work(shown(taken.path), module, files, answers, taken.cells, folders), [*notes, *left_out, *told]


def _one_of(module: _Found | None, notebook: _Found | None) -> tuple[_Found | None, list[str]]:
    """Which of a module and a notebook is graded, and a note where both hold work."""
    if module is None or notebook is None:
        return module or notebook, []
    if notebook.untouched or notebook.blank:
        return module, []
    if module.untouched or module.blank:
        return notebook, []
    note = (
        f"{shown(module.path)} was graded; {shown(notebook.path)} was not, though it holds work: "
        "hand in either the module or the notebook."
    )
    return module, [note]


def _candidates(tree: Tree, assignment: str, name: str, elsewhere: set[str]) -> list[str]:
    """The files of this name, the likeliest first."""

    def order(path: str) -> tuple[bool, float, int, str]:
        return assignment not in path.split("/")[:-1], newest_first(path), *shallowest_first(path)

    found = (path for path in tree.files if _base(path) == name)
    return sorted((path for path in found if not elsewhere.intersection(path.split("/")[:-1])), key=order)


def _module(tree: Tree, candidates: list[str]) -> _Found | None:
    """The first module that can be read."""
    for path in candidates:
        try:
            source = tree.read(path, MODULE_BYTES)
        except RefusedError as error:
            tree.refused[path] = str(error)
        else:
            return _Found(path, {_base(path): source}, tuple(_on_choice(tree, candidates, path)))
    return None


def _notebook(tree: Tree, candidates: list[str]) -> _Found | None:
    """The first notebook that can be read."""
    for path in candidates:
        try:
            notebook = read_notebook(tree.read(path, NOTEBOOK_FILE_BYTES))
        except RefusedError as error:
            tree.refused[path] = str(error)
        else:
            notes = tuple(_on_choice(tree, candidates, path))
            return _Found(path, notebook.cells, notes, tuple(notebook.cells), notebook.answers)
    return None


def _on_choice(tree: Tree, candidates: list[str], taken: str) -> list[str]:
    """A note where another file could have been meant."""
    others = [path for path in candidates if path != taken]
    others += [
        path
        for path in tree.files
        if path not in candidates
        and path.rpartition("/")[0] == taken.rpartition("/")[0]
        and _same_but_case(path, taken)
    ]
    if not others:
        return []
    return [f"{shown(taken)} was graded; {enumerated(others)} {'was' if len(others) == 1 else 'were'} not."]


def _same_but_case(path: str, other: str) -> bool:
    return _base(path).casefold() == _base(other).casefold()


def _python_files(
    tree: Tree, taken: str, module: str, sources: Mapping[str, bytes]
) -> tuple[dict[str, bytes], list[str]]:
    """The work and the Python files in its folder and below, by path relative to it."""
    folder = taken[: -len(_base(taken))]
    files, left, notes = dict(sources), WORK_BYTES - sum(map(len, sources.values())), []
    helpers = [
        path for path in tree.files if path.startswith(folder) and path.endswith(".py") and path != folder + module
    ]
    unnamed = [path for path in helpers if not _is_text(path[len(folder) :])]
    if unnamed:
        notes.append(f"{enumerated(unnamed)} cannot be imported: the name is not UTF-8. Rename it.")
    helpers = [path for path in helpers if path not in set(unnamed)]
    most = WORK_FILES - 1
    if len(helpers) > most:
        notes.append(
            f"{shown(taken)} has {len(helpers):,} Python files beside and below it; at most {most} were taken, "
            f"the shallowest: {shown(helpers[most])} and what follows cannot be imported. Hand in only your work."
        )
    too_large = []
    for path in helpers[:most]:
        try:
            data = tree.read(path, left)
        except TooLargeError as error:
            too_large.append((path, error.size))
        except RefusedError as error:
            tree.refused[path] = str(error)
        else:
            files[path[len(folder) :]] = data
            left -= len(data)
    if too_large:
        path, size = too_large[0]
        more = f" and {len(too_large) - 1:,} more" if len(too_large) > 1 else ""
        notes.append(
            f"{shown(path)} ({size}){more} cannot be imported: the Python files of one work may have "
            f"{WORK_BYTES:,} bytes together. Hand in only your work."
        )
    return files, notes


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _answers(tree: Tree, folder: str) -> tuple[str | None, list[str]]:
    """The text of answers.md in `folder` (written so, or else in other case), and notes on it."""
    found = [path for path in tree.files if path.startswith(folder) and path[len(folder) :].casefold() == ANSWERS]
    # Capitals sort first.
    for path in reversed(found):
        try:
            data = tree.read(path, ANSWERS_BYTES)
        except RefusedError as error:
            tree.refused[path] = str(error)
            continue
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16", "replace"), []
        try:
            return data.decode("utf-8-sig"), []
        except UnicodeDecodeError:
            note = f"{shown(path)} is not UTF-8: what could not be read stands as �. Save it as UTF-8."
            return data.decode("utf-8-sig", "replace"), [note]
    return None, []


def _answers_alone(tree: Tree, assignment: str, module: str) -> list[str]:
    """Notes on written answers that would be lost with their module."""
    return [
        f"{shown(path)} was handed in without {module}.py: it waits for a person to read it."
        for path in tree.files
        if assignment in path.split("/")[:-1] and _base(path).casefold() == ANSWERS
    ]


def _problem(tree: Tree, module: str, modules: Iterable[str]) -> str:
    """Why there is no work, for the student."""
    name, notebook = f"{module}.py", f"{module}{SUFFIX}"
    unread = [
        path for path in sorted(tree.refused, key=shallowest_first) if _base(path.rstrip("/")) in (name, notebook)
    ]
    if unread:
        asked = _base(unread[0].rstrip("/"))
        return f"No file named {asked} could be read: {shown(unread[0])} {tree.refused[unread[0]]}."
    if not tree.files and not tree.refused:
        return f"No file named {name} was found: the {tree.kind} is empty."
    missing = f"No file named {name} was found"
    taken = {f"{other}{suffix}" for other in modules for suffix in (".py", SUFFIX)}
    others = [path for path in tree.files if _base(path) not in taken and not _base(path).startswith("test_")]
    near = _near(module, others)
    if near is not None:
        return f"{missing}; {shown(near)} is there: was it meant?"
    if not any(path.endswith(".py") for path in (*tree.files, *tree.refused)):
        holds = sorted([*tree.files, *tree.refused], key=shallowest_first)
        return f"{missing}: the {tree.kind} has no Python file, only {enumerated(holds)}."
    sources = [path for path in others if path.endswith(".py")]
    return f"{missing} among {enumerated(sources)}." if sources else f"{missing}."


def _letters(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _near(module: str, paths: Iterable[str]) -> str | None:
    """The file whose name looks most as if it were meant for the module."""
    wanted = _letters(module)
    by_letters: dict[str, str] = {}
    for path in paths:
        if _MAY_BE_SOURCE.search(_base(path)):
            by_letters.setdefault(_letters(_base(path).partition(".")[0]), path)
    if wanted in by_letters:
        return by_letters[wanted]
    for letters, path in by_letters.items():
        if wanted in letters:
            return path
    close = difflib.get_close_matches(wanted, by_letters, n=1, cutoff=_NEAR)
    return by_letters[close[0]] if close else None
