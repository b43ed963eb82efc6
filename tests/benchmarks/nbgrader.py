"""Times `autograder nbgrader grade` beside stock `nbgrader autograde`: `python -m tests.benchmarks.nbgrader 24`.

Both get the same notebooks. Stock nbgrader runs hidden tests that hold a function's values against those expected on
the same cases as our checks of values; ours makes its other checks besides. Both are whole commands, start included.
"""

import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.authoring.kinds.value import Value
from autograder.exam.exam import make_exam
from autograder.integrations.nbgrader.init_course import make_course
from tests.integrations.nbgrader.students import ASSIGNMENT, NOTEBOOK, cell_of, generate, right
from tests.repository import SOLUTIONS

HIDDEN = "hidden_cases.pickle"
_TEST = """import pickle
for arguments, expected in pickle.load(open("{file}", "rb"))["{function}"]:
    assert np.allclose({function}(*arguments), expected, rtol=1e-9, atol=1e-12, equal_nan=True)
"""


def values() -> dict[str, list[tuple[object, object]]]:
    """By function, the arguments and values of all cases of checks of values."""
    (part,) = make_exam(SOLUTIONS, [ASSIGNMENT], None).parts
    return {
        question.function: [
            (case.arguments, case.expected)
            for check in question.checks
            if isinstance(check.check.kind, Value)
            for case in check.cases
        ]
        for question in part.questions
    }


def stock_course(ours: Path, stock: Path) -> int:
    """The same course with nbgrader's own settings and hidden tests; returns how many cases these have."""
    cases = values()
    shutil.copytree(ours / "source", stock / "source")
    path = stock / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    notebook = json.loads(path.read_text())
    for function in cases:
        test = _TEST.format(file=HIDDEN, function=function)
        cell_of(notebook, f"{function}-checks")["source"] = f"### BEGIN HIDDEN TESTS\n{test}### END HIDDEN TESTS\n"
    path.write_text(json.dumps(notebook))
    (path.parent / HIDDEN).write_bytes(pickle.dumps(cases))
    (stock / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'stock'\n")
    run(["nbgrader", "generate_assignment", ASSIGNMENT], stock)
    return sum(map(len, cases.values()))


def run(command: list[str], folder: Path) -> tuple[float, float]:
    """The seconds that a command took, and those of processors, of all its processes."""
    paths = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    started, before = time.perf_counter(), os.times()
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={**os.environ, "PATH": paths})
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - started, spent


def submit(course: Path, count: int) -> None:
    """Copies of a right notebook, as `nbgrader collect` leaves them."""
    notebook = json.loads((course / "release" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_text())
    right(notebook)
    for number in range(count):
        folder = course / "submitted" / f"student{number:03}" / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / f"{NOTEBOOK}.ipynb").write_text(json.dumps(notebook))
        (folder / "timestamp.txt").write_text("2026-11-26 12:00:00.000000 UTC")


def main(count: int) -> None:
    """Print both times, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        ours, stock = Path(folder, "ours"), Path(folder, "stock")
        make_course(ours, SOLUTIONS, course_id="ours", names=[ASSIGNMENT])
        generate(ours)
        cases = stock_course(ours, stock)
        submit(ours, count)
        submit(stock, count)
        commands = {
            "nbgrader autograde": (["nbgrader", "autograde", ASSIGNMENT], stock),
            "autograder nbgrader grade": ([sys.executable, "-m", "autograder", "nbgrader", "grade", str(ours)], ours),
        }
        # Each a second time, with nothing left to do: what of the first run was the command's start.
        found = {name: (run(*command), run(*command)) for name, command in commands.items()}
    load = os.getloadavg()[0]
    print(f"{count} notebooks, {cases} cases of values each; {os.cpu_count()} processors, load average {load:.1f}")
    for name, ((wall, processor), (start, start_processor)) in found.items():
        each, spent = 1000 * (wall - start) / count, 1000 * (processor - start_processor) / count
        print(f"{name:25} {wall:6.1f} s ({processor:5.1f} s of processor); without its start, a submission")
        print(f"{'':25} takes {each:.0f} ms ({spent:.0f} ms of processor)")
    (theirs, their_start), (own, own_start) = found.values()
    print(f"whole commands: {theirs[0] / own[0]:.1f} times faster; {theirs[1] / own[1]:.1f} times less processor time")
    wall, processor = ((theirs[k] - their_start[k]) / (own[k] - own_start[k]) for k in (0, 1))
    print(f"a submission more: {wall:.1f} times faster; {processor:.1f} times less processor time")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 24)
