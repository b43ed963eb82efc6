"""A process that gives marks at machine speed: MARKS, NAME, FIRST, LAST; it prints each number when that is done."""

import sys
from pathlib import Path

from autograder.gradebook.journal import change_marks
from autograder.gradebook.marks import Mark


def main() -> None:
    """Give a mark to the students of these numbers."""
    path, who, first, last = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    for number in range(first, last):
        mark = Mark(f"student{number:04}", "a.written_1.1", float(number % 3), f"by {who}")
        change_marks(path, lambda marks, mark=mark: marks.with_mark(mark), who=who)  # type: ignore[misc]
        print(number, flush=True)


if __name__ == "__main__":
    main()
