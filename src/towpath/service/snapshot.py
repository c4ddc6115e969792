"""Reading without waiting for anybody who writes: one consistent state of the store, and its records.

Use cases that only look use this and not a unit of work, so that a long report holds up no webhook and no run.
It leaves what the writing side shares (the active workflows) alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

from towpath.crm.catalogue import load_catalogue, stored_generation
from towpath.crm.session import Session
from towpath.engine.tables import WORKFLOW
from towpath.errors import NotFoundError, did_you_mean
from towpath.ports.records import Records
from towpath.ports.store import Reader, Transaction
from towpath.service.platform import Platform

T = TypeVar("T")


class Snapshot:
    """One state of the store; ``records`` must only be read."""

    def __init__(self, platform: Platform, tx: Reader) -> None:
        catalogue = platform.catalogue
        if stored_generation(tx) != catalogue.generation:
            catalogue = load_catalogue(tx)
        self.tx = tx
        self.catalogue = catalogue
        # A session asks its transaction only to read, as long as nothing is written through it.
        self.records: Records = Session(cast("Transaction", tx), catalogue, platform.clock.now(), platform.ids)

    def active_version(self, workflow: str) -> int:
        """The active version of a workflow given by id or name; NotFoundError with the nearest name."""
        rows = self.tx.select(WORKFLOW, ("id", "name", "active"))
        for workflow_id, name, number in rows:
            if workflow in (workflow_id, name) and number is not None:
                return int(number)
        raise _unknown(workflow, rows)

    def workflow_id(self, workflow: str) -> str:
        """The id of a workflow given by id or name, on or off; NotFoundError with the nearest name."""
        rows = self.tx.select(WORKFLOW, ("id", "name"))
        for workflow_id, name in rows:
            if workflow in (workflow_id, name):
                return str(workflow_id)
        raise _unknown(workflow, rows)


def _unknown(workflow: str, rows: Iterable[Sequence[Any]]) -> NotFoundError:
    return NotFoundError(
        f"no published workflow is called {workflow!r}",
        code="workflow.unknown",
        hint=did_you_mean(workflow, [name for row in rows for name in row[:2]]),
    )


def in_snapshot(platform: Platform, work: Callable[[Snapshot], T]) -> T:
    """Run reading work on one state of the store."""
    return platform.store.read(lambda tx: work(Snapshot(platform, tx)))
