"""Which of the files that may be the work of an assignment is graded: the one with more of the functions written.

Where two hold different work, a person is asked which counts; the fuller is graded meanwhile. Of attempts the latest
counts, whatever is in them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.files.names import enumerated, shown
from autograder.submissions.asked import AskedWork
from autograder.submissions.attempts import newest_first
from autograder.submissions.found_file import FoundFile, read_file
from autograder.submissions.reader import Reader, base, folder_of, in_apart_folder
from autograder.submissions.tree import RefusedError, shallowest_first

# Files of one name that are read; nobody hands in more copies on purpose.
_MOST_READ = 12
_NAMED = 3


@dataclass(frozen=True)
class ChosenFile:
    """What is graded of an assignment.

    Args:
        taken: the file; None where there is none that can be read.
        candidates: the paths of all files of the right name, that one among them.
        second: the others that were read.
        rivals: those of them that hold other work than what is graded.
        notes: on the choice.
        question: what a person has to decide; stands among the notes, too.
    """

    taken: FoundFile | None
    candidates: tuple[str, ...] = ()
    second: tuple[FoundFile, ...] = ()
    rivals: tuple[FoundFile, ...] = ()
    notes: tuple[str, ...] = ()
    question: str = ""


def choose(reader: Reader, assignment: str, asked: AskedWork, elsewhere: Iterable[str]) -> ChosenFile:
    """The module or notebook of an assignment.

    Args:
        reader: of the hand-in.
        assignment: its name.
        asked: the module.
        elsewhere: assignments whose modules have the same name: what lies in their folders is theirs.
    """
    paths = _candidates(reader, assignment, asked, frozenset(elsewhere))
    found = list(_read(reader, paths, asked))
    paths = [path for path in paths if path in reader.tree.refused or any(one.path == path for one in found)]
    if not found:
        return ChosenFile(None, tuple(paths))
    taken = _fullest(found)
    second = [one for one in found if one is not taken]
    rivals = [one for one in second if _rivals(one, taken)]
    question = _question(taken, rivals) if rivals else ""
    not_graded = _not_graded(reader, paths, found, taken, rivals)
    notes = [_note(taken, not_graded)] if not_graded else []
    if taken.blank:
        notes.append(f"{shown(taken.path)} is empty: hand it in again if that was not meant.")
    notes = [*([question] if question else []), *notes]
    return ChosenFile(taken, tuple(paths), tuple(second), tuple(rivals), tuple(notes), question)


def _candidates(reader: Reader, assignment: str, asked: AskedWork, elsewhere: frozenset[str]) -> list[str]:
    """The files of the right names, modules before notebooks, the likeliest first."""

    def order(path: str) -> tuple[bool, bool, float, int, str]:
        is_notebook = base(path) == asked.notebook
        return is_notebook, assignment not in path.split("/")[:-1], newest_first(path), *shallowest_first(path)

    found = (path for path in reader.tree.files if base(path) in (asked.file, asked.notebook))
    own = (path for path in found if not elsewhere.intersection(path.split("/")[:-1]))
    return sorted((path for path in own if not in_apart_folder(path, assignment, asked)), key=order)


def _read(reader: Reader, paths: Sequence[str], asked: AskedWork) -> Iterable[FoundFile]:
    """Those that can be read, and are not ours; why another cannot be is kept with what is refused."""
    for name in (asked.file, asked.notebook):
        for path in [path for path in paths if base(path) == name][:_MOST_READ]:
            try:
                one = read_file(reader, path, asked)
            except RefusedError as error:
                reader.tree.refused[path] = str(error)
                continue
            if not reader.is_ours(path):
                yield one


def _fullest(found: Sequence[FoundFile]) -> FoundFile:
    """The file of the latest attempt with the most functions written; the likeliest of several."""
    worked = [one for one in found if not (one.untouched or one.blank)] or list(found[:1])
    latest = min(newest_first(one.path) for one in worked)
    return max((one for one in worked if newest_first(one.path) == latest), key=lambda one: len(one.written))


def _rivals(one: FoundFile, taken: FoundFile) -> bool:
    """Whether a file holds work that the one which is graded does not."""
    if one.untouched or one.blank or newest_first(one.path) != newest_first(taken.path):
        return False
    if not one.asked.functions and not one.written:
        # Nothing is known of it but that a module and a notebook both hold code.
        return (one.notebook is None) != (taken.notebook is None)
    return any(name not in taken.defined or taken.defined[name].text != one.defined[name].text for name in one.written)


def _question(taken: FoundFile, rivals: Sequence[FoundFile]) -> str:
    """What a person has to decide, with what speaks for either."""
    first, many = rivals[0], f"of {len(taken.asked.functions)} " if taken.asked.functions else ""
    counts = f"{len(taken.written)} {many}functions are written in the one, {len(first.written)} in the other"
    if not (taken.written or first.written):
        counts = "both hold code"
    others = enumerated([one.path for one in rivals])
    return (
        f"{shown(taken.path)} was graded; {others} {'was' if len(rivals) == 1 else 'were'} not, though "
        f"{'it holds' if len(rivals) == 1 else 'they hold'} other work ({counts}). A person decides which counts; to "
        "decide it yourself, hand in only one of them."
    )


def _not_graded(
    reader: Reader, paths: Sequence[str], found: Sequence[FoundFile], taken: FoundFile, rivals: Sequence[FoundFile]
) -> list[str]:
    """The files that could have been meant, of which the question does not speak."""
    read = {one.path: one for one in found}
    left = []
    for path in paths:
        one = read.get(path)
        if one is taken or one in rivals:
            continue
        of_a_kind = base(path) == base(taken.path)
        if one is None:
            left += [path] if of_a_kind else []
        elif not (one.untouched or one.blank or one.text == taken.text) and (
            newest_first(path) != newest_first(taken.path) or (of_a_kind and not one.written)
        ):
            left.append(path)
    return [*left, *_same_but_case(reader, taken.path)]


def _same_but_case(reader: Reader, taken: str) -> list[str]:
    folder, name = folder_of(taken), base(taken)
    beside = (path for path in reader.tree.files if folder_of(path) == folder and base(path) != name)
    return [path for path in beside if base(path).casefold() == name.casefold()]


def _note(taken: FoundFile, others: Sequence[str]) -> str:
    return f"{shown(taken.path)} was graded; {enumerated(others)} {'was' if len(others) == 1 else 'were'} not."
