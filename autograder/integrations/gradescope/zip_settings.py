"""What is decided when an autograder is built, and kept in its zip for the runs."""

import msgspec

from autograder.exports.results_json import Visibility

# Names in the zip, which lies unpacked in /autograder/source.
ENGINE, SOLUTIONS, SETTINGS, UNFINISHED = "engine", "solutions", "settings.json", "unfinished.json"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of an autograder.

    Args:
        assignments: names.
        hidden: when students see the hidden checks.
        leaderboard: whether scores are compared in public.
        public: whether the public checks are made, too.
    """

    assignments: tuple[str, ...]
    hidden: Visibility = Visibility.AFTER_PUBLISHED
    leaderboard: bool = False
    public: bool = True
