"""What functions of a submission depend on: by the author's declarations, and by the calls that its own code makes.

The code is looked at as text, line by line: it may be of any size and form, and nothing of it is parsed or run.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from autograder.exam.exam import Question
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, SourceFile

# The head of a function at the top level.
_HEAD = re.compile(r"(?:async +)?def +(\w+)")


def declared(question: Question) -> set[str]:
    """The functions that a question's reference builds on, and those of which it is the gradient."""
    found = set(question.foundation.functions) if question.foundation is not None else set()
    for check in question.checks:
        own = check.check.kind.own_calls(check)
        if own is not None:
            found.add(own[0])
    return found - {question.function}


def _bodies(sources: Sequence[SourceFile]) -> Iterator[tuple[str, str]]:
    """The functions at the top level of a source, each with the lines below its head."""
    for source in sources:
        name, lines = "", list[str]()
        for line in source.text.splitlines():
            if line[:1] in (" ", "\t", "", "#", ")"):
                lines.append(line)
                continue
            if name:
                yield name, "\n".join(lines)
            head = _HEAD.match(line)
            name, lines = (head[1], []) if head else ("", [])
        if name:
            yield name, "\n".join(lines)


def called(sources: Sequence[SourceFile], functions: Sequence[str]) -> dict[str, set[str]]:
    """By function of a submission, those of `functions` that its body calls; helpers between them are followed."""
    bodies = dict(_bodies(sources))
    call = re.compile(rf"\b({'|'.join(map(re.escape, {*functions, *bodies}))})\s*\(") if functions else None
    direct = {name: set(call.findall(body)) - {name} if call else set() for name, body in bodies.items()}
    return {name: _through_helpers(name, direct, set(functions)) for name in bodies if name in functions}


def _through_helpers(name: str, direct: Mapping[str, set[str]], functions: set[str]) -> set[str]:
    found, waiting, seen = set(), list(direct.get(name, ())), {name}
    while waiting:
        other = waiting.pop()
        if other in seen:
            continue
        seen.add(other)
        if other in functions:
            found.add(other)
        else:
            waiting += direct.get(other, ())
    return found


def with_dependencies(assignment: AssignmentResult, questions: Sequence[Question]) -> AssignmentResult:
    """The result of an assignment, each failed function with the failed ones that it depends on."""
    failed = {
        question.function
        for question in assignment.questions
        if not question.written and any(check.verdict is not Verdict.PASSED for check in question.checks)
    }
    if len(failed) < 2:
        return assignment
    names = [question.function for question in questions]
    by_calls = called(assignment.sources, names)
    by_author = {question.function: declared(question) for question in questions}
    return replace(
        assignment,
        questions=tuple(
            replace(
                each,
                depends_on=tuple(
                    name
                    for name in names
                    if name in (by_author.get(each.function, set()) | by_calls.get(each.function, set())) & failed
                ),
            )
            if each.function in failed
            else each
            for each in assignment.questions
        ),
    )
