"""Makes the zip that a student hands in, says first what is missing or misnamed, and shows what of it is graded."""

import difflib
import importlib.util
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.errors import OwnFolderError
from autograder.feedback.places import place
from autograder.files.names import enumerated
from autograder.files.zips import zip_bytes
from autograder.sandbox.inside.notebook_cells import plain
from autograder.sandbox.inside.units import Compiler, Unit
from autograder.students.own_folder import AssignmentFolder
from autograder.students.own_rules import not_text, own_sources, sentence
from autograder.submissions.picking import pick
from autograder.submissions.receipt import DOCUMENT, PICTURE, size_words
from autograder.submissions.submission import Submission
from autograder.submissions.zipped import ZipTree

# Pictures that every program shows; a phone's own kind is not among them.
_SHOWN_EVERYWHERE = (".png", ".jpg", ".jpeg", ".gif", ".webp")
# Many platforms take no more.
_LARGE_ZIP = 50_000_000
_FROM_ELSEWHERE = re.compile(r"!\[[^\]\n]{0,500}+\]\(\s?<?((?:https?:|file:|\.\./|/|[A-Za-z]:[\\/])[^)\s>]*+)")


def members(work: AssignmentFolder) -> list[Path]:
    """The files to hand in: what is graded, its helpers, the written answers, also as PDF or pictures. Nothing that was
    written is left behind; checks, caches and data are."""
    picked = work.picked
    paths = [*picked.counted]
    paths += [rival.path for rival in picked.chosen.rivals]
    paths += [offer.path for offer in picked.offers if offer.functions]
    paths += picked.attached
    return [path for path in (work.folder / name for name in dict.fromkeys(paths)) if path.is_file()]


def problems(work: AssignmentFolder) -> list[str]:
    """What is missing or misnamed, one sentence each."""
    found = [*work.notes, *_code(work), *_written(work), *_as_shown(work)]
    return list(dict.fromkeys(found))


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
    stands: dict[str, bool] = {one.function: not one.written for one in work.receipt.functions if one.file}
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
    passed_over = {} if work.work is None else work.work.passed_over
    for name in work.functions:
        if name not in stands and name not in passed_over:
            near = difflib.get_close_matches(name, [other for other in stands if other not in work.functions], 1, 0.75)
            hint = f" {near[0]} is there: was it meant? Rename it." if near else ""
            found.append(f"There is no function {name}.{hint}")
    return found


def _written(work: AssignmentFolder) -> list[str]:
    """Written answers that are empty, where nothing else was written that may stand for them."""
    empty = [one.answer for one in work.receipt.answers if not one.written]
    if not empty or work.attachments:
        return []
    return [f"Nothing is written below: {'; '.join(empty)}."]


def _as_shown(work: AssignmentFolder) -> list[str]:
    """Written work that whoever marks may not see."""
    found = []
    for one in work.attachments:
        if one.kind == DOCUMENT:
            found.append(f"{one.path} is packed, but not every program shows it: export it as PDF, and pack again.")
        elif one.kind == PICTURE and not one.inside and not one.path.lower().endswith(_SHOWN_EVERYWHERE):
            found.append(
                f"{one.path} is packed, but not every program shows it: save it as JPG or PDF, and pack again."
            )
    sheet = work.picked.sheet
    far = list(dict.fromkeys(_FROM_ELSEWHERE.findall(sheet.text))) if sheet is not None else []
    if sheet is not None and far:
        found.append(
            f"{sheet.path} shows {enumerated(far)}, which {'lies' if len(far) == 1 else 'lie'} outside this folder and "
            "cannot be packed: put it beside the answers, and show it from there."
        )
    return found


def pack(works: Sequence[AssignmentFolder]) -> bytes:
    """The zip, a folder in it for each work; the same files give the same bytes.

    Raises:
        OwnFolderError: none of them has a module or a notebook to hand in.
    """
    if not any(work.taken for work in works):
        told = [f"{work.name}: {' '.join(work.notes)}" if len(works) > 1 else " ".join(work.notes) for work in works]
        raise OwnFolderError(" ".join([*told, "So there is nothing to grade, and no zip was made."]))
    # Works that share a folder share its helpers.
    found = {
        (f"{work.name}/{path.relative_to(work.folder).as_posix()}", path) for work in works for path in members(work)
    }
    return zip_bytes(found)


def as_graded(data: bytes, works: Sequence[AssignmentFolder]) -> Submission:
    """What the grader takes out of the zip.

    Args:
        data: the zip.
        works: that it was made of.
    """
    return pick("", ZipTree(io.BytesIO(data)), {work.name: work.asked for work in works})


def large(data: bytes) -> list[str]:
    """A word on a zip that a platform may refuse."""
    if len(data) < _LARGE_ZIP:
        return []
    return [f"The zip has {size_words(len(data))}, and many platforms take less: make the photographs in it smaller."]
