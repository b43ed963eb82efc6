"""The student's own work as the record keeps it, for the pages: code, written answers, and what is unusual in the code.

It stands in the record and not beside it, so that pages, bridges and those who mark read one file. It is bounded: a
page shows code to a person, and nobody reads more.
"""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from itertools import islice

from msgspec.structs import replace

from autograder.files.names import shown
from autograder.records.record import AssignmentResult, QuestionResult, SourceFile
from autograder.sandbox.limited import limited
from autograder.submissions import Submission
from autograder.submissions.source_text import as_text

MOST_CHARACTERS = 60_000
MOST_UNUSUAL = 8

# Modules and functions for which no question has a use: they reach files, processes, memory or the grader.
UNUSUAL_MODULES = frozenset(
    "builtins code codeop ctypes faulthandler fcntl gc importlib inspect marshal mmap multiprocessing os pathlib "
    "pickle pkgutil platform posix pty resource runpy select shutil signal socket subprocess sys sysconfig tempfile "
    "threading traceback urllib http ssl asyncio concurrent tracemalloc autograder pytest".split()
)
# What the handout's own notebook and checks import.
GIVEN_MODULES = frozenset({"autograder.notebook", "autograder.public"})
UNUSUAL_CALLS = frozenset({"eval", "exec", "compile", "open", "__import__", "globals", "vars", "breakpoint", "input"})
UNUSUAL_NAMES = frozenset({"__globals__", "__subclasses__", "f_back", "tb_frame"})
# In a source without any of these words nothing is unusual, and it need not be parsed.
_TELLING = re.compile(rf"\b(?:{'|'.join(sorted(UNUSUAL_MODULES | UNUSUAL_CALLS | UNUSUAL_NAMES))})\b")


def _unusual(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in UNUSUAL_CALLS:
            yield node.lineno, f"calls {node.func.id}"
            continue
        elif isinstance(node, ast.Attribute) and node.attr in UNUSUAL_NAMES:
            yield node.lineno, f"reads {node.attr}"
            continue
        else:
            continue
        unusual = [n for n in names if n.partition(".")[0] in UNUSUAL_MODULES and n not in GIVEN_MODULES]
        yield from ((node.lineno, f"imports {n}") for n in unusual)


def unusual(name: str, source: str) -> list[str]:
    """What stands in a source that no answer needs, each with its line; nothing where it cannot be parsed."""
    if not _TELLING.search(source):
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except MemoryError:
        return [_too_much(name)]
    except (SyntaxError, ValueError, RecursionError):
        return []
    return [f"{shown(name)} {what} in line {line}" for line, what in sorted(set(_unusual(tree)))]


def all_unusual(sources: Mapping[str, str]) -> list[str]:
    """What is unusual in the sources of a work, by name of file, up to the most that is told.

    Nobody writes so much that it takes long; what does is read in a process that can be lost, which is told.
    """
    telling = {name: source for name, source in sorted(sources.items()) if _TELLING.search(source)}

    def found() -> list[str]:
        each = (line for name, source in telling.items() for line in unusual(name, source))
        return list(islice(each, MOST_UNUSUAL))

    if sum(map(len, telling.values())) <= MOST_CHARACTERS:
        return found()
    lines = limited(found)
    if lines is None:
        largest = max(telling, key=lambda name: len(telling[name]))
        return [_too_much(largest)]
    return lines


def _too_much(name: str) -> str:
    return f"{shown(name)} takes too long, or too much memory, to be looked through"


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS]


def _raised_in(questions: tuple[QuestionResult, ...]) -> set[str]:
    checks = (check for question in questions for check in question.checks)
    return {check.evidence.file for check in checks if check.evidence is not None and check.evidence.file is not None}


def with_intake(assignment: AssignmentResult, submission: Submission) -> AssignmentResult:
    """The record of an assignment with the receipt, and the written work of which no point hangs on a check.

    It needs no grading: a record that is up to date gets it anew.
    """
    name = assignment.name
    work = submission.works.get(name)
    answers = submission.answers.get(name) if work is None else work.answers
    return replace(
        assignment,
        answers=None if answers is None else _cut(answers),
        attachments=tuple(submission.attachments.get(name, ())),
        receipt=submission.receipts.get(name),
    )


def with_work(assignment: AssignmentResult, submission: Submission) -> AssignmentResult:
    """The record of an assignment with the module or cells, the helpers in which something was raised, the answers."""
    assignment = with_intake(assignment, submission)
    work = submission.works.get(assignment.name)
    if work is None:
        return assignment
    own = work.cells or (f"{work.module}.py",)
    kept = [*own, *sorted(_raised_in(assignment.questions) & set(work.files) - set(own))]
    sources = tuple(SourceFile(name, _cut(as_text(work.files[name]))) for name in kept)
    strange = all_unusual({name: as_text(source) for name, source in work.files.items()})
    return replace(assignment, sources=sources, unusual=tuple(strange))
