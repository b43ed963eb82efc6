"""In place of nbgrader's collector, which copies what links in the exchange lead to, as the instructor."""

from pathlib import Path
from typing import Any

from nbgrader.exchange.default.collect import ExchangeCollect
from nbgrader.utils import ignore_patterns

from autograder.files.names import shown
from autograder.submissions.intake_limits import NOTEBOOK_FILE_BYTES, SUBMISSION_BYTES
from autograder.submissions.reading import open_tree
from autograder.submissions.tree import RefusedError

REFUSED = "NOT_COLLECTED.txt"


class SafeCollect(ExchangeCollect):
    """Copies ordinary files alone, each opened from its folder without following a link.

    The folders of the exchange belong to students, who can change them at any time: what is looked at must be what is
    copied. What was not copied is told in the log, and in a file beside what was.
    """

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy one submission."""
        into = Path(dest)
        notes = []
        into.mkdir(parents=True)
        try:
            with open_tree(Path(src)) as tree:
                ignored = _ignored(self, tree.files)
                for path in tree.files:
                    if path in ignored:
                        continue
                    try:
                        data = tree.read(path, min(SUBMISSION_BYTES, max(NOTEBOOK_FILE_BYTES, self._most_bytes())))
                    except RefusedError as error:
                        tree.refused[path] = str(error)
                        continue
                    (into / path).parent.mkdir(parents=True, exist_ok=True)
                    (into / path).write_bytes(data)
                notes = [f"{shown(path)} {why}." for path, why in tree.refused.items()] + list(tree.notes)
        except RefusedError as error:
            notes = [f"{shown(Path(src).name)} {error}."]
        for note in notes:
            self.log.warning("Not collected: %s", note)
        if notes:
            (into / REFUSED).write_text("\n".join(notes) + "\n", encoding="utf-8")

    def _most_bytes(self) -> int:
        return int(1000 * self.coursedir.max_file_size)


def _ignored(collect: SafeCollect, paths: tuple[str, ...]) -> set[str]:
    """The files that the course's settings leave out, by name."""
    coursedir = collect.coursedir
    rule = ignore_patterns(exclude=coursedir.ignore, include=[])
    return {path for path in paths if any(part in rule("", [part]) for part in path.split("/"))}
