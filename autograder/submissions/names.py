"""Names of students as names of files."""

import hashlib
import os

MOST_BYTES = 200
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{name}{digit}" for name in ("COM", "LPT") for digit in range(1, 10))}


def safe_name(student: str) -> str:
    """A file name for a student that works on every file system; different students have different ones.

    Letters, digits, space and `._-@+` stay; everything else is percent-encoded, as are dots and dashes in front, dots
    and spaces at the end, and names that Windows keeps for itself. A long name is cut and ends in a hash.
    """
    kept = [_encoded(character) for character in student]
    for position, strict in ((0, ".- "), (-1, ". ")):
        if kept and kept[position] in tuple(strict):
            kept[position] = _percent(kept[position])
    name = "".join(kept) or "%"
    if name.split(".")[0].upper() in _RESERVED:
        name = _percent(name[0]) + name[1:]
    if len(os.fsencode(name)) > MOST_BYTES:
        digest = hashlib.sha256(os.fsencode(name)).hexdigest()[:16]
        # No other name holds a bare "%~", so that a cut name meets no whole one.
        name = f"{os.fsencode(name)[: MOST_BYTES - 20].decode(errors='ignore')}%~{digest}"
    return name


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


def _encoded(character: str) -> str:
    return character if character.isalnum() or character in " ._-@+" else _percent(character)
