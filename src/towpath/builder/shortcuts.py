"""The steps that most workflows begin and branch with, under short names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from towpath.builder.step import Part, Step, side_by_side
from towpath.builder.steps import Steps
from towpath.builder.switch import Switch

Condition: TypeAlias = str | Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Shortcuts(Steps):
    """Triggers by what happens, and conditions."""

    def on_create(self, object: str, condition: Condition | None = None, *, name: str | None = None) -> Step:
        """Start a run for each record that is created and meets the condition."""
        return self.trigger.record(object, on=["created"], condition=condition, name=name)

    def on_update(self, object: str, condition: Condition | None = None, *, name: str | None = None) -> Step:
        """Start a run for each record that begins to meet the condition by an update."""
        return self.trigger.record(object, on=["updated"], condition=condition, name=name)

    def on_save(self, object: str, condition: Condition | None = None, *, name: str | None = None) -> Step:
        """Start a run for each record that is created or updated and begins to meet the condition."""
        return self.trigger.record(object, condition=condition, name=name)

    def on_delete(self, object: str, condition: Condition | None = None, *, name: str | None = None) -> Step:
        """Start a run for each record that is deleted; the item is the record as it was."""
        return self.trigger.record(object, on=["deleted"], condition=condition, name=name)

    def on_schedule(self, cron: str, *, name: str | None = None) -> Step:
        """Start a run at the times of a cron expression, in the workflow's time zone."""
        return self.trigger.schedule(cron, name=name)

    def on_webhook(self, path: str, *, name: str | None = None) -> Step:
        """Start a run for each POST to the path."""
        return self.trigger.webhook(path, name=name)

    def when(self, condition: Condition, *, name: str | None = None) -> Step:
        """Ask whether the item meets the condition: ``.then(...)`` and ``.otherwise(...)`` say what follows."""
        return Step(self._drawing, self._drawing.add("logic.if", {"condition": condition}, name))

    def switch(self, value: str | None = None, *, name: str | None = None) -> Switch:
        """Choose among several ways by a value, or by conditions: ``.case(label, ...)`` and ``.otherwise(...)``."""
        return Switch(self._drawing, self._drawing.add("logic.switch", {"value": value, "cases": []}, name))

    def for_each(self, *steps: Part, size: int = 1, name: str | None = None) -> Step:
        """Send the items through the steps, ``size`` at a time; what follows gets them when all are through."""
        loop = Step(self._drawing, self._drawing.add("logic.loop", {"size": size}, name))
        for node_id, port in loop.case("loop", *steps).ends:
            self._drawing.connect(node_id, port, loop.id)
        return Step(self._drawing, loop.id).case("done")

    def join(self, *parts: Part, name: str | None = None) -> Part:
        """Parts that all get the same items, and a node that waits for all of them and puts their items together."""
        beside = side_by_side(parts)
        inputs = max(2, len(beside.ends))
        return beside >> Step(self._drawing, self._drawing.add("logic.merge", {"inputs": inputs}, name))

    def parallel(self, *parts: Part) -> Part:
        """Parts that all get the same items; what follows runs for each of them, see ``join`` for once."""
        return side_by_side(parts)
