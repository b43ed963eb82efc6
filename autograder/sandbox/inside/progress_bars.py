"""Stands in for tqdm: what its objects give back to the program, and nothing on the screen."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any


class TqdmBar:
    """Loops over what it is given and counts, as tqdm does; whatever else is called on it is passed over."""

    def __init__(self, iterable: Iterable[Any] | None = None, *_: Any, total: float | None = None, **more: Any) -> None:
        self.iterable = iterable
        self.total = total if total is not None or not hasattr(iterable, "__len__") else len(iterable)  # type: ignore[arg-type]
        self.n = more.get("initial", 0)
        self.desc = more.get("desc") or ""
        self.disable = False

    def __iter__(self) -> Iterator[Any]:
        for item in self.iterable or ():
            yield item
            self.n += 1

    def __len__(self) -> int:
        if hasattr(self.iterable, "__len__"):
            return len(self.iterable)  # type: ignore[arg-type]
        return int(self.total or 0)

    def __bool__(self) -> bool:
        return self.total is None or self.total > 0

    def __contains__(self, item: Any) -> bool:
        return item in (self.iterable or ())

    def __reversed__(self) -> Iterator[Any]:
        return iter(type(self)(reversed(self.iterable), total=self.total))  # type: ignore[call-overload]

    def __enter__(self) -> "TqdmBar":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def update(self, n: float = 1) -> bool:
        """Count further."""
        self.n += n
        return False

    def reset(self, total: float | None = None) -> None:
        """Count from 0."""
        self.n = 0
        self.total = self.total if total is None else total

    def set_description(self, desc: str | None = None, refresh: bool = True) -> None:
        """Keep the text."""
        self.desc = desc or ""

    @property
    def format_dict(self) -> dict[str, Any]:
        """What a bar would show."""
        return {"n": self.n, "total": self.total, "elapsed": 0.0, "rate": None, "prefix": self.desc}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing


def _nothing(*_: Any, **__: Any) -> None:
    return None


# Also on the class: tqdm.write("...").
for _name in ("write", "pandas", "external_write_mode", "get_lock", "set_lock"):
    setattr(TqdmBar, _name, staticmethod(_nothing))


def _range(*bounds: int, **more: Any) -> TqdmBar:
    return TqdmBar(range(*bounds), **more)


def _zip(*iterables: Iterable[Any], **_: Any) -> Iterator[Any]:
    return zip(*iterables, strict=False)


def _map(function: Callable[..., Any], *iterables: Iterable[Any], **_: Any) -> list[Any]:
    return list(map(function, *iterables))


def _lazy_map(function: Callable[..., Any], *iterables: Iterable[Any], **_: Any) -> Iterator[Any]:
    return map(function, *iterables)


def _enumerate(iterable: Iterable[Any], start: int = 0, **_: Any) -> Iterator[tuple[int, Any]]:
    return enumerate(iterable, start)


# By the names under which tqdm and its parts have them.
BARS: dict[str, Callable[..., Any]] = {
    "process_map": _map,
    "tenumerate": _enumerate,
    "thread_map": _map,
    "tmap": _lazy_map,
    "tnrange": _range,
    "tqdm": TqdmBar,
    "tqdm_notebook": TqdmBar,
    "track": TqdmBar,
    "trange": _range,
    "tzip": _zip,
}
