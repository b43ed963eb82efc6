"""Counts what the trials gave, function by function, and holds the counts against the standards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograder.audit.experience import Told
from autograder.audit.mutants import Mutant
from autograder.audit.public_trials import PublicTrial
from autograder.audit.standards import Equivalent, Standards
from autograder.audit.subjects import SubjectKind
from autograder.audit.trials import PageReading, SeedTrial, Trial
from autograder.authoring.kinds.kind import CaughtBy

Where = tuple[str, str]  # assignment, function


@dataclass(slots=True)
class FunctionFindings:
    """The counts of one function; lists hold what a person must look at."""

    checks: int = 0
    wrongs: int = 0
    missed: list[str] = field(default_factory=list)
    known: int = 0
    unnamed: list[str] = field(default_factory=list)
    mutants: int = 0
    excused: int = 0
    survivors: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)
    power: dict[str, float] = field(default_factory=dict)
    idle: list[str] = field(default_factory=list)
    readings: int = 0
    unclear: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    tried_publicly: int = 0
    let_pass: list[str] = field(default_factory=list)

    @property
    def weakest(self) -> float:
        """The share of seeds with which the wrong version that is missed most often loses points."""
        return min(self.power.values(), default=1.0)


@dataclass(slots=True)
class Findings:
    """Everything that an audit found; `problems` is empty where the grader is good enough."""

    functions: dict[Where, FunctionFindings]
    alternatives: dict[str, int]
    seeds: int
    power_seeds: int
    problems: list[str] = field(default_factory=list)

    def total(self, name: str) -> int:
        """The sum of a count, or of the lengths of a list, over all functions."""
        values = [getattr(found, name) for found in self.functions.values()]
        return sum(value if isinstance(value, int) else len(value) for value in values)

    @property
    def shares(self) -> dict[str, float]:
        """Wrong versions caught, mistakes named, mutants killed; of the pages, the cause first, nothing, or false; of
        the known mistakes, what public checks notice.
        """
        judged, readings = self.total("mutants") - self.total("excused"), self.total("readings")
        return {
            "caught": _share(self.total("wrongs") - self.total("missed"), self.total("wrongs")),
            "named": _share(self.total("known") - self.total("unnamed"), self.total("known")),
            "killed": _share(judged - self.total("survivors"), judged),
            "first": _share(readings - self.total("unclear") - self.total("silent"), readings),
            "nothing": 1.0 - _share(readings - self.total("silent"), readings),
            "false": 1.0 - _share(readings - self.total("false"), readings),
            "public": _share(self.total("tried_publicly") - self.total("let_pass"), self.total("tried_publicly")),
        }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


class Counter:
    """Takes trials as they come.

    Args:
        checks: what each check of a function is there to catch, by name, by assignment and function.
    """

    def __init__(self, checks: Mapping[Where, Mapping[str, CaughtBy]]) -> None:
        self._checks = checks
        self._found = {where: FunctionFindings(checks=len(names)) for where, names in checks.items()}
        self._problems: list[str] = []
        self._alternatives: dict[str, int] = defaultdict(int)
        # For each check, whether some wrong version is caught by it alone.
        self._alone: set[tuple[str, str, str]] = set()
        self._excused_used: set[Equivalent] = set()
        self._caught: dict[tuple[Where, str], int] = defaultdict(int)
        self._seeds = self._power_seeds = 0

    def _at(self, assignment: str, function: str) -> FunctionFindings:
        return self._found.setdefault((assignment, function), FunctionFindings())

    def add(self, trial: Trial) -> None:
        """Count a reference, an alternative, a stub, or a wrong version, tried with the course's seed."""
        subject = trial.subject
        if trial.trouble:
            # Not a wrong version then, but one that says nothing.
            self._problems.append(f"{subject.assignment}: {subject.label} cannot be imported: {trial.trouble}")
        match subject.kind:
            case SubjectKind.REFERENCE | SubjectKind.ALTERNATIVE:
                self._alternatives[subject.assignment] += subject.kind is SubjectKind.ALTERNATIVE
                self._right(trial, "the course's seed")
            case SubjectKind.STUB:
                if trial.score != 0.0:
                    self._problems.append(f"{subject.assignment}: the stub earns {trial.score:.0%} of the points")
            case SubjectKind.MISTAKE | SubjectKind.WRONG:
                self._wrong(trial)
            case SubjectKind.MUTANT:
                raise ValueError("a mutant is counted with what excuses it")

    def _right(self, trial: Trial, when: str) -> None:
        for function, check, message in trial.failed:
            text = f"{trial.subject.kind} {trial.subject.label} fails {check} with {when}: {message}"
            self._at(trial.subject.assignment, function).false_alarms.append(text)

    def _wrong(self, trial: Trial) -> None:
        subject = trial.subject
        found = self._at(subject.assignment, subject.function)
        found.wrongs += 1
        checks = self._checks.get((subject.assignment, subject.function), {})
        # A check of silence or of untouched arguments asks for right values too, and so fails with many that are wrong
        # in another way; that some points are lost there is not enough.
        catching = [
            check
            for function, check, _ in trial.failed
            if function == subject.function and checks.get(check) == subject.caught_by
        ]
        if not catching:
            found.missed.append(subject.name)
        if len(catching) == 1:
            self._alone.add((subject.assignment, subject.function, catching[0]))
        elsewhere = sorted(trial.losing - {subject.function})
        if elsewhere:
            self._problems.append(f"{subject.assignment}: {subject.label} loses points in {', '.join(elsewhere)} too")
        if subject.kind is SubjectKind.MISTAKE:
            found.known += 1
            named = trial.named.get(subject.function, ())
            if named != (subject.name,):
                found.unnamed.append(f"{subject.name} (told: {', '.join(named) or 'nothing'})")

    def add_mutant(self, mutant: Mutant, trial: Trial, excuses: Iterable[Equivalent]) -> None:
        """Count a mutant, which loses points or is excused."""
        found = self._at(trial.subject.assignment, mutant.function or "(module)")
        found.mutants += 1
        excuse = next((excuse for excuse in excuses if excuse.excuses(mutant)), None)
        if trial.failed:
            if len(trial.failed) == 1:
                self._alone.add((trial.subject.assignment, *trial.failed[0][:2]))
            if excuse is not None and excuse.after:
                self._problems.append(f"{trial.subject.assignment}: an excused mutant is killed: {trial.subject.label}")
                self._excused_used.add(excuse)
        elif excuse is not None:
            found.excused += 1
            self._excused_used.add(excuse)
        else:
            found.survivors.append(trial.subject.name)

    def add_reading(self, reading: PageReading) -> None:
        """Count what the student of a wrong version reads."""
        found = reading.experience
        if found is None:
            # That it lost no points is told elsewhere.
            return
        counts = self._at(reading.subject.assignment, reading.subject.function or "(module)")
        counts.readings += 1
        told = f"{reading.subject.name}: {found.first or 'no word of it'}"
        if found.told is Told.CASE:
            counts.unclear.append(told)
        elif found.told is Told.NOTHING:
            counts.silent.append(told)
        if reading.false:
            counts.false.append(f"{reading.subject.name}: {'; '.join(reading.false)}")

    def add_public(self, trial: PublicTrial) -> None:
        """Count what the public checks of a function say of a known mistake."""
        if trial.noticed is None:
            # A function without public checks lets everything pass, and says so to students.
            return
        counts = self._at(trial.assignment, trial.mistake.function)
        counts.tried_publicly += 1
        if not trial.noticed:
            counts.let_pass.append(f"{trial.mistake.name}: {trial.mistake.hint}")

    def check_excuses(self, assignment: str, excuses: Iterable[Equivalent]) -> None:
        """Every excuse must be of a mutant that there is."""
        for excuse in excuses:
            if excuse not in self._excused_used:
                self._problems.append(
                    f"{assignment}: no mutant is {excuse.function}: {excuse.before} -> {excuse.after}"
                )

    def add_seed(self, found: SeedTrial) -> None:
        """Count a whole seed."""
        self._seeds += 1
        for trial in found.right:
            self._right(trial, f"seed {found.seed}")
        self._power_seeds += bool(found.wrong)
        for tried in found.wrong:
            self._caught[(tried.assignment, tried.wrong.function), tried.wrong.name] += tried.caught

    def findings(self, standards: Standards) -> Findings:
        """The counts, and what in them is not good enough."""
        for (where, name), times in self._caught.items():
            self._at(*where).power[name] = times / self._power_seeds
        for (assignment, function), names in self._checks.items():
            idle = [name for name in names if (assignment, function, name) not in self._alone]
            self._at(assignment, function).idle = idle
        alternatives = {assignment: self._alternatives[assignment] for assignment, _ in self._checks}
        found = Findings(self._found, alternatives, self._seeds, self._power_seeds, list(self._problems))
        found.problems += _short_of(found, standards)
        return found


