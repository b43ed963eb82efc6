"""Who handed in and when, from Gradescope's submission_metadata.json."""

from pathlib import Path
from typing import Any

import msgspec

from autograder.submissions import HandedIn

MOST_BYTES = 64 << 20
NOBODY = "submission"


class User(msgspec.Struct, frozen=True):
    """One of those who handed in."""

    email: str = ""
    name: str = ""
    id: int | str | None = None


class SubmissionMetadata(msgspec.Struct, frozen=True):
    """The fields that are used; others are passed over."""

    created_at: str = ""
    users: tuple[User, ...] = ()
    previous_submissions: tuple[Any, ...] = ()


def read_metadata(path: Path) -> tuple[str, HandedIn, str]:
    """The student's name, what the platform says of the hand-in, and a note for staff where that cannot be read.

    A file that is missing or of another form costs the names and the time, and never the grading.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            return NOBODY, HandedIn(), f"{path.name} is larger than {MOST_BYTES:,} bytes and was not read"
        found = msgspec.json.decode(path.read_bytes(), type=SubmissionMetadata)
    except (OSError, ValueError, RecursionError) as error:
        return NOBODY, HandedIn(), f"{path.name} could not be read: {error}"
    users = [user for user in found.users if user.email or user.name]
    names = tuple(user.email or user.name for user in users)
    if not users:
        return NOBODY, HandedIn(at=found.created_at), f"{path.name} names no user"
    first = users[0]
    handed_in = HandedIn(
        at=found.created_at,
        attempt=str(len(found.previous_submissions) + 1),
        members=names if len(names) > 1 else (),
        id="" if first.id is None else str(first.id),
        email=first.email,
        name=first.name,
    )
    return names[0], handed_in, ""
