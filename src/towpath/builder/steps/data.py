"""The steps data.*, typed. Made by scripts/make_builder.py: change the node types instead."""

# ruff: noqa: A002 - parameters keep the names that they have in definition files
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.builder.group import Group
from towpath.builder.step import Step


class DataSteps(Group):
    """The steps data.*, typed."""

    __slots__ = ()

    def set(
        self,
        *,
        fields: Mapping[str, Any] | str | None = None,
        keep: bool | Sequence[str] = True,
        drop: Sequence[str] = (),
        types: Mapping[str, Any] | None = None,
        dots: bool = True,
        globals: Mapping[str, Any] | str | None = None,
        name: str | None = None,
    ) -> Step:
        """Set fields: Gives every item new values; expressions may use its old ones.

        fields: New values by field name; address.city sets a field inside an object.
        keep: The item's other fields: true keeps all, false none, a list those that it names.
        drop: Fields to leave out.
        types: Kinds that the new values of fields are turned into: text, number, checkbox, list or object.
        dots: Dots in names lead into objects; otherwise they are part of the name.
        globals: Values kept for the rest of the run; every later node reads them as $global.name."""
        return self._step(
            "data.set",
            name,
            {"fields": fields, "keep": keep, "drop": drop, "types": types, "dots": dots, "globals": globals},
        )
