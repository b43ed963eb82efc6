"""How time and memory grow with the class: `python -m tests.benchmarks.growth FOLDER COUNT` measures memory alone."""

import random
import resource
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from autograder.course.solutions import find_solutions
from autograder.exam.exam import make_exam
from autograder.grading.grader import Cost as Used
from autograder.grading.plan import Task
from autograder.grading.run import grade
from autograder.grading.workers import Graded, Run, Worker
from autograder.records.record import CheckResult, Result
from tests.benchmarks.against_limit import RIGHT, pure
from tests.benchmarks.against_peers import ours, slots
from tests.benchmarks.measuring import PYTHON, Cost, heading, line, rounds, run
from tests.benchmarks.peers import build


class Replay:
    """A `Place` that grades the first submission and gives its record, changed a little, for all others.

    The memory of the grader is then that of a whole exam's class, in the time that its records and pages take.
    """

    def told(self) -> str:
        """Nothing."""
        return ""

    def workers(self, tasks: int) -> int:
        """One."""
        return 1

    def grade_all(self, run: Run, tasks: Sequence[Task]) -> Iterator[Graded]:
        """As promised by `Place`."""
        from autograder.submissions import read_submission

        first = tasks[0]
        worker = Worker(run)
        record, _ = worker.record(
            first.entry.student, first.wanted, lambda: read_submission(first.entry, run.loaded.modules)
        )
        worker.close()
        for task in tasks:
            yield task, _other(record, task.entry.student), Used()


def _other(record: Result, student: str) -> Result:
    """The record of somebody whose code differs, and who fails something else."""
    chance = random.Random(student)

    def changed(check: CheckResult) -> CheckResult:
        return replace(check, message=f"{check.message} {student}", points=check.points * chance.randint(0, 1))

    assignments = tuple(
        replace(
            assignment,
            sources=tuple(replace(source, text=f"{source.text}# {student}\n") for source in assignment.sources),
            questions=tuple(
                replace(question, checks=tuple(map(changed, question.checks))) for question in assignment.questions
            ),
        )
        for assignment in record.assignments
    )
    return replace(record, student=student, assignments=assignments)


def whole_exam(folder: Path, count: int) -> Path:
    """The folder of a class that sits all assignments: copies of a right submission that differ by a comment."""
    for number in range(count):
        for path in RIGHT.glob("*/*.py"):
            copied = folder / "class" / f"student{number:05}" / path.name
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_text(f"{path.read_text()}\n# student {number}\n")
    return folder / "class"


def memory(folder: Path, count: int) -> None:
    """Print the peak of this process in megabytes, after a class of so many sat the whole exam."""
    grade(whole_exam(folder, count), folder / "out", place=Replay())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def flat(what: str, megabytes: float, of_100: float) -> None:
    """A row on memory, which must not grow with the class."""
    ratio = megabytes / of_100
    line(what, f"{megabytes:,.0f} MB", f"{ratio:.2f} times that of 100", "flat: at most 1.25 times", ratio <= 1.25)


def main(folder: Path, *, quick: bool) -> None:
    """Print this part of the table."""
    heading("(c) Growth: the peers' assignment, copies with differences; each submission")
    for jobs in (1, 2):
        costs: dict[int, Cost] = {}
        for count in (10, 100, 1000) if quick else (10, 100, 1000, 5000):
            home = folder / f"growth{jobs}.{count}"
            build.modules(home, count)
            cost = costs[count] = ours(home, home / "class", count, jobs)
            line(
                f"{count:,} submissions, {slots(jobs)}",
                f"{cost.wall * count:,.1f} s, {1 / cost.wall:,.0f} a second",
                f"{1000 * cost.wall:,.1f} ms, {1000 * cost.processor:,.1f} cpu",
            )
        flat(f"  memory of the grader, {max(costs):,}", costs[max(costs)].megabytes, costs[100].megabytes)
    of_100 = None
    for count in (100, 500 if quick else 5000):
        with tempfile.TemporaryDirectory(dir=folder) as name:
            command = [PYTHON, "-m", "tests.benchmarks.growth", name, str(count)]
            run(command, Path(name), {"PYTHONPATH": str(Path.cwd())})
            found = float((Path(name) / "output.log").read_text().split()[-1])
        of_100 = of_100 or found
        flat(f"whole exam, {count:,} records, memory of the grader", found, of_100)
    count, solutions = (100 if quick else 1000), find_solutions()
    alone = rounds(3, {"": pure(make_exam(solutions), RIGHT)})[""]
    home = folder / "whole"
    cost = ours(home, whole_exam(home, count), count, 2, solutions=solutions)
    share = alone.processor / cost.processor
    line(
        f"whole exam, {count:,} submissions, 2 slots",
        f"{cost.wall * count:,.0f} s, {1 / cost.wall:,.1f} a second",
        f"{share:.0%} in their functions",
        "limited by them: at least half",
        share >= 0.5,
    )


if __name__ == "__main__":
    memory(Path(sys.argv[1]), int(sys.argv[2]))
