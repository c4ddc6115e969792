"""Two workers on one Postgres at the same moment: who was frozen writes nothing, and no change passes a run by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import towpath
from tests.acceptance.flows import workflow
from tests.postgres_server import database
from towpath.app import open_platform
from towpath.engine.tables import OUTBOX
from towpath.ports.effects import Answer, Effect
from towpath.ports.time import SECOND
from towpath.service import advance, records, runs
from towpath.service.drive import drive
from towpath.service.effect_leases import LEASE
from towpath.service.effects import send_due
from towpath.service.platform import Platform
from towpath.service.start import start
from towpath.service.watching import hold_watched
from towpath.service.workflows import publish
from towpath.storage.postgres import PostgresStore
from towpath.storage.system import VirtualClock


class Peer:
    """Answers calls, after whatever is to happen in the meantime."""

    def __init__(self, name: str, meanwhile: Any = lambda: None) -> None:
        self.name, self.meanwhile, self.keys = name, meanwhile, list[str]()

    def send(self, effects: list[Effect]) -> list[Answer]:
        self.keys += [effect.key for effect in effects]
        self.meanwhile()
        return [Answer(effect.id, "sent", {"status": 200, "by": self.name}) for effect in effects]


@pytest.fixture
def pair() -> Iterator[tuple[Platform, Platform]]:
    """Two processes, on one clock."""
    clock = VirtualClock()
    with database() as url:
        both = [open_platform(store=PostgresStore(url), clock=clock, senders={"http": Peer("?")}) for _ in range(2)]
        yield both[0], both[1]
        for platform in both:
            platform.close()


def calling(**params: Any) -> dict[str, Any]:
    call = {"url": "https://api.example.com", "method": "POST", "body": {}, **params}
    return workflow({"call": ("http.request", call)})


@pytest.mark.parametrize(("repeatable", "state"), [(True, "sent"), (False, "unknown")])
def test_who_is_frozen_for_three_leases_writes_nothing(
    pair: tuple[Platform, Platform], repeatable: bool, state: str
) -> None:
    first, second = pair
    mine, theirs = Peer("second"), None

    def meanwhile() -> None:  # the first is stopped with its call under way
        first.clock.advance(3 * LEASE / SECOND)  # type: ignore[attr-defined]
        while send_due(second):
            pass

    theirs = Peer("first", meanwhile)
    first.senders, second.senders = {"http": theirs}, {"http": mine}
    publish(first, towpath.load(calling(repeatable=repeatable)).definition)
    run = start(first, "Flow", [{}])
    drive(first)
    rows = first.store.read(lambda tx: tx.select(OUTBOX, ("state", "answer")))
    assert rows == [(state, {"status": 200, "by": "second"} if repeatable else None)]
    drive(second)
    assert runs.show_run(first, run).summary.status == ("completed" if repeatable else "waiting")
    assert set(mine.keys) == (set(theirs.keys) if repeatable else set())


def test_a_worker_leaves_calls_alone_that_another_has_under_way(pair: tuple[Platform, Platform]) -> None:
    first, second = pair
    others: list[int] = []
    first.senders = {"http": Peer("first", lambda: others.append(send_due(second)))}
    publish(first, towpath.load(calling()).definition)
    start(first, "Flow", [{}])
    drive(first)
    assert others == [0]


def test_a_change_at_the_moment_a_run_begins_to_wait_for_it_is_not_missed(
    pair: tuple[Platform, Platform], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pair
    wait = {"object": "Lead", "condition": 'status == "Qualified"', "timeout": "2 weeks"}
    nodes = {"lead": ("trigger.record", {"object": "Lead", "on": ["created"]}), "wait": ("wait.event", wait)}
    publish(first, towpath.load(workflow(nodes, "lead > wait")).definition)
    lead = records.create(first, "Lead", {"lastName": "A"})["id"]
    changes = iter([lambda: records.update(second, "Lead", lead, {"status": "Qualified"})])

    def hold(*arguments: Any) -> None:
        next(changes, lambda: None)()  # just before the run is parked
        hold_watched(*arguments)

    monkeypatch.setattr(advance, "hold_watched", hold)
    drive(first)
    drive(second)
    assert [run.status for run in runs.list_runs(first)] == ["completed"]
