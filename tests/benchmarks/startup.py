"""How soon the command answers: `--help`, and a class of one."""

from functools import partial
from pathlib import Path

from tests.benchmarks.against_peers import ours
from tests.benchmarks.measuring import PYTHON, heading, line, rounds, run
from tests.benchmarks.peers import build

SECONDS = 0.15


def main(folder: Path, *, quick: bool) -> None:
    """Print this part of the table."""
    heading("(e) Start")
    build.modules(folder / "one", 1)
    command = {
        "python": [PYTHON, "-c", "pass"],
        "numpy": [PYTHON, "-c", "import numpy"],
        "help": [str(Path(PYTHON).parent / "autograder"), "--help"],
    }
    best = rounds(5 if quick else 20, {name: partial(run, each, folder) for name, each in command.items()})
    best |= rounds(2 if quick else 5, {"one": partial(ours, folder, folder / "one" / "class", 1, 1)})
    wall = {name: 1000 * cost.wall for name, cost in best.items()}
    line(
        "autograder --help",
        f"{wall['help']:.0f} ms, {1000 * best['help'].processor:.0f} cpu",
        f"{wall['help'] / wall['python']:.1f} times python -c pass",
        f"at most {1000 * SECONDS:.0f} ms",
        best["help"].wall <= SECONDS,
    )
    line(
        "a run with one submission",
        f"{wall['one']:.0f} ms, {1000 * best['one'].processor:.0f} cpu",
        f"{wall['one'] / wall['numpy']:.1f} times import numpy",
    )
