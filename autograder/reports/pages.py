"""Renders the HTML pages: self-contained, readable without script, network or colour."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.course import Reveal
from autograder.judging.verdicts import Verdict
from autograder.results import QuestionResult, Result, points, write_whole
from autograder.submissions import safe_name
from autograder.visible import visible


@dataclass(frozen=True, slots=True)
class Sign:
    """A verdict for people: a shape, words, and a class for the colour."""

    shape: str
    words: str
    tone: str


SIGNS = {
    Verdict.PASSED: Sign("✓", "passed", "good"),
    Verdict.FAILED: Sign("✗", "wrong value", "bad"),
    Verdict.WRONG_TYPE: Sign("✗", "wrong type or shape", "bad"),
    Verdict.RAISED: Sign("!", "raised an error", "bad"),
    Verdict.TIMEOUT: Sign("»", "too slow", "bad"),
    Verdict.MEMORY: Sign("▣", "too much memory", "bad"),
    Verdict.CRASHED: Sign("☓", "ended the process", "bad"),
    Verdict.MISSING: Sign("○", "not found", "bad"),
    Verdict.UNGRADED: Sign("…", "waits for a person", "wait"),
    Verdict.GRADER_ERROR: Sign("?", "grader error: not your fault", "wait"),
}

REVEALED = {Reveal.VERDICT: 0, Reveal.HINT: 1, Reveal.CASE: 2, Reveal.FULL: 3}


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """One function over a class."""

    name: str
    mean: float
    max_score: float
    full: int
    students: int
    verdicts: tuple[tuple[Sign, int], ...]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    environment.filters["points"] = points
    environment.globals["SIGNS"] = SIGNS
    return environment


def student_page(result: Result, title: str, reveal: Reveal, applied: Sequence[str] = ()) -> str:
    """The feedback page of one student, showing of hidden checks what `reveal` allows."""
    template = _environment().get_template("student.html")
    waits = [q for a in result.assignments for q in a.questions if waits_for_a_person(q)]
    return template.render(result=result, title=title, level=REVEALED[reveal], waits=waits, applied=applied)


def waits_for_a_person(question: QuestionResult) -> bool:
    """Whether a criterion of a written answer has no mark yet."""
    return any(check.verdict is Verdict.UNGRADED for check in question.checks)


def function_rows(results: Sequence[Result]) -> list[FunctionRow]:
    """Per function: mean, how many have all points, and the verdicts of its checks."""
    scores: dict[str, list[tuple[float, float]]] = {}
    verdicts: dict[str, Counter[Verdict]] = {}
    for result in results:
        if result.score is None:
            continue
        for assignment in result.assignments:
            for question in assignment.questions:
                if question.written:
                    continue
                name = f"{assignment.name}.{question.function}"
                scores.setdefault(name, []).append((question.score, question.max_score))
                verdicts.setdefault(name, Counter()).update(check.verdict for check in question.checks)
    return [
        FunctionRow(
            name=name,
            mean=sum(score for score, _ in found) / len(found),
            max_score=found[0][1],
            full=sum(score == most for score, most in found),
            students=len(found),
            verdicts=tuple((SIGNS[verdict], count) for verdict, count in verdicts[name].most_common()),
        )
        for name, found in scores.items()
    ]


def _waiting(results: Sequence[Result], assignment: str) -> Counter[str]:
    """How many students wait for marks, by written answer."""
    return Counter(
        q.function
        for result in results
        for a in result.assignments
        if a.name == assignment
        for q in a.questions
        if waits_for_a_person(q)
    )


def class_page(results: Sequence[Result], title: str) -> str:
    """The page of a class: what needs a person first, then functions, then students."""
    rows = [(result, f"feedback/{quote(safe_name(result.student))}.html") for result in results]
    return (
        _environment()
        .get_template("index.html")
        .render(
            title=title,
            rows=rows,
            errors=[row for row in rows if row[0].score is None],
            noted=[row for row in rows if row[0].notes or any(a.problem for a in row[0].assignments)],
            written=sorted(
                f"{a.name}.{name} ({count})"
                for a in (results[0].assignments if results else ())
                for name, count in _waiting(results, a.name).items()
            ),
            functions=function_rows(results),
            assignments=[(a.name, a.title) for a in results[0].assignments] if results else [],
        )
    )


def write_pages(
    results: Sequence[Result],
    folder: Path,
    title: str,
    reveal: Reveal,
    skipped: Collection[str] = (),
    applied: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write `feedback/<student>.html` for each record, and `index.html`.

    Args:
        results: with marks and overrides put in, and the final total.
        folder: to write to.
        title: of the course.
        reveal: how much students see.
        skipped: students whose page is up to date.
        applied: by student, sentences on how the total comes about.
    """
    for result in results:
        if result.student in skipped:
            continue
        page = student_page(result, title, reveal, (applied or {}).get(result.student, ()))
        write_whole(folder / "feedback" / f"{safe_name(result.student)}.html", page.encode(errors="backslashreplace"))
    write_whole(folder / "index.html", class_page(results, title).encode(errors="backslashreplace"))
