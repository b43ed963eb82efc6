"""Puts the findings of a record into words: what programs and pages read as `message`, `brief`, `hint`, `problem`.

The texts follow from the findings alone, so that a better sentence reaches old records without any grading.
"""

from msgspec.structs import replace

from autograder.feedback.messages import brief, detail
from autograder.judging.counterexample import Counterexample
from autograder.judging.finding import Finding
from autograder.judging.judgement import SmallestCase
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CheckResult, QuestionResult, Result


def worded(result: Result) -> Result:
    """The record with the texts of its findings; what has no finding keeps the texts that it has."""
    return replace(result, assignments=tuple(_assignment(assignment) for assignment in result.assignments))


def _assignment(assignment: AssignmentResult) -> AssignmentResult:
    questions = tuple(_question(question) for question in assignment.questions)
    problem = assignment.problem if assignment.failure is None else brief(assignment.failure)
    notes = tuple(brief(found) for found in assignment.failed_statements) or assignment.notes
    return replace(assignment, questions=questions, problem=problem, notes=notes)


def _question(question: QuestionResult) -> QuestionResult:
    return replace(question, checks=tuple(_check(question.function, check) for check in question.checks))


def _check(function: str, check: CheckResult) -> CheckResult:
    found = check.finding
    if found is None:
        return check
    notes = [brief(note) for note in check.notes]
    hint = "" if check.diagnosis is None else brief(check.diagnosis)
    case = None if check.case is None else _case(check.case, found)
    return replace(
        check,
        brief=" ".join([brief(found), *notes]),
        message=" ".join([_message(function, check, found, case, hint), *notes]),
        hint=hint,
        case=case,
        example=None if check.example is None else _example(check.example),
    )


def _example(example: Counterexample) -> Counterexample:
    if example.case is None:
        return example
    return replace(example, case=_case(example.case, example.finding))


def _case(case: SmallestCase, found: Finding) -> SmallestCase:
    got = case.got if case.outcome is None else detail(case.outcome)
    return replace(case, got=got, error=detail(found))


def _message(function: str, check: CheckResult, found: Finding, case: SmallestCase | None, hint: str) -> str:
    """All that is known of a failed check, in one paragraph."""
    if check.failing is None or case is None:
        told = [detail(found)]
        if found.code == "no_such_function" and hint:
            told.append(hint)
        if case is not None:
            told.append(f"Smallest case: {case.arguments}.")
            if "left" in found.case:
                told.append(f"The two sides are {found.case['left']} against {found.case['right']}.")
        return " ".join(told)
    failed, total = check.failing
    count = f"Fails on {failed} of {total} cases. " if total > 1 else ""
    told = [f"{count}Smallest: {function}({case.arguments}).", detail(found)]
    if found.verdict in (Verdict.FAILED, Verdict.WRONG_TYPE):
        told.append(f"Returned: {case.got}.")
        if case.expected is not None:
            told.append(f"Expected: {case.expected}.")
    return " ".join(told)
