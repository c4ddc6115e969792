"""100,000 leads taken in: duplicates, scores, validation, owners by capacity, entry conditions of ten workflows.

Each thousand is one transaction; what is measured is the saving, not the runs that it starts (one lead in a hundred).
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, timed
from towpath.app import open_platform
from towpath.model.change import Cause
from towpath.model.workflow import WorkflowDefinition
from towpath.service.definitions import apply_definition
from towpath.service.kinds import KINDS
from towpath.service.platform import Platform
from towpath.service.records import create
from towpath.service.unit import Unit, in_unit
from towpath.service.workflows import publish

RECORDS, BATCH, PEOPLE, WORKFLOWS = 100_000, 1_000, 20, 10
BAR = 10_000.0  # records a second
MOST_STATEMENTS = 40  # of one transaction, whatever its size
CITIES = ("Berlin", "Paris", "Rome", "Oslo", "Pune")
DEFINITIONS: dict[str, dict[str, Any]] = {
    "validation": {"name": "positive", "object": "Lead", "refuse": "score < 0 or annualRevenue < 0", "message": "No."},
    "duplicates": {
        "name": "Same lead", "object": "Lead", "match": [{"field": "email", "as": "mail", "weight": 100}], "limit": 80,
        "action": "report",
    },
    "scoring": {
        "name": "Fit", "object": "Lead", "field": "score",
        "groups": [{"name": "fit", "facts": [{"when": 'country == "DE"', "points": 30},
                                              {"when": "annualRevenue > 500000", "points": 40}]}],
    },
}  # fmt: skip


def lead(number: int) -> dict[str, Any]:
    """One lead like those of a form."""
    return {
        "lastName": f"L{number}", "company": f"C{number // 3}", "email": f"l{number}@example.com",
        "country": "DE" if number % 3 else "FR", "city": CITIES[number % 5], "annualRevenue": number % 1000 * 1000,
    }  # fmt: skip


def prepared(folder: Path, *, kinds: frozenset[str] = frozenset(KINDS)) -> Platform:
    """A store with people, a pool, rules and ten workflows that listen."""
    platform = open_platform(folder)
    people = [create(platform, "User", {"name": f"P{n}", "email": f"p{n}@example.com"})["id"] for n in range(PEOPLE)]
    members = [{"user": user, "capacity": RECORDS} for user in people]
    pool = {"kind": "assignment", "name": "inbound", "object": "Lead", "members": members, "strategy": "least_loaded"}
    apply_definition(platform, pool)
    for kind, document in DEFINITIONS.items():
        if kind in kinds:
            apply_definition(platform, document, kind=kind)
    for number in range(WORKFLOWS):
        publish(platform, listener(number))
    return platform


def listener(number: int) -> WorkflowDefinition:
    """A workflow that starts on one lead in a thousand."""
    condition = f'annualRevenue == {number * 1000 + 1000} and country != "IT" or rating == "Hot"'
    nodes = {
        "t": {"type": "trigger.record", "params": {"object": "Lead", "condition": condition}},
        "n": {"type": "logic.noop"},
    }
    edges = {"e": {"source": "t", "target": "n"}}
    settings = {"start_brake": 1_000_000}
    return WorkflowDefinition.model_validate(
        {"name": f"W{number}", "nodes": nodes, "edges": edges, "settings": settings}
    )


def take_in(unit: Unit, start: int, count: int) -> None:
    """Save leads and give them to people, in one transaction."""
    cause = Cause("benchmark", bulk=True)
    made = unit.records.create("Lead", [lead(n) for n in range(start, start + count)], cause)
    ids = [record["id"] for record in made if isinstance(record, dict)]
    unit.records.assign("inbound", ids, cause)


def lead_intake(folder: Path, records: int = RECORDS) -> list[Figure]:
    """Records a second with everything on, and how they were spread."""
    platform = prepared(folder)

    def work() -> None:
        for start in range(0, records, BATCH):
            in_unit(platform, lambda unit, start=start: take_in(unit, start, BATCH))

    began = time.process_time()
    seconds, _ = timed(work)
    busy = time.process_time() - began
    owners: Counter[str] = Counter()
    rows = platform.store.read(lambda tx: tx.count(platform.catalogue.plan("Lead").table, by=("ownerId",)))
    owners.update(dict(rows))
    platform.close()
    rate, whole = records / seconds, records == RECORDS
    bar = ">= 10,000" if whole else None
    return [
        Figure("leads taken in, 10 workflows listening", rate, "records/s", None, bar, rate >= BAR if whole else None),
        Figure("leads taken in, by processor time", records / busy, "records/s"),
        Figure("leads taken in: spread of owners", max(owners.values()) - min(owners.values()), "records"),
    ]


if __name__ == "__main__":
    for figure in lead_intake(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else RECORDS):
        print(f"{figure.name}: {figure.value:,.0f} {figure.unit}")
