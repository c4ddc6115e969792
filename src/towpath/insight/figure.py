"""The base of all results: frozen values with one JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A result that can be shown and sent."""

    def as_json(self) -> dict[str, Json]:
        """Every field by name, nested figures as nested objects, unrounded."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(value: object) -> Json:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Figure):
        return value.as_json()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    raise TypeError(f"{type(value).__name__} has no JSON form in a figure")
