"""Renders the HTML pages: self-contained, readable without script, network or colour."""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean, median
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograder import __version__
from autograder.errors import ReportError
from autograder.feedback import class_numbers, figures
from autograder.feedback.alarms import alarms
from autograder.feedback.case_view import one_number
from autograder.feedback.causes import first_steps
from autograder.feedback.chain_words import mark_of, note_of
from autograder.feedback.markdown import inline, markdown
from autograder.feedback.messages import reason
from autograder.feedback.since import since
from autograder.feedback.student_page import assignment_view, waiting
from autograder.files.names import safe_name
from autograder.files.visible import visible
from autograder.files.writing import write_whole
from autograder.forking import ForkedPool
from autograder.judging.levels import Reveal
from autograder.records.record import Result, encode, points
from autograder.records.reveal import revealed

# A class as small as this is rendered before a pool of processes has started.
FEWEST_FOR_A_POOL = 48
# Pages that a process renders before it asks for more.
TOGETHER = 8

# How much a page holds back, for its reader.
TOLD = {
    Reveal.VERDICT: "This page shows verdicts and points.",
    Reveal.HINT: (
        "This page shows verdicts, hints, where your code raised, and cases that were made to be shown; "
        "the hidden cases stay hidden."
    ),
    Reveal.CASE: (
        "This page shows cases that were made to be shown, and of the hidden ones the smallest on which a check fails "
        "with what came back; not what is right on it."
    ),
    Reveal.FULL: "This page shows the smallest case on which a check fails, what came back, and what is right.",
}


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.feedback"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
        # Without a bound, and so without a lock, which a process forked beside another thread could find taken.
        cache_size=-1,
    )
    environment.filters |= {
        "chain_mark": mark_of,
        "chain_note": note_of,
        "points": points,
        "markdown": markdown,
        "inline": inline,
        "shown": one_number,
        "reason": reason,
    }
    environment.globals |= {"meter": figures.meter}
    # Read as they are: nothing is put into them, so that their digest is that of what the browser sees.
    for name in ("style.css", "table.js"):
        text, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
        environment.globals[name.partition(".")[0]] = Markup(text)  # noqa: S704  our own file
    return environment


def _policy(*, script: bool) -> str:
    """The Content-Security-Policy of a page: its own style, the class page's own script, and nothing from anywhere."""
    own = _environment().globals
    rules = ["default-src 'none'", f"style-src {_digest(str(own['style']))}", "base-uri 'none'", "form-action 'none'"]
    if script:
        rules.append(f"script-src {_digest(str(own['table']))}")
    return "; ".join(rules)


def staff_page(template: str, **content: object) -> str:
    """A page for staff that holds no script, from a template of its own."""
    return _environment().get_template(template).render(policy=_policy(script=False), **content)


def student_page(result: Result, title: str, reveal: Reveal, applied: Sequence[str] = ()) -> str:
    """The feedback page of one student, showing of hidden checks what `reveal` allows.

    Args:
        result: the whole record; the policy is applied here.
        title: of the course.
        reveal: the course's setting.
        applied: sentences on how the total comes about.
    """
    seen = revealed(result, reveal)
    views = [assignment_view(assignment) for assignment in seen.assignments]
    return (
        _environment()
        .get_template("student.html")
        .render(
            policy=_policy(script=False),
            result=seen,
            title=title,
            views=views,
            steps=first_steps(views),
            waits=waiting(seen),
            since=since(seen),
            applied=applied,
            footer=f"{TOLD[reveal]} Made by autograder {__version__}.",
        )
    )


def link_to(student: str) -> str:
    """A student's page, seen from the class page."""
    return f"feedback/{quote(safe_name(student))}.html"


def _flags(found: class_numbers.NeedsPerson, slow: Sequence[tuple[str, float]]) -> dict[str, list[str]]:
    flags: dict[str, list[str]] = {}
    for word, concerns in (
        ("grader error", found.errors),
        ("which file?", found.asked),
        ("worth a look", found.suspicious),
        ("not as asked", found.noted),
        ("stopped", found.stopped),
    ):
        for concern in concerns:
            flags.setdefault(concern.student, []).append(word)
    for student, _ in slow:
        flags.setdefault(student, []).append("slow")
    return flags


