"""A group's answer is one answer: it is asked for once, and what is given counts for each member."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from autograder.gradebook.marks import Mark, MarkableCriterion
from autograder.gradebook.marks_file import Marks
from autograder.records.record import Result


def members_of(record: Result | None, records: Mapping[str, Result]) -> tuple[str, ...]:
    """The members of the group that handed this in, those with a record; empty where it is one person's own."""
    given = record.handed_in.members if record is not None and record.handed_in is not None else ()
    found = tuple(sorted(name for name in given if name in records))
    return found if len(found) > 1 else ()


def asked_once(
    found: Iterable[MarkableCriterion], records: Mapping[str, Result], marks: Marks
) -> list[MarkableCriterion]:
    """The criteria, each of a group's once, with the other members in `also`.

    Members whose answers differ, or who were given different marks before, are asked for one by one.

    Args:
        found: the criteria of every student, in order.
        records: by student.
        marks: given before.
    """
    kept: dict[object, MarkableCriterion] = {}
    for item in found:
        members = members_of(records.get(item.student), records)
        mark = marks.student(item.student).get(item.item)
        given = None if mark is None else (mark.points, mark.comment, mark.of)
        key: object = (item.item, item.of, members, given) if members else (item.item, item.student)
        first = kept.get(key)
        kept[key] = item if first is None else replace(first, also=(*first.also, item.student))
    return list(kept.values())


def for_each(mark: Mark, others: Sequence[str]) -> list[Mark]:
    """A mark, and the same for the others of the group."""
    return [mark, *(replace(mark, student=other) for other in others)]
