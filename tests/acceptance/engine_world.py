"""Plays a workflow over some leads, with batches of any size and crashes anywhere, and tells what came of each lead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from towpath.app import open_platform
from towpath.engine.tables import EVENT, NOTICE, RUN, WAIT
from towpath.errors import WorkflowError
from towpath.model.change import Cause
from towpath.model.table import Order
from towpath.model.workflow import WorkflowDefinition
from towpath.ports.store import Reader, Store, Transaction
from towpath.service import records, runs
from towpath.service.drive import drive_until
from towpath.service.platform import Platform
from towpath.service.unit import in_unit
from towpath.service.workflows import publish
from towpath.storage.sqlite import SQLiteStore
from towpath.storage.system import VirtualClock

T = TypeVar("T")
Moment = Literal["before", "after", "no"]
Story = dict[str, Any]


class CrashError(BaseException):
    """The process is gone: no handler of the product sees this."""


class CrashingStore:
    """A store whose process dies, now and then, just before or just after a commit."""

    def __init__(self, store: Store, moments: Iterator[Moment]) -> None:
        self.store = store
        self.moments = moments
        self.armed = False

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Write, or crash."""
        moment = next(self.moments, "no") if self.armed else "no"

        def unit(tx: Transaction) -> T:
            result = work(tx)
            if moment == "before":
                raise CrashError
            return result

        result = self.store.write(unit)
        if moment == "after":
            raise CrashError
        return result

    def read(self, work: Callable[[Reader], T]) -> T:
        """Reading never crashes."""
        return self.store.read(work)

    def close(self) -> None:
        """Let go of it."""
        self.store.close()


@dataclass
class World:
    """One store on a virtual clock, and the process that works on it, which may be a new one after each crash."""

    store: CrashingStore
    clock: VirtualClock
    batch: int
    platform: Platform

    @classmethod
    def begin(cls, batch: int, moments: Sequence[Moment] = (), kept: Store | None = None) -> World:
        """An empty world, in memory or in a store that has nothing in it yet."""
        store, clock = CrashingStore(kept or SQLiteStore(":memory:"), iter(moments)), VirtualClock()
        return cls(store, clock, batch, _open(store, clock, batch))

    def create(self, scores: Sequence[int], *, together: bool) -> None:
        """Make the leads, in one transaction or each in its own; ``externalId`` says which is which."""
        rows = [{"lastName": "L", "externalId": f"{number}", "score": score} for number, score in enumerate(scores)]
        for part in [rows] if together else [[row] for row in rows]:
            in_unit(self.platform, lambda unit, part=part: unit.records.create("Lead", part, Cause("test")))  # type: ignore[misc]

    def finish(self) -> None:
        """Let time go on until nothing is left to do; after a crash a new process goes on."""
        self.store.armed = True
        platform: Platform | None = self.platform
        while platform is not None:
            try:
                drive_until(platform, self.clock, None)
                self.platform, platform = platform, None
            except CrashError:
                platform = self._reopened()
        self.store.armed = False

    def _reopened(self) -> Platform:
        """A new process on the same store, which may itself die while it opens that."""
        while True:
            with suppress(CrashError):
                return _open(self.store, self.clock, self.batch)

    def rows(self, table: Any, *columns: str) -> list[tuple[Any, ...]]:
        """Rows of a table of the engine, oldest first."""
        return self.platform.store.read(lambda tx: tx.select(table, columns or None, order=(Order(table.key[0]),)))

    def stories(self) -> dict[str, Story]:
        """What came of each lead: its record, and of each run the status, the error and the path."""
        leads = {lead["id"]: lead for lead in records.find(self.platform, "Lead", limit=None)}
        stories = {lead["externalId"]: {"record": _plain(lead), "runs": []} for lead in leads.values()}
        for summary in runs.list_runs(self.platform, limit=100_000)[::-1]:
            lead = leads[summary.record or ""]
            stories[lead["externalId"]]["runs"].append(self._run(summary.id))
        return stories

    def _run(self, run_id: str) -> Story:
        view = runs.show_run(self.platform, run_id)
        return {
            "status": view.summary.status,
            "error": view.summary.error,
            "path": [(s.node, s.attempt, s.outcome, s.port, s.items_in, s.items_out, s.error) for s in view.steps],
            "said": [notice["text"] for notice in view.notices],
        }

    def assert_at_rest(self) -> None:
        """Nothing is left in the intake, nothing waits, and every run has ended."""
        assert self.rows(EVENT, "id") == []
        assert self.rows(WAIT, "key") == []
        assert {status for (status,) in self.rows(RUN, "status")} <= {"completed", "failed"}

    def notices(self, kind: str) -> list[str]:
        """The texts of notices of one kind."""
        return [text for k, text in self.rows(NOTICE, "kind", "text") if k == kind]


def play(
    definition: WorkflowDefinition,
    scores: Sequence[int],
    batch: int,
    moments: Sequence[Moment] = (),
    store: Store | None = None,
) -> Any:
    """The stories of all leads, when a workflow has been played to its end."""
    world = World.begin(batch, moments, store)
    publish(world.platform, definition)
    world.create(scores, together=batch > 1)
    world.finish()
    world.assert_at_rest()
    stories = world.stories()
    world.platform.close()
    return stories


def accepted(document: dict[str, Any]) -> WorkflowDefinition | None:
    """The definition, unless the check finds that it makes no sense (a branch that nothing can reach, say)."""
    definition = WorkflowDefinition.model_validate(document)
    world = World.begin(1)
    try:
        publish(world.platform, definition)
    except WorkflowError:
        return None
    finally:
        world.platform.close()
    return definition


def _open(store: CrashingStore, clock: VirtualClock, batch: int) -> Platform:
    return open_platform(store=store, clock=clock, batch_size=batch, next_size=batch)


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "id" and value is not None}
