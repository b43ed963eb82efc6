"""Hashes of what a record was made from: the submission, what was asked, and the engine. Nothing is run to find them.

What is asked is hashed by its sources (the reference, the declarations, the known mistakes), the seed and the
tolerances that it uses, not by the cases made from them: so a second run need not make the exam. Time limits are left
out: they depend on the machine.
"""

import hashlib
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

from autograder import __version__
from autograder.authoring.kinds.kind import Check
from autograder.course.settings import Course
from autograder.course.solutions import Solution
from autograder.files.walking import files_below
from autograder.submissions import Submission, Work

# Hexadecimal digits: 80 bits, far beyond chance, and short enough for a record that people read.
DIGITS = 20
# A room or a module that cannot change a record says so, in this line; what stands below a room follows it.
_DECLARED = re.compile(rb"^CHANGES_RECORDS = (True|False)$", re.MULTILINE)
# Of an assignment's folder, what no check depends on.
_NOT_ASKED = frozenset({"alternatives", "equivalent.toml", "public_checks.py", "rubric.toml", "statement.md"})


def digest(parts: Iterable[str | bytes]) -> str:
    """A hash of a sequence of texts; where one ends and the next begins counts too."""
    found = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        found.update(f"{len(data)}:".encode())
        found.update(data)
    return found.hexdigest()[:DIGITS]


def engine_files(package: Path, within: str = "", changes: bool = True) -> Iterator[tuple[str, bytes]]:
    """The modules of the package that can change a record, by path, with their sources.

    Each is one unless it, or the nearest package around it that says anything, has the line `CHANGES_RECORDS = False`.

    Args:
        package: the folder of the package.
        within: its path below the first.
        changes: what the package around it says.
    """
    changes = _declared((package / "__init__.py").read_bytes(), changes)
    for path in sorted(package.iterdir()):
        if path.is_dir() and (path / "__init__.py").exists():
            yield from engine_files(path, f"{within}{path.name}/", changes)
        elif path.suffix == ".py" and _declared(source := path.read_bytes(), changes):
            yield f"{within}{path.name}", source


def _declared(source: bytes, default: bool) -> bool:
    found = _DECLARED.search(source)
    return default if found is None else found[1] == b"True"


@cache
def engine_hash() -> str:
    """Of the engine: its version and sources, and the Python and NumPy that it runs on."""
    parts: list[str | bytes] = [__version__, platform.python_version(), version("numpy"), version("msgpack")]
    for name, source in engine_files(Path(__file__).parents[1]):
        parts += [name, source]
    return digest(parts)


def sources_of(folder: Path, name: str) -> dict[str, str]:
    """The hash of each file that an assignment's checks depend on, by path; shared modules of the course included."""
    asked = files_below(folder / name, _NOT_ASKED.__contains__)
    own = {f"{name}/{below}": digest([path.read_bytes()]) for below, path in asked}
    shared = {path.name: digest([path.read_bytes()]) for path in sorted(folder.glob("*.py"))}
    return {**shared, **own}


def _tolerances(checks: Iterable[Check], course: Course) -> list[str]:
    used = set()
    for check in checks:
        used.add(check.close)
        used.update(check.kind.tolerances)
    found = [(name, course.tolerances.get(name)) for name in sorted(used)]
    return [f"{name} {tol.relative!r} {tol.absolute!r}" if tol else name for name, tol in found]


def _kinds(checks: Iterable[Check]) -> list[bytes]:
    """The sources of the kinds that other packages add: they judge, and are no part of this package's engine."""
    found = {type(check.kind).__module__ for check in checks}
    files = [sys.modules[name].__file__ for name in sorted(found) if not name.startswith("autograder.")]
    return [Path(file).read_bytes() for file in files if file is not None]


def sources_hash(solution: Solution) -> str:
    """Of all files that an assignment's checks depend on, as they stand now."""
    found = sources_of(solution.folder.parent, solution.assignment.name)
    return digest(text for pair in found.items() for text in pair)


def exam_hashes(solution: Solution, course: Course, seed: int, sources: str) -> dict[str, str]:
    """Of what each function and each written answer is asked, by the name that it has in a record.

    Args:
        solution: the assignment as declared.
        course: its tolerances count where a check uses them.
        seed: of the cases.
        sources: the `sources_hash` of the assignment when it was loaded.
    """
    found = {}
    shown = [] if course.counterexamples else ["no counterexamples"]
    for function in solution.assignment.functions:
        checks = [check for check in solution.assignment.checks if check.function == function]
        found[function] = digest([sources, str(seed), *_tolerances(checks, course), *_kinds(checks), *shown])
    for answer in solution.written:
        found[f"written_{answer.id}"] = digest([msgspec.json.encode(answer)])
    return found


def work_hash(work: Work | None, problem: str) -> str:
    """Of what one student handed in for one assignment: all that was read of it, or why nothing was."""
    if work is None:
        return digest(["none", problem])
    files = [part for path in sorted(work.files) for part in (path, work.files[path])]
    return digest(
        [
            "work",
            problem,
            work.path,
            work.module,
            *work.cells,
            *files,
            *([] if work.answers is None else [work.answers]),
            *(part for place in sorted(work.passed_over.items()) for part in place),
        ]
    )


def work_hashes(submission: Submission, assignments: Iterable[str]) -> Mapping[str, str]:
    """The hash of a student's work, by assignment."""
    return {name: work_hash(submission.works.get(name), submission.problems.get(name, "")) for name in assignments}
