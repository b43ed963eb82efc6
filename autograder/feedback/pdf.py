"""A student's feedback as PDF, by Typst: no LaTeX, no browser. All text travels as data, so none of it is markup."""

from functools import cache
from importlib.resources import files

import msgspec

from autograder.extras import needs
from autograder.feedback.plain_report import plain
from autograder.records.record import Result

# What the page's style does on the web: Typst reads a figure's own style alone.
_STYLE = (
    "<style>text{font:12px sans-serif;fill:#59636b;dominant-baseline:middle}.end{text-anchor:end}"
    ".mid{text-anchor:middle}.wrong{fill:#a02a20}.grid{stroke:#dbdfdc;fill:none}.axis{stroke:#59636b;fill:none}rect.given{fill:#c0562f}"
    "rect.right{fill:none;stroke:#1f5f8b;stroke-width:1.5}.givenline{fill:none;stroke:#c0562f;stroke-width:2}"
    ".rightline{fill:none;stroke:#1f5f8b;stroke-width:2;stroke-dasharray:7 4}.dot{fill:#c0562f}</style>"
)


def _standalone(svg: str) -> str:
    opening, found, rest = svg.partition(">")
    return f'{opening} xmlns="http://www.w3.org/2000/svg"{found}{_STYLE}{rest}' if found else ""


@cache
def _template() -> bytes:
    return (files("autograder.feedback") / "templates" / "archive.typ").read_bytes()


def archive(seen: Result, course: str) -> bytes:
    """A student's feedback as a PDF.

    Args:
        seen: the record after `revealed`.
        course: its title.

    Raises:
        MissingExtraError: Typst is not installed.
    """
    needs("typst", "pdf")
    import typst

    data = msgspec.to_builtins(plain(seen, course))
    for assignment in data["assignments"]:
        for function in assignment["functions"]:
            function["figures"] = [[title, _standalone(svg)] for title, svg in function["figures"]]
            for case in (case for check in function["checks"] for case in check["cases"]):
                case["figure"] = _standalone(case["figure"])
    made = typst.compile(_template(), sys_inputs={"report": msgspec.json.encode(data).decode()})
    assert isinstance(made, bytes)
    return made
