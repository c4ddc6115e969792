"""A whole Towpath on a real SQLite file and a virtual clock, with what tests of timers want to ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from towpath.engine.tables import NOTICE, RUN, TIMER
from towpath.engine.timers import Timer
from towpath.model.change import Cause
from towpath.model.condition import Comparison, Field
from towpath.model.moment import to_text
from towpath.model.offset import to_microseconds
from towpath.model.table import Order
from towpath.model.workflow import WorkflowDefinition
from towpath.nodes import registry
from towpath.ports.store import Reader
from towpath.service.drive import Driven, drive, drive_until
from towpath.service.platform import Platform
from towpath.service.published import Published
from towpath.service.unit import in_unit
from towpath.service.workflows import PublishedVersion, publish
from towpath.storage.migrations import migrate
from towpath.storage.sqlite import SQLiteStore
from towpath.storage.system import SeededChance, Uuid7Ids, VirtualClock

START = "2026-01-01T00:00Z"


def us(text: str) -> int:
    """Microseconds of an ISO time."""
    return to_microseconds(datetime.fromisoformat(text))


def open_on(file: Path, clock: VirtualClock) -> Platform:
    """Open the file as one more process would."""
    store, node_types = SQLiteStore(file), registry()
    catalogue = migrate(store)
    return Platform(store, clock, Uuid7Ids(), SeededChance(), node_types, catalogue, Published(node_types), {})


class World:
    """One platform and shorthand for working with it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.clock = VirtualClock(us(START))
        self.platform = open_on(file, self.clock)

    def publish(
        self, trigger: dict[str, Any], *, name: str = "Renewal", zone: str = "UTC", kind: str = "date_field"
    ) -> PublishedVersion:
        """Publish a workflow of one trigger and a node that does nothing to speak of."""
        params = {"object": "Deal", "field": "closeDate", **trigger} if kind == "date_field" else trigger
        nodes = {
            "due": {"type": f"trigger.{kind}", "params": params},
            "log": {"type": "notify.log", "params": {"text": "started"}},
        }
        document = {
            "name": name, "nodes": nodes, "edges": {"e": {"source": "due", "target": "log"}},
            "settings": {"timezone": zone, "log": "all"},
        }  # fmt: skip
        return publish(self.platform, WorkflowDefinition.model_validate(document))

    def create(self, *dates: str | None, **values: Any) -> list[str]:
        """Create deals with these close dates in one transaction; their ids."""
        return self.create_rows(
            "Deal", *({"name": f"Deal {n}", "closeDate": day, **values} for n, day in enumerate(dates))
        )

    def create_rows(self, object_name: str, *rows: dict[str, Any]) -> list[str]:
        """Create records in one transaction; their ids."""
        made = in_unit(self.platform, lambda unit: unit.records.create(object_name, rows, Cause("test")))
        assert all(isinstance(record, dict) for record in made), made
        return [record["id"] for record in made]  # type: ignore[index]

    def update(self, *ids: str, **values: Any) -> None:
        """Change records in one transaction."""

        def work(unit: Any) -> None:
            for outcome in unit.records.update("Deal", ids, [values] * len(ids), Cause("test")):
                assert isinstance(outcome, dict), outcome

        in_unit(self.platform, work)

    def delete(self, *ids: str) -> None:
        """Delete records."""
        in_unit(self.platform, lambda unit: unit.records.delete("Deal", ids, Cause("test")))

    def undelete(self, *ids: str) -> None:
        """Bring records back."""
        in_unit(self.platform, lambda unit: unit.records.undelete("Deal", ids, Cause("test")))

    def timers(self, version: int = 1) -> dict[str, Timer]:
        """The timers of a version by record."""
        columns = ("record", "state", "due", "anchor", "generation", "reason")
        where = Comparison(Field("version"), "==", version)
        rows = self.read(TIMER, columns, where)
        return {record: Timer(*state) for record, *state in rows}

    def timer(self, record: str, version: int = 1) -> Timer:
        """One record's timer."""
        return self.timers(version)[record]

    def read(self, table: Any, columns: Sequence[str], where: Any = None) -> list[tuple[Any, ...]]:
        """Rows in order of their ids."""

        def work(tx: Reader) -> list[tuple[Any, ...]]:
            return tx.select(table, columns, where, order=(Order("id"),))

        return self.platform.store.read(work)

    def runs(self) -> list[tuple[str | None, int, str]]:
        """(record, version, start) of every run."""
        rows = self.read(RUN, ("record", "version", "started_at", "status"))
        assert all(status == "completed" for *_, status in rows), rows
        return sorted((record, version, to_text(at)) for record, version, at, _ in rows)

    def notices(self, kind: str) -> list[tuple[str, Any]]:
        """(text, data) of the notices of one kind."""
        return self.read(NOTICE, ("text", "data"), Comparison(Field("kind"), "==", kind))

    def until(self, text: str) -> Driven:
        """Let time go on while the system runs."""
        return drive_until(self.platform, self.clock, us(text))

    def down_until(self, text: str) -> Driven:
        """Let time go on while nothing runs, then come back as a new process."""
        self.platform.store.close()
        self.clock.set(us(text))
        self.platform = open_on(self.file, self.clock)
        return drive(self.platform)
