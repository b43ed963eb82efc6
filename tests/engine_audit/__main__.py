"""The command: mutants of the engine are tried, and it ends with 1 where too many go unnoticed."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.engine_audit.engine_mutants import EngineMutant, by_hand, of_modules, sample
from tests.engine_audit.excuses import read_excuses
from tests.engine_audit.modules import chosen
from tests.engine_audit.running import Tried, WorkerError, tried
from tests.engine_audit.table import Outcome, as_json, outcome, show


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.engine_audit", description="Mutants of the engine, which its own tests must notice."
    )
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="such as records.reveal or judging (default: all)")
    parser.add_argument(
        "--jobs", type=int, default=min(2, os.cpu_count() or 1), metavar="N", help="processes (default 2)"
    )
    parser.add_argument("--sample", type=int, metavar="N", help="only so many mutants, drawn by the seed")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the sample (default 1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table and every mutant there too")
    return parser


def _tried(mutants: Sequence[EngineMutant], jobs: int, console: Console) -> list[Tried]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    found = []
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("mutants", total=len(mutants))
        survivors = 0
        for each in tried(mutants, jobs):
            found.append(each)
            survivors += each.trial.noticed is None
            progress.update(bar, advance=1, description=f"mutants of the engine, {survivors} unnoticed")
    return found


def audited(names: Sequence[str], jobs: int, count: int | None, seed: int, console: Console) -> Outcome:
    """Try the mutants of these modules, or a sample of them; those by hand always, where all modules are meant.

    Raises:
        ValueError: a name, the excuses, or a mutant by hand is wrong.
        WorkerError: the tests fail without any mutant, or cannot be run.
    """
    modules, excuses = chosen(names), read_excuses()
    hand = [mutant for mutant in by_hand() if not names or mutant.module in modules]
    console.print(f"{len(modules)} modules: making mutants ...")
    every = of_modules(modules, jobs)
    some = every if count is None else sample(every, count, seed)
    console.print(f"{len(every)} mutants, {len(some)} are tried, and {len(hand)} by hand")
    found = _tried([*some, *hand], jobs, console)
    return outcome(found, excuses, whole=modules if count is None else ())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0 enough is noticed, 1 too little, 2 it cannot be said."""
    options = _parser().parse_args(arguments)
    console = Console(stderr=True, highlight=False)
    try:
        found = audited(options.modules, max(options.jobs, 1), options.sample, options.seed, console)
    except (ValueError, WorkerError) as error:
        console.print(str(error), style="bold", markup=False, soft_wrap=True)
        return 2
    show(found, Console(highlight=False))
    if options.json is not None:
        options.json.write_bytes(as_json(found))
    return 1 if found.broken else 0


if __name__ == "__main__":
    sys.exit(main())
