"""Where a student does best to begin: each cause once, what depends on it below it, and no failed function left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.feedback.rule_words import RULES
from autograder.feedback.student_page import AssignmentView, CheckView, FunctionView
from autograder.judging.verdicts import Verdict

# Errors of names: whichever line they come from, one missing import or helper is behind them.
NAMES = frozenset({"NameError", "ModuleNotFoundError", "ImportError"})
# So many titles of checks are told in one sentence.
MOST_TITLES = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One cause.

    Args:
        name: of the function, or of the assignment as a whole.
        anchor: its place on the page.
        text: what is known of it.
        points: to be gained with it and all that depends on it.
        alike: further functions that fail for the same reason, with their places.
        below: functions that depend on it, with their places.
        checks: how many checks fail with it.
    """

    name: str
    anchor: str
    text: str
    points: float = 0.0
    alike: tuple[tuple[str, str], ...] = ()
    below: tuple[tuple[str, str], ...] = ()
    checks: int = 0


def first_steps(views: Sequence[AssignmentView]) -> list[Step]:
    """The causes of all that is not right: what cannot be read at all, then what a hint is known for, by points."""
    found: list[tuple[bool, float, Step]] = []
    for view in views:
        if view.assignment.problem:
            lost = view.assignment.max_score - view.assignment.score
            step = Step(view.assignment.title, view.assignment.name, view.assignment.problem, lost)
            found.append((False, -lost, step))
            continue
        found += [(not known, -step.points, step) for step, known in _steps(view)]
    return [step for *_, step in sorted(found, key=lambda item: item[:2])]


def _steps(view: AssignmentView) -> Iterable[tuple[Step, bool]]:
    """The causes within one assignment, and whether a hint is known."""
    failed = {f.question.function: f for f in view.functions if not f.passed and not f.question.written}
    roots = _roots(failed)
    groups: dict[object, list[FunctionView]] = {}
    for function in roots:
        groups.setdefault(_reason(function) or function.anchor, []).append(function)
    told: set[str] = set()
    for first, *alike in groups.values():
        own = [first, *alike]
        names = {function.question.function for function in own}
        below = [f for name, f in failed.items() if name not in names | told and _above(name, failed) & names]
        told |= names | {f.question.function for f in below}
        text = _text(first)
        if not text:
            continue
        step = Step(
            name=first.question.function,
            anchor=first.anchor,
            text=text,
            points=sum(f.question.max_score - f.question.score for f in (*own, *below)),
            alike=tuple((f.question.function, f.anchor) for f in alike),
            below=tuple((f.question.function, f.anchor) for f in below),
            checks=sum(_failing(f) for f in (*own, *below)),
        )
        yield step, bool(first.hint)


def _above(name: str, failed: dict[str, FunctionView]) -> set[str]:
    """All failed functions that a function depends on, directly or through others."""
    found, waiting = set[str](), [name]
    while waiting:
        for other in failed[waiting.pop()].question.depends_on:
            if other in failed and other not in found:
                found.add(other)
                waiting.append(other)
    return found - {name}


def _roots(failed: dict[str, FunctionView]) -> list[FunctionView]:
    """The failed functions that depend on no other failed one; where they depend on each other, all of them."""
    roots = [function for name, function in failed.items() if not _above(name, failed)]
    covered = {function.question.function for function in roots}
    circles = [f for name, f in failed.items() if name not in covered and not _above(name, failed) & covered]
    return [*roots, *circles]


def _reason(function: FunctionView) -> object:
    """What makes two functions fail for one reason: the same error in the same line, or errors of names; else None."""
    reasons = set()
    for check in function.question.checks:
        if check.verdict is Verdict.PASSED:
            continue
        found, behind = check.finding, check.diagnosis
        if behind is not None and behind.code in RULES:
            # A rule of the course that is broken in one place.
            reasons.add(f"{behind.code} {behind.file} {behind.line}")
            continue
        if found is None or found.code != "raised":
            return None
        error = found.about.get("error")
        reasons.add(str(error) if error in NAMES else f"{error} {found.file} {found.line}")
    return reasons.pop() if len(reasons) == 1 else None


def _failing(function: FunctionView) -> int:
    return sum(check.verdict is not Verdict.PASSED for check in function.question.checks)


# Findings that say no more than that some number is not the right one.
SYMPTOMS = frozenset({"wrong_value", "nan", "infinite", "value_first"})


def _text(function: FunctionView) -> str:
    """What is known of a function: a hint before anything else, then where it is wrong, and on which case."""
    hint = function.hint or next((c.hint for c in function.checks if c.hint), "")
    told = [c for c in function.checks if c.check.finding is not None and c.check.finding.code not in SYMPTOMS]
    # Of several checks that say the same, the function says it once.
    brief = "" if function.brief and not told else function.brief or next((c.brief for c in told if c.brief), "")
    if hint or brief:
        return hint or _raised(told) or brief
    case = next((c.example.sentence for c in function.checks if c.example is not None and c.example.sentence), "")
    return " ".join(filter(None, [where_wrong(function), case])) or _verdicts(function)


def _raised(told: Sequence[CheckView]) -> str:
    """What an exception says, where a case that may be shown raised it too; empty elsewhere."""
    for check in told:
        found, example = check.check.finding, check.check.example
        if found is None or found.code != "raised" or example is None or example.case is None:
            continue
        same = (example.finding.code, example.finding.file, example.finding.line) == ("raised", found.file, found.line)
        if same and example.case.error:
            return example.case.error
    return ""


def where_wrong(function: FunctionView) -> str:
    """Which of its checks a function fails where it passes others of their kind; empty where it fails all."""
    asked = [c.check for c in function.checks if c.check.finding is None or c.check.finding.code != "value_first"]
    wrong = [check for check in asked if check.verdict is Verdict.FAILED]
    kinds = {check.kind for check in wrong}
    right = [check for check in asked if check.verdict is Verdict.PASSED and check.kind in kinds]
    if not wrong or not right:
        return ""
    names = ", ".join(f"“{check.title}”" for check in wrong[:MOST_TITLES])
    more = f" and {len(wrong) - MOST_TITLES} more" if len(wrong) > MOST_TITLES else ""
    asked_in_all = len(right) + len(wrong)
    return f"It is right in {len(right)} of {asked_in_all} checks, and not in {names}{more}: what is special there?"


def _verdicts(function: FunctionView) -> str:
    wrong = [check for check in function.question.checks if check.verdict is not Verdict.PASSED and check.brief]
    own = [c for c in wrong if c.finding is None or c.finding.code != "value_first"]
    return (own or wrong)[0].brief if wrong else ""
