"""What is behind an error, where the sources of the work tell: a package that the course does not allow, a helper that
was not handed in, a name that NumPy has taken out, syntax of a later Python.

Only what failed is looked into. The sources are read, by lines alone; nothing of them is parsed or run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from autograder.judging.finding import Finding
from autograder.judging.judgement import Judgement
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Ended, FailedStatement, Raised
from autograder.sandbox.inside.threads import TOO_MANY_THREADS
from autograder.submissions import Work
from autograder.submissions.needed import Needs
from autograder.submissions.rules import Breach, Rules
from autograder.submissions.work_sources import WorkSources

# What is found of a result of a wrong form, and what may be behind it.
_ODD_RESULTS: Mapping[str, frozenset[str]] = {
    "prints_only": frozenset({"wrong_type"}),
    "matrix": frozenset({"wrong_shape", "one_number", "no_single_number", "wrong_parts"}),
}


class SourceCauses:
    """The causes in one work.

    Args:
        work: as it was handed in.
        rules: with what is graded here.
    """

    def __init__(self, work: Work, rules: Rules) -> None:
        self._work, self._rules = work, rules

    @cached_property
    def _needs(self) -> Needs:
        work, main = self._work, self._work.cells or (f"{self._work.module}.py",)
        return Needs(WorkSources(work.files, main, self._rules, cells=bool(work.cells), folders=work.folders))

    def of_statement(self, file: str | None, line: int | None, error: str) -> Finding | None:
        """Why a statement of the module failed with an exception of this class."""
        statement = None if file is None or line is None else self._needs.at(file, line)
        found = self._needs.of(statement) if statement is not None else ()
        exact = [breach for breach in found if breach.line == line]
        return _first([*exact, *found], error)

    def behind(self, function: str, judged: Sequence[Judgement]) -> list[Judgement]:
        """The judgements of a function, with the cause as the hint of those that it explains."""
        return [self._hinted(function, one) for one in judged]

    def _hinted(self, function: str, judged: Judgement) -> Judgement:
        found = judged.finding
        if found is None or judged.verdict is Verdict.PASSED or judged.hint is not None:
            return judged
        cause = self._cause(function, found)
        return judged if cause is None else replace(judged, hint=cause)

    def _cause(self, function: str, found: Finding) -> Finding | None:
        if found.part is not None:
            return self._cause(function, found.part)
        if str(found.case.get("message", "")) == TOO_MANY_THREADS:
            return Finding(Verdict.RAISED, "too_many_threads")
        if error := error_of(found):
            exact = self.of_statement(found.file, found.line, error)
            return exact or _first(self._needs.breaches(function), error)
        for code, explained in _ODD_RESULTS.items():
            if found.code in explained and (code != "prints_only" or found.about.get("kind") == "none"):
                near = [breach for breach in self._near(function, code) if breach.code == code]
                if near:
                    return near[0].finding
        return None

    def _near(self, function: str, code: str) -> Sequence[Breach]:
        """Of what is printed, the function itself counts alone; a matrix may come from whatever it calls."""
        if code != "prints_only":
            return self._needs.breaches(function)
        own = next(self._needs.statements(function), None)
        return () if own is None else self._needs.of(own)

    def rules(self, function: str) -> list[Finding]:
        """What breaks a rule for certain in what a function needs; each once."""
        found: list[Finding] = []
        for breach in self._needs.breaches(function):
            if breach.certain and breach.finding not in found:
                found.append(breach.finding)
        return found

    def of_failure(self, failure: Raised | Ended) -> Finding | None:
        """Why the module as a whole could not be imported."""
        return self.of_statement(failure.file, failure.line, failure.types[0]) if isinstance(failure, Raised) else None

    def told(self, troubles: Sequence[FailedStatement], found: Sequence[Finding]) -> tuple[Finding, ...]:
        """What is found of statements that failed on import, each cause once in place of what it explains.

        Args:
            troubles: the statements.
            found: what is found of the first of them, in order; there may be one more, on how many there are.
        """
        told: list[Finding] = []
        for number, what in enumerate(found):
            trouble = troubles[number] if number < len(troubles) and what.code == "failed_statement" else None
            cause = None
            if trouble is not None and isinstance(trouble.answer, Raised):
                cause = self.of_statement(trouble.file, trouble.line, trouble.answer.types[0])
                raised = trouble.answer
                cause = cause or self.of_statement(raised.file, raised.line, raised.types[0])
            if (cause or what) not in told:
                told.append(cause or what)
        return tuple(told)


def error_of(found: Finding) -> str:
    """The class of the exception that a finding is about; nothing where it is about none."""
    if found.code == "line_reason":
        return str(found.about.get("reason", "")).removeprefix("raises").strip()
    error = found.about.get("error")
    return error if isinstance(error, str) else ""


def _first(breaches: Sequence[Breach], error: str) -> Finding | None:
    """What explains it, what is certain before what is not."""
    explaining = [breach for breach in breaches if breach.explains(error)]
    best = next((breach for breach in explaining if breach.certain), None) or next(iter(explaining), None)
    return None if best is None else best.finding
