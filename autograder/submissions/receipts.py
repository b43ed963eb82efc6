"""Makes the receipt of an assignment: what is graded, and what of the hand-in is left out and why."""

from collections.abc import Sequence

from autograder.files.names import shown
from autograder.submissions.asked import AskedWork
from autograder.submissions.choosing import ChosenFile
from autograder.submissions.found_file import FoundFile
from autograder.submissions.intake_limits import LEFT_OUT
from autograder.submissions.reader import Reader, base, folder_of
from autograder.submissions.receipt import AnswerPlace, FunctionPlace, LeftOut, OfferedFile
from autograder.submissions.sheets import may_be_sheet
from autograder.submissions.unwritten import answer_sections

_LONGEST_HEADING = 200


def function_places(taken: FoundFile | None, asked: AskedWork) -> tuple[FunctionPlace, ...]:
    """Where each function that is asked for stands."""
    found = []
    for name in asked.functions:
        one = None if taken is None else taken.defined.get(name)
        passed_over = "" if taken is None else taken.passed_over.get(name, "")
        if one is None:
            found.append(FunctionPlace(name, passed_over=passed_over))
        else:
            found.append(FunctionPlace(name, shown(one.file), one.line, one.written, passed_over))
    return tuple(found)


def answer_places(answers: str | None) -> tuple[AnswerPlace, ...]:
    """The written answers of a sheet, by their headings; where two sheets were joined, each heading once."""
    found: dict[str, bool] = {}
    for heading, written in answer_sections(answers or ""):
        found[heading] = found.get(heading, False) or written
    if answers is None:
        return ()
    return tuple(AnswerPlace(shown(heading)[:_LONGEST_HEADING], written) for heading, written in found.items())


# What every handout has beside its checks, known also where nobody has the list of what was handed out.
OURS_BY_NAME = frozenset({"conftest.py", "grader.toml"})


def left_out(
    reader: Reader, paths: Sequence[str], chosen: ChosenFile, offers: Sequence[OfferedFile]
) -> tuple[tuple[LeftOut, ...], int]:
    """The files of an assignment that do not count, each with the reason; and how many there are besides.

    Args:
        reader: of the hand-in.
        paths: what may belong to the assignment, and was taken as nothing.
        chosen: what is graded of it.
        offers: the files that could be meant instead.
    """
    found: list[LeftOut] = []
    offered = {one.path: one for one in offers}
    for count, path in enumerate(paths):
        if len(found) == LEFT_OUT:
            return tuple(found), len(paths) - count
        why = reader.tree.refused.get(path) or _why(reader, path, chosen, offered.get(shown(path)))
        found += [LeftOut(shown(path), why)] if why else []
    return tuple(found), 0


def _why(reader: Reader, path: str, chosen: ChosenFile, offer: OfferedFile | None) -> str:
    """Why a file does not count; empty where nobody need be told."""
    name, taken = base(path), chosen.taken
    second = next((one for one in chosen.second if one.path == path), None)
    if reader.handed_out(path) or (second is not None and (second.untouched or second.blank)):
        return ""
    if path in chosen.candidates and taken is not None:
        return f"is not graded: {shown(taken.path)} is, in its place"
    if offer is not None:
        # It is code, and a person is asked about it: no other reason may stand against that question.
        decided = "a person decides whether it counts" if offer.functions else "none of the functions is written in it"
        return f"was not taken for the work: {decided}"
    if name.startswith("test_") or name in OURS_BY_NAME or "tests" in path.split("/")[:-1]:
        return ""
    if name.endswith(".py") and taken is not None:
        inside = path.startswith(folder_of(taken.path))
        return (
            "cannot be imported" if inside else f"lies outside the folder of {shown(taken.path)}: it cannot be imported"
        )
    if may_be_sheet(name) or name.casefold().startswith("readme"):
        return ""
    return "is neither code nor an answer, and your code cannot read files when it is graded"
