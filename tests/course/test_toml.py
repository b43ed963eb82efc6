"""A mistake in any file of settings is told with its file, its line and its key."""

import random
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.audit.standards import read_equivalents, read_standards
from autograder.course.rubric import read_rubric
from autograder.course.settings import read_course
from autograder.course.toml_lines import Keys, line_of, lines_of
from autograder.errors import CourseError, RubricError, SettingsError, StandardsError

TOLERANCE = "{ relative = 1e-9, absolute = 1e-12 }"
COURSE = f"seed = 1\n[tolerances]\nvalue = {TOLERANCE}\nderivation = {TOLERANCE}\ndifferences = {TOLERANCE}\n"
RUBRIC = '[[answer]]\nid = "2"\ntitle = "T"\ntask = "P"\n[[answer.criterion]]\npoints = 1\ntext = "A"\n'
AUDIT = 'caught = 1.0\nidle = [\n  "a.f.x",\n  "a.f.y",\n]\n'
EQUIVALENT = (
    '[[mutant]]\nfunction = "f"\nbefore = "a"\nreason = "r"\n[[mutant]]\nfunction = "f"\nbefore = "b"\nreason = "r"\n'
)

Read = Callable[[Path], object]
KINDS: dict[str, tuple[str, type[SettingsError], Read]] = {
    "course.toml": (COURSE, CourseError, read_course),
    "rubric.toml": (RUBRIC, RubricError, read_rubric),
    "audit.toml": (AUDIT, StandardsError, lambda path: read_standards(path.parent)),
    "equivalent.toml": (EQUIVALENT, StandardsError, lambda path: read_equivalents(path.parent)),
}

