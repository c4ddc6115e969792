"""A whole Towpath in memory on a virtual clock, and the sentences that tests of workflows are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import towpath
from towpath.app import open_platform
from towpath.engine.tables import EVENT, OUTBOX, WAIT
from towpath.model.offset import to_microseconds
from towpath.ports.effects import Sender
from towpath.ports.time import SECOND
from towpath.service import notices, records, runs, start, tasks, workflows
from towpath.service.drive import Driven, drive, drive_until
from towpath.service.runs import RunSummary, RunView
from towpath.service.workflows import PublishedVersion
from towpath.storage.system import VirtualClock

Json = dict[str, Any]
MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = "2026-01-01T00:00Z"


def workflow(nodes: Mapping[str, Any], *edges: str, name: str = "Flow", **settings: Any) -> Json:
    """A workflow document: nodes as ``{"id": ("type", params, more)}``, edges as ``"a:port > b:port"``."""
    return {
        "name": name,
        "settings": settings,
        "nodes": {node_id: _node(spec) for node_id, spec in nodes.items()},
        "edges": {text: _edge(text) for text in edges},
    }


def _node(spec: Any) -> Json:
    if isinstance(spec, str):
        return {"type": spec}
    kind, params, *more = spec
    return {"type": kind, "params": params, **(more[0] if more else {})}


def _edge(text: str) -> Json:
    ends, _, limit = text.partition(" limit ")
    source, target = (end.strip().partition(":") for end in ends.split(">"))
    edge: Json = {"source": source[0], "target": target[0]}
    if source[2]:
        edge["source_port"] = source[2]
    if target[2]:
        edge["target_port"] = target[2]
    return {**edge, "limit": int(limit)} if limit else edge


class World:
    """One platform, in memory unless it is given a folder; times are seconds from its beginning on."""

    def __init__(self, senders: Mapping[str, Sender] | None = None, *, folder: Path | None = None, **more: Any) -> None:
        self.clock = VirtualClock(to_microseconds(datetime.fromisoformat(START)))
        self.begin = self.clock.now()
        self.platform = open_platform(folder, memory=folder is None, clock=self.clock, senders=senders, **more)

    def publish(self, source: Any) -> PublishedVersion:
        """Publish a workflow: a document, YAML, or one made with the builder."""
        return workflows.publish(self.platform, towpath.load(source).definition)

    def start(self, items: Sequence[Json] | None = None, name: str = "Flow") -> str:
        """Start one run by hand and let everything happen that is due now; the run's id."""
        run = start.start(self.platform, name, items)
        self.go()
        return run

    def create(self, object_name: str, **values: Any) -> str:
        """Create a record; its id. What it starts waits for ``go``."""
        return str(records.create(self.platform, object_name, values)["id"])

    def update(self, object_name: str, record: str, **values: Any) -> None:
        """Change a record."""
        records.update(self.platform, object_name, record, values)

    def record(self, object_name: str, record: str) -> Json:
        """A record as it is now."""
        found = records.get(self.platform, object_name, record)
        assert found is not None
        return found

    def records(self, object_name: str) -> list[Json]:
        """All records of a kind."""
        return records.find(self.platform, object_name, limit=None)

    def go(self) -> Driven:
        """Everything that is due now."""
        return drive(self.platform, max_batches=5_000)

    def until(self, seconds: float) -> None:
        """Let time go on to so many seconds after the beginning."""
        drive_until(self.platform, self.clock, self.begin + round(seconds * SECOND))

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return (self.clock.now() - self.begin) / SECOND

    def runs(self, name: str | None = None, status: str | None = None) -> list[RunSummary]:
        """Runs in the order in which they were made."""
        return runs.list_runs(self.platform, workflow=name, status=status, limit=10_000)[::-1]

    def show(self, run: str) -> RunView:
        """One run with its steps."""
        return runs.show_run(self.platform, run)

    def status(self, run: str) -> str:
        """What has become of a run."""
        return self.show(run).summary.status

    def path(self, run: str) -> list[str]:
        """The nodes that a run went through, in order."""
        return [step.node for step in self.show(run).steps]

    def steps(self, run: str, node: str) -> list[tuple[str, int, str | None]]:
        """(outcome, attempt, port) of every execution of a node."""
        return [(step.outcome, step.attempt, step.port) for step in self.show(run).steps if step.node == node]

    def tasks(self, status: str | None = None) -> list[Json]:
        """Tasks for people."""
        return tasks.list_tasks(self.platform, status=status)

    def said(self, kind: str = "log", run: str | None = None) -> list[str]:
        """The texts of notices of one kind, oldest first."""
        return [notice.text for notice in notices.list_notices(self.platform, kind=kind, run=run, limit=10_000)][::-1]

    def outbox(self) -> list[Json]:
        """State and request of every effect, oldest first."""
        names = ("id", "state", "key", "attempt", "request")
        rows = self.platform.store.read(lambda tx: tx.select(OUTBOX, names))
        return sorted((dict(zip(names, row, strict=True)) for row in rows), key=lambda row: row["id"])

    def waits(self) -> int:
        """How many rows of waits there are."""
        return self.platform.store.read(lambda tx: int(tx.count(WAIT)[0][0]))

    def intake(self) -> int:
        """How many rows of intake there are."""
        return self.platform.store.read(lambda tx: int(tx.count(EVENT)[0][0]))
