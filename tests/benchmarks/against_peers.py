"""What one submission costs here, and with the peers: the same functions, the same cases, the same submissions."""

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.benchmarks.measuring import PYTHON, Cost, heading, line, rounds, run, shown
from tests.benchmarks.peers import build

# What a class costs once, such as the start and the exam, is shared by so many.
CLASS, QUICK_CLASS = 1000, 200
SLOTS = os.cpu_count() or 1
HANDED_IN = 8
ONE_AFTER_ANOTHER = 3
# Otter's Python API in one warm process: what it costs after the first.
OTTER_API = """
import json, os, sys, time
from otter.api import grade_submission
def spent():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
for path in sys.argv[3:]:
    wall, processor = time.perf_counter(), spent()
    total = grade_submission(path, sys.argv[1], quiet=True).total
    wall, processor = time.perf_counter() - wall, spent() - processor
    json.dump([wall, processor, total], open(sys.argv[2], "w"))
"""


def sandbox_seconds(out: Path) -> float:
    """The processor time of the submissions themselves, which their sandbox's own init waits for, not the grader."""
    students = json.loads((out / "run.json").read_bytes())["students"]
    return float(sum(cost["processor_seconds"] for cost in students.values()))


def ours(
    folder: Path, students: Path, count: int, jobs: int, *, solutions: Path = build.OWN, watched: bool = False
) -> Cost:
    """`autograder grade` of a class of right submissions, by one submission."""
    out = folder / f"out{os.urandom(4).hex()}"
    command = [PYTHON, "-m", "autograder", "grade", str(students), "--out", str(out), "--solutions", str(solutions)]
    cost = run([*command, "--jobs", str(jobs)], folder, {"PYTHONPATH": str(Path.cwd())}, watched=watched)
    processor = cost.processor + sandbox_seconds(out)
    scores = [row.split(",")[1] for row in (out / "scores.csv").read_text().splitlines()[1:]]
    assert len(scores) == count and len(set(scores)) == 1 and float(scores[0]), f"all are right alike: {set(scores)}"
    return Cost(cost.wall, processor, cost.megabytes).per(count)


def slots(jobs: int) -> str:
    """So many worker slots, in words."""
    return f"{jobs} slot{'s' if jobs > 1 else ''}"


def each(folder: Path, commands: list[tuple[list[str], dict[str, str]]], *, watched: bool) -> Cost:
    """Commands one after another, by one of them."""
    costs = [run(command, folder, environment, watched=watched) for command, environment in commands]
    return Cost(
        sum(cost.wall for cost in costs), sum(cost.processor for cost in costs), max(cost.megabytes for cost in costs)
    ).per(len(costs))


def contestants(folder: Path, venvs: Path, count: int) -> dict[str, Callable[..., Cost]]:
    """Everything that takes part, by the name that stands in the table."""
    plain, notebooks = venvs / "gradescope" / "bin", venvs / "notebooks" / "bin"
    students = build.modules(folder, count)
    build.pytest_tests(folder)
    build.gradescope_tests(folder)
    python = str(plain / "python")
    some = students[:ONE_AFTER_ANOTHER]
    pytests: list[tuple[list[str], dict[str, str]]] = [
        ([python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"], {"PYTHONPATH": f"tests:{path}"})
        for path in some
    ]
    unittests = [([python, "run_tests.py", "results.json"], {"PYTHONPATH": f".:{path}"}) for path in some]
    found: dict[str, Callable[..., Cost]] = {
        f"autograder grade, a class of {count:,}, {slots(jobs)}": partial(ours, folder, folder / "class", count, jobs)
        for jobs in sorted({1, SLOTS})
    }
    found |= {
        "unittest + gradescope-utils, a process each": partial(each, folder / "gradescope", unittests),
        "pytest, a process each": partial(each, folder / "pytest", pytests),
    }
    if not (notebooks / "otter").exists():
        return found
    zipped, works = build.otter(folder, notebooks, ONE_AFTER_ANOTHER)
    course = build.nbgrader(folder, notebooks, HANDED_IN)
    path = {"PATH": f"{notebooks}{os.pathsep}{os.environ['PATH']}"}

    def otter_api(*, watched: bool) -> Cost:
        command = [str(notebooks / "python"), "-c", OTTER_API, str(zipped), "cost.json", *map(str, works[:2])]
        whole = run(command, folder / "otter", path, watched=watched)
        wall, processor, total = json.loads((folder / "otter" / "cost.json").read_text())
        assert total == 10, f"otter gives all points too: {total}"
        return Cost(wall, processor, whole.megabytes)

    def otter_run(*, watched: bool) -> Cost:
        command = [str(notebooks / "otter"), "run", "-a", str(zipped), "-o", ".", "--no-logo", str(works[0])]
        return run(command, folder / "otter", path, watched=watched)

    def nbgrader(*, watched: bool) -> Cost:
        command = [str(notebooks / "nbgrader"), "autograde", "peers", "--force"]
        return run(command, course, path, watched=watched).per(HANDED_IN)

    return found | {
        "otter, Python API, one warm process": otter_api,
        "otter run, a process each": otter_run,
        f"nbgrader autograde, a class of {HANDED_IN} in one call": nbgrader,
    }


def main(folder: Path, venvs: Path, *, quick: bool) -> None:
    """Print this part of the table."""
    heading("(a) Against peers: five questions, six functions, twenty cases each; one submission")
    print(
        f"    as many times as ours, by the wall with 1 slot and with {SLOTS}, the default here; and by the processor"
    )
    competing = contestants(folder, venvs, QUICK_CLASS if quick else CLASS)
    memory = {name: measure(watched=True) for name, measure in competing.items()}
    timed = rounds(1 if quick else 2, {name: partial(measure, watched=False) for name, measure in competing.items()})
    best = {name: Cost(cost.wall, cost.processor, memory[name].megabytes) for name, cost in timed.items()}
    own = [name for name in best if name.startswith("autograder")]
    for name in own:
        line(name, shown(best[name]))
    one, usual = best[own[0]], best[own[-1]]
    wanted = {"unittest": 20.0, "otter run": 200.0}
    for name in [name for name in best if name not in own]:
        cost = best[name]
        by_one, by_all, processor = cost.wall / one.wall, cost.wall / usual.wall, cost.processor / usual.processor
        least = next((value for begin, value in wanted.items() if name.startswith(begin)), None)
        line(
            name,
            shown(cost),
            f"{by_one:,.0f}, {by_all:,.0f}; {processor:,.0f} times",
            f"at least {least:.0f} times" if least else "",
            None if least is None else min(by_all, processor) >= least,
        )
