"""Picks each assignment's module out of what a student handed in."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.submissions.entries import Entry
from autograder.submissions.tree import Tree, read_tree
from autograder.visible import printable

ANSWERS = "answers.md"


@dataclass(frozen=True, slots=True)
class Work:
    """What was handed in for one assignment.

    `path` is the module as the student named it, `files` are it and the Python files beside it and below, by path from
    its folder, so that helpers can be imported; `answers` is the text of the written answers.
    """

    path: str
    module: str
    files: Mapping[str, bytes]
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything of one student.

    `works` are by assignment; `problems` say, by assignment, why there is no work; `notes` what a person should know.
    """

    student: str
    works: Mapping[str, Work]
    problems: Mapping[str, str]
    notes: tuple[str, ...] = ()


def read_submission(entry: Entry, modules: Mapping[str, str]) -> Submission:
    """Read what a student handed in; whatever is wrong with it is said in the submission, never raised.

    Args:
        entry: the student, as listed.
        modules: the module to hand in, without `.py`, by assignment.
    """
    tree = read_tree(entry.path)
    notes = [f"{other} is by the same name and was not graded." for other in entry.others]
    if tree.unreadable:
        problems = dict.fromkeys(modules, tree.unreadable)
        return Submission(entry.student, {}, problems, (*notes, tree.unreadable))
    works: dict[str, Work] = {}
    problems = {}
    for assignment, module in modules.items():
        paths = _candidates(tree, assignment, module)
        if not paths:
            problems[assignment] = _missing(tree, module)
            continue
        taken, *left = paths
        if left:
            names = ", ".join(printable(path) for path in left)
            notes.append(f"There are {len(paths)} files named {module}.py: {printable(taken)} was graded, not {names}.")
        if taken in tree.too_large:
            problems[assignment] = tree.too_large[taken]
            continue
        works[assignment] = _work(tree, taken, module)
    return Submission(entry.student, works, problems, (*notes, *tree.notes))


def _candidates(tree: Tree, assignment: str, module: str) -> list[str]:
    """The files of the module's name, best first: in a folder of the assignment's name, then the least deep."""
    named = [path for path in (*tree.files, *tree.too_large) if PurePosixPath(path).name == f"{module}.py"]

    def rank(path: str) -> tuple[bool, int, str]:
        folders = PurePosixPath(path).parts[:-1]
        return assignment not in folders, len(folders), path

    return sorted(named, key=rank)


def _missing(tree: Tree, module: str) -> str:
    wanted = f"{module}.py"
    if not tree.seen:
        return f"Nothing was handed in: there is no {wanted}, and no other file."
    names = {PurePosixPath(path).name for path in tree.files if path.endswith(".py")}
    if not names:
        return f"There is no file {wanted}, and no other Python file."
    near = difflib.get_close_matches(wanted, sorted(names), n=1, cutoff=0.8)
    return f"There is no file {wanted}." + (f" There is {printable(near[0])}: was it meant?" if near else "")


def _work(tree: Tree, path: str, module: str) -> Work:
    folder = path[: -len(f"{module}.py")]
    beside = {name[len(folder) :]: data for name, data in tree.files.items() if name.startswith(folder)}
    answers = beside.get(ANSWERS)
    return Work(
        path=printable(path),
        module=module,
        files={name: data for name, data in beside.items() if name.endswith(".py")},
        answers=None if answers is None else answers.decode(errors="replace"),
    )
