"""Fields of items by name or path: ``amount``, or ``address.city`` for a field inside an object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class Missing:
    """The type of MISSING: what a path gives where there is nothing, which is not the same as null."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()


def look(json: Mapping[str, Any], path: str) -> Any:
    """The value at a path, or MISSING; a field whose own name has dots is found before a path is walked."""
    if path in json:
        return json[path]
    if "." not in path:
        return MISSING
    value: Any = json
    for part in path.split("."):
        value = _step(value, part)
        if value is MISSING:
            return MISSING
    return value


def read(json: Mapping[str, Any], path: str) -> Any:
    """The value at a path; None where there is nothing."""
    value = look(json, path)
    return None if value is MISSING else value


def column(rows: Iterable[dict[str, Any]], path: str) -> list[Any]:
    """What each object has at the path, as ``read`` finds it."""
    return [read(row, path) for row in rows] if "." in path else [row.get(path) for row in rows]


def write(json: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of the object with the value at a path; objects on the way are copied or made, the rest is shared."""
    if path in json or "." not in path:
        return {**json, path: value}
    first, _, rest = path.partition(".")
    inner = json.get(first)
    return {**json, first: write(inner if isinstance(inner, dict) else {}, rest, value)}


def without(json: dict[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """A copy of the object without what is at these paths."""
    for path in paths:
        json = _without(json, path)
    return json


def only(json: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """A new object with nothing but what is at these paths."""
    kept: dict[str, Any] = {}
    for path in paths:
        value = look(json, path)
        if value is not MISSING:
            kept = write(kept, path, value)
    return kept


def last_name(path: str) -> str:
    """The name of the field that a path leads to: ``city`` of ``address.city``."""
    return path.rpartition(".")[2]


def _step(value: Any, part: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(part, MISSING)
    if isinstance(value, list) and part.isascii() and part.isdigit() and int(part) < len(value):
        return value[int(part)]
    return MISSING


def _without(json: dict[str, Any], path: str) -> dict[str, Any]:
    if path in json:
        return {name: value for name, value in json.items() if name != path}
    first, dot, rest = path.partition(".")
    inner = json.get(first)
    return {**json, first: _without(inner, rest)} if dot and isinstance(inner, dict) else json
