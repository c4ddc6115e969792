"""Workflows that run within the save of a record: what they may do, and running them there and then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from towpath.engine.check_nodes import CheckedNode
from towpath.engine.claim import Claim
from towpath.engine.context import Context
from towpath.engine.events import Event, Start
from towpath.engine.group import Groups
from towpath.engine.load import load
from towpath.engine.lockstep import Lockstep
from towpath.engine.node import Touch
from towpath.engine.triggers import RecordTrigger
from towpath.model.problem import Problem

SAVED = "saved"  # the global of a run in which the values wait that the save is to write
_ALLOWED: Mapping[str, frozenset[Touch]] = {
    "before_save": frozenset({"pure"}),
    "after_save": frozenset({"pure", "crm"}),
}
_HINTS = {
    "before_save": "Before the save only 'save.set', 'logic.stop' and nodes that compute are possible.",
    "after_save": "Within the save only CRM nodes and nodes that compute are possible; "
    "start at 'committed' for mail, calls, waits and people.",
}


def save_problems(nodes: Mapping[str, CheckedNode]) -> Iterator[Problem]:
    """Nodes that cannot run within a save, and nodes that only make sense there."""
    phases = {_phase(node) for node in nodes.values() if node.type is not None and node.type.trigger}
    within = sorted(phases & _ALLOWED.keys())
    if len(phases) > 1 and within:
        hint = "Make a workflow of its own for each moment."
        yield Problem("workflow.save_phases", "triggers of different moments of a save share the workflow", hint=hint)
    for node in nodes.values():
        if node.type is None:
            continue
        for phase in within:
            if not node.type.trigger and node.type.touches not in _ALLOWED[phase]:
                message = f"{node.spec.type} cannot run in a workflow of {phase}"
                yield Problem("workflow.not_in_save", message, node.id, "type", hint=_HINTS[phase])
        if node.spec.type == "save.set" and "before_save" not in phases:
            hint = "Use 'crm.update', or a record trigger with when: before_save."
            yield Problem("workflow.only_in_save", "nothing is being saved here", node.id, "type", hint=hint)


def _phase(node: CheckedNode) -> str:
    return str(getattr(node.params, "when", "committed"))


def run_within(trigger: RecordTrigger, starts: Sequence[Start], context: Context, *, bulk: bool) -> Lockstep:
    """Run these starts to their end, here and now, in one batch."""
    event = Event("", "start", trigger.plan.number, trigger.node, trigger.object, bulk, list(starts))
    plan, groups = trigger.plan, Groups()
    lockstep = Lockstep(plan, context, load(Claim(plan.number, [event]), plan, context, groups), groups=groups)
    lockstep.advance()
    return lockstep


def saved_values(globals_: Mapping[str, Any]) -> dict[str, Any]:
    """What ``save.set`` left for the save."""
    values: dict[str, Any] = globals_.get(SAVED, {})
    return values
