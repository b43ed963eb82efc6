"""Gradescope's "Export Submissions": a folder per submission, and submission_metadata.yml.

The metadata has, by folder ("submission_123"), the keys that a Ruby program wrote as symbols: `:submitters:`, a list
of `:name:`, `:sid:` and `:email:`, more than one for a group; `:created_at:`; `:history:`, the earlier submissions,
which are not in the export; and `:results:`, the output of Gradescope's own grading, which is passed over.
otter-grader's GradescopeParser reads the same keys.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from autograder.files.names import enumerated, shown, visible_name
from autograder.submissions.intake_limits import METADATA_BYTES
from autograder.submissions.layouts.gradescope_yaml import ExportedMetadata, metadata_of
from autograder.submissions.layouts.layout import Guess, Layout, Person, called, iso, moment, others
from autograder.submissions.roots import FILE, ZIP, Root, RootItem
from autograder.submissions.submission import Entry, Listing, Piece
from autograder.submissions.tree import RefusedError

TITLE = "a Gradescope export"
METADATA = "submission_metadata.yml"


def detect(root: Root) -> Guess:
    """By the metadata's name; without it, folders named submission_NUMBER could be anything."""
    if root.kind(METADATA) == "file":
        return Guess(1.0, f"it holds {METADATA}")
    return Guess(0.0, f"it holds no {METADATA}")


def entries(root: Root) -> Listing:
    """One hand-in per folder that the metadata names; of a student's several the latest."""
    said, notes = _read(root)
    items = [item for item in root.items() if item.name != METADATA]
    present = {item.name: item for item in items}
    absent = [name for name in said if name not in present]
    if absent:
        notes.append(f"{enumerated(absent)}: in {METADATA}, and not in the export; export again.")
    names = called(person for name, one in said.items() if name in present for person in one.submitters)
    taken: list[Entry] = []
    at: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for name, one in said.items():
        if name in present:
            for person in one.submitters:
                at[names[person]].append((moment(iso(one.created_at)[0]), name))
    latest = {student: max(found)[1] for student, found in at.items()}
    for name, one in said.items():
        if name in present and one.submitters:
            taken += _entry(root, present[name], one, names, latest, at)
    left = [item for item in items if item.name not in said or not said[item.name].submitters]
    more, told = others(root, left, TITLE)
    return Listing((*taken, *more), (*notes, *told))


def _read(root: Root) -> tuple[Mapping[str, ExportedMetadata], list[str]]:
    try:
        data = root.read(METADATA, METADATA_BYTES)
    except RefusedError as error:
        return {}, [f"{METADATA} {error}. Students are called by their folders."]
    said, problem = metadata_of(data)
    notes = [f"{METADATA} {problem}. Students it does not tell of are called by their folders."] if problem else []
    return said, notes


def _entry(
    root: Root,
    item: RootItem,
    one: ExportedMetadata,
    names: Mapping[Person, str],
    latest: Mapping[str, str],
    at: Mapping[str, list[tuple[float, str]]],
) -> list[Entry]:
    """The hand-in of those whose latest it is, if there are any."""
    mine = [person for person in dict.fromkeys(one.submitters) if latest[names[person]] == item.name]
    if not mine:
        return []
    time, _ = iso(one.created_at)
    attempt = str(one.earlier + 1) if one.earlier is not None else ""
    handed_in = replace(mine[0].handed_in, at=time, attempt=attempt)
    members = tuple((names[person], person.handed_in) for person in mine) if len(one.submitters) > 1 else ()
    notes = []
    for person in mine:
        before = [name for _, name in sorted(at[names[person]]) if name != item.name]
        if before:
            not_graded = f"{enumerated(before)} {'was' if len(before) == 1 else 'were'} not graded"
            notes.append(f"{shown(item.name)} is the latest of {names[person]}; {not_graded}.")
    if item.kind in (FILE, ZIP):
        notes.append(f"{visible_name(item.name)} is one file, as Gradescope exports scanned work.")
    pieces = (Piece(root.source(item.name)),)
    student = names[mine[0]]
    return [Entry(student, root.path, pieces, uploaded=True, handed_in=handed_in, members=members, notes=tuple(notes))]


LAYOUT = Layout("gradescope", TITLE, detect, entries)
