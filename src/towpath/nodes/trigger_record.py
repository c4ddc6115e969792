"""Starts a run when a record is created, updated, deleted or brought back, and meets a condition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from pydantic import Field

from towpath.engine.conditions import WrittenCondition
from towpath.engine.fields import condition_problems, object_problems
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.params import NodeParams
from towpath.expr import compile_condition, compile_trigger
from towpath.model.change import Change, ChangeKind
from towpath.model.problem import Problem

_SAVED: frozenset[ChangeKind] = frozenset({"created", "updated", "undeleted"})


class Params(NodeParams):
    """Which changes of which records start runs."""

    object: str = Field(description="The kind of record, for example Lead.")
    on: Literal["saved"] | tuple[ChangeKind, ...] = Field(
        "saved", description="Which changes count; 'saved' is created, updated and undeleted."
    )
    condition: WrittenCondition | None = Field(
        None, description='What the record must meet, for example: score > 50 and status == "New".'
    )
    mode: Literal["edge", "level"] = Field(
        "edge",
        description="'edge' starts when the record begins to meet the condition, 'level' at every save that meets it.",
    )
    when: Literal["committed", "before_save", "after_save"] = Field(
        "committed",
        description="'committed' starts a run once the change is on disk; 'before_save' and 'after_save' run within "
        "the save: before it may set fields or refuse, after it may change records, and its failure undoes the save.",
    )
    order: int = Field(
        1000, ge=1, le=2000, description="Among workflows that one save sets off, lower numbers go first."
    )
    per_clause: bool = Field(
        False,
        description="Each part of an 'or' condition starts a run when it becomes true, also if another was.",
    )

    @property
    def kinds(self) -> frozenset[ChangeKind]:
        """The kinds of change that count."""
        return _SAVED if self.on == "saved" else frozenset(self.on)

    def fires(self) -> Callable[[Change], bool]:
        """The compiled test of one change of a kind that counts. An undeleted record counts as new."""
        if self.condition is None:
            return lambda change: True
        holds = compile_condition(self.condition.condition)
        enters = compile_trigger(self.condition.condition, self.mode, per_clause=self.per_clause)

        def test(change: Change) -> bool:
            if change.new is None:
                return change.old is not None and holds(change.old, None)
            return enters(change.new, change.old, change.kind != "updated")

        return test


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """The object and the fields of the condition must exist."""
    yield from object_problems(context, params.object)
    yield from condition_problems(context, params.object, params.condition, "condition")
    if params.when == "before_save" and not params.kinds <= _SAVED:
        hint = "Use 'after_save' or 'committed' for deletions."
        yield Problem("node.no_save", "nothing is saved when a record is deleted", context.node, "on", hint=hint)
    if not params.kinds:
        hint = "Name at least one of created, updated, deleted, undeleted."
        yield Problem("node.never_starts", "no kind of change starts this workflow", context.node, "on", hint=hint)


node_type = NodeType(
    name="trigger.record",
    title="Record changes",
    description="Starts a run for each record that is created, updated, deleted or undeleted and meets the condition, "
    "once the change is on disk or within the save. "
    "After a deletion the item is the record as it was.",
    icon="database",
    group="trigger",
    params=Params,
    trigger="record",
    check=check,
    examples=(
        {"object": "Lead", "on": ["created"]},
        {"object": "Deal", "condition": 'stage == "Won" and amount > 10000'},
        {"object": "Case", "on": ["updated"], "condition": {"changed": "priority"}, "mode": "level"},
        {"object": "Lead", "condition": "country == null", "when": "before_save", "order": 10},
    ),
)
