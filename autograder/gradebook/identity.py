"""Who somebody is: identifiers by kind, compared within their kind alone, and names as people write them.

A number that one platform gives a student and a number that the registry gives another may be the same by chance. So an
identifier is a kind and a text, and two match only where both are the same.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

import msgspec

# Whatever stands for an apostrophe in names: typewriters', typographers', accents and primes.
_APOSTROPHES = dict.fromkeys(map(ord, "’‘‛`´ʼʹ′＇"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
MOST_NEAR = 3


class IdKind(StrEnum):
    """What gave an identifier, and so what it may be compared with."""

    MOODLE = "Moodle's participant"
    CANVAS = "Canvas's ID"
    NUMBER = "student number"
    LOGIN = "login"
    EMAIL = "e-mail"
    GITHUB = "GitHub login"
    NAME = "name"


class Identifier(msgspec.Struct, frozen=True):
    """A typed identifier, its text as it is compared."""

    kind: IdKind
    text: str


def plain_id(text: str) -> str:
    """An identifier for comparing: Unicode's composed form, without capitals and Moodle's word before a number."""
    return re.sub(r"^participant\s+", "", unicodedata.normalize("NFC", text).strip().casefold())


def plain_name(text: str) -> str:
    """A name for comparing.

    >>> plain_name("O’Brien,  Ann") == plain_name("ann o'brien")
    True
    """
    last, comma, first = text.partition(",")
    whole = f"{first} {last}" if comma else text
    composed = unicodedata.normalize("NFC", whole.translate(_APOSTROPHES).translate(_DASHES)).casefold()
    return " ".join(composed.split())


def identifier(kind: IdKind, text: str) -> Identifier | None:
    """The identifier of a kind that a text is; None for an empty one."""
    found = plain_name(text) if kind is IdKind.NAME else plain_id(text)
    return Identifier(kind, found) if found else None


def is_near_number(one: str, other: str) -> bool:
    """Whether two identifiers may be one number that a spreadsheet has changed: leading zeros, or powers of ten.

    >>> is_near_number("00123", "123"), is_near_number("123456", "1.23E+05"), is_near_number("123", "124")
    (True, True, False)
    """
    if one == other:
        return False
    shortened = [text for text in (one, other) if re.fullmatch(r"\d+(?:[.,]\d+)?e\+?\d+", text.strip().casefold())]
    try:
        numbers = [float(text.strip().replace(",", ".")) for text in (one, other)]
    except ValueError:
        return False
    if not shortened:
        return numbers[0] == numbers[1] and all(text.strip().isdigit() for text in (one, other))
    digits = len(re.sub(r"\D", "", shortened[0].casefold().partition("e")[0])) - 1
    return bool(numbers[1]) and abs(numbers[0] / numbers[1] - 1) <= 0.5 * 10.0**-digits


def named(name: str, known: Iterable[str]) -> str | None:
    """The one of these names that is this one, however it is written; None where none is, or several are."""
    names = list(known)
    if name in names:
        return name
    same = [each for each in names if plain_name(each) == plain_name(name)]
    return same[0] if len(same) == 1 else None


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The names that are most like one that nobody has."""
    by_plain: dict[str, str] = {}
    for each in known:
        by_plain.setdefault(plain_name(each), each)
    return [by_plain[each] for each in difflib.get_close_matches(plain_name(name), by_plain, n=MOST_NEAR, cutoff=0.6)]


def meant(name: str, known: Iterable[str]) -> str:
    """What to add to a message about a name that nobody has: the nearest ones."""
    found = nearest(name, known)
    return f"; did you mean {' or '.join(found)}?" if found else ""
