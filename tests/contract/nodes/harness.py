"""Runs a contract case and says what came of each run, in a form that can be compared."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.contract.nodes.world import World
from towpath.engine.batch import Visit
from towpath.ports.time import SECOND

DATA = Path(__file__).parent / "data"
_ID = re.compile(r"[0-9a-z]{26}")


@cache
def cases() -> tuple[dict[str, Any], ...]:
    """All cases of all data files, each with its node type."""
    found = []
    for path in sorted(DATA.glob("*.yaml")):
        node_type = path.stem.replace("_", ".", 1)
        for case in yaml.safe_load(path.read_text("utf-8")):
            found.append({"type": node_type, "file": path.stem, **case})
    return tuple(found)


def play(world: World, runs: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """What came of each run: after the first step, and after each wake of those that waited."""
    visits = [world.visit(number, run) for number, run in enumerate(runs)]
    world.execute(visits)
    stories = [[outcome(world, visit)] for visit in visits]
    for number in range(max((len(run.get("then", ())) for run in runs), default=0)):
        steps = [run["then"][number] if number < len(run.get("then", ())) else None for run in runs]
        _wake(world, visits, steps, stories)
    return stories


def _wake(world: World, visits: list[Visit], steps: list[Any], stories: list[list[dict[str, Any]]]) -> None:
    """The next step of all runs that have one; the clock moves by the longest ``after``."""
    world.clock.moment += max(step.get("after", 0) for step in steps if step) * SECOND
    world.refresh()
    for step in steps:
        for object_name, changes in (step or {}).get("change", {}).items():
            _change(world, object_name, world.named(changes))
    woken = [n for n, step in enumerate(steps) if step]
    for n in woken:
        visits[n] = world.wake(visits[n], steps[n].get("answers", []))
    world.execute([visits[n] for n in woken])
    for n in woken:
        stories[n].append(outcome(world, visits[n]))


def _change(world: World, object_name: str, changes: dict[str, Any]) -> None:
    from towpath.model.change import Cause

    for name, values in changes.items():
        record = world.ids[name]
        if values is None:
            world.records.delete(object_name, [record], Cause("test"))
        else:
            world.records.update(object_name, [record], [values], Cause("test"))


def outcome(world: World, visit: Visit) -> dict[str, Any]:
    """What a visit came to, in the words of the data files."""
    ports = world.node.outputs
    found: dict[str, Any] = {
        "gives": {ports[port].name: [item.json for item in items] for port, items in visit.outputs.items() if items},
        "pairs": {ports[port].name: [item.pair or 0 for item in items] for port, items in visit.outputs.items() if items},
        "fails": [error.code for _, error in visit.faults],
        "failed": sorted(index for index, _ in visit.faults),
        "effects": [{"kind": kind, "request": request} for _, kind, request, _ in visit.effects],
    }
    if visit.park is not None:
        found["waits"] = sorted(visit.park.keys)
        found["due"] = None if visit.park.due is None else (visit.park.due - world.clock.now()) / SECOND
    return found


def without_ids(value: Any) -> Any:
    """The value with all ids alike, to compare two worlds."""
    if isinstance(value, str):
        return _ID.sub("<id>", value)
    if isinstance(value, dict):
        return {without_ids(key): without_ids(part) for key, part in value.items()}
    return [without_ids(part) for part in value] if isinstance(value, list | tuple) else value


def agrees(expected: Any, found: Any) -> bool:
    """Whether the found value has all that is expected: objects may have more fields, ``*`` is anything in a text."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(k in found and agrees(v, found[k]) for k, v in expected.items())
    if isinstance(expected, list):
        same = isinstance(found, list) and len(expected) == len(found)
        return same and all(agrees(e, f) for e, f in zip(expected, found, strict=True))
    if isinstance(expected, str) and "*" in expected:
        return isinstance(found, str) and re.fullmatch(".*".join(map(re.escape, expected.split("*"))), found) is not None
    return type(expected) in (int, float) and type(found) in (int, float) and expected == found or (
        type(expected) is type(found) and expected == found
    )
