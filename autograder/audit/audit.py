"""Runs an audit: every subject with the course's seed, then right and wrong work over a sweep of seeds."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from autograder.audit.findings import Counter, Findings
from autograder.audit.mutants import Mutant, mutated
from autograder.audit.public_trials import public_trials
from autograder.audit.standards import Equivalent, Standards, read_equivalents, read_standards
from autograder.audit.subjects import Subject, SubjectKind, whole, with_wrong, wrongs
from autograder.audit.trials import AuditWorkers
from autograder.authoring.kinds.kind import CaughtBy
from autograder.course.solutions import Solution, load_solutions
from autograder.sandbox.tiers import Tier

# Called with what is done, how much of it, and how much there is.
Tell = Callable[[str, int, int], None]


def audit(
    solutions: Path,
    tier: Tier,
    *,
    assignments: Sequence[str] | None = None,
    jobs: int | None = None,
    with_mutants: bool = True,
    standards: Standards | None = None,
    tell: Tell = lambda *_: None,
) -> Findings:
    """Try the grader on work whose verdict is known.

    Args:
        solutions: the folder of the references.
        tier: of isolation.
        assignments: names; None for all.
        jobs: worker processes; None for one per processor.
        with_mutants: whether mutants are made and tried, which is most of the work.
        standards: in place of those in `audit.toml`.
        tell: called as things are done.

    Raises:
        SolutionsError, StandardsError, MissingExtraError, SandboxError: nothing can be said.
    """
    standards = standards or read_standards(solutions)
    found = load_solutions(solutions, assignments)
    counter = Counter(_checks(found))
    subjects = [subject for solution in found for subject in _subjects(solution)]
    mutants: dict[tuple[str, str], tuple[Mutant, tuple[Equivalent, ...]]] = {}
    excuses = {solution.assignment.name: read_equivalents(solution.folder) for solution in found}
    for solution in found:
        for tried in public_trials(solution):
            counter.add_public(tried)
    for number, solution in enumerate(found if with_mutants else ()):
        tell("making mutants", number, len(found))
        for mutant, subject in mutated(solution):
            mutants[subject.assignment, subject.name] = mutant, excuses[subject.assignment]
            subjects.append(subject)
        tell("making mutants", number + 1, len(found))
    with AuditWorkers(solutions, assignments, tier, jobs or os.cpu_count() or 1) as workers:
        for done, trial in enumerate(workers.sit(subjects), start=1):
            known = mutants.get((trial.subject.assignment, trial.subject.name))
            if known is None:
                counter.add(trial)
            else:
                counter.add_mutant(known[0], trial, known[1])
            tell("wrong versions and mutants", done, len(subjects))
        reads = _read(subjects, standards.readings)
        for done, reading in enumerate(workers.read(reads), start=1):
            counter.add_reading(reading)
            tell("pages of wrong work", done, len(reads))
        seeds = [(seed, seed <= standards.power_seeds) for seed in range(1, standards.seeds + 1)]
        for done, seed in enumerate(workers.sweep(seeds), start=1):
            counter.add_seed(seed)
            tell("seeds", done, len(seeds))
    for name, excused in excuses.items() if with_mutants else ():
        counter.check_excuses(name, excused)
    return counter.findings(standards)


def _subjects(solution: Solution) -> list[Subject]:
    return [*whole(solution), *(with_wrong(solution, wrong) for wrong in wrongs(solution))]


def _read(subjects: Sequence[Subject], mutants: int) -> list[Subject]:
    """The subjects whose pages are read: every wrong version, and of each assignment so many mutants, always the same.

    No other function can differ from the reference's, so that the wrong one alone is asked.
    """
    wrong = (SubjectKind.MISTAKE, SubjectKind.WRONG)
    found = [replace(each, asked=frozenset({each.function})) for each in subjects if each.kind in wrong]
    by_assignment: dict[str, list[Subject]] = {}
    for each in subjects:
        if each.kind is SubjectKind.MUTANT:
            by_assignment.setdefault(each.assignment, []).append(each)
    for every in by_assignment.values():
        drawn = np.random.default_rng(0).permutation(len(every))[:mutants]
        found += [every[place] for place in sorted(drawn)]
    return found


def _checks(solutions: Sequence[Solution]) -> dict[tuple[str, str], dict[str, CaughtBy]]:
    checks: dict[tuple[str, str], dict[str, CaughtBy]] = {}
    for solution in solutions:
        for check in solution.assignment.checks:
            own = checks.setdefault((solution.assignment.name, check.function), {})
            own[check.name] = check.kind.catches
    return checks
