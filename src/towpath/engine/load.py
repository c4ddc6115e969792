"""Makes the runs of a claim ready to advance: new ones from events, parked ones from their documents."""

from __future__ import annotations

from typing import Any

from towpath.engine.batch import global_name
from towpath.engine.claim import Claim, RunRow
from towpath.engine.context import Context
from towpath.engine.events import Answered, Event, Notice, Start
from towpath.engine.group import Group, Groups
from towpath.engine.journal import alert_times
from towpath.engine.lockstep import begin
from towpath.engine.plan import Plan
from towpath.engine.state import RunState, Token, decode, thaw
from towpath.expr import RunScope
from towpath.model.item import Item

Records = dict[str, dict[str, Any]]


def load(claim: Claim, plan: Plan, context: Context, groups: Groups | None = None) -> list[RunState]:
    """The runs of a claim in the order of their making; the records they are about are read in one statement.

    Where ``groups`` are asked for, new runs that can go together from the start are there and have no tokens.
    """
    now = context.clock.now()
    records = _records(claim, plan, context)
    runs: list[RunState] = []
    for event in claim.events:
        runs += _new_runs(plan, event, records, context, now, groups)
    answers: dict[str, list[Answered]] = {}
    for event in claim.events:
        for answer in event.answers:
            answers.setdefault(answer.run, []).append(answer)
    for row in sorted(claim.runs):
        if row[2] == "waiting":
            run = _parked_run(plan, row, records, context)
            _wake(run, plan, answers.get(run.id, ()), context, now)
            runs.append(run)
    return runs


def _records(claim: Claim, plan: Plan, context: Context) -> Records:
    wanted: dict[str, set[str]] = {}
    for event in claim.events:
        if event.object is not None:
            wanted.setdefault(event.object, set()).update(
                s.record for s in event.starts if s.record and s.items is None
            )
    for row in claim.runs:
        object_name = decode(row[10]).object or plan.object
        if row[3] is not None and object_name is not None:
            wanted.setdefault(object_name, set()).add(row[3])
    found: Records = {}
    for object_name, ids in wanted.items():
        found.update(context.records.get(object_name, sorted(ids)))
    return found


def _scope(plan: Plan, context: Context, run_id: str) -> RunScope:
    variables = {**context.variables, **plan.definition.settings.variables}
    workflow = {"id": plan.workflow, "name": plan.definition.name, "version": plan.number}
    scope = RunScope(id=run_id, workflow=workflow, vars=variables, env=context.environment)
    if plan.links and run_id:
        scope.links = context.links(run_id)
    return scope


def _new_runs(
    plan: Plan, event: Event, records: Records, context: Context, now: int, groups: Groups | None
) -> list[RunState]:
    """The runs that an event starts. What they have in common is made once."""
    settings, common = plan.definition.settings, _scope(plan, context, "")
    limit = None if settings.time_limit is None else plan.nodes[0].after(now, settings.time_limit) - now
    name, workflow = event.object, common.workflow
    own_id = None if name is None else global_name(name)
    runs, firsts = [], []
    for start in event.starts:
        variables = common.vars if not start.variables else {**common.vars, **start.variables}
        known = {own_id: start.record} if start.record and own_id else {}
        scope = RunScope(
            id=start.run, workflow=workflow, vars=variables, old=start.old, globals=known, env=context.environment
        )
        if plan.links:
            scope.links = context.links(start.run)
        run = RunState(start.run, scope, now, start.record, name, start.chain, start.parent, start.depth, limit)
        runs.append(run)
        firsts.append(_first_items(run, start, records))
    if groups is not None and event.trigger is not None and all(len(items) == 1 for items in firsts):
        group = Group(list(runs), [item for (item,) in firsts], now)
        groups.setdefault(plan.index[event.trigger], []).append(group)
        return runs
    for run, items, start in zip(runs, firsts, event.starts, strict=True):
        begin(run, plan, items, event.trigger or _door(plan, start), now)
    return runs


def _door(plan: Plan, start: Start) -> str | None:
    """Where a run begins whose start names no trigger: a sub-workflow at its own trigger, others at the manual one."""
    triggers = plan.triggers("workflow" if start.depth else "manual")
    return triggers[0].id if triggers else None


def _first_items(run: RunState, start: Start, records: Records) -> list[Item]:
    record = records.get(start.record) if start.record else None
    if start.items is not None:
        run.scope.record = record or (start.items[0] if start.record and start.items else None)
        files = start.files or [None] * len(start.items)
        items = [Item(json, binary=carried) for json, carried in zip(start.items, files, strict=True)]
    elif start.record is not None:
        run.scope.record = record or {"id": start.record}
        items = [Item(run.scope.record, record=record is not None)]
    else:
        items = [Item({})]
    return items


def _parked_run(plan: Plan, row: RunRow, records: Records, context: Context) -> RunState:
    run_id, _, _, record, _, started_at, _, epoch, parent, _, state = row
    run = RunState(run_id, _scope(plan, context, run_id), started_at, record)
    run.epoch = epoch
    run.parent = _parent(parent)
    now_record = records.get(record) if record else None
    thaw(run, state, plan.index, {edge: number for number, edge in enumerate(plan.edge_ids)}, now_record)
    return run


def _parent(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    run, _, key = text.partition(" ")
    return run, key


def _wake(run: RunState, plan: Plan, answers: list[Answered] | tuple[()], context: Context, now: int) -> None:
    """Hand in answers, let due tokens go, say which time limits are close."""
    for answer in answers:
        for token in run.parked:
            if token.number == answer.token and answer.key in token.pending:
                token.results[token.pending.pop(answer.key)] = answer.answer
    ready = [token for token in run.parked if _is_ready(token, now)]
    run.parked = [token for token in run.parked if token not in ready]
    for token in ready:
        token.pending = {}
    run.stack.extend(sorted(ready, key=lambda token: -token.number))
    _alert(run, plan, context, now)


def _is_ready(token: Token, now: int) -> bool:
    """Its time has come, or every answer it waited for is there."""
    if token.due is not None and token.due <= now:
        return True
    return token.started_at is not None and not token.pending and (token.due is None or bool(token.results))


def _alert(run: RunState, plan: Plan, context: Context, now: int) -> None:
    for mark, at in alert_times(run, plan):
        if at > now:
            continue
        run.alerted.append(mark)
        node = None if mark == "run" else mark.rpartition(":")[0]
        share = f"{plan.definition.settings.alert_at:.0%}"
        text = f"{share} of the time limit is used by " + (
            f"step {plan.nodes[plan.index[node]].name!r}" if node else "the run"
        )
        context.notices.append(Notice(now, "time_limit", text, plan.number, run.id, node, {"record": run.record}))
