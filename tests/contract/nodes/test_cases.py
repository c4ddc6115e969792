"""Every node type passes the same contract: what it gives, alone and in a batch, and what it leaves alone."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.contract.nodes.harness import agrees, cases, outcome, play, without_ids
from tests.contract.nodes.world import World, in_world
from towpath.engine.lockstep import Lockstep
from towpath.engine.plan import Plan
from towpath.engine.state import RunState, Token, freeze, thaw
from towpath.engine.trace import Trace
from towpath.errors import TowpathError
from towpath.nodes import registry


def _for_each(chosen: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", chosen, ids=lambda case: f"{case['file']}: {case['name']}")


EVERY_CASE = _for_each(list(cases()))
INDEPENDENT = _for_each([case for case in cases() if not case.get("shared")])  # runs that do not meet in one record


@EVERY_CASE
def test_each_run_gives_what_is_expected(case: dict[str, Any]) -> None:
    in_world(case, _check)


def _check(world: World) -> None:
    case = world.case
    for run, story in zip(case["runs"], play(world, case["runs"]), strict=True):
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
    assert set(expected.get("gives", {})) == set(found["gives"]), found
    for name, default in nothing.items():
        wanted, got = expected.get(name, default), found.get(name)
        assert agrees(wanted, got), {"expected": {name: wanted}, "found": found}
    for name in ("pairs", "failed", "gives_files"):
        if name in expected:
            assert agrees(expected[name], found[name]), {"expected": {name: expected[name]}, "found": found}


@INDEPENDENT
def test_a_batch_gives_what_its_runs_give_one_by_one(case: dict[str, Any]) -> None:
    alone: list[Any] = []
    for run in case["runs"]:
        alone += in_world(case, lambda world, run=run: play(world, [run]))
    assert _comparable(in_world(case, lambda world: play(world, case["runs"]))) == _comparable(alone)


def _goes_together(case: dict[str, Any]) -> bool:
    """Whether the engine could hand over the runs of the case as a group: one item each, and a node that runs."""
    node = registry()[case["type"]]
    plain = all("inputs" not in run and len(run.get("items", [{}])) == 1 for run in case["runs"])
    return plain and node.run is not None and not node.joins and not node.loops


@_for_each([case for case in cases() if _goes_together(case)])
def test_runs_that_go_together_give_what_they_give_apart(case: dict[str, Any]) -> None:
    def apart(world: World) -> list[Any]:
        visits = [world.visit(number, run) for number, run in enumerate(case["runs"])]
        world.execute(visits)
        return [outcome(world, visit) for visit in visits]

    def together(world: World) -> list[Any]:
        visits = [world.visit(number, run) for number, run in enumerate(case["runs"])]
        return [outcome(world, visit) for visit in world.execute_together(visits)]

    assert without_ids(in_world(case, together)) == without_ids(in_world(case, apart))


def _comparable(stories: list[list[dict[str, Any]]]) -> Any:
    """Runs that wake together may wake later than alone, so how long they still wait may differ."""
    return without_ids([[{**step, "due": step.get("due") is None} for step in story] for story in stories])


@EVERY_CASE
def test_items_that_come_in_are_left_as_they_are(case: dict[str, Any]) -> None:
    def work(world: World) -> None:
        visits = [world.visit(number, run) for number, run in enumerate(case["runs"])]
        items = [item for visit in visits for port in visit.token.inputs for item in port]
        before = deepcopy([item.json for item in items])
        world.execute(visits)
        assert before == [item.json for item in items]

    in_world(case, work)


@INDEPENDENT
def test_a_run_with_nothing_to_work_on_disturbs_no_other(case: dict[str, Any]) -> None:
    poison = {"inputs": [[{}] for _ in case["runs"][0].get("inputs", [[]])]}
    plain = in_world(case, lambda world: play(world, case["runs"]))
    poisoned = in_world(case, lambda world: play(world, [poison, *case["runs"]]))
    assert without_ids(poisoned[1:]) == without_ids(plain)


@EVERY_CASE
def test_the_engine_routes_what_the_node_type_gives(case: dict[str, Any]) -> None:
    """The same in the real loop; what it keeps of the run comes back from storage as it was."""
    in_world(case, _through_the_engine)


def _through_the_engine(world: World) -> None:
    runs = []
    for number, run in enumerate(world.case["runs"]):
        visit = world.visit(number, run)
        visit.run.stack.append(visit.token)
        runs.append(visit.run)
    trace = Trace()
    raised = _advance(Lockstep(world.plan, world.context, runs, trace))
    if raised is not None:  # of no single item: whoever drives the engine lets the runs fail one by one
        assert [raised.code] in [run.get("fails") for run in world.case["runs"]]
        return
    for run, state in zip(world.case["runs"], runs, strict=True):
        waits = "waits" in run or "effects" in run
        assert state.status == ("failed" if run.get("fails") else "waiting" if waits else "completed")
        _freezes_and_thaws(world.plan, state)
        if state.status == "completed":
            step, *rounds = [step for step in trace.steps if step.run == state.id]
            assert not rounds or world.plan.nodes[0].type.loops  # a loop that nothing returns to goes on by itself
            assert agrees(world.named(run.get("gives", {})), {k: v for k, v in step.outputs.items() if v})


def _advance(lockstep: Lockstep) -> TowpathError | None:
    try:
        lockstep.advance()
    except TowpathError as error:
        return error
    return None


def _freezes_and_thaws(plan: Plan, state: RunState) -> None:
    thawed = RunState(state.id, state.scope, 0)
    data = freeze(state, plan.node_ids, plan.edge_ids, 1 << 24)
    thaw(thawed, data, plan.index, {edge: number for number, edge in enumerate(plan.edge_ids)}, state.scope.record)
    if state.status != "completed":
        assert [_parts(token) for token in thawed.parked] == [_parts(token) for token in state.parked]


def _parts(token: Token) -> dict[str, Any]:
    return {name: getattr(token, name) for name in Token.__slots__}
