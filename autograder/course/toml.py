"""Reads a TOML file into a Struct, and tells a mistake in it by its line and its key."""

import difflib
import re
import tomllib
import types
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from autograder.errors import WrongSettingError

CHANGES_RECORDS = False

T = TypeVar("T", bound=msgspec.Struct)
Keys = tuple[str, ...]

_TABLE = re.compile(r"^\s*\[\[?(?P<keys>[^\[\]]+)\]\]?\s*(#.*)?$")
_SETTING = re.compile(r"""^\s*(?P<keys>(?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_KEY = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")


def _keys(text: str) -> Keys:
    return tuple(next(part for part in found if part) for found in _KEY.findall(text) if any(found))


def line_of(text: str, keys: Keys) -> int | None:
    """The line on which a key stands, or the nearest table or key around it that stands on a line of its own.

    >>> line_of('title = "x"\\n[late]\\npenalty = 2\\n', ("late", "penalty"))
    3
    """
    found: dict[Keys, int] = {}
    table: Keys = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            table = _keys(header["keys"])
            found.setdefault(table, number)
        elif setting := _SETTING.match(line):
            found.setdefault((*table, *_keys(setting["keys"])), number)
    for length in range(len(keys), 0, -1):
        if keys[:length] in found:
            return found[keys[:length]]
    return None


def _convert(value: Any, kind: Any, keys: Keys) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        # The path that msgspec adds is told by us, with the names that it leaves out.
        told = str(error).partition(" - at ")[0]
        raise WrongSettingError(keys, f"is wrong: {told[0].lower()}{told[1:]}") from None


def checked(value: Any, kind: Any, keys: Keys = ()) -> Any:
    """`value` as `kind`: a Struct, a dict of text to such, or what msgspec converts.

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
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return _convert(value, kind, keys)
    if not isinstance(value, dict):
        raise WrongSettingError(keys, f"must be a table, not {value!r}")
    return _struct(value, kind, keys)


def _struct(value: Mapping[str, Any], kind: type[msgspec.Struct], keys: Keys) -> msgspec.Struct:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key in value:
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1)
            meant = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(fields)}"
            raise WrongSettingError((*keys, key), f"is no setting{meant}")
    for name, field in fields.items():
        if field.required and name not in value:
            raise WrongSettingError((*keys, name), "is missing")
    found = {fields[key].name: checked(item, fields[key].type, (*keys, key)) for key, item in value.items()}
    try:
        return kind(**found)
    except WrongSettingError as error:
        raise WrongSettingError((*keys, *error.keys), error.told) from None
    except ValueError as error:
        raise WrongSettingError(keys, str(error)) from None


def read_checked(
    path: Path, kind: type[T], error: Callable[[str], Exception], also: Callable[[T], None] | None = None
) -> T:
    """The Struct in a TOML file.

    Args:
        path: of the file.
        kind: of the Struct; its `__post_init__` may raise WrongSettingError with keys below its own.
        error: makes the exception to raise, from a message that names file, line and key.
        also: what else must hold; raises WrongSettingError.
    """
    try:
        text = path.read_text(encoding="utf-8")
        found: T = checked(tomllib.loads(text), kind)
        if also is not None:
            also(found)
    except WrongSettingError as wrong:
        line = line_of(text, wrong.keys)
        where = f"{path}, line {line}" if line else str(path)
        raise error(f"{where}: {'.'.join(wrong.keys)} {wrong.told}") from wrong
    except tomllib.TOMLDecodeError as wrong:
        raise error(f"{path}: it is no TOML: {wrong}") from wrong
    except (OSError, UnicodeDecodeError) as wrong:
        raise error(f"{path}: {wrong}") from wrong
    return found
