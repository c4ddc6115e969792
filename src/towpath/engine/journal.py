"""Writes what a batch did: runs, waits, outbox, log, events, notices; one statement per table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from towpath.engine.context import Context
from towpath.engine.events import BULK_RANK, Answered, Event, Notice, OutboxRow, Start
from towpath.engine.lockstep import Lockstep
from towpath.engine.plan import Plan
from towpath.engine.replies import write_replies
from towpath.engine.state import RunState, freeze
from towpath.engine.tables import EVENT, NOTICE, OUTBOX, RUN, SEGMENT, STEP_DATA, WAIT
from towpath.errors import LimitError
from towpath.ports.store import Transaction
from towpath.ports.time import SECOND, Ids

_encoder = msgspec.msgpack.Encoder()


class Sealed(NamedTuple):
    """The id of a batch's log segment and the documents of its runs, in order."""

    segment: str
    states: list[bytes]


def seal(lockstep: Lockstep) -> Sealed:
    """Make the documents before anybody is told how the runs ended: one that is too large makes its run fail."""
    segment = lockstep.context.ids.new()
    if not lockstep.segment.empty:
        for run in lockstep.runs:
            run.segments.append(segment)
    return Sealed(segment, [_freeze(run, lockstep.plan, lockstep.context) for run in lockstep.runs])


def write_batch(tx: Transaction, lockstep: Lockstep, sealed: Sealed, consumed: Sequence[str]) -> None:
    """Everything a batch did, and the events it consumed taken away, in the transaction of its CRM changes."""
    context, plan, runs = lockstep.context, lockstep.plan, lockstep.runs
    _write_segment(tx, lockstep, sealed.segment)
    states = sealed.states
    fresh = [_row(run, plan, state) for run, state in zip(runs, states, strict=True) if run.new]
    known = [_changed(run, plan, state) for run, state in zip(runs, states, strict=True) if not run.new]
    if fresh:
        tx.insert(RUN, RUN.names, fresh)
    if known:
        tx.update(RUN, ("status", "due", "ended_at", "epoch", "error", "state"), known)
    _write_waits(tx, runs)
    write_outbox(tx, context.outbox)
    if lockstep.settler.data:
        tx.insert(STEP_DATA, STEP_DATA.names, lockstep.settler.data)
    write_notices(tx, context.notices, context.ids, plan.number)
    write_replies(tx, context.replies, context.clock.now())
    if consumed:
        tx.delete(EVENT, consumed)


def write_outbox(tx: Transaction, rows: Sequence[OutboxRow]) -> None:
    """Intended effects, due at once."""
    if rows:
        tx.insert(OUTBOX, _OUTBOX_COLUMNS, [row.values() for row in rows])


_OUTBOX_COLUMNS = (
    "id",
    "run",
    "node",
    "token",
    "item",
    "version",
    "kind",
    "request",
    "key",
    "keyed",
    "state",
    "attempt",
    "due",
    "created_at",
    "changed_at",
)


def write_events(tx: Transaction, events: Sequence[Event], priorities: dict[int, int], now: int) -> None:
    """Durable intake: one row per event."""
    if events:
        tx.insert(
            EVENT,
            EVENT.names,
            [
                (
                    e.id,
                    e.kind,
                    e.version,
                    len(e.starts) + len(e.answers),
                    -priorities.get(e.version, 0) + (BULK_RANK if e.bulk else 0),
                    now,
                    encode_event(e),
                )
                for e in events
            ],
        )


def write_notices(tx: Transaction, notices: Sequence[Notice], ids: Ids, version: int | None = None) -> None:
    """Alerts and log lines."""
    if notices:
        rows = [
            (i, n.at, n.kind, n.text, n.version or version, n.run, n.node, n.data or None)
            for i, n in zip(ids.many(len(notices)), notices, strict=True)
        ]
        tx.insert(NOTICE, NOTICE.names, rows)


def decode_event(row: Sequence[Any]) -> Event:
    """An event from its row ``(id, kind, version, payload)``."""
    event_id, kind, version, payload = row
    body = _body.decode(payload)
    return Event(event_id, kind, version, body.trigger, body.object, body.bulk, body.starts, body.answers)


