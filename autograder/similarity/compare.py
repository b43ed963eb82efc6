"""Looks for submissions that are alike, with copydetect: pairs to look at, and nothing else. No score depends on it.

Code is compared by its fingerprints (Schleimer, Wilkerson and Aiken, "Winnowing", 2003) after names, comments and
strings are taken out. What the handout gives counts for nothing, and neither does what very many students share: on a
short task right answers are alike.
"""

import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from autograder.course.solutions import load_solutions
from autograder.extras import needs
from autograder.files.visible import visible
from autograder.handout import stub
from autograder.submissions import Entry, read_submission
from autograder.submissions.asked import asked_of

# The shortest run of characters, after names are taken out, that can be a match. Every one is compared, none is left
# out by winnowing, which would depend on Python's own seed of hashes.
NOISE = 25
WINDOW = 1
# In a class of at least so many, what more than this share of it has in common is as good as given.
MANY, COMMON = 8, 1 / 3
# Pairs that share less than this are not shown; nor are more pairs than so many.
LEAST, MOST_PAIRS = 0.5, 100

Piece = tuple[str, bool]
# Called with a step, how much of it is done, and how much there is.
Tell = Callable[[str, int, int], object]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SimilarPair:
    """Two students' code for one assignment, and how much of each is found in the other.

    `left` and `right` are the sources in pieces, with whether each is found in the other one.
    """

    assignment: str
    students: tuple[str, str]
    shares: tuple[float, float]
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]


def _source(files: Mapping[str, bytes], module: str) -> str:
    """The module, then the helpers; text that is none is as good as can be."""
    names = sorted(files, key=lambda name: (name != f"{module}.py", name))
    texts = [files[name].decode("utf-8-sig", "replace").replace("\r\n", "\n") for name in names]
    if len(names) == 1:
        return texts[0]
    return "\n".join(f"# {visible(name)}\n{text}" for name, text in zip(names, texts, strict=True))


def _pieces(source: str, slices: Numbers) -> tuple[Piece, ...]:
    """A source cut where what is shared begins and ends."""
    marked = np.zeros(len(source) + 1, dtype=bool)
    for start, end in np.asarray(slices, dtype=int).T if len(slices) and len(slices[0]) else ():
        marked[max(0, start) : min(len(source), end)] = True
    edges = [0, *(np.flatnonzero(np.diff(marked[: len(source)].astype(int))) + 1).tolist(), len(source)]
    return tuple((source[a:b], bool(marked[a])) for a, b in pairwise(edges) if a < b)


def pairs(
    sources: Mapping[str, str],
    handout: str,
    assignment: str,
    least: float = LEAST,
    tell: Tell = lambda *_: None,
) -> list[SimilarPair]:
    """The pairs of an assignment that share the most, the most alike first.

    Args:
        sources: by student.
        handout: the code that all were given.
        assignment: its name.
        least: the share of one's code that must be found in the other.
        tell: called with a step, how much of it is done, and how much there is.

    Raises:
        MissingExtraError: copydetect is not installed.
    """
    needs("copydetect", "similar")
    from copydetect import CodeFingerprint, compare_files

    def fingerprint(text: str, given: Numbers) -> CodeFingerprint:
        return CodeFingerprint("code.py", NOISE, WINDOW, given, True, "python", io.StringIO(text))

    nothing = np.array([], dtype=np.int64)
    given = set(fingerprint(handout, nothing).hashes)
    raw = {student: fingerprint(source, nothing) for student, source in sorted(sources.items()) if source.strip()}
    if len(raw) >= MANY:
        counts = Counter(value for found in raw.values() for value in set(found.hashes))
        given |= {value for value, count in counts.items() if count > max(2, COMMON * len(raw))}
    known = np.array(sorted(given), dtype=np.int64)
    prints = {student: fingerprint(sources[student], known) for student in raw}
    found = []
    candidates = list(_candidates({student: set(found.hashes) for student, found in prints.items()}))
    for count, (one, two) in enumerate(candidates, start=1):
        tell(f"comparing {assignment}", count, len(candidates))
        overlap, shares, slices = compare_files(prints[one], prints[two])
        if overlap and max(shares) >= least:
            left, right = (_pieces(sources[name], cut) for name, cut in zip((one, two), slices, strict=True))
            found.append(SimilarPair(assignment, (one, two), (float(shares[0]), float(shares[1])), left, right))
    return sorted(found, key=lambda pair: (-max(pair.shares), pair.students))[:MOST_PAIRS]


def _candidates(hashes: Mapping[str, set[int]]) -> Iterator[tuple[str, str]]:
    """The pairs that share anything at all."""
    by_hash: defaultdict[int, list[str]] = defaultdict(list)
    for student in sorted(hashes):
        for value in hashes[student]:
            by_hash[value].append(student)
    yield from sorted({pair for students in by_hash.values() for pair in combinations(students, 2)})


def similar(
    solutions: Path,
    entries: Sequence[Entry],
    names: Sequence[str] | None = None,
    least: float = LEAST,
    tell: Tell = lambda *_: None,
) -> list[SimilarPair]:
    """The pairs of a class, over its assignments.

    Args:
        solutions: the folder of the references; the handout is made from it.
        entries: the submissions.
        names: of the assignments; default all.
        least: as in `pairs`.
        tell: as in `pairs`.
    """
    found: list[SimilarPair] = []
    loaded = load_solutions(solutions, names)
    chosen = [solution.assignment for solution in loaded]
    asked = asked_of(solutions, loaded)
    works = {}
    for count, entry in enumerate(entries, start=1):
        works[entry.student] = read_submission(entry, asked).works
        tell("reading submissions", count, len(entries))
    for assignment in chosen:
        name, module = assignment.name, assignment.module
        sources = {student: _source(own[name].files, module) for student, own in works.items() if name in own}
        handout = stub((solutions / name / f"{module}.py").read_text(encoding="utf-8"), module).module
        found += pairs(sources, handout, name, least, tell)
    return sorted(found, key=lambda pair: (-max(pair.shares), pair.assignment, pair.students))[:MOST_PAIRS]
