"""The steps save.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towpath.builder.group import Group
from towpath.builder.step import Step


class SaveSteps(Group):
    """The steps save.*, typed."""

    __slots__ = ()

    def set(self, fields: Mapping[str, Any] | str, *, name: str | None = None) -> Step:
        """Set fields while saving: Sets fields of the record that is being saved, in the same write. Only in workflows
        whose trigger runs before the save.

        fields: New values by field name; they are checked like any others.
        """
        return self._step("save.set", name, {"fields": fields})
