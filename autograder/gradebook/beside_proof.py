"""What a person who marks sees beside an answer: its task, and the machine's verdict of its derivation."""

from collections.abc import Iterable, Mapping

from autograder.course.rubric import WrittenAnswer
from autograder.gradebook.derivation_code import called, chain_of_proof, code_of, notes_on_lines
from autograder.gradebook.marking_order import ProofContext
from autograder.gradebook.marks import WRITTEN, items
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, Result


def _verdict(assignment: AssignmentResult, function: str) -> str:
    """What the machine says of one function, check by check where one failed."""
    question = next((found for found in assignment.questions if found.function == function), None)
    if question is None:
        return ""
    failed = [check for check in question.checks if check.verdict is not Verdict.PASSED]
    told = " ".join(f"{check.verdict}: {check.message or check.brief}" for check in failed)
    notes = notes_on_lines(chain_of_proof(question))
    graded = {found.function for found in assignment.questions if not found.written and found.function != function}
    notes += [f"it calls {name}, which is graded" for name in called(code_of(assignment, function), graded)]
    return f"{function}: " + "; ".join([told or "every line holds on every case", *notes])


def beside(records: Iterable[Result], rubrics: Mapping[str, tuple[WrittenAnswer, ...]]) -> ProofContext:
    """Tasks and verdicts of a class.

    Args:
        records: of the class.
        rubrics: written answers, by assignment.
    """
    tasks = {(name, answer.id): answer.task for name, answers in rubrics.items() for answer in answers}
    of = {(name, f"{WRITTEN}{answer.id}"): answer.derivation for name, answers in rubrics.items() for answer in answers}
    verdicts, code = {}, {}
    for record in records:
        by_name = {assignment.name: assignment for assignment in record.assignments}
        for item in items(record):
            function = of.get((item.assignment, f"{WRITTEN}{item.answer}"), "")
            if function:
                verdicts[item.student, item.item] = _verdict(by_name[item.assignment], function)
                code[item.student, item.item] = code_of(by_name[item.assignment], function)
    return ProofContext(tasks, verdicts, code)
