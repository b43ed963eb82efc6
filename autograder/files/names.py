"""Names that students chose, as text for people and as names of files."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

LONGEST_FILE_NAME = 200
# Names in one sentence; characters of a name in a message.
NAMES_IN_A_SENTENCE = 5
SHOWN_CHARACTERS = 200
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ._-@+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9]) *(\.|$)", re.IGNORECASE)


def visible_name(name: str) -> str:
    r"""`name` with all that does not print, or reorders text, as escapes. Different names stay different.

    It is for what identifies: backslashes and unusual spaces are escaped too; `files.visible` is for other text.

    >>> print(visible_name("ren\udce9"))
    ren\udce9
    """
    return "".join(
        character if character.isprintable() and character != "\\" else character.encode("unicode_escape").decode()
        for character in name
    )


def shown(path: str) -> str:
    """A path for a message: visible, and without its middle where it is very long."""
    text = visible_name(path)
    if len(text) <= SHOWN_CHARACTERS:
        return text
    half = SHOWN_CHARACTERS // 2
    return f"{text[:half]}...{text[-half:]}"


def enumerated(paths: Sequence[str], what: str = "") -> str:
    """Paths as the part of a sentence: "a.py, b.py and 3 more"."""
    names = [shown(path) for path in paths[:NAMES_IN_A_SENTENCE]]
    if len(paths) > len(names):
        names.append(f"{len(paths) - len(names):,} more {what}".rstrip())
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def safe_name(student: str) -> str:
    """The name of a student's files, without a suffix: at most 200 bytes, and valid on every file system.

    Letters of every script, digits, space and . _ - @ + stay, all else is percent-encoded; so different students get
    different names, which depend on nothing else. On a disk that ignores case, names that differ only in case still
    meet (`list_entries` notes them).

    >>> safe_name("Zoë / 2"), safe_name("con")
    ('Zoë %2F 2', '%63on')
    """
    # Some file systems take all spellings of a letter for one: only the composed one may stay.
    composed = unicodedata.is_normalized("NFC", student)
    pieces = [
        character
        if character in _PLAIN or (composed and not character.isascii() and character.isalpha())
        # A lone surrogate has no other bytes.
        else _encoded(character)
        for character in student
    ]
    if not pieces:
        return "%"
    if student[0] in ".-" or _RESERVED.match(student):
        pieces[0] = _encoded(student[0])
    if student[-1] in ". ":
        pieces[-1] = _encoded(student[-1])
    whole = "".join(pieces)
    if len(whole.encode()) <= LONGEST_FILE_NAME:
        return whole
    # After a percent sign there is otherwise always a hexadecimal digit, so no short name can look like this.
    ending = "%-" + hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    left = LONGEST_FILE_NAME - len(ending)
    kept = ""
    for piece in pieces:
        left -= len(piece.encode())
        if left < 0:
            break
        kept += piece
    return kept + ending


def _encoded(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
