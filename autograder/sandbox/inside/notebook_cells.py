"""A notebook's cell as Python: what only IPython reads becomes the call that it stands for; each line stays in place.

The rules are those of IPython's `inputtransformer2`, on which a test holds this. What the calls do stands in
`notebook_shell`.
"""

import ast
import re
import shlex
from textwrap import dedent

from autograder.sandbox.inside.source_lines import LineReader

# `%%time` and its like run the cell that they stand on; other cell magics are in another language.
RUNS_ITS_CELL = frozenset("capture debug memit prun time timeit".split())
# Both write the rest of their cell to a file.
WRITES_ITS_CELL = frozenset({"writefile", "file"})
_SESSION, _CLASSIC_PROMPT = re.compile(r"\s*>>>"), re.compile(r"\s*(>>>|\.\.\.)[ \t]?")
_NUMBERED_PROMPT = re.compile(r"((\[nav\]|\[ins\])? )?In \[\d+\]: |\s*\.{3,}: ?")
_HELP_END = re.compile(r"(%{0,2}(?!\d)[\w*]+(\.(?!\d)[\w*]+|\[-?[0-9]+\])*)(\?\??)$")
_BRACKET_OR_ASSIGNMENT = re.compile(r"[()\[\]{}]|(?<![=!<>:+\-*/%&|^@~])=(?!=)")
_SPECIAL_VALUE = re.compile(r"\s*(?:%\s*[A-Za-z_]|!)")


def plain(source: str) -> str:
    """The cell as Python; one that is Python already stays as it is, so that no line of a text is taken for a magic."""
    if _is_python(source):
        return source
    lines = _unindented(source.splitlines())
    magic = _cell_magic(lines)
    if magic is not None:
        first, name, given = magic
        body = "\n".join(lines[first + 1 :]) + "\n"
        if name in RUNS_ITS_CELL:
            lines[first] = _captured(given) if name == "capture" else ""
        elif name in WRITES_ITS_CELL:
            return "\n" * first + f"get_ipython().run_cell_magic({name!r}, {given!r}, {body!r})\n"
        else:
            return ""
    return "\n".join(_without_specials(lines)) + "\n"


def cell_magic_of(source: str) -> str:
    """The name of the magic that a cell begins with ("bash" of `%%bash`), or nothing."""
    found = _cell_magic(source.splitlines())
    return "" if found is None else found[1]


def written_file(source: str) -> tuple[str, str, bool] | None:
    """What a cell of `%%writefile` writes: the file as it is named there, its text, and whether it is appended."""
    lines = source.splitlines()
    magic = _cell_magic(lines)
    if magic is None or magic[1] not in WRITES_ITS_CELL:
        return None
    name, appends = written_name(magic[2])
    return (name, "\n".join(lines[magic[0] + 1 :]) + "\n", appends) if name else None


def written_name(given: str) -> tuple[str, bool]:
    """The file that the line of a `%%writefile` names, and whether the cell is appended to it."""
    try:
        words = shlex.split(given)
    except ValueError:
        return "", False
    names = [word for word in words if not word.startswith("-")]
    return (names[0] if names else ""), not {"-a", "--append"}.isdisjoint(words)


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _unindented(lines: list[str]) -> list[str]:
    """Without what all lines are indented by, and without the prompts of a pasted session."""
    lines = dedent("\n".join(lines)).split("\n")
    if any(map(_SESSION.match, lines)):
        lines = [_without(_CLASSIC_PROMPT, line) for line in lines]
    begins = [line for line in lines if line.strip()][:2]
    if any(map(_NUMBERED_PROMPT.match, begins)):
        lines = [_without(_NUMBERED_PROMPT, line) for line in lines]
    return lines


def _without(prompt: re.Pattern[str], line: str) -> str:
    found = prompt.match(line)
    return line if found is None else line[found.end() :]


def _cell_magic(lines: list[str]) -> tuple[int, str, str] | None:
    """The line of a cell's magic, its name, and what is given to it."""
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None or not lines[first].lstrip().startswith("%%") or re.match(r"\s*%%\w+\?", lines[first]):
        return None
    name, _, given = lines[first].lstrip()[2:].rstrip().partition(" ")
    return first, name, given


