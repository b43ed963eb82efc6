"""What a file really holds, by its first bytes: a web page saved as Python, a notebook under a module's name, a merge
conflict. What is said tells the cause, and what to do."""

import codecs
import re

from autograder.files.names import enumerated
from autograder.submissions.tree import RefusedError

# Bytes looked at for what a file is; lines of conflicts that are told.
_BEGINNING = 1_024
_MOST_CONFLICTS = 5
# The longer marks first: that of UTF-16 is the beginning of one of UTF-32.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORD = "export it as plain text, or copy its text into a file of this name"
_UNPACK = "unpack it, and hand in what is in it"
_AGAIN = "hand in the file itself"
WEB_PAGE = (
    "is a web page (HTML), not the file that it shows: on that site choose Raw or Download, and hand in what that saves"
)
# What other files begin with, what they are called, and what to do.
_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF", "hand in the file that it was printed from"),
    (b"{\\rtf", "a text of a word processor (RTF)", _WORD),
    (b"PK\x03\x04", "a zip, or a document of a word processor", _UNPACK),
    (b"\xd0\xcf\x11\xe0", "a document of a word processor", _WORD),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"\x89PNG", "a picture", "hand in the text that it shows"),
    (b"\xff\xd8\xff", "a picture", "hand in the text that it shows"),
    (
        b"version https://git-lfs.github.com/spec/",
        "a pointer of Git LFS, not the file",
        "run `git lfs pull`, and " + _AGAIN,
    ),
    (b"404: Not Found", "what a server answers for a file that is not there", _AGAIN),
    (b"diff --git ", "a patch, not the file", _AGAIN),
)
_PAGE = re.compile(
    rb"\s*+(?:<\?xml[^>]*>\s*+)?(?:<!--[^>]*-->\s*+)?<(?:!doctype\s++html|html|head|body)\b", re.IGNORECASE
)
_NOTEBOOK = re.compile(rb"\s*+\{\s*+\"(?:cells|nbformat|metadata|worksheets)\"")
_PYTHON = re.compile(rb"^(?:def|class|import|from)[ \t]+\w", re.MULTILINE)
_CONFLICT = re.compile(r"^(<<<<<<<|>>>>>>>)(?: .*)?$", re.MULTILINE)


def as_utf8(data: bytes) -> tuple[bytes, str]:
    """A text whose mark says that it is in UTF-16 or UTF-32, in UTF-8; all else as it is.

    Returns:
        the bytes, and the name of the encoding that it was in; empty where it is as it was.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").encode("utf-8", "replace"), encoding.upper()
    return data, ""


def is_web_page(data: bytes) -> bool:
    """Whether a file is a page of a site that shows the file, rather than the file."""
    return _PAGE.match(data[:_BEGINNING].removeprefix(codecs.BOM_UTF8)) is not None


def refuse_disguised(data: bytes, *, notebook: bool) -> None:
    """See to it that a file is what its name says, as far as its beginning tells.

    Args:
        data: its bytes.
        notebook: whether it should be a notebook, rather than Python, which may be read out of a web page.

    Raises:
        RefusedError: it is something else; says what, and what to do.
    """
    start = data[:_BEGINNING].removeprefix(codecs.BOM_UTF8)
    wanted = "a notebook" if notebook else "Python"
    if notebook and is_web_page(data):
        raise RefusedError(WEB_PAGE)
    for beginning, called, advice in _BEGINNINGS:
        if start.startswith(beginning):
            raise RefusedError(f"is {called}, not {wanted}: {advice}")
    if not notebook and _NOTEBOOK.match(start):
        raise RefusedError("is a notebook, not Python: give it the ending .ipynb, and hand it in again")
    if notebook and not start.lstrip().startswith(b"{") and _PYTHON.search(start):
        raise RefusedError("is Python, not a notebook: give it the ending .py, and hand it in again")


def conflicts(name: str, text: str) -> str:
    """A note on what git leaves where two versions were not merged; empty where there is none.

    Args:
        name: of the file or cell, for the note.
        text: its source.
    """
    if "<<<<<<<" not in text:
        return ""
    found = [match for match in _CONFLICT.finditer(text) if match[1] == "<<<<<<<"]
    if not found or not any(match[1] == ">>>>>>>" for match in _CONFLICT.finditer(text)):
        return ""
    lines = [f"line {text.count(chr(10), 0, match.start()) + 1:,}" for match in found[: _MOST_CONFLICTS + 1]]
    return (
        f"{name} holds a merge conflict ({enumerated(lines)}): both versions stand in it, between <<<<<<< and >>>>>>>. "
        "Of a function that is there twice the lower version was graded. Keep one version, delete the marks, and hand "
        "it in again."
    )
