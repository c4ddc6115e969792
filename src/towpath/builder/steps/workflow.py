"""The steps workflow.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from typing import Literal

from towpath.builder.group import Group
from towpath.builder.step import Step


class WorkflowSteps(Group):
    """The steps workflow.*, typed."""

    __slots__ = ()

    def run(
        self, workflow: str, *, items: Literal["all", "each"] = "all", wait: bool = True, name: str | None = None
    ) -> Step:
        """Run a workflow: Runs another workflow with the items. What its last step gives goes on; or the items go on
        at once.

        workflow: Id or name of the workflow; its published version runs.
        items: One run for all items, or one for each item.
        wait: Wait for the other workflow; its last items go on. Otherwise the items go on at once.
        """
        return self._step("workflow.run", name, {"workflow": workflow, "items": items, "wait": wait})
