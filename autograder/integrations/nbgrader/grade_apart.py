"""Grades for a process that must not hold the references, in one of its own: `python -m ... grade_apart REPLY`.

What is to be graded comes on stdin, and what the records must then be made from is written to the file REPLY. Nothing
else says that it went well: no exit code, and no record that is there.
"""

import sys
from pathlib import Path

import msgspec

from autograder.errors import AutograderError
from autograder.files.writing import write_whole
from autograder.grading.plan import load_course
from autograder.grading.run import grade
from autograder.integrations.nbgrader.current_records import Request
from autograder.integrations.trusted import asked_now


def main(reply: Path) -> None:
    """Grade what stdin says, and write the reply, or say on stderr why there is none."""
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=Request)
    try:
        results = grade(
            request.submitted,
            request.records,
            assignments=[request.assignment],
            solutions=request.solutions,
            isolation=request.isolation or None,
            layout="nbgrader",
            students=[request.student] if request.student else None,
        )
        loaded = load_course(Path(request.solutions), [request.assignment], None, None)
    except AutograderError as error:
        sys.exit(str(error))
    asked = asked_now(loaded, (record.student for record in results))
    write_whole(reply, msgspec.json.encode(asked), lasting=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
