"""What a work may use when it is graded, and what it is called where something in its sources breaks that.

One set of rules for whoever tells: the check and the packing on a student's machine, and the page of graded work. A
breach is a code and values; `feedback.rule_words` has the sentences, `breaches` finds them.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version as installed

from autograder.judging.finding import Finding, Plain
from autograder.judging.verdicts import Verdict
from autograder.submissions.numpy_names import Version, version

_FAILED_IMPORT = frozenset({"ImportError", "ModuleNotFoundError", "NameError", "AttributeError"})
_FAILED_SYNTAX = frozenset({"SyntaxError", "IndentationError", "NameError"})
_FAILED_CALL = frozenset({"OSError", "PermissionError", "FileNotFoundError", "BlockingIOError", "NameError"})
# Which exceptions of a function, or of a statement, each breach explains.
EXPLAINS: Mapping[str, frozenset[str]] = {
    "line_of_notebook": _FAILED_SYNTAX,
    "matrix": frozenset({"RecursionError"}),
    "merge_conflict": _FAILED_SYNTAX,
    "module_not_there": _FAILED_IMPORT,
    "newer_python": _FAILED_SYNTAX | _FAILED_IMPORT,
    "import_missing": frozenset({"NameError"}),
    "numpy_name_gone": _FAILED_IMPORT,
    "numpy_name_new": _FAILED_IMPORT,
    "package_not_allowed": _FAILED_IMPORT,
    "prints_only": frozenset(),
    "reads_file": _FAILED_CALL,
    "run_file_not_there": _FAILED_CALL,
    "starts_processes": _FAILED_CALL | {"AttributeError"},
    "web_page": _FAILED_SYNTAX,
}


@dataclass(frozen=True, slots=True)
class Rules:
    """With what a course grades: Python, NumPy, and what may be imported beside Python's own."""

    python: Version
    numpy: Version
    packages: tuple[str, ...] = ("numpy",)

    @classmethod
    def here(cls) -> "Rules":
        """Those of this machine."""
        return cls(sys.version_info[:2], version(installed("numpy")))

    @property
    def allowed(self) -> str:
        """What may be imported, in words."""
        names = ["NumPy" if name == "numpy" else name for name in self.packages]
        return f"{', '.join(names)} and the standard library"


@dataclass(frozen=True)
class Breach:
    """One thing in a source that does not work when it is graded, or hardly does.

    Args:
        code: what it is.
        file: that it stands in.
        line: of the file.
        about: further values, all of them from the source itself.
        certain: whether it breaks a rule in any case; else it only explains an error.
    """

    code: str
    file: str
    line: int
    about: Mapping[str, Plain] = field(default_factory=dict)
    certain: bool = True

    def explains(self, error: str) -> bool:
        """Whether it may be why an exception of this class was raised."""
        return error in EXPLAINS[self.code]

    @property
    def finding(self) -> Finding:
        """As data of which a sentence can be made."""
        return Finding(Verdict.RAISED, self.code, {"file": self.file, "line": self.line, **self.about})


def dotted(numbers: Version) -> str:
    """A version as it is written."""
    return f"{numbers[0]}.{numbers[1]}"
