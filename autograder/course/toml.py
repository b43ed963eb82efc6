"""Reads a TOML file into a Struct, and tells a mistake in it by its file, its line and its key.

One way for `course.toml`, `rubric.toml`, `audit.toml` and `equivalent.toml`; each says what it holds by its Struct.
"""

import difflib
import enum
import re
import tomllib
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec

from autograder.course.toml_lines import Keys, line_of
from autograder.errors import SettingsError, WrongSettingError

CHANGES_RECORDS = False

T = TypeVar("T", bound=msgspec.Struct)

# What msgspec calls them, and what people do.
_KINDS = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "array": "a list",
    "object": "a table",
    "datetime": "a date with a time",
    "date": "a date without a time",
    "time": "a time of day",
}
_EXPECTED = re.compile(r"Expected `(?P<wanted>[^`]*)`, got `(?P<got>[^`]*)`")
_AT = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_BARE = re.compile(r"[\w-]+")


def read_checked(
    path: Path, kind: type[T], error: Callable[[str], SettingsError], also: Callable[[T], None] | None = None
) -> T:
    """The Struct in a TOML file.

    Args:
        path: of the file.
        kind: of the Struct; its `__post_init__` may raise WrongSettingError with keys below its own.
        error: makes the exception to raise, from a message that names file, line and key.
        also: what else must hold; raises WrongSettingError.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as wrong:
        raise error(f"{path} cannot be read: {wrong.strerror}") from wrong
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise error(f"{path}, line {line}: it is not UTF-8 text; save it as such") from wrong
    try:
        top = tomllib.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise error(f"{path}{_no_toml(wrong, text)}") from wrong
    try:
        found: T = checked(top, kind)
        if also is not None:
            also(found)
    except WrongSettingError as wrong:
        line_found = line_of(text, wrong.keys)
        where = f"{path}, line {line_found}" if line_found else str(path)
        raise error(f"{where}: {named(wrong.keys, top)} {wrong.told}") from wrong
    return found


def _no_toml(error: Exception, text: str) -> str:
    """What is wrong with a text that is no TOML, after its file's name."""
    told = _AT.sub("", str(error)) or type(error).__name__
    if told == "Cannot overwrite a value":
        told = "what is set here was set above already"
    place = _AT.search(str(error))
    if place is None:
        return f": it is no TOML: {told}"
    if place["line"] is None:
        return f", line {max(1, len(text.splitlines()))}: it is no TOML: {told[0].lower()}{told[1:]}, at its end"
    return f", line {place['line']}: it is no TOML: {told[0].lower()}{told[1:]}, at column {place['column']}"


def named(keys: Keys, top: object) -> str:
    """Where a value stands, for people: "late.penalty", or "answer '2', criterion 1: points".

    Args:
        keys: from the top of the file.
        top: what stands in the file; a table in a list is called by its `id`, where it has one.
    """
    items: list[str] = []
    names: list[str] = []
    value: Any = top
    for place, key in enumerate(keys):
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            value = None
        if isinstance(key, str):
            names.append(key if _BARE.fullmatch(key) else f'"{key}"')
            continue
        # One whose id itself is wrong is called by its place.
        own = value.get("id") if isinstance(value, dict) and keys[place + 1 :] != ("id",) else None
        items.append(f"{'.'.join(names)} {repr(own) if own and isinstance(own, str) else key + 1}")
        names = []
    last = ".".join(names)
    return f"{', '.join(items)}: {last}" if items and last else ", ".join(items) or last


def checked(value: Any, kind: Any, keys: Keys = ()) -> Any:
    """`value` as `kind`: a Struct, a list of such, a dict of text to such, or what msgspec converts.

    Raises:
        WrongSettingError: it is not.
    """
    if get_origin(kind) in (types.UnionType, typing.Union):
        structs = [part for part in get_args(kind) if isinstance(part, type) and issubclass(part, msgspec.Struct)]
        if len(structs) == 1 and isinstance(value, dict):
            kind = structs[0]
    if get_origin(kind) is dict and isinstance(value, dict):
        _, inner = get_args(kind)
        return {key: checked(item, inner, (*keys, key)) for key, item in value.items()}
    if get_origin(kind) is tuple and isinstance(value, list):
        inner, _ = get_args(kind)
        return tuple(checked(item, inner, (*keys, number)) for number, item in enumerate(value))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        return _struct(value, kind, keys)
    return _converted(value, kind, keys)


def _struct(value: Mapping[str, Any], kind: type[msgspec.Struct], keys: Keys) -> msgspec.Struct:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key in value:
        if key not in fields:
            raise WrongSettingError((*keys, key), f"is no setting; {_meant(key, fields)}")
    for name, field in fields.items():
        if field.required and name not in value:
            raise WrongSettingError((*keys, name), "is missing")
    found = {fields[key].name: checked(item, fields[key].type, (*keys, key)) for key, item in value.items()}
    try:
        return kind(**found)
    except WrongSettingError as error:
        raise WrongSettingError((*keys, *error.keys), error.told) from None


def _meant(given: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(given, known, n=1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"


def _converted(value: Any, kind: Any, keys: Keys) -> Any:
    options = None
    if get_origin(kind) is Literal:
        options = get_args(kind)
    elif isinstance(kind, type) and issubclass(kind, enum.Enum):
        options = tuple(member.value for member in kind)
    if options and isinstance(value, str) and value not in options:
        raise WrongSettingError(keys, f"is {value!r}; {_meant(value, options)}")
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        # The path that msgspec adds is told by us, with the names that it leaves out.
        told = str(error).partition(" - at ")[0]
        found = _EXPECTED.match(told)
        if found is None:
            raise WrongSettingError(keys, f"is wrong: {told[0].lower()}{told[1:]}") from None
        wanted = " or ".join(_KINDS.get(part, part) for part in found["wanted"].split(" | ") if part != "null")
        raise WrongSettingError(keys, f"must be {wanted}, not {_KINDS.get(found['got'], found['got'])}") from None
