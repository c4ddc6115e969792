"""Takes up work: the next batch of one version, from intake and from runs whose time has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from towpath.engine.events import BULK_BAND, Event
from towpath.engine.journal import decode_event, encode_event
from towpath.engine.tables import EVENT, RUN
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction

_BANDS: dict[bool | None, Condition] = {
    None: All(()),
    True: Comparison(Field("rank"), ">=", BULK_BAND),
    False: Comparison(Field("rank"), "<", BULK_BAND),
}
_OLDEST_EVENT = (Order("rank"), Order("id"))
_OLDEST_DUE = (Order("due"),)
RunRow = tuple[Any, ...]  # the columns of RUN


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
    tx: Transaction,
    now: int,
    limit: int,
    held: Sequence[int] = (),
    full: Mapping[int, int] | None = None,
    bulk: bool | None = None,
) -> Claim | None:
    """The next batch of at most ``limit`` runs (one event is never split), or None when nothing is due.

    ``held`` versions are left alone (paused workflows); ``full`` says how many more runs a version may start.
    ``bulk`` takes only what bulk jobs have started, or only the rest; by default the rest goes first. What another
    worker has taken is passed over.
    """
    band = _BANDS[bulk]
    version = _next_version(tx, now, held, full or {}, band) if bulk is not True else None
    if bulk is True:
        version = _first_event(tx, "start", _stuck(held, full or {}), band)
    if version is None:
        return None
    taken = Claim(version)
    room = 0 if version in held else min(limit, (full or {}).get(version, limit))
    records: set[str] = set()
    _claim_events(tx, taken, room, limit, records, band)
    left = limit - taken.size
    if left > 0 and bulk is not True:
        _claim_due(tx, taken, now, left, records)
    return taken if taken.events or taken.runs else None


def _next_version(
    tx: Transaction, now: int, held: Sequence[int], full: Mapping[int, int], band: Condition
) -> int | None:
    """Whose turn it is: answers first, then starts, then runs whose time has come."""
    wake = _first_event(tx, "wake", (), band)
    if wake is not None:
        return wake
    start = _first_event(tx, "start", _stuck(held, full), band)
    if start is not None:
        return start
    due = tx.claim(RUN, ("version", "due"), _due(now, None), order=_OLDEST_DUE, limit=1)
    return int(due[0][0]) if due else None


def _stuck(held: Sequence[int], full: Mapping[int, int]) -> list[int]:
    return [*held, *(version for version, room in full.items() if room <= 0)]


def _first_event(tx: Transaction, kind: str, stuck: Sequence[int], band: Condition) -> int | None:
    """The version of the oldest event that nobody else has taken."""
    where = _not_in(stuck, All((Comparison(Field("kind"), "==", kind), band)))
    rows = tx.claim(EVENT, ("version",), where, order=_OLDEST_EVENT, limit=1)
    return int(rows[0][0]) if rows else None


def _claim_events(tx: Transaction, taken: Claim, room: int, limit: int, records: set[str], band: Condition) -> None:
    """Events in order until the batch is full, or until one concerns a record that the batch has already."""
    events = _next_events(tx, taken.version, room, limit, band)
    wanted = sorted({answer.run for event in events for answer in event.answers})
    parked = {row[0]: row for row in tx.get(RUN, wanted)} if wanted else {}
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


def _next_events(tx: Transaction, version: int, room: int, limit: int, band: Condition) -> list[Event]:
    """The oldest events of a version that fit into one batch; only theirs are decoded.

    As many are claimed as the oldest suggest, for claimed ones are out of the reach of other workers.
    """
    of_version = All((Comparison(Field("version"), "==", version), band))
    columns = ("id", "kind", "count")
    oldest = tx.select(EVENT, columns, of_version, order=_OLDEST_EVENT, limit=limit)
    places = _fitting(oldest, room, limit)
    if not places:
        return []
    claimed = tx.claim(EVENT, columns, of_version, order=_OLDEST_EVENT, limit=places[-1] + 1)
    fitting = [claimed[place][0] for place in _fitting(claimed, room, limit)]
    found = {row[0]: row for row in tx.get(EVENT, fitting, ("id", "kind", "version", "payload"))} if fitting else {}
    return [decode_event(found[event_id]) for event_id in fitting]


def _fitting(rows: Sequence[tuple[str, str, int]], room: int, limit: int) -> list[int]:
    """The places of the events (id, kind, how many runs) that one batch takes; a start is not overtaken by another."""
    total = 0
    places: list[int] = []
    for place, (_, kind, count) in enumerate(rows):
        if kind == "start" and (room <= 0 or (places and total + count > room)):
            room = 0
            continue
        if places and total + count > limit:
            break
        total += count
        places.append(place)
    return places


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
    rows = tx.claim(RUN, RUN.names, _due(now, taken.version), order=_OLDEST_DUE, limit=left)
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
