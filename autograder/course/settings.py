"""The settings of a course: its secret seed, its tolerances, what students may see, and how points become a total.

One file, `course.toml`, checked on load; a mistake in it is told with its line and key.
"""

import hashlib
import re
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Literal

import msgspec

from autograder.course.toml import read_checked
from autograder.errors import CourseError, WrongSettingError
from autograder.judging.levels import Reveal
from autograder.judging.tolerance import Tolerance


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one assignment: when it is due, how many points of the total it is worth (default: its own), its own seed."""

    due: datetime | None = None
    weight: float | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.weight is not None and not 0 <= self.weight < float("inf"):
            raise WrongSettingError(("weight",), f"is {self.weight}; a weight is a number from 0 on")
        if self.seed is not None and self.seed < 0:
            raise WrongSettingError(("seed",), f"is {self.seed}; a seed is a whole number from 0 on")


class LateStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Up to so many hours after the due date, this share is taken off."""

    hours: float
    share: float

    def __post_init__(self) -> None:
        if not 0 < self.hours < float("inf"):
            raise WrongSettingError(("hours",), f"is {self.hours}; it is a number above 0")
        if not 0 <= self.share <= 1:
            raise WrongSettingError(("share",), f"is {self.share}; it is a share, from 0 to 1")


class LatePenalty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is taken off after the due date.

    `penalty` is a share for each begun day or hour: of the assignment's points (`of = "max"`), or of those earned
    (`of = "earned"`); at most `most` is taken off in all. In its place `steps` say it as a table; after the last of
    them nothing is left. Nothing is taken off up to `grace_minutes` after the due date; after them all of the time
    counts. Later than `cutoff_days`, nothing counts. Each student may be late by `slip_days` in all without a loss:
    they are spent on assignments in the order in which these are due, by begun days, before anything is taken off.
    """

    penalty: float | None = None
    per: Literal["day", "hour"] = "day"
    of: Literal["max", "earned"] = "max"
    most: float = 1.0
    grace_minutes: float = 0.0
    steps: tuple[LateStep, ...] = ()
    cutoff_days: float | None = None
    slip_days: int = 0

    def __post_init__(self) -> None:
        for name in ("penalty", "most"):
            given = getattr(self, name)
            if given is not None and not 0 <= given <= 1:
                raise WrongSettingError((name,), f"is {given}; it is a share, from 0 to 1")
        if not self.grace_minutes >= 0:
            raise WrongSettingError(("grace_minutes",), f"is {self.grace_minutes}; it is a number from 0 on")
        if self.steps and self.penalty is not None:
            raise WrongSettingError(("steps",), "stand beside `penalty`: say one of the two")
        if not self.steps and self.penalty is None and self.cutoff_days is None and not self.slip_days:
            raise WrongSettingError(
                ("penalty",), "is missing: a share for each begun day, or `steps`, or `cutoff_days`"
            )
        for place, (before, after) in enumerate(pairwise(self.steps), start=1):
            if after.hours <= before.hours:
                raise WrongSettingError(("steps", place, "hours"), f"is {after.hours}, and the step before has more")
        if self.cutoff_days is not None and not 0 <= self.cutoff_days < float("inf"):
            raise WrongSettingError(("cutoff_days",), f"is {self.cutoff_days}; it is a number of days from 0 on")
        if self.slip_days < 0:
            raise WrongSettingError(("slip_days",), f"is {self.slip_days}; it is a number of days from 0 on")


class EarlyBonus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is added, as a share of the assignment's points, where it comes `days` or more before it is due.

    No more than the assignment's points can be reached, unless `above_maximum` says so.
    """

    share: float
    days: float
    above_maximum: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise WrongSettingError(("share",), f"is {self.share}; it is a share, above 0 and at most 1")
        if not 0 <= self.days < float("inf"):
            raise WrongSettingError(("days",), f"is {self.days}; it is a number of days from 0 on")


