"""Runs that park to wait for a change of a record, while another worker may be changing it.

Each would see the state before the other: the run does not see the change, and the change finds nobody who waits. So
the run's batch takes the record. Who changes it at the same time is refused by the database, or refuses the batch, and
the one that begins again sees what the other has done.
"""

from __future__ import annotations

from collections.abc import Iterable

from towpath.engine.state import RunState
from towpath.errors import StorageError
from towpath.model.condition import Comparison, Field
from towpath.ports.store import Transaction
from towpath.service.platform import Platform

PREFIX = "change:"  # of the keys of such waits, then the object and the record


def hold_watched(platform: Platform, tx: Transaction, runs: Iterable[RunState]) -> None:
    """Take the records whose change parked runs wait for; StorageError ``storage.serialization`` to begin again."""
    for object_name, records in sorted(_watched(runs).items()):
        table, ids = platform.catalogue.plan(object_name).table, sorted(records)
        held = tx.claim(table, ("id",), Comparison(Field("id"), "in", tuple(ids)), limit=len(ids))
        if len(held) < len(tx.get(table, ids, ("id",))):
            raise StorageError(
                "A record that a run waits for is being changed.", code="storage.serialization", hint="Try again."
            )


def _watched(runs: Iterable[RunState]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for run in runs:
        for token in run.parked:
            for key in token.pending:
                if key.startswith(PREFIX):
                    object_name, _, record = key.removeprefix(PREFIX).partition(":")
                    found.setdefault(object_name, set()).add(record)
    return found
