"""Runs a contract case and says what came of each run, in a form that can be compared.

A data file is named after its node type and lists cases. A case has ``params`` and ``runs``; each run has its
``items`` (or ``inputs``, a list of items per input port), may be about a ``record`` of an ``object``, and says
what it ``gives`` per output port, the codes with which items of it fail (``fails``, at the positions ``failed``),
the keys it ``waits`` for and in how many seconds it is ``due``, the ``effects`` it asks for. ``then`` lists what
happens next: ``after`` so many seconds, with these ``answers`` per item, it gives, fails or waits again. ``records``
are there before (``as`` names one; ``@name`` is its id), ``pools`` by name too, ``afterwards`` is what the store then
has. Of objects only the fields named are compared; ``*`` in a text is anything. What a run does not mention must not
happen. ``files`` are those that its items carry, ``gives_files`` those of what leaves, with ``name`` and ``text`` or
``base64``.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.contract.nodes.world import World
from towpath.engine.batch import Visit
from towpath.model.change import Cause
from towpath.model.item import Pair
from towpath.ports.time import SECOND

DATA = Path(__file__).parent / "data"
_ID = re.compile(r"[0-9a-z]{26}|(?<=:)run\d+")


@cache
def cases() -> tuple[dict[str, Any], ...]:
    """All cases of all data files, each with its node type."""
    found = []
    for path in sorted(DATA.glob("*.yaml")):
        node_type = path.stem.replace("_", ".", 1)
        listed = yaml.safe_load(path.read_text("utf-8"))
        found += [{"type": node_type, "file": path.stem, **case} for case in listed]
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
    world.clock.advance(max(step.get("after", 0) for step in steps if step))
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
    for name, values in changes.items():
        record = world.ids[name]
        if values is None:
            world.records.delete(object_name, [record], Cause("test"))
        else:
            world.records.update(object_name, [record], [values], Cause("test"))


def outcome(world: World, visit: Visit) -> dict[str, Any]:
    """What a visit came to, in the words of the data files."""
    ports = world.node.outputs
    sent = {ports[port].name: items for port, items in visit.outputs.items() if items}
    found: dict[str, Any] = {
        "gives": {name: [item.json for item in items] for name, items in sent.items()},
        "gives_files": {
            name: [{file: world.content(found) for file, found in (item.binary or {}).items()} for item in items]
            for name, items in sent.items()
        },
        "pairs": {name: [_pair(item.pair) for item in items] for name, items in sent.items()},
        "fails": [error.code for _, error in visit.faults],
        "failed": sorted(index for index, _ in visit.faults),
        "effects": [{"kind": kind, "request": request} for _, kind, request, _ in visit.effects],
    }
    if visit.park is not None:
        found["waits"] = sorted(visit.park.keys)
        found["due"] = None if visit.park.due is None else (visit.park.due - world.clock.now()) / SECOND
    return found


def _pair(pair: Pair | None) -> Any:
    """A place at the first input as a number, others as lists of [input, place]."""
    return [list(place) for place in pair] if isinstance(pair, tuple) else pair or 0


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
        pattern = ".*".join(map(re.escape, expected.split("*")))
        return isinstance(found, str) and re.fullmatch(pattern, found, re.DOTALL) is not None
    return isinstance(expected, bool) == isinstance(found, bool) and bool(expected == found)  # 1 is not true