def _captured(given: str) -> str:
    """`%%capture out` makes a name of what the cell shows."""
    names = [word for word in given.split() if word.isidentifier()]
    return f"{names[0]} = get_ipython().captured" if names else ""


def _without_specials(lines: list[str]) -> list[str]:
    """The lines with IPython's own ones as calls; a command of several lines leaves blank ones behind it."""
    reader, made, start = LineReader(), list[str](), 0
    number = 0
    while number < len(lines):
        if reader.between_statements:
            start = number
            last = _continued(lines, number)
            call = _command(_assembled(lines, number, last))
            if call is not None:
                reader.read(call)
                made += [call, *[""] * (last - number)]
                number = last + 1
                continue
        line = lines[number]
        code = reader.read(line)
        made.append(line)
        number += 1
        if reader.between_statements and line.rstrip().endswith("?") and code.rstrip().endswith("?"):
            asked = _help(lines[start:number])
            made[start:] = made[start:] if asked is None else [asked, *[""] * (number - start - 1)]
    return made


def _continued(lines: list[str], number: int) -> int:
    """The last of the lines that a backslash joins to this one."""
    while number + 1 < len(lines) and lines[number].endswith("\\"):
        number += 1
    return number


def _assembled(lines: list[str], first: int, last: int) -> str:
    pieces = [line.rstrip()[:-1] for line in lines[first:last]]
    return " ".join([*pieces, lines[last].rstrip()])


def _command(line: str) -> str | None:
    """A line with an escape at its start, or with a magic or a shell command that is assigned, as a call."""
    indent, content = line[: len(line) - len(line.lstrip())], line.strip()
    if _HELP_END.fullmatch(content):
        return None  # `%time?` asks for help
    call = _escaped(content)
    if call is not None:
        return indent + call
    at = _assignment(line)
    if at is None or not _SPECIAL_VALUE.match(line, at):
        return None
    value = line[at:].strip()
    if value.startswith("!"):
        return f"{line[:at]} get_ipython().getoutput({value[1:]!r})"
    return f"{line[:at]} {_magic(value[1:].lstrip())}"


def _escaped(content: str) -> str | None:
    name, _, given = content[1:].partition(" ")
    match content[:2]:
        case "!!":
            return f"get_ipython().getoutput({content[2:]!r})"
        case "??":
            return _help_call(content[2:], "??")
    match content[:1]:
        case "!":
            return f"get_ipython().system({content[1:]!r})"
        case "?":
            return _help_call(content[1:], "?")
        case "%":
            return _magic(content[1:])
        case ",":
            words = '", "'.join(given.split())
            return f'{name}("{words}")'
        case ";":
            return f'{name}("{given}")'
        case "/" if name:
            return f"{name}({', '.join(given.split())})"
    return None


def _magic(content: str) -> str:
    """A line magic as its call; `%time` runs its line, which therefore stands there itself."""
    name, _, given = content.partition(" ")
    if name == "time" and given and _is_python(given.strip()):
        return given.strip()
    return f"get_ipython().run_line_magic({name!r}, {given!r})"


def _assignment(line: str) -> int | None:
    """Where the value begins that a line assigns, if it does."""
    depth = 0
    for found in _BRACKET_OR_ASSIGNMENT.finditer(LineReader().read(line)):
        if found[0] == "=" and depth == 0:
            return found.end()
        depth = max(0, depth + (found[0] in "([{") - (found[0] in ")]}"))
    return None


def _help(lines: list[str]) -> str | None:
    """A statement that asks for help, `name?`, as its call."""
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    found = _HELP_END.search("\n".join(lines).strip())
    return None if found is None else indent + _help_call(found[1], found[3])


def _help_call(target: str, sign: str) -> str:
    if not target:
        return "get_ipython().show_usage()"
    method = "pinfo2" if sign == "??" else "psearch" if "*" in target else "pinfo"
    return f"get_ipython().run_line_magic({method!r}, {target!r})"
