"""Helpers that read a download as the grader does."""

from collections.abc import Mapping
from pathlib import Path

from autograder.submissions import Entry, Listing, Submission, list_entries, read_submission

MODULES = {"a3_kl_normal": "kl_normal", "a4_smooth_ap": "smooth_ap"}


def read_all(path: Path, layout: str = "auto", groups: Path | None = None) -> tuple[Listing, dict[str, Submission]]:
    """The listing, and what each student handed in; every entry must be read, whatever it holds."""
    listing = list_entries(path, layout, groups)
    return listing, {entry.student: read(entry) for entry in listing.entries}


def read(entry: Entry, modules: Mapping[str, str] = MODULES) -> Submission:
    submission = read_submission(entry, modules)
    either = set(submission.works) ^ set(submission.problems)
    assert either == set(modules), f"each assignment has a work or a problem: {submission}"
    return submission


def source(submission: Submission, assignment: str = "a4_smooth_ap") -> bytes:
    """The module that is graded."""
    assert assignment in submission.works, f"it should be found: {submission.problems} {submission.notes}"
    work = submission.works[assignment]
    return work.files[f"{work.module}.py"]


def told(submission: Submission) -> str:
    return "\n".join([*submission.problems.values(), *submission.notes])
