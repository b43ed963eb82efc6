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
