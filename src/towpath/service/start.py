"""Starts runs from outside: by hand, by webhook, by the API; and named events for runs that wait for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from towpath.engine.events import Event, Start
from towpath.engine.journal import write_events
from towpath.engine.plan import Plan
from towpath.errors import InputError, did_you_mean
from towpath.model.condition import Condition
from towpath.ports.store import Transaction
from towpath.service.braking import brake_starts
from towpath.service.enrolment import admit_event
from towpath.service.platform import Platform
from towpath.service.published import record_triggers
from towpath.service.unit import Unit, in_unit

BULK = 1000  # runs per event of a bulk start


def start(
    platform: Platform, workflow: str, items: Sequence[dict[str, Any]] | None = None, *, trigger: str | None = None
) -> str:
    """Start one run with these items at the workflow's manual trigger (or the named one); the run's id."""

    def work(tx: Transaction) -> str:
        platform.published.refresh(tx)
        plan = platform.published.plans[platform.published.find(workflow)]
        return start_run(platform, tx, plan, trigger_node(plan, trigger), items)

    return platform.store.write(work)


def start_run(
    platform: Platform, tx: Transaction, plan: Plan, node: str | None, items: Sequence[dict[str, Any]] | None
) -> str:
    """Put one start into the intake; the id that its run will have."""
    brake_starts(platform, tx, plan, node, 1)
    run_id = platform.ids.new()
    event = Event(
        platform.ids.new(),
        "start",
        plan.number,
        node,
        None,
        False,
        [Start(run_id, None, list(items) if items is not None else None)],
    )
    write_events(tx, [event], {plan.number: plan.definition.settings.priority}, platform.clock.now())
    return run_id


def enrol_existing(platform: Platform, workflow: str) -> int:
    """Take the records that meet the conditions of a workflow's record triggers now; how many were looked at.

    They enter by the workflow's enrolment rules, as if they had just begun to meet the condition.
    """
    published = platform.store.write(lambda tx: _plan(platform, tx, workflow))
    looked = 0
    for trigger in record_triggers(published):
        params: Any = published.nodes[published.index[trigger.node]].params
        where = None if params.condition is None else params.condition.condition
        looked += start_records(platform, workflow, trigger.object, where, by_hand=False)
    return looked


def _plan(platform: Platform, tx: Transaction, workflow: str) -> Plan:
    platform.published.refresh(tx)
    return platform.published.plans[platform.published.find(workflow)]


def start_records(
    platform: Platform, workflow: str, object_name: str, where: Condition | None = None, *, by_hand: bool = True
) -> int:
    """Enrol every record that matches, as a declared bulk job; how many."""

    def work(unit: Unit) -> int:
        plan = platform.published.plans[platform.published.find(workflow)]
        ids = [record["id"] for record in unit.records.find(object_name, where)]
        node = next((n.id for n in plan.triggers("record") if getattr(n.params, "object", None) == object_name), None)
        for at in range(0, len(ids), BULK):
            part = ids[at : at + BULK]
            starts = [
                Start(run, record, chain=((plan.workflow, record),))
                for run, record in zip(platform.ids.many(len(part)), part, strict=True)
            ]
            event = Event(platform.ids.new(), "start", plan.number, node, object_name, True, starts)
            admitted, said = admit_event(platform, unit.tx, event, by_hand=by_hand)
            unit.events += [admitted] if admitted is not None else []
            unit.notices += said
        return len(ids)

    return in_unit(platform, work)


def trigger_node(plan: Plan, name: str | None) -> str | None:
    """The node where a run by hand begins: the trigger named, else the manual one, else none in particular."""
    if name is None:
        manual = plan.triggers("manual")
        return manual[0].id if manual else None
    for node in plan.nodes:
        if name in (node.id, node.name) and not node.inputs:
            return node.id
    known = [node.id for node in plan.nodes if not node.inputs]
    raise InputError(
        f"{plan.definition.name!r} has no trigger {name!r}",
        code="workflow.unknown_trigger",
        hint=did_you_mean(name, known),
    )