class Rounding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Totals are multiples of `to`: the nearest (halves go up), the next above, or the next below."""

    to: float
    how: Literal["nearest", "up", "down"] = "nearest"

    def __post_init__(self) -> None:
        if not 0 < self.to < float("inf"):
            raise WrongSettingError(("to",), f"is {self.to}; it is a number above 0")


class GraderVersions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """With which Python and NumPy work is graded ("3.11", "2.4"): students' commands hold work against these."""

    python: str
    numpy: str

    def __post_init__(self) -> None:
        for name in ("python", "numpy"):
            if not re.fullmatch(r"[0-9]{1,3}\.[0-9]{1,3}", getattr(self, name)):
                told = f'is {getattr(self, name)!r}; it is a version of two numbers, such as "3.11"'
                raise WrongSettingError((name,), told)


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `course.toml` says.

    `tolerances` needs "value", "derivation" and "differences"; checks may name further ones. `counterexamples` says
    whether students see, of a check that failed, a case that is none of the hidden ones. An extension is, by
    student and assignment ("all" for every one), a new due date or a number of days more. `drop` assignments, those
    with the lowest share of their points, do not count. A group's record counts for each of its members. `grader` says
    with what work is graded, for the handout; without, students' commands go by what is installed there. `install` is
    the command with which students install the package.
    """

    seed: int
    tolerances: dict[str, Tolerance]
    title: str = ""
    reveal: Reveal = Reveal.HINT
    counterexamples: bool = True
    cases: Literal["shared", "per-student"] = "shared"
    timezone: str = ""
    assignments: dict[str, Terms] = {}
    late: LatePenalty | None = None
    early: EarlyBonus | None = None
    extensions: dict[str, dict[str, datetime | float]] = {}
    drop: int = 0
    rounding: Rounding | None = None
    groups: dict[str, tuple[str, ...]] = {}
    grader: GraderVersions | None = None
    install: str = ""

    def __post_init__(self) -> None:
        missing = {"value", "derivation", "differences"} - set(self.tolerances)
        if missing:
            raise WrongSettingError(("tolerances", sorted(missing)[0]), "is missing")
        if self.seed < 0:
            raise WrongSettingError(("seed",), f"is {self.seed}; a seed is a whole number from 0 on")
        if self.drop < 0:
            raise WrongSettingError(("drop",), f"is {self.drop}; it is a number of assignments, from 0 on")
        self._check_zone()
        weighed = [name for name, terms in self.assignments.items() if terms.weight is not None]
        for name, terms in self.assignments.items():
            if weighed and terms.weight is None:
                raise WrongSettingError(
                    ("assignments", name), f"has no weight, but {weighed[0]} has: give all one, or none"
                )
            self._check_time(terms.due, ("assignments", name, "due"))
        for group, members in self.groups.items():
            for place, member in enumerate(members):
                if member in members[:place]:
                    raise WrongSettingError(("groups", group, place), f"is {member!r}, who is in it already")
        for student, given in self.extensions.items():
            for name, until in given.items():
                self._check_time(until if isinstance(until, datetime) else None, ("extensions", student, name))
                if not isinstance(until, datetime) and not until >= 0:
                    raise WrongSettingError(
                        ("extensions", student, name), f"is {until}; it is a number of days from 0 on"
                    )

    def seed_of(self, assignment: str, student: str = "") -> int:
        """The seed of an assignment's cases; with `cases = "per-student"`, of those of one student.

        A student's seed follows from the course's and the name alone, so that it is the same in every run.
        """
        own = self.assignments.get(assignment, Terms()).seed
        seed = self.seed if own is None else own
        if self.cases == "shared" or not student:
            return seed
        name = f"{seed}/{student}".encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.sha256(name).digest()[:8])

    def with_seed(self, seed: int | None) -> "Course":
        """The same course with another seed, for every assignment; None changes nothing."""
        if seed is None:
            return self
        plain = {name: msgspec.structs.replace(terms, seed=None) for name, terms in self.assignments.items()}
        return msgspec.structs.replace(self, seed=seed, assignments=plain)

    def _check_zone(self) -> None:
        if self.timezone:
            # Imported late: students' commands need tolerances alone, and this looks for the system's own files.
            import zoneinfo

            try:
                zoneinfo.ZoneInfo(self.timezone)
            except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
                told = f"{self.timezone!r} is not known here; write times with an offset (+02:00), or install tzdata"
                raise WrongSettingError(("timezone",), told) from None

    def _check_time(self, time: datetime | None, keys: tuple[str, ...]) -> None:
        if time is not None and time.tzinfo is None and not self.timezone:
            raise WrongSettingError(
                keys, f'is {time}, without an offset: add one (+02:00), or set timezone = "Europe/Prague"'
            )


def read_course(path: Path) -> Course:
    """Read and check `course.toml`.

    Raises:
        CourseError: it is missing or wrong.
    """
    if not path.exists():
        raise CourseError(f"{path}: there is no such file; it holds the course's seed and tolerances")
    known = sorted(found.parent.name for found in path.parent.glob("*/questions.py"))

    def named(course: Course) -> None:
        uses: list[tuple[tuple[str, ...], str]] = [(("assignments", name), name) for name in course.assignments]
        uses += [(("extensions", who, name), name) for who, given in course.extensions.items() for name in given]
        for keys, name in uses:
            if known and name not in known and (keys[0] == "assignments" or name != "all"):
                raise WrongSettingError(keys, f"is no assignment; there are {', '.join(known)}")
        if known and course.drop >= len(known):
            raise WrongSettingError(
                ("drop",), f"is {course.drop}, but there are {len(known)} assignments: one must count"
            )
        unweighed = [name for name in known if name not in course.assignments]
        if unweighed and any(terms.weight is not None for terms in course.assignments.values()):
            raise WrongSettingError(
                ("assignments",), f"gives no weight to {unweighed[0]}: give all assignments one, or none"
            )

    return read_checked(path, Course, CourseError, named)
