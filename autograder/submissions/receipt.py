"""What is said of one assignment in a hand-in: where each function stands, what came besides, what is left out.

Plain values: intake makes them, records keep them, pages and the students' commands put them into words.
"""

from dataclasses import dataclass

PDF, PICTURE, DOCUMENT, TEXT = "pdf", "picture", "document", "text"
_CALLED = {PDF: "PDF"}
_KILO = 1_000


def size_words(count: int) -> str:
    """A number of bytes for people.

    >>> size_words(12), size_words(34_500), size_words(1_234_567)
    ('12 bytes', '34 kB', '1.2 MB')
    """
    if count < _KILO:
        return f"{count} byte{'' if count == 1 else 's'}"
    return f"{count // _KILO} kB" if count < _KILO**2 else f"{count / _KILO**2:.1f} MB"


@dataclass(frozen=True)
class Attachment:
    """Written work that is no text of the answer sheet: a person reads it.

    Args:
        path: where in the hand-in it lies, as the student named it, printable; of a picture in a cell, the notebook.
        kind: "pdf", "picture", "document" (Word and the like) or "text".
        bytes: its size.
        pages: of a PDF, where they could be counted.
        inside: where in the notebook: "cell 7, proof.png".
        hash: of its size and beginning; empty where it could not be read.
    """

    path: str
    kind: str
    bytes: int
    pages: int | None = None
    inside: str = ""
    hash: str = ""

    @property
    def words(self) -> str:
        """Where it lies and what it is, for people."""
        told = [_CALLED.get(self.kind, self.kind)]
        told += [f"{self.pages} page{'' if self.pages == 1 else 's'}"] if self.pages is not None else []
        told += [size_words(self.bytes)] if self.bytes else []
        return f"{self.path}{', ' if self.inside else ''}{self.inside} ({', '.join(told)})"


@dataclass(frozen=True)
class FunctionPlace:
    """Where a function that is asked for stands, as far as reading without running tells.

    Args:
        function: its name.
        file: the module, the helper or the cell ("cell 5"); empty where it was not found.
        line: of it, from 1 on.
        written: whether it is more than the stub.
        passed_over: where it stands in vain: "cell 2, which is a text cell".
    """

    function: str
    file: str = ""
    line: int = 0
    written: bool = False
    passed_over: str = ""


@dataclass(frozen=True)
class AnswerPlace:
    """A written answer by its heading, and whether something is written below it."""

    answer: str
    written: bool


@dataclass(frozen=True)
class LeftOut:
    """A file that is not graded, and why."""

    path: str
    why: str


@dataclass(frozen=True)
class OfferedFile:
    """A file that could be meant in place of the one that is graded, or where none is.

    Args:
        path: in the hand-in, printable.
        functions: those asked for that are written in it.
        near_name: whether its name looks as if it were meant.
    """

    path: str
    functions: tuple[str, ...]
    near_name: bool


@dataclass(frozen=True)
class Receipt:
    """What is graded of one assignment.

    Args:
        functions: each that is asked for, in order.
        sheets: the files that the written answers were read from.
        answers: the written answers in them.
        left_out: files that do not count; at most so many, `more_left_out` counts the rest.
        more_left_out: how many files are left out besides.
        offered: files that could be meant instead, the likeliest first.
        question: what a person has to decide, in a sentence that stands among the notes or problems, too.
    """

    functions: tuple[FunctionPlace, ...] = ()
    sheets: tuple[str, ...] = ()
    answers: tuple[AnswerPlace, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    more_left_out: int = 0
    offered: tuple[OfferedFile, ...] = ()
    question: str = ""
