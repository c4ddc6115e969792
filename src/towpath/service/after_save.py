"""Workflows that run after the write and before the commit: what they do stands or falls with the save."""

from __future__ import annotations

from towpath.engine.context import Context
from towpath.engine.journal import seal, write_batch
from towpath.engine.saving import run_within
from towpath.engine.triggers import MAX_CHAIN, RecordTrigger, chain_too_long, entering, start_of
from towpath.errors import SchemaError, Where
from towpath.model.change import Change
from towpath.service.open_unit import OpenUnit


def run_after_save(unit: OpenUnit, triggers: list[RecordTrigger]) -> None:
    """Run them in order over what the transaction has changed so far, until nothing new comes of it.

    A workflow runs once on a record of a transaction, and again only where ``reentry`` allows it to answer a change
    that its own chain made.
    """
    done: set[tuple[str, str, str]] = set()
    going_on = True
    while going_on:
        going_on = False
        for trigger in triggers:
            going_on |= _run(unit, trigger, done)


def _run(unit: OpenUnit, trigger: RecordTrigger, done: set[tuple[str, str, str]]) -> bool:
    changes = [c for c in unit.records.changes() if c.object == trigger.object]
    entered = entering(trigger, changes, unit.notices, unit.platform.clock.now())
    key = (trigger.plan.workflow, trigger.node)
    fresh = [change for change in entered if (*key, change.id) not in done]
    if not fresh:
        return False
    for change in fresh:
        if len(change.cause.chain) > MAX_CHAIN:
            raise chain_too_long(change)
    done.update((*key, change.id) for change in fresh)
    _advance(unit, trigger, fresh)
    return True


def _advance(unit: OpenUnit, trigger: RecordTrigger, changes: list[Change]) -> None:
    platform, plan = unit.platform, trigger.plan
    starts = [start_of(plan, change, platform.ids.new()) for change in changes]
    context = Context(
        platform.clock, platform.ids, platform.chance, unit.records,
        environment=platform.environment, sandbox=platform.sandbox, find_workflow=platform.published.number,
        mocks=platform.mocks, bulk=changes[0].cause.bulk,
    )  # fmt: skip
    lockstep = run_within(trigger, starts, context, bulk=changes[0].cause.bulk)
    for run in lockstep.runs:
        if run.status == "failed":
            error = run.error or {}
            where = Where(workflow=plan.definition.name, object=trigger.object, record=run.record,
                          node=error.get("where", {}).get("node"))  # fmt: skip
            raise SchemaError(
                f"the save is undone: {error.get('message')}", code="record.after_save_failed",
                hint=error.get("hint") or "Mend the workflow, or let it start at 'committed'.", where=where,
                params={"reason": error.get("message")},
            )  # fmt: skip
    unit.events += context.events
    write_batch(unit.tx, lockstep, seal(lockstep), ())
