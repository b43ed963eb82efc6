"""The names of a zip's members, whichever tool wrote them.

A zip says of a name that it is UTF-8, or nothing; by its specification (APPNOTE 4.4.4 and appendix D) it is then in
code page 437. Tools write other encodings all the same: UTF-8 on macOS and Linux, the system's code page on Windows.
Some put the name in Unicode into an extra field (0x7075, APPNOTE 4.6.9), with a checksum of what it stands for.
"""

import struct
import zipfile
import zlib
from dataclasses import dataclass

_UTF8_FLAG, _UNICODE_PATH = 0x800, 0x7075


@dataclass(frozen=True, slots=True)
class MemberName:
    """A member's name, parts joined by "/"; `guessed` where nothing says in which encoding it is written."""

    text: str
    guessed: bool = False


def member_name(info: zipfile.ZipInfo) -> MemberName:
    """The name of a member of a zip."""
    found = _found(info)
    # Some Windows tools join by backslashes, which no name can hold there.
    return MemberName(found.text.replace("\\", "/"), found.guessed)


def _found(info: zipfile.ZipInfo) -> MemberName:
    name = info.orig_filename
    if info.flag_bits & _UTF8_FLAG or name.isascii():
        return MemberName(name)
    try:
        raw = name.encode("cp437")
    except UnicodeError:
        return MemberName(name)
    own = _unicode_path(info.extra, raw)
    if own is not None:
        return MemberName(own)
    try:
        return MemberName(raw.decode())
    except UnicodeError:
        pass
    # Western Windows: the one code page has letters where the other has lines and blocks, and the reverse.
    if _is_plain(name):
        return MemberName(name, guessed=True)
    try:
        other = raw.decode("cp1252")
    except UnicodeError:
        return MemberName(name, guessed=True)
    return MemberName(other if _is_plain(other) else name, guessed=True)


def _is_plain(name: str) -> bool:
    """Whether all that is beyond ASCII in a name are letters, as names of people have them."""
    return all(each.isascii() or each.isalpha() for each in name)


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in a member's extra fields; None where there is none that stands for this one."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(field) > 5 and field[0] == 1:
            (checksum,) = struct.unpack_from("<I", field, 1)
            if checksum == zlib.crc32(raw):
                try:
                    return field[5:].decode()
                except UnicodeError:
                    return None
    return None