class _Body(msgspec.Struct, array_like=True):
    trigger: str | None
    object: str | None
    bulk: bool
    starts: list[Start]
    answers: list[Answered]


def encode_event(event: Event) -> bytes:
    """The payload of an event's row."""
    return _encoder.encode(_Body(event.trigger, event.object, event.bulk, event.starts, event.answers))


def _row(run: RunState, plan: Plan, state: bytes) -> tuple[Any, ...]:
    parent = f"{run.parent[0]} {run.parent[1]}" if run.parent else None
    due = next_due(run, plan) if run.status == "waiting" else None
    error = _code(run) if run.error else None
    return (run.id, plan.number, run.status, run.record, due, run.started_at, run.ended_at, 0, parent, error, state)


def _changed(run: RunState, plan: Plan, state: bytes) -> tuple[Any, ...]:
    return (run.status, next_due(run, plan), run.ended_at, run.epoch + 1, _code(run), state, run.id)


def _code(run: RunState) -> str | None:
    return run.error["code"] if run.error and run.status == "failed" else None


def next_due(run: RunState, plan: Plan) -> int | None:
    """When the run next has something to do by itself: a timer, a retry, an alert on a time limit."""
    if run.status != "waiting":
        return None
    times = [token.due for token in run.parked if token.due is not None]
    times += [at for _, at in alert_times(run, plan)]
    if plan.definition.settings.limits.wall_time:
        times.append(run.started_at + round(plan.definition.settings.limits.wall_time * SECOND))
    return min(times, default=None)


def alert_times(run: RunState, plan: Plan) -> list[tuple[str, int]]:
    """The alerts still to come as (mark, time): ``run`` for the run's limit, ``node:number`` for a parked step's."""
    share = plan.definition.settings.alert_at
    due: list[tuple[str, int]] = []
    if run.limit is not None and "run" not in run.alerted:
        due.append(("run", run.started_at + round(run.limit * share)))
    for token in run.parked:
        limit = plan.nodes[token.node].spec.time_limit
        mark = f"{plan.nodes[token.node].id}:{token.number}"
        if limit and token.pending and mark not in run.alerted:
            whole = plan.nodes[token.node].after(token.enabled_at, limit) - token.enabled_at
            due.append((mark, token.enabled_at + round(whole * share)))
    return due


def _freeze(run: RunState, plan: Plan, context: Context) -> bytes:
    limit = plan.definition.settings.limits.bytes
    try:
        return freeze(run, plan.node_ids, plan.edge_ids, limit)
    except LimitError as error:
        run.status, run.error = "failed", error.located(workflow=plan.definition.name).as_json()
        run.ended_at = context.clock.now()
        run.parked, run.joins, run.loops = [], {}, {}
        run.scope.globals, run.scope.nodes = {}, {}
        context.outbox[:] = [row for row in context.outbox if row.run != run.id]
        return freeze(run, plan.node_ids, plan.edge_ids, limit)


def _write_segment(tx: Transaction, lockstep: Lockstep, segment_id: str) -> None:
    segment = lockstep.segment
    if segment.empty:
        return
    first, last = segment.span
    tx.insert(
        SEGMENT, SEGMENT.names, [(segment_id, lockstep.plan.number, first, last, len(lockstep.runs), segment.encode())]
    )


def _write_waits(tx: Transaction, runs: Sequence[RunState]) -> None:
    made: list[tuple[str, str, int]] = []
    ended: list[tuple[str, str, int]] = []
    for run in runs:
        if not run.parked and not run.waits_before:
            continue
        active = run.status in ("waiting", "failed")  # a failed run may be retried
        after = (
            {(key, token.number) for token in run.parked for key in token.pending if not key.startswith("effect:")}
            if active
            else set()
        )
        made += [(key, run.id, number) for key, number in after - run.waits_before]
        ended += [(key, run.id, number) for key, number in run.waits_before - after]
    if made:
        tx.insert(WAIT, WAIT.names, sorted(made))
    if ended:
        tx.delete(WAIT, sorted(ended))


_body = msgspec.msgpack.Decoder(_Body)
