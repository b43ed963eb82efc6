"""A folder or a zip per student, named after the student."""

import re
from collections import defaultdict

from autograder.errors import SubmissionsError
from autograder.files.names import enumerated, shown, visible_name
from autograder.submissions.layouts.layout import Guess, Layout, alike, whole, without_zip
from autograder.submissions.roots import FILE, FOLDER, OTHER, ZIP, Root, RootItem
from autograder.submissions.submission import Listing

# Of several entries of one student the first of these is taken.
_ORDER = (FOLDER, ZIP, OTHER)
_AGAIN = re.compile(r"(.*\S) ?\(\d{1,3}\)")


def detect(root: Root) -> Guess:
    """Whatever holds folders or zips may be meant so."""
    items = [item for item in root.items() if not item.hidden]
    students = [item for item in items if item.kind != FILE]
    if not students:
        return Guess(0.0, "it has no folder and no .zip")
    return Guess(0.3, f"it has {len(students):,} folders and zips, and no platform's names")


def entries(root: Root) -> Listing:
    """Each folder and each zip is one student."""
    items = [item for item in root.items() if not item.hidden]
    by_student: defaultdict[str, list[RootItem]] = defaultdict(list)
    for item in items:
        if item.kind != FILE:
            by_student[visible_name(without_zip(item))].append(item)
    loose = [item.name for item in items if item.kind == FILE]
    if not by_student:
        only = f" (it holds only {enumerated(loose)})" if loose else ""
        raise SubmissionsError(
            f"{root.title} holds no submissions{only}: give a folder in which each student has a folder or a .zip, or "
            "what Moodle, Canvas, Gradescope, nbgrader or GitHub Classroom hand out."
        )
    found, notes = [], []
    for student, named in sorted(by_student.items()):
        taken, *left = sorted(named, key=lambda item: (_ORDER.index(item.kind), item.name))
        found.append(whole(root, student, taken))
        notes += [_not_taken(item.name, taken.name, student) for item in left]
    notes += [
        f"{shown(name)} was not graded: it is neither a folder nor a .zip. "
        "If it is a submission, put it into a folder named after the student, unpacked."
        for name in loose
    ]
    return Listing(tuple(found), (*notes, *_again(by_student)))


def _not_taken(name: str, taken: str, student: str) -> str:
    return (
        f"{shown(name)} was not graded: {shown(taken)} stands for the same student, {student}, and was taken. "
        "If that is the wrong one, move it away and grade again."
    )


def _again(students: dict[str, list[RootItem]]) -> list[str]:
    """Notes on names as browsers give them to a second download; which could also be two students of one name."""
    names = {alike(student): student for student in students}
    return [
        f"{student} and {names[alike(found[1])]} were both graded: if they are two downloads of one student, move the "
        "older away."
        for student in sorted(students)
        if (found := _AGAIN.fullmatch(student)) and alike(found[1]) in names
    ]


LAYOUT = Layout("plain", "a folder or zip per student", detect, entries)
