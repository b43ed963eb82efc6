"""What travels to another machine so that it can grade, and what comes back: bytes only.

The folder of solutions goes as a zip, since the exam is made of functions; each machine makes the exam of it from the
seed, with time limits of its own. The machines are the staff's: what is sent to one is pickled. What comes back is not.
"""

import pickle
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.errors import UngradableError
from autograder.grading.grader import Cost
from autograder.grading.plan import LoadedCourse, Wanted, load_course
from autograder.integrations.carrying import packed
from autograder.records.fingerprint import digest, engine_hash
from autograder.records.record import Result
from autograder.sandbox.tiers import Tier
from autograder.submissions import Submission


@dataclass(frozen=True)
class RunSettings:
    """What all submissions of a run share.

    Args:
        engine: its hash; a machine with another one refuses.
        exam: the hash of all that is asked; likewise.
        solutions: their folder as a zip.
        names: of the assignments that are graded.
        seed: in place of the course's.
        tier: of isolation; a machine where it does not work refuses.
    """

    engine: str
    exam: str
    solutions: bytes
    names: tuple[str, ...]
    seed: int | None
    tier: Tier

    @property
    def key(self) -> str:
        """A hash of all of it."""
        return digest([self.engine, self.exam, self.solutions, *self.names, repr(self.seed), self.tier])


@dataclass(frozen=True)
class Job:
    """One submission, and what to sit of it."""

    student: str
    wanted: Wanted
    submission: Submission


class GradedReply(msgspec.Struct, frozen=True, tag=True):
    """The record of a submission, what it cost, and the hashes of the engine and the exam that it was made by."""

    record: Result
    cost: Cost
    engine: str
    exam: str


class NoSettings(msgspec.Struct, frozen=True, tag=True):
    """The machine has not been sent the setting yet."""


class RefusedReply(msgspec.Struct, frozen=True, tag=True):
    """The machine cannot grade this setting, and would not on a second try."""

    why: str


class FaultReply(msgspec.Struct, frozen=True, tag=True):
    """The process that graded the submission ended; another try may go well."""

    why: str


Reply = GradedReply | NoSettings | RefusedReply | FaultReply


def encode(reply: Reply) -> bytes:
    """A reply as it travels."""
    return msgspec.msgpack.encode(reply)


def decode(data: bytes) -> Reply:
    """The reply that `encode` made.

    Raises:
        UngradableError: it is none: what made it has another protocol.
    """
    try:
        reply: Reply = msgspec.msgpack.decode(data, type=Reply)
    except msgspec.DecodeError as error:
        raise UngradableError(
            f"a Dask worker's reply cannot be read ({error}). Install the same version of this package on both, and "
            "start the workers again."
        ) from error
    return reply


def exam_hash(loaded: LoadedCourse) -> str:
    """Of all that is asked in the chosen assignments: sources, seeds and tolerances."""
    return digest(
        part
        for name in loaded.chosen
        for function, found in sorted(loaded.hashes("")[name].items())
        for part in (name, function, found)
    )


def setting_of(loaded: LoadedCourse, seed: int | None, tier: Tier) -> RunSettings:
    """What has to travel for a run here to be the same elsewhere."""
    return RunSettings(engine_hash(), exam_hash(loaded), packed(loaded.folder), loaded.chosen, seed, tier)


def difference(what: str, here: str, there: str) -> str:
    """What is told of two hashes that should be equal."""
    return (
        f"its {what} differs ({there}, this machine's is {here}). Install the same version of this package, of Python "
        "and of NumPy on both, and start the workers again."
    )


def read_setting(setting: RunSettings, folder: Path) -> LoadedCourse:
    """What is asked, from a setting that has been unpacked into a folder.

    Raises:
        UngradableError: it is not what the sender has; says what differs.
    """
    loaded = load_course(folder, setting.names, setting.seed, None)
    if (found := exam_hash(loaded)) != setting.exam:
        raise UngradableError(difference("exam", setting.exam, found))
    return loaded


def dumped(value: RunSettings | Job) -> bytes:
    """What is sent, as bytes."""
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
