"""How much students may see. Apart from the rest of a course's settings, since declarations need nothing but NumPy."""

from enum import StrEnum


class Reveal(StrEnum):
    """How much of a hidden check a student's page shows; each shows what those before it show."""

    VERDICT = "verdict"
    HINT = "hint"
    CASE = "case"
    FULL = "full"