def _short_of(found: Findings, standards: Standards) -> list[str]:
    """Where the counts fall short of the standards."""
    idle = {f"{a}.{f}.{name}" for (a, f), counts in found.functions.items() for name in counts.idle}
    known = {name for name in standards.idle if name.partition(".")[0] in found.alternatives}
    problems = [
        f"{assignment} has {count} alternatives; {standards.alternatives} are asked for"
        for assignment, count in found.alternatives.items()
        if count < standards.alternatives
    ]
    words = {
        "caught": "wrong versions lose points",
        "named": "known mistakes are named",
        "killed": "mutants are killed",
        "first": "pages of wrong work tell the cause first",
        "public": "known mistakes are noticed by public checks",
    }
    most = {"nothing": "tell nothing", "false": "claim what is not so"}
    problems += [
        f"{found.shares[name]:.2%} of the pages of wrong work {what}; at most {getattr(standards, name):.2%} may"
        for name, what in most.items()
        if found.shares[name] > getattr(standards, name)
    ]
    problems += [f"{name} catches nothing that no other check catches" for name in sorted(idle - known)]
    problems += [f"{name} does catch something alone; take it out of audit.toml" for name in sorted(known - idle)]
    for name, share in ((name, found.shares[name]) for name in words):
        least = getattr(standards, name)
        if share < least:
            problems.append(f"{share:.2%} of the {words[name]}; {least:.2%} are asked for")
    for (assignment, function), counts in found.functions.items():
        if counts.false_alarms:
            problems.append(f"{assignment}.{function}: right work fails {len(counts.false_alarms)} times")
        weak = [f"{name} ({share:.0%})" for name, share in counts.power.items() if share < standards.power]
        if weak:
            problems.append(
                f"{assignment}.{function}: not caught with {standards.power:.0%} of the seeds: {', '.join(weak)}"
            )
    return problems
