"""A graded submission in otter-grader's own terms: a test file for each function, a test case for each check."""

from typing import Any

from otter.test_files import GradingResults
from otter.test_files.abstract_test import TestCase, TestCaseResult, TestFile

from autograder.exports.results_json import ResultsOptions, results_json
from autograder.feedback.plain_report import case_lines
from autograder.integrations.single import GradedEntry
from autograder.judging.verdicts import Verdict
from autograder.records.record import CheckResult, QuestionResult
from autograder.records.reveal import revealed


def _cases(function: str, check: CheckResult) -> list[str]:
    return [] if check.verdict is Verdict.PASSED else case_lines(function, check)


class EngineTestFile(TestFile):  # type: ignore[misc]  # otter has no types
    """The checks of one function, already made."""

    @classmethod
    def of(cls, question: QuestionResult) -> "EngineTestFile":
        """The checks of a function, after the reveal policy."""
        found, cases = [], []
        for check in question.checks:
            case = TestCase(check.title, "", True, check.max_points, None, None)
            told = (check.hint, check.brief, check.message, *_cases(question.function, check))
            text = "\n".join(dict.fromkeys(text for text in told if text))
            cases.append(case)
            found.append(TestCaseResult(case, text or str(check.verdict), check.verdict is Verdict.PASSED))
        made = cls(question.function, question.function, cases, all_or_nothing=False)
        made.test_case_results = found
        # Follow-through earns part of a check.
        made.update_score(question.score)
        return made

    @classmethod
    def from_file(cls, path: str) -> "EngineTestFile":
        """There is no such file."""
        raise NotImplementedError

    @classmethod
    def from_metadata(cls, s: Any, path: str) -> "EngineTestFile":
        """There is no such notebook."""
        raise NotImplementedError

    def run(self, global_environment: dict[str, Any]) -> None:
        """It has been run."""


class EngineResults(GradingResults):  # type: ignore[misc]  # otter has no types
    """Results that otter can print, pickle and total; its results.json is ours."""

    fields: dict[str, Any]

    @classmethod
    def of(cls, graded: GradedEntry) -> "EngineResults":
        """The results of one submission; written answers wait for a person, and have no test."""
        reveal = graded.loaded.course.reveal
        seen = revealed(graded.final.record, reveal)
        questions = [q for part in seen.assignments for q in part.questions if not q.written]
        made = cls([EngineTestFile.of(question) for question in questions])
        facts = {"execution_time": round(graded.seconds, 1), "extra_data": {"isolation": str(graded.tier)}}
        made.fields = results_json(graded.final, graded.score, ResultsOptions(reveal=reveal), facts=facts)
        return made

    def to_gradescope_dict(self, ag_config: Any) -> dict[str, Any]:
        """The fields of results.json."""
        return self.fields