def class_page(results: Sequence[Result], title: str, seconds: Mapping[str, float] | None = None) -> str:
    """The page of a class: what needs a person first, then numbers, then students.

    Args:
        results: the records, in order of students.
        title: of the course.
        seconds: what each submission took, by student, as the run measured it.
    """
    scores = [result.score for result in results if result.score is not None]
    most = max((result.max_score for result in results), default=0.0)
    needs = class_numbers.needs(results)
    slow = class_numbers.slow(seconds or {})
    flags = _flags(needs, slow)
    stream = (
        _environment()
        .get_template("index.html")
        .stream(
            policy=_policy(script=True),
            script=_environment().globals["table"],
            title=title,
            results=results,
            scores=scores,
            most=most,
            mean=fmean(scores) if scores else 0.0,
            median=median(scores) if scores else 0.0,
            histogram=figures.histogram(scores, most),
            needs=needs,
            alarms=alarms(results),
            slow=slow,
            mistakes=class_numbers.mistakes(results),
            items=class_numbers.items(results),
            assignments=[(a.name, a.title) for a in results[0].assignments] if results else [],
            links={result.student: link_to(result.student) for result in results},
            flags={result.student: flags.get(result.student, []) for result in results},
            footer=f"Made by autograder {__version__}. For staff: it names mistakes that students' pages do not.",
        )
    )
    # A template gives its page in crumbs; of a large class they would take ten times the page's own memory.
    stream.enable_buffering(1000)
    return "".join(stream)


@dataclass(frozen=True, slots=True)
class _Pages:
    """What a class's pages are made from."""

    results: Sequence[Result]
    folder: Path
    title: str
    reveal: Reveal
    applied: Mapping[str, Sequence[str]]
    whole: Callable[[Result], Result] | None

    def write(self, number: int) -> str:
        """A student's page, and the same as JSON; returns what went wrong: it must not cost the others their pages."""
        result = self.results[number]
        name = safe_name(result.student)
        try:
            if self.whole is not None:
                result = self.whole(result)
            page = student_page(result, self.title, self.reveal, self.applied.get(result.student, ()))
        except Exception as error:
            return f"{result.student}: {type(error).__name__}: {error}"
        # They can be made again from the record, so they need not be forced to the disk.
        feedback = self.folder / "feedback"
        write_whole(feedback / f"{name}.html", page.encode(errors="backslashreplace"), lasting=False)
        write_whole(feedback / f"{name}.json", encode(revealed(result, self.reveal)), lasting=False)
        return ""

    def write_some(self, numbers: Sequence[int]) -> list[str]:
        """Write the pages of some students; returns what went wrong, for each."""
        return [self.write(number) for number in numbers]

    def write_each(self, jobs: int) -> Iterator[str]:
        """Write every student's page, in this process or several."""
        numbers = range(len(self.results))
        if jobs < 2 or len(numbers) < FEWEST_FOR_A_POOL:
            yield from map(self.write, numbers)
            return
        # Compiled once here, not in each process.
        _environment().get_template("student.html")
        # The records get to the processes by fork: sending them would take longer than rendering them.
        with ForkedPool(jobs, lambda: self) as pool:
            heaps = [numbers[at : at + TOGETHER] for at in range(0, len(numbers), TOGETHER)]
            for future in [pool.submit(_Pages.write_some, heap) for heap in heaps]:
                yield from future.result()


def read_seconds(folder: Path) -> dict[str, float]:
    """What each submission took, from the run's own file; nothing where there is none that can be read."""
    try:
        run = json.loads((folder / "run.json").read_bytes())
        return {student: float(cost["seconds"]) for student, cost in run["students"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_pages(
    results: Sequence[Result],
    folder: Path,
    title: str,
    reveal: Reveal,
    skipped: Collection[str] = (),
    applied: Mapping[str, Sequence[str]] | None = None,
    *,
    whole: Callable[[Result], Result] | None = None,
    jobs: int | None = None,
    done: Callable[[int, int], object] | None = None,
) -> None:
    """Write `feedback/<student>.html` and `.json` for each record, and `index.html`.

    Args:
        results: the records, in order of students.
        folder: of the run; its `run.json` tells what took long.
        title: of the course.
        reveal: how much of hidden checks students see.
        skipped: students whose page is not to be made.
        applied: by student, sentences on how the total comes about.
        whole: gives the whole record where `results` are light.
        jobs: processes; default one per processor.
        done: called after each student's page with the number done and the number of all.

    Raises:
        ReportError: some student's page could not be made; all others were written.
    """
    chosen = [result for result in results if result.student not in skipped]
    pages = _Pages(chosen, folder, title, reveal, applied or {}, whole)
    wrong = []
    for count, problem in enumerate(pages.write_each(jobs or os.cpu_count() or 1), start=1):
        if problem:
            wrong.append(problem)
        if done is not None:
            done(count, len(chosen))
    page = class_page(results, title, read_seconds(folder))
    write_whole(folder / "index.html", page.encode(errors="backslashreplace"), lasting=False)
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise ReportError(f"the page of {wrong[0]}{more} could not be made; its record is whole")
