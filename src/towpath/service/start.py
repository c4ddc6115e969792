"""Starts runs from outside: by hand, by webhook, by the API; and named events for runs that wait for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from towpath.engine.events import Event, Start
from towpath.engine.journal import write_events
from towpath.engine.plan import Plan
from towpath.errors import InputError, did_you_mean
from towpath.ports.store import Transaction
from towpath.service.braking import brake_starts
from towpath.service.platform import Platform


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
