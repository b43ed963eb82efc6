"""What in a source only a later Python reads than the one that grades, by its lines: that Python could not parse it."""

import re
from collections.abc import Iterator

from autograder.submissions.numpy_names import Version
from autograder.submissions.statements import Statement

# By kind, since which version; looked for at the beginning of each line of code.
_AT_BEGINNING: tuple[tuple[str, Version, re.Pattern[str]], ...] = (
    ("type_statement", (3, 12), re.compile(r"[ \t]*type[ \t]+[A-Za-z_]\w*[ \t]*(?:\[[^\]]*\][ \t]*)?=(?!=)")),
    (
        "parameter_default",
        (3, 13),
        re.compile(r"[ \t]*(?:(?:async[ \t]+)?def|class|type)[ \t]+\w+[ \t]*\[[^\]]*(?<![=!<>])=(?!=)"),
    ),
    ("type_parameters", (3, 12), re.compile(r"[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+\w+[ \t]*\[")),
    # Python 2 wrote `except ValueError, error:`, which no version reads.
    (
        "except_without_brackets",
        (3, 14),
        re.compile(r"[ \t]*except\*?[ \t]+[\w.]+[ \t]*(?:,[ \t]*(?:\w+\.)*[A-Z]\w*[ \t]*)+:"),
    ),
)
_TEMPLATE = re.compile(r"(?<!\w)(?:[tT][rR]?|[rR][tT])[\"']")
# Of modules of Python's own, what came after 3.11.
_ADDED = """
    calendar.Month 3.12
    concurrent.futures.InterpreterPoolExecutor 3.14
    copy.replace 3.13
    inspect.BufferFlags 3.12
    itertools.batched 3.12
    math.fma 3.13
    math.sumprod 3.12
    random.binomialvariate 3.12
    statistics.kde 3.13
    statistics.kde_random 3.13
    typing.NoDefault 3.13
    typing.ReadOnly 3.13
    typing.TypeAliasType 3.12
    typing.TypeIs 3.13
    typing.override 3.12
    warnings.deprecated 3.13
"""


def _version(text: str) -> Version:
    first, _, second = text.partition(".")
    return int(first), int(second)


ADDED = {name: _version(since) for name, since in (line.split() for line in _ADDED.strip().splitlines())}


def newer_syntax(statement: Statement) -> Iterator[tuple[int, str, Version]]:
    """The line of the file, the kind, and since which version, of what the oldest Python here does not read."""
    for number, code in enumerate(statement.code):
        line = statement.line + number
        if number in statement.nests:
            yield line, "nested_text", (3, 12)
        if _TEMPLATE.search(code):
            yield line, "template", (3, 14)
        for kind, since, pattern in _AT_BEGINNING:
            if pattern.match(code):
                yield line, kind, since
                break
