"""Asks a failed function once more, with changed arguments: is it right for others than it is asked?"""

from collections.abc import Sequence

from autograder.exam.exam import Question
from autograder.grading.following import Ask
from autograder.judging.changed_arguments import changes, doubting, matching, telling
from autograder.judging.diagnosis import Diagnosis, Observed


def right_for_others(question: Question, cases: Sequence[Observed], ask: Ask) -> Diagnosis | None:
    """The change of arguments for which a submission's function is right on every case that it got wrong, if any.

    Args:
        question: the function.
        cases: the submission's answers on all telling cases.
        ask: makes further calls of the submission.
    """
    asked = telling(cases[: question.plain]) or telling(cases)
    tried = changes(asked, question.names.arguments)
    if not tried:
        return None
    # A change that some of the right cases do not allow is found by chance.
    asked = [*asked, *doubting(cases, asked)]
    calls = [("call", arguments) for change in tried for arguments in change.on(asked)]
    answers = ask(question.function, calls, question)
    if answers is None:
        return None
    for place, change in enumerate(tried):
        found = matching(asked, change, answers[place * len(asked) : (place + 1) * len(asked)])
        if found is not None:
            return Diagnosis(found)
    return None
