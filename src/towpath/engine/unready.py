"""Ends as failed what cannot even be made ready to advance: no plan can be made of its version, say.

No plan and no node type is asked, for one of them is what broke. Each run keeps what it came with, so that it can be
retried when that is mended.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from towpath.engine.claim import Claim, RunRow
from towpath.engine.events import Event, Start
from towpath.engine.late_answers import keep_answers
from towpath.engine.state import FrozenRun, FrozenToken, decode, encode_state
from towpath.engine.tables import EVENT, RUN
from towpath.errors import TowpathError
from towpath.ports.store import Transaction

_CHANGED = ("status", "due", "ended_at", "epoch", "error", "state")


def fail_unready(tx: Transaction, claim: Claim, error: TowpathError, now: int) -> list[RunRow]:
    """All runs of a claim fail with this error, and its events are taken away; the rows of those that failed now."""
    fresh = [_new(claim.version, event, start, error, now) for event in claim.events for start in event.starts]
    known = [_failed(row, error, now) for row in claim.runs if row[2] == "waiting"]
    tx.insert(RUN, RUN.names, fresh)
    tx.update(RUN, _CHANGED, _changes(known))
    earlier = [row for row in claim.runs if row[2] != "waiting"]
    keep_answers(tx, Claim(claim.version, claim.events, [*earlier, *known]))
    tx.delete(EVENT, claim.consumed)
    return [*known, *fresh]


def _changes(rows: Sequence[RunRow]) -> Iterable[tuple[Any, ...]]:
    places = [RUN.names.index(name) for name in (*_CHANGED, "id")]
    return [tuple(row[place] for place in places) for row in rows]


def _failed(row: RunRow, error: TowpathError, now: int) -> RunRow:
    run, version, _, record, _, started_at, _, epoch, parent, _, state = row
    document = decode(state)
    document.error = error.as_json()
    state = encode_state(document)
    return (run, version, "failed", record, None, started_at, now, epoch + 1, parent, error.code, state)


def _new(version: int, event: Event, start: Start, error: TowpathError, now: int) -> RunRow:
    parent = " ".join(start.parent) if start.parent else None
    state = encode_state(_document(event, start, error, now))
    return (start.run, version, "failed", start.record, None, now, now, 0, parent, error.code, state)


def _document(event: Event, start: Start, error: TowpathError, now: int) -> FrozenRun:
    """The run before its first step. Where it begins is known only if the event names a trigger: the plan would say."""
    document = FrozenRun(
        old=start.old, chain=list(start.chain), depth=start.depth, object=event.object, error=error.as_json()
    )
    if event.trigger is not None:
        document.tokens = [FrozenToken(event.trigger, 0, [_items(start)], now)]
    return document


def _items(start: Start) -> list[Any]:
    """What it came with, as parked runs keep it; 0 stands for the record."""
    if start.items is None:
        return [0] if start.record is not None else [{}]
    if start.files is None:
        return list(start.items)
    return [[json, None, carried] for json, carried in zip(start.items, start.files, strict=True)]
