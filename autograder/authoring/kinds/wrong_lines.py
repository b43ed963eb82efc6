"""Derivations that prove nothing, made of one that does: what the audit tries of every derivation.

Each is an expression over the helpers of `WRONG_LINES`, which run in the sandbox beside the reference.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

WRONG_LINES = """
def line_off(right, number):
    lines = right()
    relation, step = lines[number]
    lines[number] = (relation, lambda *case: step(*case) + 1e6)  # more than any slack of an inequality
    return lines


def turned(right):
    other = {"<=": ">=", ">=": "<=", "=": "<="}
    return [(other.get(relation, relation), step) for relation, step in right()]


def strongest(right):
    relations = {relation for relation, _ in right()[1:]} - {"="}
    return relations.pop() if relations else "="


def ends_only(right):
    return [right()[0], (strongest(right), right()[-1][1])]


def ends_repeated(right, first, last):
    (_, left), (_, end) = right()[0], right()[-1]
    return [("start", left), *[("=", left)] * first, (strongest(right), end), *[("=", end)] * last]


def mixed(right, *shares):
    (_, left), (_, end) = right()[0], right()[-1]
    between = [lambda *case, s=s: (1.0 - s) * np.asarray(left(*case)) + s * np.asarray(end(*case)) for s in shares]
    return [("start", left), *[(strongest(right), line) for line in between], (strongest(right), end)]


def nothing_added(right, number):
    (_, left), (_, end) = right()[0], right()[-1]
    return [
        ("start", left),
        ("=", lambda *case: np.asarray(left(*case)) + number - number),
        ("=", lambda *case: np.asarray(left(*case)) * (1.0 + 1e-15)),
        (strongest(right), end),
    ]


def chosen(right, choose):
    (_, left), (_, end) = right()[0], right()[-1]
    return [
        ("start", left),
        (strongest(right), lambda *case: choose(np.asarray(left(*case)), np.asarray(end(*case)))),
        (strongest(right), end),
    ]


def at_once(right, first, last):
    # The links from one that uses an assumption to the next, made one: it uses both.
    lines = right()
    relations = {relation for relation, _ in lines[first : last + 1]} - {"="}
    return [*lines[:first], (relations.pop() if relations else "=", lines[last][1]), *lines[last + 1 :]]


def part(right, first, last):
    # What stands between: at its ends, what an assumption gives is put in silently.
    lines = right()[first:last]
    return [("start", lines[0][1]), *lines[1:]]


def remembered(right):
    # What each line once gave, on whatever case.
    kept = {}

    def once(number, step):
        def line(*case):
            if number not in kept:
                kept[number] = step(*case)
            return kept[number]

        return line

    return [(relation, once(number, step)) for number, (relation, step) in enumerate(right())]


def first_remembered(right):
    # The first line's values, taken up again by the lines between, in order.
    (_, left), (_, end) = right()[0], right()[-1]
    kept = []

    def first(*case):
        kept.append(left(*case))
        return kept[-1]

    def again():
        values = iter(kept)
        return lambda *case: next(values)

    return [("start", first), ("=", again()), ("=", again()), (strongest(right), end)]
"""


def wrong_lines(right: str, count: int, using: Sequence[tuple[int, frozenset[int]]]) -> Iterator[tuple[str, str]]:
    """Names and expressions of derivations that prove nothing.

    Args:
        right: an expression of one that proves its claim.
        count: its number of lines.
        using: its links that use an assumption, by number from 1, and which.
    """
    for at in range(count):
        yield f"line_{at + 1}_off", f"lambda: line_off({right}, {at})"
    yield "relations_turned", f"lambda: turned({right})"
    yield "ends_only", f"lambda: ends_only({right})"
    yield "ends_repeated", f"lambda: ends_repeated({right}, 2, 1)"
    yield "ends_mixed", f"lambda: mixed({right}, 0.5)"
    yield "ends_mixed_often", f"lambda: mixed({right}, 0.2, 0.4, 0.9)"
    yield "nothing_added", f"lambda: nothing_added({right}, 7.0)"
    yield "smaller_of_the_ends", f"lambda: chosen({right}, np.minimum)"
    yield "larger_of_the_ends", f"lambda: chosen({right}, np.maximum)"
    yield "lines_remembered", f"lambda: remembered({right})"
    yield "first_line_remembered", f"lambda: first_remembered({right})"
    for number, ((first, one), (last, other)) in enumerate(pairwise(using), start=1):
        if one != other:
            yield f"two_at_once_{number}", f"lambda: at_once({right}, {first}, {last})"
    yield "begins_late", f"lambda: part({right}, {using[0][0]}, {count})"
    yield "ends_early", f"lambda: part({right}, 0, {using[-1][0]})"
