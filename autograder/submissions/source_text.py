"""A source as text: by its declared encoding, or as UTF-8; and what it is where it is neither."""

import codecs
import io
import tokenize


def as_text(source: bytes) -> str:
    """The text; what cannot be read stands as a replacement character."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        return source.decode(encoding, "replace")
    except (SyntaxError, LookupError):
        return source.decode("utf-8", "replace")


def is_text(source: bytes) -> bool:
    """Whether Python can decode a source, by its declared encoding or as UTF-8."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        source.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return False
    return True


def encoding_of(source: bytes) -> str:
    """What a source that is no UTF-8 seems to be in, in words."""
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or source.count(0) > len(source) // 4:
        return "UTF-16"
    return "an encoding of 8 bits, such as Latin-1 or Windows-1252"
