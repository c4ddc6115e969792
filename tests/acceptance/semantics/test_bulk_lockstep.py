"""Bulk lockstep, semantics.md §1.3: many records in few statements, a bad one alone, the same at every batch size."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.counting import CountingStore
from tests.acceptance.flows import World, workflow
from towpath.crm.feed import FEED
from towpath.model.change import Cause
from towpath.service.unit import in_unit

MANY = 10_000


def journey(**more: Any) -> dict[str, Any]:
    """Get the lead's campaign, decide by the lead's score, update it."""
    own = {"object": "Lead", "id": "{{ $record.id }}"}
    nodes = {
        "t": ("trigger.record", {"object": "Lead"}),
        "get": ("crm.get", {"object": "Campaign", "id": "{{ $json.campaignId }}"}),
        "decide": ("logic.switch", {"cases": [{"label": "hot", "when": "{{ $record.score > 80 }}"},
                                              {"label": "warm", "when": "{{ $record.score > 40 }}"}]}),
        "hot": ("crm.update", {**own, "fields": {"rating": "Hot"}}),
        "warm": ("crm.update", {**own, "fields": {"rating": "{{ $record.city }}"}}),
        **more,
    }  # fmt: skip
    return workflow(nodes, "t > get", "get > decide", "decide:hot > hot", "decide:warm > warm", start_brake=1_000_000)


def filled(size: int, leads: int, **platform: Any) -> tuple[World, list[str]]:
    """A world whose leads have just been made, a thousand in a transaction, the workflow not yet begun."""
    world = World(batch_size=size, next_size=size, **platform)
    campaign = world.create("Campaign", name="Spring")
    world.publish(journey())
    ids: list[str] = []
    for start in range(0, leads, 1000):
        rows = [row(n, campaign) for n in range(start, min(start + 1000, leads))]
        made = in_unit(
            world.platform, lambda unit, rows=rows: unit.records.create("Lead", rows, Cause("test", bulk=True))
        )
        ids += [record["id"] for record in made]
    return world, ids


def row(number: int, campaign: str) -> dict[str, Any]:
    city = "Nonsense" if number == 4321 else "Warm"  # what the warm ones are rated by; one is poison
    return {"lastName": str(number), "score": number % 101, "city": city, "campaignId": campaign}


def test_ten_thousand_records_take_at_most_three_statements_on_records_per_batch() -> None:
    world, _ = filled(1000, MANY)
    store = world.platform.store = CountingStore(world.platform.store)
    driven = world.go()
    assert driven.batches == MANY // 1000
    on_records = {key: n for key, n in store.statements.items() if key[1].startswith("crm_")}
    assert sum(on_records.values()) <= 3 * driven.batches, on_records
    assert store.total <= 25 * driven.batches, store.statements


def test_one_poison_record_fails_alone() -> None:
    world, ids = filled(1000, MANY)
    world.go()
    failed = world.runs(status="failed")
    assert [run.record for run in failed] == [ids[4321]]
    assert failed[0].error == "schema.unknown_choice"
    ratings = [lead["rating"] for lead in sorted(world.records("Lead"), key=lambda lead: int(lead["lastName"]))]
    expected = ["Hot" if n % 101 > 80 else "Warm" if n % 101 > 40 else None for n in range(MANY)]
    expected[4321] = None
    assert ratings == expected


def story(size: int) -> list[Any]:
    """Everything that can be compared of 300 runs at one batch size: paths, states, changes and their order."""
    world, ids = filled(size, 300)
    place = {record: number for number, record in enumerate(ids)}
    world.go()
    runs = [(place[run.record or ""], run.status, run.error, tuple(world.path(run.id))) for run in world.runs()]
    from_feed = world.platform.store.read(lambda tx: tx.select(FEED, ("record", "kind", "new")))
    changes = [(place[record], kind, new.get("rating")) for record, kind, new in from_feed if record in place]
    return [sorted(runs), sorted(changes, key=repr), [lead["rating"] for lead in world.records("Lead")]]


@pytest.mark.parametrize("size", [7, 1000])
def test_the_result_is_the_same_at_batch_size_one(size: int) -> None:
    assert story(size) == story(1)


def test_the_order_of_the_input_is_kept() -> None:
    world, ids = filled(1000, 2500)
    world.go()
    assert [run.record for run in world.runs()] == ids
