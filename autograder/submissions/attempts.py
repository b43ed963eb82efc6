"""Folders that stand for attempts: the latest is graded."""

import re

_NUMBERED = re.compile(r"(?:attempt|submission|try|version|v)[ _.-]?(\d{1,9})", re.IGNORECASE)
_DATED = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T _-](\d\d)[-:.]?(\d\d)(?:[-:.]?(\d\d))?)?Z?")


def is_attempt(folder: str) -> bool:
    """Whether a folder's name stands for an attempt, rather than for a student.

    >>> is_attempt("attempt_2"), is_attempt("2026-05-01"), is_attempt("Anna")
    (True, True, False)
    """
    return bool(_NUMBERED.fullmatch(folder) or _DATED.fullmatch(folder))


def newest_first(path: str) -> float:
    """A number by which the files of later attempts sort first; what lies in no attempt's folder comes before all.

    >>> sorted(["attempt_1/x.py", "attempt_10/x.py", "attempt_2/x.py", "x.py"], key=newest_first)
    ['x.py', 'attempt_10/x.py', 'attempt_2/x.py', 'attempt_1/x.py']
    """
    for folder in path.split("/")[:-1]:
        if found := _NUMBERED.fullmatch(folder):
            return -int(found[1])
        if found := _DATED.fullmatch(folder):
            return -int("".join(part or "00" for part in found.groups()))
    return float("-inf")
