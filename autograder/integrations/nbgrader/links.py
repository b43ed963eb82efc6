"""Links in what students hand in: nbgrader copies and reads what they lead to, with the instructor's rights."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.files.names import visible_name
from autograder.submissions.tree import SPECIAL, SYMLINK

# What stands in place of a link that was taken away.
TAKEN_AWAY = ".was-a-link.txt"


@dataclass(frozen=True)
class FoundLink:
    """A link or special file; `why` is the end of a sentence that begins with its path."""

    path: Path
    why: str

    def __str__(self) -> str:
        return f"{visible_name(str(self.path))} {self.why}."


def links_in(folder: Path) -> Iterator[FoundLink]:
    """Links, devices, pipes and sockets at `folder` and below it; no link is followed."""
    if folder.is_symlink():
        yield FoundLink(folder, SYMLINK)
        return
    for above, folders, files in os.walk(folder):
        for name in sorted([*folders, *files]):
            path = Path(above, name)
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                yield FoundLink(path, SYMLINK)
            elif not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                yield FoundLink(path, SPECIAL)


def take_links_away(*, notebooks: Sequence[str], **_: Any) -> None:
    """nbgrader's hook before a submission is converted: where a link was, a text says where it led.

    Only the link goes; what it led to is not touched. Without this, nbgrader copies the file that it leads to into
    its own folders, as the instructor, and from there into what it releases.

    Args:
        notebooks: of one submission.
    """
    for folder in {Path(notebook).parent for notebook in notebooks}:
        for found in list(links_in(folder)):
            text = f"{found.path.name} {found.why}.\n"
            if found.path.is_symlink():
                text += f"It led to {visible_name(str(found.path.readlink()))}\n"
            found.path.unlink()
            found.path.with_name(found.path.name + TAKEN_AWAY).write_text(text, encoding="utf-8")
