"""The written answers of a hand-in: the text of an answer sheet, wherever it lies, and of a notebook's cells."""

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.files.names import shown
from autograder.submissions.asked import ANSWERS, AskedWork
from autograder.submissions.attempts import newest_first
from autograder.submissions.file_contents import as_utf8
from autograder.submissions.intake_limits import ANSWERS_BYTES
from autograder.submissions.reader import Reader, base, folder_of, in_apart_folder
from autograder.submissions.tree import RefusedError, shallowest_first
from autograder.submissions.unwritten import is_answered

# "answers (1).md", "Answers.txt", "answers.md.txt", "Copy of answers.md": no other file is called so.
_MAY_BE_SHEET = re.compile(
    r"(?:copy[ _]of[ _]|kopie[ _]von[ _])?answers?[ _()\d-]*(?:\.md|\.markdown|\.txt)+", re.IGNORECASE
)
# Sheets that are read; nobody hands in more copies on purpose.
_MOST_READ = 12


@dataclass(frozen=True)
class AnswerSheet:
    """A sheet of written answers that was read.

    Args:
        path: in the hand-in.
        text: what it holds.
        notes: on its encoding.
    """

    path: str
    text: str
    notes: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether something is written in it."""
        return is_answered(self.text)


def may_be_sheet(name: str) -> bool:
    """Whether a file is called as an answer sheet is, or nearly so."""
    return _MAY_BE_SHEET.fullmatch(name) is not None


def find_sheet(
    reader: Reader, assignment: str, course: Mapping[str, AskedWork], beside: str | None
) -> tuple[AnswerSheet | None, list[str]]:
    """The answer sheet of an assignment, and notes on it and on others that hold answers.

    Args:
        reader: of the hand-in.
        assignment: its name.
        course: tells the ids of its answers, by which a sheet that lies elsewhere is known; where nothing else is
            asked, every sheet is this one's.
        beside: the path of the work; None where there is none.
    """
    folder, asked = None if beside is None else folder_of(beside), course[assignment]

    def order(path: str) -> tuple[bool, bool, float, bool, bool, int, str]:
        # Of names that differ in case alone, small letters first.
        own, exact = folder_of(path) != folder, base(path) != ANSWERS
        named = base(path).casefold() != ANSWERS
        return own, assignment not in path.split("/")[:-1], newest_first(path), named, exact, *shallowest_first(path)

    found = []
    paths = [path for path in reader.tree.files if may_be_sheet(base(path))]
    for path in sorted(paths, key=order)[:_MOST_READ]:
        if in_apart_folder(path, assignment, asked):
            continue
        own = len(course) == 1 or folder_of(path) == folder or assignment in path.split("/")[:-1]
        try:
            sheet = _read(reader, path)
        except RefusedError as error:
            if own:
                reader.tree.refused[path] = str(error)
            continue
        if own or _has_headings(sheet.text, asked.answers):
            found.append(sheet)
    if not found:
        return None, []
    taken = next((sheet for sheet in found if sheet.answered), found[0])
    others = [sheet for sheet in found if sheet is not taken and sheet.answered and sheet.text != taken.text]
    notes = [
        f"Written answers stand in {shown(taken.path)} and in {shown(other.path)}: the first was read. A person should "
        "look at the other."
        for other in others
    ]
    return taken, [*taken.notes, *notes]


def _read(reader: Reader, path: str) -> AnswerSheet:
    data = reader.read(path, ANSWERS_BYTES)
    data, _ = as_utf8(data)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return AnswerSheet(path, data.decode())
    except UnicodeDecodeError:
        note = f"{shown(path)} is not UTF-8: what could not be read stands as �. Save it as UTF-8."
        return AnswerSheet(path, data.decode("utf-8", "replace"), (note,))


def _has_headings(text: str, ids: Sequence[str]) -> bool:
    """Whether a sheet has the heading of one of these answers."""
    return any(re.search(rf"^#{{1,6}}[^\w\n]*+{re.escape(name)}(?!\w)", text, re.MULTILINE) for name in ids)


def joined_answers(sheet: AnswerSheet | None, notebook: tuple[str, str] | None) -> tuple[str | None, list[str]]:
    """The written answers of a sheet and of a notebook as one text, and a note where both hold some.

    Args:
        sheet: the answer sheet.
        notebook: its path, and its answers, where something is written in them.
    """
    text = None if sheet is None else sheet.text
    if notebook is None:
        return text, []
    path, answers = notebook
    if sheet is None or not sheet.answered:
        return answers, []
    note = f"Written answers stand in {base(sheet.path)} and in {shown(path)}: both were taken."
    return f"{text}\n{answers}", [note]
