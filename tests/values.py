"""What holds of every value of the engine: once made, it does not change."""

import dataclasses
from types import ModuleType

import msgspec


def changeable(module: ModuleType) -> list[str]:
    """The structs and dataclasses of a module whose values could be changed, or given fields that nobody declared."""
    found = []
    for name, kind in vars(module).items():
        if not isinstance(kind, type) or kind.__module__ != module.__name__:
            continue
        if issubclass(kind, msgspec.Struct):
            found += [] if kind.__struct_config__.frozen else [name]
        elif dataclasses.is_dataclass(kind):
            frozen = kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
            found += [] if frozen and "__slots__" in vars(kind) else [name]
    return found


def takes_more(value: msgspec.Struct) -> list[str]:
    """A field that nobody declared, where a struct that is read takes it without a word."""
    try:
        msgspec.convert({**msgspec.to_builtins(value), "undeclared": 1}, type(value))
    except msgspec.ValidationError:
        return []
    return ["undeclared"]
