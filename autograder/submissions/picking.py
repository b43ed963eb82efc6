"""Picks each assignment's work out of a tree of files: the module or notebook, what comes with it, the written answers.

The same code decides when a class is graded and when a student checks or packs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograder.files.names import shown
from autograder.submissions.asked import Asked, AskedWork, asked_works
from autograder.submissions.attachments import attachment_kind, belongs_to, described, in_cells, not_handed_in
from autograder.submissions.choosing import ChosenFile, choose
from autograder.submissions.found_file import FoundFile
from autograder.submissions.offering import fuller_elsewhere, missing, offered
from autograder.submissions.reader import Reader, base, folder_of
from autograder.submissions.receipt import Attachment, OfferedFile, Receipt
from autograder.submissions.receipts import answer_places, function_places, left_out
from autograder.submissions.sheets import AnswerSheet, find_sheet, joined_answers
from autograder.submissions.submission import Submission, Work
from autograder.submissions.tree import Tree, refusals
from autograder.submissions.unwritten import is_answered


@dataclass
class PickedWork:
    """What was found of one assignment, before it becomes a `Submission`'s.

    Args:
        chosen: the file that is graded, and those that are not.
        sheet: the sheet of written answers.
        answering: the notebook whose cells hold written answers.
        offers: files that could be meant instead.
        question: what a person has to decide.
        problem: why nothing is graded.
        notes: what a person should know.
        attached: the paths of written work that is no text.
    """

    chosen: ChosenFile
    sheet: AnswerSheet | None
    answering: FoundFile | None
    offers: list[OfferedFile]
    question: str
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    attached: list[str] = field(default_factory=list)

    @property
    def taken(self) -> FoundFile | None:
        """The file that is graded."""
        return self.chosen.taken

    @property
    def counted(self) -> list[str]:
        """The paths of code and text that count: the work first, then the answers, then helpers."""
        found = [one.path for one in (self.taken, self.answering, self.sheet) if one is not None]
        if self.taken is not None:
            folder, inner = folder_of(self.taken.path), (*self.taken.sources, *self.taken.written_by_cells)
            found += [f"{folder}{name}" for name in self.taken.files if name not in inner]
        return list(dict.fromkeys(found))


def pick(student: str, tree: Tree, asked: Mapping[str, Asked]) -> Submission:
    """What a student handed in for each assignment.

    Args:
        student: as in the entry.
        tree: the files of the entry.
        asked: what each assignment asks for, by its name.
    """
    course = asked_works(asked)
    reader = Reader(tree, course)
    return gathered(student, reader, course, {name: pick_one(reader, name, course) for name in course})


def gathered(
    student: str, reader: Reader, course: Mapping[str, AskedWork], picked: Mapping[str, PickedWork]
) -> Submission:
    """What was picked of each assignment, as one value.

    Args:
        student: as in the entry.
        reader: of the hand-in.
        course: what each assignment asks for, by its name.
        picked: what was found of each.
    """
    works: dict[str, Work] = {}
    notes, tree = list(reader.tree.notes), reader.tree
    answers: dict[str, str] = {}
    for name, one in picked.items():
        text, told = joined_answers(one.sheet, _of_notebook(one.answering))
        notes += [*one.notes, *told]
        if one.taken is not None:
            found = one.taken
            works[name] = Work(
                path=shown(found.path),
                module=course[name].module,
                files=found.files,
                answers=text,
                cells=found.cells,
                folders=_folders(found.path, name),
                passed_over=dict(found.passed_over),
            )
        elif text is not None:
            answers[name] = text
            notes += _answers_alone(one, course[name])
    sheets = [one.sheet for one in picked.values() if one.sheet is not None]
    notes += [note for sheet in sheets for note in not_handed_in(tree, sheet.path, sheet.text)]
    of_works = {name: work.answers for name, work in works.items()}
    attachments, receipts = _besides(reader, course, picked, {**of_works, **answers})
    # Reading may have refused more. One reason may concern several assignments: each note stands once.
    return Submission(
        student,
        works,
        problems={name: one.problem for name, one in picked.items() if one.taken is None},
        notes=tuple(dict.fromkeys([*notes, *refusals(tree.refused)])),
        answers=answers,
        attachments=attachments,
        receipts=receipts,
    )


def _folders(path: str, assignment: str) -> tuple[str, ...]:
    """The names by which the module's folder may be imported: its own, and the assignment's."""
    return tuple(dict.fromkeys(name for name in [*path.split("/")[-2:-1], assignment] if name.isidentifier()))


def pick_one(reader: Reader, name: str, course: Mapping[str, AskedWork]) -> PickedWork:
    """What was handed in for one assignment.

    Args:
        reader: of the hand-in.
        name: of the assignment.
        course: what each assignment asks for, by its name.
    """
    asked = course[name]
    # Where assignments share a module's name, what stands in another one's folder is not taken for this one's.
    elsewhere = {other for other, one in course.items() if one.module == asked.module and other != name}
    chosen = choose(reader, name, asked, elsewhere)
    offers, taken = offered(reader, name, course, chosen), chosen.taken
    sheet, told = find_sheet(reader, name, course, None if taken is None else taken.path)
    picked = PickedWork(chosen, sheet, _answering(chosen), offers, chosen.question, notes=[*chosen.notes, *told])
    if taken is None:
        picked.problem = missing(reader, name, course, offers)
        picked.question = picked.problem if any(one.functions for one in offers) else ""
        return picked
    picked.notes += taken.notes
    if offers:
        more = fuller_elsewhere(asked, taken, offers)
        picked.notes.insert(0, more)
        picked.question = " ".join(text for text in (picked.question, more) if text)
    return picked


def _answering(chosen: ChosenFile) -> FoundFile | None:
    """The notebook whose cells hold written answers: the one that is graded before another."""
    files = (chosen.taken, *chosen.second)
    return next((one for one in files if one and one.notebook and is_answered(one.notebook.answers)), None)


def _of_notebook(found: FoundFile | None) -> tuple[str, str] | None:
    """The path of a notebook and its written answers."""
    if found is None or found.notebook is None or found.notebook.answers is None:
        return None
    return found.path, found.notebook.answers


def _answers_alone(picked: PickedWork, asked: AskedWork) -> list[str]:
    """A note on written answers that came without a module: nothing is lost with it."""
    if picked.sheet is None or not (picked.sheet.answered or picked.sheet.text.strip()):
        return []
    return [f"{shown(picked.sheet.path)} was handed in without {asked.file}: it waits for a person to read it."]


def _besides(
    reader: Reader,
    course: Mapping[str, AskedWork],
    picked: Mapping[str, PickedWork],
    answers: Mapping[str, str | None],
) -> tuple[dict[str, tuple[Attachment, ...]], dict[str, Receipt]]:
    """What was handed in beside the code and the sheets, and the receipts, by assignment."""
    works = {name: one.taken for name, one in picked.items() if one.taken is not None}
    counted = {path for one in picked.values() for path in one.counted}
    rest: dict[str, list[str]] = {name: [] for name in course}
    for path in _uncounted(reader.tree, counted):
        is_written = path not in reader.tree.refused and attachment_kind(base(path)) and not reader.handed_out(path)
        for name in belongs_to(path, course, works):
            (picked[name].attached if is_written else rest[name]).append(path)
    attachments, receipts = {}, {}
    for name, one in picked.items():
        cells = [each for found in _notebooks(one) for each in in_cells(found)]
        attachments[name] = (*cells, *described(reader.tree, one.attached))
        left, more = left_out(reader, rest[name], one.chosen, one.offers)
        sheets = (one.sheet, one.answering)
        receipts[name] = Receipt(
            functions=function_places(one.taken, course[name]),
            sheets=tuple(shown(sheet.path) for sheet in sheets if sheet is not None),
            answers=answer_places(answers.get(name)),
            left_out=left,
            more_left_out=more,
            offered=tuple(one.offers),
            question=one.question,
        )
    return attachments, receipts


def _uncounted(tree: Tree, counted: set[str]) -> Iterable[str]:
    return dict.fromkeys(path for path in (*tree.files, *tree.refused) if path not in counted)


def _notebooks(picked: PickedWork) -> list[FoundFile]:
    """The notebooks of which cells count: the one that is graded, and the one with written answers."""
    found = dict.fromkeys([picked.taken, picked.answering])
    return [one for one in found if one is not None and one.notebook is not None]
