"""Duplicates as a service: rules put in force, what was found, and merging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.crm.alarms import Alarm
from towpath.crm.duplicates.tables import PAIR, REDIRECT
from towpath.crm.merging import Merging
from towpath.engine.tables import RUN
from towpath.model.change import Cause
from towpath.model.condition import All, Any_, Comparison, Condition, Field
from towpath.model.duplicates import DuplicateRule
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction
from towpath.ports.time import SECOND
from towpath.service.enrolment_merging import move_enrolments
from towpath.service.platform import Platform
from towpath.service.published import note_merged
from towpath.service.record_files import move_files
from towpath.service.unit import Unit, in_unit

KIND = "merged"
LATE = 60 * SECOND  # longer than any transaction that was under way


def list_pairs(
    platform: Platform, *, object_name: str | None = None, record: str | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """Records that may be one, the surest first."""
    parts: list[Condition] = [] if object_name is None else [Comparison(Field("object"), "==", object_name)]
    if record is not None:
        parts.append(Any_(tuple(Comparison(Field(side), "==", record) for side in ("record", "other"))))

    def work(tx: Reader) -> list[dict[str, Any]]:
        order = (Order("score", descending=True), Order("record"))
        rows = tx.select(PAIR, PAIR.names, All(tuple(parts)), order=order, limit=limit)
        return [dict(zip(PAIR.names, row, strict=True)) for row in rows]

    return platform.store.read(work)


def merge(
    platform: Platform,
    object_name: str,
    ids: Sequence[str],
    *,
    rule: str | None = None,
    values: Mapping[str, Any] | None = None,
    keep: str | None = None,
    dry_run: bool = False,
    actor: str = "system",
) -> dict[str, Any]:
    """Make one record of several: the id ``keep`` stays, else the oldest; ``values`` are what somebody chose.

    With ``dry_run`` all of it is done and nothing is kept: the answer says what would happen.
    """

    def work(unit: Unit) -> dict[str, Any]:
        chosen = platform.published.definitions.get("duplicates", rule) if rule else _first(platform, object_name)
        merging = Merging(unit.tx, unit.records, platform.catalogue, Cause(actor), platform.clock.now())
        winner = merging.merge(object_name, ids, chosen, values or {}, keep)
        gone = merging.gone
        unit.merged.update((key, str(winner["id"])) for key in gone)
        note_merged(unit.tx, object_name)
        for key in gone:
            unit.records.set_alarm(KIND, f"{object_name}|{key}", platform.clock.now() + LATE)
        runs = _move_runs(unit.tx, winner["id"], gone)
        move_files(unit.tx, winner["id"], gone)
        move_enrolments(unit.tx, winner["id"], gone)
        done = {"record": winner, "merged": gone, "moved": merging.moved, "runs": runs}
        if dry_run:
            raise _DryRunError(done)
        return done

    try:
        return in_unit(platform, work)
    except _DryRunError as trial:
        return trial.done


class _DryRunError(Exception):
    """Rolls a trial back, and says what it came to."""

    def __init__(self, done: dict[str, Any]) -> None:
        super().__init__("a trial")
        self.done = done


def react(unit: Unit, alarms: Sequence[Alarm]) -> None:
    """Move children that were saved while their parent was being merged, by whom the merge could not see."""
    platform, objects = unit.platform, {}
    for alarm in alarms:
        object_name, _, gone = alarm.subject.partition("|")
        objects[gone] = object_name
    merging = Merging(unit.tx, unit.records, platform.catalogue, Cause("engine"), platform.clock.now())
    moved: dict[tuple[str, str], list[str]] = {}
    for gone, target in unit.tx.get(REDIRECT, list(objects), ("record", "target")):
        moved.setdefault((objects[gone], target), []).append(gone)
    for (object_name, target), losers in moved.items():
        merging.move_children(object_name, target, losers)
        move_files(unit.tx, target, losers)


def merged_into(platform: Platform, record: str) -> str | None:
    """The id of the record that one was merged into; None for one that was not."""
    rows = platform.store.read(lambda tx: tx.get(REDIRECT, [record], ("target",)))
    return rows[0][0] if rows else None


def _first(platform: Platform, object_name: str) -> DuplicateRule | None:
    rules = platform.saving.duplicates.get(object_name, ())
    return rules[0] if rules else None


def _move_runs(tx: Transaction, winner: str, gone: Sequence[str]) -> int:
    """Runs of the losers are runs of the winner, waiting ones too: they read the record when they wake. How many."""
    rows = tx.get(RUN, list(gone), ("id",), by="record")
    if rows:
        tx.update(RUN, ("record",), [(winner, run) for (run,) in rows])
    return len(rows)
