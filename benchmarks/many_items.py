"""One run with many items: set (3 expressions), filter, sort, summarise, limit; beside the same in plain Python."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.alone import alone, peak_memory, say
from benchmarks.figures import Figure
from towpath.app import open_platform
from towpath.model.workflow import WorkflowDefinition
from towpath.service.drive import drive
from towpath.service.runs import list_runs
from towpath.service.start import start
from towpath.service.workflows import publish

SIZES = (1_000, 10_000, 100_000)
MOST_SECONDS, MOST_MEMORY = 2.0, 300.0  # of the largest, seconds and MB
Json = dict[str, Any]

WORKFLOW = WorkflowDefinition.model_validate(
    {
        "name": "Revenue by city",
        "nodes": {
            "begin": {"type": "trigger.manual"},
            "set": {
                "type": "data.set",
                "params": {
                    "fields": {
                        "fullName": "{{ $json.firstName + ' ' + $json.lastName }}",
                        "total": "{{ $json.amount * 1.2 + 5 }}",
                        "hot": "{{ $json.score > 50 }}",
                    }
                },
            },
            "filter": {"type": "logic.filter", "params": {"condition": "score > 20"}},
            "sort": {
                "type": "data.sort",
                "params": {"by": [{"field": "total", "descending": True}, {"field": "fullName"}]},
            },
            "summarize": {
                "type": "data.summarize",
                "params": {
                    "group_by": ["city"],
                    "figures": [{"function": "count", "into": "deals"}, {"function": "sum", "field": "total"}],
                },
            },
            "limit": {"type": "data.limit", "params": {"max": 10}},
        },
        "edges": {
            "1": {"source": "begin", "target": "set"},
            "2": {"source": "set", "target": "filter"},
            "3": {"source": "filter", "target": "sort"},
            "4": {"source": "sort", "target": "summarize"},
            "5": {"source": "summarize", "target": "limit"},
        },
        "settings": {"limits": {"items": SIZES[-1]}},
    }
)


def many_items(folder: Path, sizes: tuple[int, ...] = SIZES) -> list[Figure]:
    """Two figures for each size, each size in a process of its own."""
    return [figure for size in sizes for figure in _one_size(folder / str(size), size)]


def _one_size(folder: Path, size: int) -> list[Figure]:
    said = alone("benchmarks.many_items", folder, size)
    took, busy, held = float(said["seconds"]), float(said["processor"]), float(said["memory"])
    note = f"{took:.2f} s, {busy:.2f} s of them processor; limit: plain Python"
    name, rate, bare = f"one run with {size:,} items", size / took, size / said["bare"]
    if size < SIZES[-1]:
        return [Figure(name, rate, "items/s", bare, note=note), Figure(f"{name}: memory", held, "MB")]
    bar = f">= {size / MOST_SECONDS:,.0f} items/s"
    return [
        Figure(name, rate, "items/s", bare, bar, took <= MOST_SECONDS, note),
        Figure(f"{name}: memory", held, "MB", None, f"<= {MOST_MEMORY:g} MB", held <= MOST_MEMORY),
    ]


def deals(count: int) -> list[Json]:
    """Items as a webhook or a file would bring them."""
    draw = random.Random(7)
    return [
        {
            "firstName": f"Ada{number % 1000}",
            "lastName": f"Lovelace {number}",
            "amount": draw.randrange(100_000) / 100,
            "score": draw.randrange(100),
            "city": f"City {number % 50}",
        }
        for number in range(count)
    ]


def plain(items: list[Json]) -> list[Json]:
    """What the workflow does, as a programmer would write it for these very items."""
    made = [
        {
            **item,
            "fullName": item["firstName"] + " " + item["lastName"],
            "total": item["amount"] * 1.2 + 5,
            "hot": item["score"] > 50,
        }
        for item in items
    ]
    made = [item for item in made if item["score"] > 20]
    made.sort(key=lambda item: item["fullName"].casefold())
    made.sort(key=lambda item: item["total"], reverse=True)
    groups: dict[str, list[float]] = {}
    for item in made:
        groups.setdefault(item["city"], []).append(item["total"])
    return [{"city": city, "deals": len(part), "sum_total": sum(part)} for city, part in groups.items()][:10]


def main(folder: Path, count: int) -> None:
    """Start one run with so many items, let it run, and tell how long it took from its durable start to its end."""
    platform = open_platform(folder)
    publish(platform, WORKFLOW)
    run = start(platform, WORKFLOW.name, deals(count))
    started, busy = time.perf_counter(), time.process_time()
    drive(platform)
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    assert [shown.status for shown in list_runs(platform)] == ["completed"], run
    platform.close()
    memory = peak_memory()
    items = deals(count)
    begin = time.perf_counter()
    plain(items)
    say(seconds=seconds, processor=busy, memory=memory, bare=time.perf_counter() - begin)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
