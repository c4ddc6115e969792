"""Every node type passes the same contract: what it gives, alone and in a batch, and what it leaves alone."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.contract.nodes.harness import agrees, cases, play, without_ids
from tests.contract.nodes.world import World

EVERY_CASE = pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['file']}: {case['name']}")


@EVERY_CASE
def test_each_run_gives_what_is_expected(case: dict[str, Any]) -> None:
    world = World(case)
    stories = play(world, case["runs"])
    for run, story in zip(case["runs"], stories, strict=True):
        for expected, found in zip([run, *run.get("then", ())], story, strict=True):
            _compare(world.named(expected), found)
    for object_name, rows in case.get("afterwards", {}).items():
        records = world.records.find(object_name, deleted=True)
        assert agrees(world.named(rows), records), records
    if "notices" in case:
        notices = [{"kind": n.kind, "text": n.text, "run": n.run, "data": n.data} for n in world.context.notices]
        assert agrees(world.named(case["notices"]), notices), notices
    if "starts" in case:
        starts = [{"version": e.version, "items": s.items} for e in world.context.events for s in e.starts]
        assert agrees(world.named(case["starts"]), starts), starts


def _compare(expected: dict[str, Any], found: dict[str, Any]) -> None:
    """A run that expects nothing of a kind must have nothing of it."""
    nothing: dict[str, Any] = {"gives": {}, "fails": [], "effects": [], "waits": None, "due": None}
    for name, default in nothing.items():
        wanted, got = expected.get(name, default), found.get(name)
        if name == "gives":
            assert set(wanted) == set(got), found
        assert agrees(wanted, got), {"expected": {name: wanted}, "found": found}
    for name in ("pairs", "failed"):
        if name in expected:
            assert agrees(expected[name], found[name]), {"expected": {name: expected[name]}, "found": found}


@EVERY_CASE
def test_a_batch_gives_what_its_runs_give_one_by_one(case: dict[str, Any]) -> None:
    if case.get("shared"):
        pytest.skip("its runs meet in one record, so they are not independent")
    together = play(World(case), case["runs"])
    alone = []
    for number in range(len(case["runs"])):
        runs = case["runs"][number : number + 1]
        alone += play(World(case), runs)
    assert without_ids(_timeless(together)) == without_ids(_timeless(alone))


def _timeless(stories: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """Runs that wake together may wake later than alone, so how long they still wait may differ."""
    return [[{**step, "due": step.get("due") is None} for step in story] for story in stories]


@EVERY_CASE
def test_items_that_come_in_are_left_as_they_are(case: dict[str, Any]) -> None:
    world = World(case)
    visits = [world.visit(number, run) for number, run in enumerate(case["runs"])]
    before = deepcopy([[[item.json for item in items] for items in visit.token.inputs] for visit in visits])
    world.execute(visits)
    assert before == [[[item.json for item in items] for items in visit.token.inputs] for visit in visits]


@EVERY_CASE
def test_a_poisoned_run_fails_alone(case: dict[str, Any]) -> None:
    """Among the runs of the case goes one whose items have nothing that the node could use."""
    if case.get("shared"):
        pytest.skip("its runs meet in one record, so they are not independent")
    poison = {"items": [{}]} if "inputs" not in case["runs"][0] else {"inputs": [[{}] for _ in case["runs"][0]["inputs"]]}
    plain = play(World(case), case["runs"])
    poisoned = play(World(case), [poison, *case["runs"]])
    assert without_ids(_without_run_numbers(poisoned[1:])) == without_ids(_without_run_numbers(plain))


def _without_run_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_run_numbers(part) for key, part in value.items() if key != "runId"}
    return [_without_run_numbers(part) for part in value] if isinstance(value, list) else value
