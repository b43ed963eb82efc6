"""What a program that grades one submission after another says to the processes that do it, and what they say."""

from collections.abc import Mapping, Sequence

import msgspec

from autograder.grading.one_submission import GradedSubmission
from autograder.submissions import HandedIn

CHANGES_RECORDS = False

# To the process that makes others: the other end of a worker's pipe comes with it.
NEW_WORKER = b"w"
# From a worker: its slot is ready.
READY = b"r"


class WarmSettings(msgspec.Struct, frozen=True):
    """What is asked, and how submissions are isolated; as for `grade`."""

    solutions: bytes
    assignments: Sequence[str] | None = None
    seed: int | None = None
    isolation: str | None = None


class ExamReady(msgspec.Struct, frozen=True, tag=True):
    """The exam is made; `exam` is the hash of all that is asked and of the engine."""

    exam: str


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """Nothing can be graded: the name of one of our errors, and its message."""

    error: str
    message: str


class FolderRequest(msgspec.Struct, frozen=True, tag=True):
    """Grade what lies in a folder or zip; of a folder, only the file `only`, if that is named.

    Paths are as the file system has them, which need not be text.
    """

    student: str
    path: bytes
    only: bytes = b""
    handed_in: HandedIn | None = None


class FilesRequest(msgspec.Struct, frozen=True, tag=True):
    """Grade these files."""

    student: str
    files: Mapping[str, bytes]
    handed_in: HandedIn | None = None


class GivenUpRequest(msgspec.Struct, frozen=True, tag=True):
    """Make the record of a submission on which the grader itself failed, and say why."""

    student: str
    why: str


Answer = ExamReady | Refusal
Request = FolderRequest | FilesRequest | GivenUpRequest
encoded = msgspec.msgpack.encode
settings_of = msgspec.msgpack.Decoder(WarmSettings).decode
answer_of = msgspec.msgpack.Decoder(Answer).decode
request_of = msgspec.msgpack.Decoder(Request).decode
graded_of = msgspec.msgpack.Decoder(GradedSubmission).decode
