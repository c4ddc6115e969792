"""Takes up work: the next batch of one version, from intake and from runs whose time has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from towpath.engine.events import Event
from towpath.engine.journal import decode_event, encode_event
from towpath.engine.tables import EVENT, RUN
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction

_OLDEST_EVENT = (Order("rank"), Order("id"))
_OLDEST_DUE = (Order("due"),)
RunRow = tuple[Any, ...]
RUN_ROW = ("id", "version", "status", "record", "due", "started_at", "ended_at", "epoch", "parent", "error", "state")


@dataclass(slots=True)
class Claim:
    """Work for one version: events consumed whole, and rows of parked runs that are due or answered."""

    version: int
    events: list[Event] = field(default_factory=list)
    runs: list[RunRow] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)  # events of which a part stays in the intake

    @property
    def size(self) -> int:
        """How many runs are concerned."""
        return len(self.runs) + sum(len(event.starts) for event in self.events)

    @property
    def consumed(self) -> list[str]:
        """The events that nothing is left of."""
        return [event.id for event in self.events if event.id not in self.cut]


def claim(
    tx: Transaction, now: int, limit: int, held: Sequence[int] = (), full: Mapping[int, int] | None = None
) -> Claim | None:
    """The next batch of at most ``limit`` runs (one event is never split), or None when nothing is due.

    ``held`` versions are left alone (paused workflows); ``full`` says how many more runs a version may start.
    """
    version = _next_version(tx, now, held, full or {})
    if version is None:
        return None
    taken = Claim(version)
    room = 0 if version in held else min(limit, (full or {}).get(version, limit))
    records: set[str] = set()
    _claim_events(tx, taken, room, limit, records)
    left = limit - taken.size
    if left > 0:
        _claim_due(tx, taken, now, left, records)
    return taken


def _next_version(tx: Reader, now: int, held: Sequence[int], full: Mapping[int, int]) -> int | None:
    stuck = [*held, *(version for version, room in full.items() if room <= 0)]
    row = tx.select(
        EVENT, ("version",), _not_in(stuck, Comparison(Field("kind"), "==", "start")), order=_OLDEST_EVENT, limit=1
    )
    wake = tx.select(EVENT, ("version",), Comparison(Field("kind"), "==", "wake"), order=_OLDEST_EVENT, limit=1)
    if wake:
        return int(wake[0][0])
    due = tx.select(RUN, ("version", "due"), _due(now, None), order=_OLDEST_DUE, limit=1)
    if row:
        return int(row[0][0])
    return int(due[0][0]) if due else None


def _claim_events(tx: Transaction, taken: Claim, room: int, limit: int, records: set[str]) -> None:
    """Events in order until the batch is full, or until one concerns a record that the batch has already."""
    events = _next_events(tx, taken.version, room, limit)
    wanted = sorted({answer.run for event in events for answer in event.answers})
    parked = {row[0]: row for row in tx.get(RUN, wanted, RUN_ROW)} if wanted else {}
    chosen: dict[str, RunRow] = {}
    for event in events:
        woken = {answer.run: parked[answer.run] for answer in event.answers if answer.run in parked}
        mine = {start.record for start in event.starts if start.record}
        mine |= {row[3] for run, row in woken.items() if row[3] is not None and run not in chosen}
        if taken.events and mine & records:
            break
        records |= mine
        chosen.update(woken)
        taken.events.append(event)
    taken.runs = list(chosen.values())


def _next_events(tx: Transaction, version: int, room: int, limit: int) -> list[Event]:
    """The oldest events of a version that fit into one batch; only theirs are decoded."""
    of_version = Comparison(Field("version"), "==", version)
    total = 0
    fitting: list[str] = []
    for event_id, kind, count in tx.claim(EVENT, ("id", "kind", "count"), of_version, order=_OLDEST_EVENT, limit=limit):
        if kind == "start" and (room <= 0 or (fitting and total + count > room)):
            room = 0  # what came later does not overtake it
            continue
        if fitting and total + count > limit:
            break
        total += count
        fitting.append(event_id)
    found = {row[0]: row for row in tx.get(EVENT, fitting, ("id", "kind", "version", "payload"))} if fitting else {}
    return [decode_event(found[event_id]) for event_id in fitting]


def cut(tx: Transaction, claim: Claim, room: int) -> None:
    """Take only as many starts as there is room for; the rest of the event keeps its place in the intake."""
    for event in claim.events:
        rest = event.starts[room:]
        if rest:
            event.starts = event.starts[:room]
            claim.cut.append(event.id)
            tx.update(EVENT, ("count", "payload"), [(len(rest), encode_event(replace(event, starts=rest)), event.id)])
        room -= len(event.starts)


def _claim_due(tx: Transaction, taken: Claim, now: int, left: int, records: set[str]) -> None:
    have = {row[0] for row in taken.runs}
    rows = tx.claim(RUN, RUN_ROW, _due(now, taken.version), order=_OLDEST_DUE, limit=left)
    for row in rows:
        if row[0] in have or (row[3] is not None and row[3] in records):
            continue
        if row[3] is not None:
            records.add(row[3])
        taken.runs.append(row)


def next_due(tx: Reader) -> int | None:
    """When the next parked run is due, microseconds."""
    row = tx.select(RUN, ("due",), Comparison(Field("due"), "is_not_empty"), order=_OLDEST_DUE, limit=1)
    return int(row[0][0]) if row else None


def _due(now: int, version: int | None) -> Condition:
    due: tuple[Condition, ...] = (Comparison(Field("due"), "is_not_empty"), Comparison(Field("due"), "<=", now))
    return All((*due, Comparison(Field("version"), "==", version))) if version is not None else All(due)


def _not_in(versions: Sequence[int], condition: Condition) -> Condition:
    if not versions:
        return condition
    return All((condition, Comparison(Field("version"), "not_in", tuple(versions))))
