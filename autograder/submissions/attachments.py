"""Written work that is no text: PDFs, pictures, documents. Each is known by where it lies, and read by a person.

Nothing is decoded. Of a file its beginning is read, by which it is known again; of a PDF so much that its pages can be
counted, where it tells them.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from autograder.files.names import enumerated, shown
from autograder.submissions.asked import AskedWork
from autograder.submissions.found_file import FoundFile
from autograder.submissions.intake_limits import ATTACHMENTS, KNOWN_BY_BYTES, PDF_BYTES
from autograder.submissions.reader import base, folder_of
from autograder.submissions.receipt import DOCUMENT, PDF, PICTURE, TEXT, Attachment
from autograder.submissions.tree import RefusedError, Tree, bounded

_KINDS = {
    PDF: ".pdf",
    PICTURE: ".png .jpg .jpeg .jpe .jfif .gif .webp .bmp .tif .tiff .heic .heif .avif .svg",
    DOCUMENT: ".docx .doc .odt .ott .pages .rtf .djvu .ps .eps .xps .one .goodnotes .notability .wps .pptx .odp .key",
    TEXT: ".tex .lyx .typ .md .markdown",
}
_KIND_OF = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes.split()}
# Other texts count if they are called like an answer.
_OTHER_TEXTS = (".txt", ".rst", ".org", ".html", ".htm")
_CALLED_SO = re.compile(
    r"answer|proof|solution|deriv|written|theor|homework|exercise|aufgabe|beweis|l(?:ö|oe)sung", re.IGNORECASE
)
_NO_ANSWER = re.compile(r"(?:readme|license|licence|changelog|requirements|todo|notice)\b.*", re.IGNORECASE)
_PAGE = re.compile(rb"/Type\s{0,20}/Page(?![A-Za-z])")
_COUNT = re.compile(rb"/Count\s{1,20}(\d{1,6})\b")
# What Markdown and HTML show. Bounded: what follows an opening is looked through from each.
_SHOWN = re.compile(
    r"!\[[^\]\n]{0,200}+\]\(\s?<?([^)\s>]{1,500}+)|<img\b[^>\n]{0,200}?\bsrc\s?=\s?[\"']?([^\"'\s>]{1,500}+)",
    re.IGNORECASE,
)
_MOST_LOOKED_AT = 200_000
_DIGITS = 20


def attachment_kind(name: str) -> str:
    """The kind of written work that a file may be by its name; empty where it is none."""
    if _NO_ANSWER.fullmatch(name):
        return ""
    ending = f".{name.rpartition('.')[2].lower()}"
    if ending in _OTHER_TEXTS and _CALLED_SO.search(name):
        return TEXT
    return _KIND_OF.get(ending, "")


def belongs_to(path: str, course: Mapping[str, AskedWork], works: Mapping[str, FoundFile]) -> list[str]:
    """The assignments that a file may belong to: by the names in its path, by the work that it lies beside or below,
    else all that were handed in, else all.

    Args:
        path: of the file.
        course: all that is asked, by assignment.
        works: what is graded, by assignment.
    """
    folders = path.split("/")[:-1]
    named = [name for name in course if name in folders]
    if named:
        return _with_answers(named, course)
    letters = _letters(base(path))
    named = [name for name, one in course.items() if _letters(one.module) in letters or _letters(name) in letters]
    if named:
        return _with_answers(named, course)
    around = {name: folder_of(one.path) for name, one in works.items() if path.startswith(folder_of(one.path))}
    nearest = max((len(folder) for folder in around.values()), default=0)
    beside = [name for name, folder in around.items() if len(folder) == nearest]
    return _with_answers(beside or list(works) or list(course), course)


def _with_answers(names: list[str], course: Mapping[str, AskedWork]) -> list[str]:
    """Those that ask for written answers; all where none does, or nothing is known of it."""
    return [name for name in names if course[name].answers] or names


def _letters(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def described(tree: Tree, paths: Iterable[str]) -> list[Attachment]:
    """What a record keeps of files, as many as are told of one assignment."""
    return [_described(tree, path) for path in list(paths)[:ATTACHMENTS]]


def _described(tree: Tree, path: str) -> Attachment:
    kind = attachment_kind(base(path))
    try:
        with tree.open(path) as (size, read):
            beginning = bytearray()
            while len(beginning) < KNOWN_BY_BYTES and (chunk := read(KNOWN_BY_BYTES - len(beginning))):
                beginning += chunk
    except RefusedError:
        return Attachment(shown(path), kind, 0)
    known = hashlib.sha256(f"{size}:".encode() + beginning).hexdigest()[:_DIGITS]
    return Attachment(shown(path), kind, size, _pages(tree, path, size) if kind == PDF else None, hash=known)


def _pages(tree: Tree, path: str, size: int) -> int | None:
    """How many pages a PDF says it has; None where it does not say so in the open, or is large."""
    if size > PDF_BYTES:
        return None
    try:
        with tree.open(path) as (claimed, read):
            data = bounded(claimed, read, PDF_BYTES)
    except RefusedError:
        return None
    counts = [int(count) for count in _COUNT.findall(data)]
    return len(_PAGE.findall(data)) or max(counts, default=0) or None


def in_cells(found: FoundFile) -> list[Attachment]:
    """The pictures that are kept in a notebook's cells."""
    if found.notebook is None:
        return []
    return [
        Attachment(
            shown(found.path),
            PICTURE if picture.kind.startswith("image/") else PDF if picture.kind == "application/pdf" else DOCUMENT,
            picture.bytes,
            inside=f"{picture.cell}, {shown(picture.name)}",
            hash=picture.hash,
        )
        for picture in found.notebook.pictures[:ATTACHMENTS]
    ]


def pictures_shown(text: str) -> list[str]:
    """The files that a sheet of answers shows as pictures, as it names them, each once; none of a cell or the web."""
    found = (first or second for first, second in _SHOWN.findall(text[:_MOST_LOOKED_AT]))
    names = (unquote(name.partition("#")[0].partition("?")[0]) for name in found)
    return [name for name in dict.fromkeys(names) if name and not re.match(r"[a-z][a-z+.-]+:|//", name, re.IGNORECASE)]


def not_handed_in(tree: Tree, sheet: str, text: str) -> list[str]:
    """A note on pictures that a sheet shows and that are not there.

    Args:
        tree: of the hand-in.
        sheet: the path of the sheet.
        text: what it holds.
    """
    names = {base(path).casefold() for path in (*tree.files, *tree.refused)}
    absent = [name for name in pictures_shown(text) if base(name.replace("\\", "/")).casefold() not in names]
    if not absent:
        return []
    return [f"{shown(sheet)} shows {enumerated(absent)}, which {'was' if len(absent) == 1 else 'were'} not handed in."]
