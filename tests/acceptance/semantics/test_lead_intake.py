"""Leads taken in with everything on: how many statements that takes does not depend on how many leads there are."""

from __future__ import annotations

from pathlib import Path

from benchmarks.lead_intake import MOST_STATEMENTS, PEOPLE, prepared, take_in
from tests.acceptance.counting import CountingStore
from towpath.service.records import find
from towpath.service.unit import in_unit


def test_a_transaction_takes_a_bounded_number_of_statements_whatever_its_size(tmp_path: Path) -> None:
    platform = prepared(tmp_path)
    in_unit(platform, lambda unit: take_in(unit, 0, 10))
    platform.store = store = CountingStore(platform.store)
    totals = []
    for start, count in ((10, 50), (60, 940)):
        store.statements.clear()
        in_unit(platform, lambda unit, start=start, count=count: take_in(unit, start, count))
        totals.append((store.total, dict(store.statements)))
    assert totals[1][0] <= MOST_STATEMENTS, totals[1][1]
    assert totals[1][0] <= totals[0][0] + 2, "what starts runs may add an event"
    owned = [lead["ownerId"] for lead in find(platform, "Lead", limit=None)]
    assert len(owned) == 1000
    assert sorted(map(owned.count, set(owned))) == [1000 // PEOPLE] * PEOPLE
    platform.close()