# The file, what is changed in a good one, and what must be told after its name.
WRONG: dict[str, tuple[str, tuple[str, str], str]] = {
    "bad TOML in a course": (
        "course.toml",
        ("seed = 1", "seed = "),
        ", line 1: it is no TOML: ",
    ),
    "bad TOML in a rubric": ("rubric.toml", ("[[answer.criterion]]", "[[answer.criterion]"), ", line 5: it is no TOML"),
    "bad TOML in the standards": ("audit.toml", ("]\n", ""), ", line 4: it is no TOML: "),
    "bad TOML in the excuses": ("equivalent.toml", ('"a"', '"a'), ", line 3: it is no TOML"),
    "an unknown key of a course": (
        "course.toml",
        ("seed = 1", "seed = 1\ngroup = 1"),
        ", line 2: group is no setting; did you mean groups?",
    ),
    "an unknown key of a criterion": (
        "rubric.toml",
        ("points =", "point ="),
        ", line 6: answer '2', criterion 1: point is no setting; did you mean points?",
    ),
    "an unknown key of the standards": (
        "audit.toml",
        ("caught", "cought"),
        ", line 1: cought is no setting; did you mean caught?",
    ),
    "an unknown key of an excuse": (
        "equivalent.toml",
        ('before = "b"', 'befor = "b"'),
        ", line 7: mutant 2: befor is no setting; did you mean before?",
    ),
    "a missing key of a course": ("course.toml", ("seed = 1\n", ""), ": seed is missing"),
    "a missing key of a table": (
        "course.toml",
        (f"value = {TOLERANCE}", "value = { relative = 1 }"),
        ", line 3: tolerances.value.absolute is missing",
    ),
    "a missing key of an answer": ("rubric.toml", ('title = "T"\n', ""), ", line 1: answer '2': title is missing"),
    "a missing id": ("rubric.toml", ('id = "2"\n', ""), ", line 1: answer 1: id is missing"),
    "a missing key of an excuse": ("equivalent.toml", ('before = "b"\n', ""), ", line 5: mutant 2: before is missing"),
    "a wrong type in a course": (
        "course.toml",
        ("seed = 1", 'seed = "1"'),
        ", line 1: seed must be a whole number, not a text",
    ),
    "a table that is none": (
        "course.toml",
        (f"value = {TOLERANCE}", "value = 1"),
        ", line 3: tolerances.value must be a table, not a whole number",
    ),
    "a wrong type in a criterion": (
        "rubric.toml",
        ("points = 1", "points = true"),
        ", line 6: answer '2', criterion 1: points must be a number, not true or false",
    ),
    "a wrong type of an answer": (
        "rubric.toml",
        (RUBRIC, "answer = 1"),
        ", line 1: answer must be a list, not a whole number",
    ),
    "an answer that is no table": (
        "rubric.toml",
        (RUBRIC, "answer = [\n  1,\n]"),
        ", line 2: answer 1 must be a table, not a whole number",
    ),
    "a wrong type in the standards": (
        "audit.toml",
        ('"a.f.y"', "3"),
        ", line 4: idle 2 must be a text, not a whole number",
    ),
    "a wrong type of an excuse": (
        "equivalent.toml",
        ('reason = "r"\n[[', "reason = []\n[["),
        ", line 4: mutant 1: reason must be a text, not a list",
    ),
    "a number of a course out of range": (
        "course.toml",
        ("seed = 1", "seed = -1"),
        ", line 1: seed is -1; a seed is a whole number from 0 on",
    ),
    "a word that is none of those": (
        "course.toml",
        ("seed = 1", 'seed = 1\nreveal = "hints"'),
        ", line 2: reveal is 'hints'; did you mean hint?",
    ),
    "points of 0": (
        "rubric.toml",
        ("points = 1", "points = 0"),
        ", line 6: answer '2', criterion 1: points must be a number above 0, not 0",
    ),
    "an empty text": ("rubric.toml", ('text = "A"', 'text = " "'), ", line 7: answer '2', criterion 1: text is empty"),
    "a share above 1": (
        "audit.toml",
        ("caught = 1.0", "caught = 1.5"),
        ", line 1: caught is 1.5; it is a share, from 0 to 1",
    ),
    "no seeds": ("audit.toml", ("caught = 1.0", "seeds = 0"), ", line 1: seeds is 0; it is a whole number from 1 on"),
    "more seeds than there are": (
        "audit.toml",
        ("caught = 1.0", "power_seeds = 500"),
        ", line 1: power_seeds is 500, and there are 200 seeds in all",
    ),
    "an excuse without a reason": (
        "equivalent.toml",
        ('reason = "r"\n[[', 'reason = ""\n[['),
        ", line 4: mutant 1: reason is empty",
    ),
    "an excuse of nothing": (
        "equivalent.toml",
        ('before = "b"', 'before = " "'),
        ", line 7: mutant 2: before is empty",
    ),
    "a key of a course twice": (
        "course.toml",
        ("seed = 1", "seed = 1\nseed = 2"),
        ", line 2: it is no TOML: what is set here was set above already",
    ),
    "a table of a course twice": (
        "course.toml",
        ("seed = 1", "seed = 1\n[late]\npenalty = 0.1\n[late]\npenalty = 0.2"),
        ", line 4: it is no TOML",
    ),
    "a member twice": (
        "course.toml",
        (COURSE, COURSE + '[groups]\n"team 1" = ["ann", "bo", "ann"]\n'),
        ", line 7: groups.\"team 1\" 3 is 'ann', who is in it already",
    ),
    "an id twice": ("rubric.toml", (RUBRIC, RUBRIC + RUBRIC), ", line 9: answer 2: id is '2', as that of answer 1 is"),
    "a check twice": ("audit.toml", ("a.f.y", "a.f.x"), ", line 4: idle 2 is 'a.f.x', which stands there already"),
    "an excuse twice": (
        "equivalent.toml",
        ('before = "b"', 'before = "a"'),
        ", line 5: mutant 2 excuses what mutant 1 does",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("begins", ["", "\ufeff"])
def test_a_good_file_is_read(kind: str, begins: str, tmp_path: Path) -> None:
    text, _, read = KINDS[kind]
    path = tmp_path / kind
    path.write_text(begins + text, encoding="utf-8")
    assert read(path), f"{kind} is right, also where an editor has put a byte-order mark before it"


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_told_with_file_line_and_key(mistake: str, tmp_path: Path) -> None:
    kind, (old, new), told = WRONG[mistake]
    text, error, read = KINDS[kind]
    assert old in text, f"nothing is changed: {old!r} does not stand in {kind}"
    path = tmp_path / kind
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read(path)
    assert type(caught.value) is error, f"the class says which file it is: {caught.value!r}"
    assert str(caught.value).startswith(f"{path}{told}"), f"{told!r} must be told: {caught.value}"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_text_is_told_with_its_line(kind: str, tmp_path: Path) -> None:
    text, error, read = KINDS[kind]
    path = tmp_path / kind
    path.write_bytes(f"# one\n# {kind}\n".encode() + b"# M\xfcller\n" + text.encode())
    with pytest.raises(error) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}, line 3: it is not UTF-8 text"), f"{caught.value}"
    path.unlink()
    path.mkdir()
    with pytest.raises(error, match="cannot be read: Is a directory"):
        read(path)


def test_what_looks_like_a_key_in_a_text_is_none() -> None:
    text = 'a = """\n[late]\nb = 1\n"""\nc = [ # [late]\n  "]",\n]\n[late]\nb = 2\n'
    assert line_of(text, ("late",)) == 8 and line_of(text, ("late", "b")) == 9, f"{lines_of(text)}"
    assert line_of(text, ("b",)) is None, "and what is nowhere is told without a line"


class Written:
    """A random TOML file, and on which line each of its values was put."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.at: dict[Keys, int] = {}
        self.count = 0
        self.table(())

    def key(self) -> tuple[str, str]:
        self.count += 1
        name = self.random.choice(["k", "a b", "x.y", "é", "[t]", 'q"'])
        text = f"{name}{self.count}"
        bare = text.isascii() and text.replace("_", "").isalnum()
        return text, text if bare else '"' + text.replace('"', '\\"') + '"'

    def value(self, keys: Keys, depth: int = 0) -> str:
        """A value in TOML that begins on the next line of the file; notes where its parts stand."""
        line = len(self.lines) + 1
        kind = self.random.randrange(6 if depth < 2 else 3)
        if kind == 0:
            return self.random.choice(["1.5", "true", "2026-12-01 10:00:00", "'[a]'", '"b = {"', '"\\"#"'])
        if kind == 1:
            return "3 # c = 1" if not depth else "3"
        if kind == 2:
            return "'a'"
        if kind in (3, 4):
            parts = []
            for number in range(self.random.randrange(3)):
                self.at[(*keys, number)] = line
                parts.append(self.value((*keys, number), depth + 1))
            return f"[{', '.join(parts)}]"
        parts = []
        for _ in range(self.random.randrange(3)):
            name, written = self.key()
            self.at[(*keys, name)] = line
            parts.append(f"{written} = {self.value((*keys, name), depth + 1)}")
        return "{" + ", ".join(parts) + "}"

    def settings(self, keys: Keys) -> None:
        for _ in range(self.random.randrange(4)):
            name, written = self.key()
            self.at[(*keys, name)] = len(self.lines) + 1
            if self.random.random() < 0.3:
                self.lines += [f"{written} = '''", "[no]", "table = 1", "'''"]
            elif self.random.random() < 0.3:
                self.lines.append(f"{written} = [ # [[no]]")
                for number in range(2):
                    self.at[(*keys, name, number)] = len(self.lines) + 1
                    self.lines.append(f"  {self.value((*keys, name, number), 1)},")
                self.lines.append("]")
            else:
                self.lines.append(f"{written} = {self.value((*keys, name))}")

    def table(self, keys: Keys, header: str = "", depth: int = 0) -> None:
        self.settings(keys)
        for _ in range(self.random.randrange(3) if depth < 3 else 0):
            name, written = self.key()
            path = f"{header}.{written}" if header else written
            several = self.random.random() < 0.5
            for number in range(self.random.randint(1, 3) if several else 1):
                own = (*keys, name, number) if several else (*keys, name)
                self.lines += ["", f"[[{path}]]" if several else f"[ {path} ] # = 1"]
                self.at.setdefault((*keys, name), len(self.lines))
                self.at[own] = len(self.lines)
                self.table(own, path, depth + 1)


def leaves(value: Any, keys: Keys = ()) -> set[Keys]:
    """Where each value of a file stands."""
    inner = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return {keys, *(each for key, item in inner for each in leaves(item, (*keys, key)))} - {()}


@pytest.mark.parametrize("seed", range(60))
def test_every_value_of_a_file_is_found_on_its_line(seed: int) -> None:
    made = Written(seed)
    text = "\n".join(made.lines)
    assert leaves(tomllib.loads(text)) == set(made.at), f"the test's own writer is wrong:\n{text}"
    found = lines_of(text)
    wrong = {keys: (found.get(keys), line) for keys, line in made.at.items() if found.get(keys) != line}
    assert not wrong, f"found and put on other lines: {wrong} in\n{text}"
