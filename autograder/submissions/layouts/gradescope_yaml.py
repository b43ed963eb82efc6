"""Reads the little that is needed of Gradescope's submission_metadata.yml.

The file is read event by event and nothing of it is built: names that stand for others are not expanded beyond single
values, so that no file costs more than its own length.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from autograder.submissions.layouts.layout import Person

_MOST_ANCHORS = 100_000


@dataclass
class ExportedMetadata:
    """What it says of one submission; `earlier` is the number of those before it, if that is said."""

    submitters: list[Person] = field(default_factory=list)
    created_at: str = ""
    earlier: int | None = None


class _UnexpectedError(Exception):
    """The file has another shape."""


class _Reader:
    """Walks the events of a YAML file."""

    def __init__(self, data: bytes) -> None:
        import yaml

        self._yaml = yaml
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._events: Iterator[Any] = yaml.parse(data, Loader=loader)
        self._anchors: dict[str, str] = {}

    def next(self) -> Any:
        event = next(self._events, None)
        if event is None:
            raise _UnexpectedError
        return event

    def is_mapping(self, event: Any) -> bool:
        return isinstance(event, self._yaml.MappingStartEvent)

    def is_sequence(self, event: Any) -> bool:
        return isinstance(event, self._yaml.SequenceStartEvent)

    def skip(self, event: Any) -> None:
        """Pass over the rest of a value that begins with `event`."""
        depth = 0
        while True:
            if isinstance(event, self._yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, self._yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, self._yaml.ScalarEvent):
                self._keep(event)
            if depth <= 0:
                return
            event = self.next()

    def _keep(self, event: Any) -> None:
        if event.anchor is not None and len(self._anchors) < _MOST_ANCHORS:
            self._anchors[event.anchor] = event.value

    def text(self, event: Any) -> str:
        """A single value; "" for anything else, which is passed over."""
        if isinstance(event, self._yaml.ScalarEvent):
            self._keep(event)
            nothing = event.style is None and event.value in ("", "~", "null")
            return "" if nothing else str(event.value)
        if isinstance(event, self._yaml.AliasEvent):
            return self._anchors.get(event.anchor or "", "")
        self.skip(event)
        return ""

    def pairs(self) -> Iterator[tuple[str, Any]]:
        """Each key of the mapping that has begun, without the colons of a symbol, and the first event of its value.

        The value must have been passed over before the next is asked for.
        """
        while True:
            event = self.next()
            if isinstance(event, self._yaml.MappingEndEvent):
                return
            yield self.text(event).strip().strip(":"), self.next()

    def values(self) -> Iterator[Any]:
        """The event that each value of the sequence that has begun begins with; as above."""
        while True:
            event = self.next()
            if isinstance(event, self._yaml.SequenceEndEvent):
                return
            yield event


def metadata_of(data: bytes) -> tuple[dict[str, ExportedMetadata], str]:
    """What the file says by folder, and the end of a sentence on what is wrong with it, if anything."""
    import yaml

    found: dict[str, ExportedMetadata] = {}
    try:
        reader = _Reader(data)
        # The stream begins, the document begins, the mapping begins.
        _, _, top = reader.next(), reader.next(), reader.next()
        if not reader.is_mapping(top):
            raise _UnexpectedError
        for name, start in reader.pairs():
            if reader.is_mapping(start):
                found[name] = _one(reader)
            else:
                reader.skip(start)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" from line {mark.line + 1:,} on" if mark is not None else ""
        return found, f"cannot be read{where}: it is not YAML"
    except _UnexpectedError:
        return found, "is not what Gradescope writes: it has no entry per submission"
    return found, ""


def _one(reader: _Reader) -> ExportedMetadata:
    one = ExportedMetadata()
    for key, start in reader.pairs():
        if key == "submitters" and reader.is_sequence(start):
            one.submitters = [_person(reader, value) for value in reader.values()]
        elif key == "history" and reader.is_sequence(start):
            one.earlier = 0
            for value in reader.values():
                one.earlier += 1
                reader.skip(value)
        elif key == "created_at":
            one.created_at = reader.text(start)
        else:
            reader.skip(start)
    return one


def _person(reader: _Reader, start: Any) -> Person:
    if not reader.is_mapping(start):
        return Person(reader.text(start))
    said = {key: reader.text(value) for key, value in reader.pairs()}
    return Person(said.get("name", ""), said.get("sid", ""), said.get("email", ""))
