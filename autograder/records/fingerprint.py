"""Hashes of what a record was made from: the submission, what was asked, and the engine. Nothing is run to find them.

What is asked is hashed by its sources (the reference, the declarations, the known mistakes), the seed and the
tolerances that it uses, not by the cases made from them: so a second run need not make the exam. Time limits are left
out: they depend on the machine.
"""

import hashlib
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

from autograder import __version__
from autograder.authoring.kinds.kind import Check
from autograder.course.settings import Course
from autograder.course.solutions import Solution
from autograder.submissions import Submission, Work

# Hexadecimal digits: 80 bits, far beyond chance, and short enough for a record that people read.
DIGITS = 20
# What only reads records, or is of the staff's own work; a change there changes no record.
_READERS = frozenset(
    "audit cli course/toml.py exports feedback/class_numbers.py feedback/comment.py feedback/figures.py "
    "feedback/highlighting.py feedback/markdown.py feedback/pages.py feedback/pdf.py feedback/plain_report.py "
    "feedback/remake.py feedback/signs.py feedback/student_page.py "
    "feedback/terminal_report.py gradebook grading/outputs.py handout integrations notebook.py public.py "
    "records/compact.py records/store.py sandbox/doctor.py similarity students".split()
)
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


def _files(folder: Path, left_out: frozenset[str], within: str = "") -> Iterable[tuple[str, bytes]]:
    """The files below a folder, by path; what is left out is named by path, too."""
    for path in sorted(folder.iterdir()):
        name = f"{within}{path.name}"
        if name in left_out or path.name.startswith(".") or path.name == "__pycache__":
            continue
        if path.is_dir():
            yield from _files(path, left_out, f"{name}/")
        elif path.is_file():
            yield name, path.read_bytes()


@cache
def engine_hash() -> str:
    """Of the engine: its version and sources, and the Python and NumPy that it runs on."""
    parts: list[str | bytes] = [__version__, platform.python_version(), version("numpy"), version("msgpack")]
    for name, data in _files(Path(__file__).parents[1], _READERS):
        if name.endswith(".py"):
            parts += [name, data]
    return digest(parts)


def sources_of(folder: Path, name: str) -> dict[str, str]:
    """The hash of each file that an assignment's checks depend on, by path; shared modules of the course included."""
    own = {f"{name}/{path}": digest([data]) for path, data in _files(folder / name, _NOT_ASKED)}
    shared = {path.name: digest([path.read_bytes()]) for path in sorted(folder.glob("*.py"))}
    return {**shared, **own}


def _tolerances(checks: Iterable[Check], course: Course) -> list[str]:
    used = set()
    for check in checks:
        used.add(check.close)
        used.update(check.kind.tolerances)
    found = [(name, course.tolerances.get(name)) for name in sorted(used)]
    return [f"{name} {tol.relative!r} {tol.absolute!r}" if tol else name for name, tol in found]


def exam_hashes(solution: Solution, course: Course, seed: int) -> dict[str, str]:
    """Of what each function and each written answer is asked, by the name that it has in a record.

    Args:
        solution: the assignment as declared.
        course: its tolerances count where a check uses them.
        seed: of the cases.
    """
    name = solution.assignment.name
    sources = digest(text for pair in sources_of(solution.folder.parent, name).items() for text in pair)
    found = {}
    for function in solution.assignment.functions:
        checks = [check for check in solution.assignment.checks if check.function == function]
        found[function] = digest([sources, str(seed), *_tolerances(checks, course)])
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
        ]
    )


def work_hashes(submission: Submission, assignments: Iterable[str]) -> Mapping[str, str]:
    """The hash of a student's work, by assignment."""
    return {name: work_hash(submission.works.get(name), submission.problems.get(name, "")) for name in assignments}
