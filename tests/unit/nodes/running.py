"""Runs small workflows of pure nodes through the real engine, without a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from towpath.engine.context import Context
from towpath.engine.lockstep import Lockstep, begin
from towpath.engine.plan import Plan, compile_plan
from towpath.engine.state import RunState, freeze, thaw
from towpath.engine.trace import Trace
from towpath.expr import RunScope
from towpath.model.item import Item
from towpath.model.workflow import WorkflowDefinition
from towpath.nodes import registry
from towpath.ports.records import Records

START = 1_000_000_000_000_000


class Outside:
    """Clock, ids and chance in one: time stands still, ids count, chance is even."""

    def __init__(self) -> None:
        self.count = 0

    def now(self) -> int:
        return START

    def new(self) -> str:
        self.count += 1
        return f"id{self.count}"

    def many(self, count: int) -> Sequence[str]:
        return [self.new() for _ in range(count)]

    def random(self) -> float:
        return 0.5


def plan_of(nodes: dict[str, Any], edges: Sequence[str]) -> Plan:
    """A plan; an edge is written ``source:port > target:port``, ports where they are not ``out`` and ``in``."""
    made = {}
    for number, text in enumerate(edges):
        (source, _, out), (target, _, into) = (end.strip().partition(":") for end in text.split(">"))
        made[f"e{number}"] = {
            "source": source, "target": target, "source_port": out or "out", "target_port": into or "in",
        }  # fmt: skip
    definition = {"id": "test", "name": "Test", "nodes": nodes, "edges": made}
    return compile_plan(WorkflowDefinition.model_validate(definition), registry())


def new_run(plan: Plan, items: Sequence[dict[str, Any]], run_id: str = "run1") -> RunState:
    """A run at the beginning of the workflow."""
    run = RunState(run_id, RunScope(id=run_id, globals={}, nodes={}), START)
    begin(run, plan, [Item(json) for json in items], None, START)
    return run


def advance(plan: Plan, *runs: RunState) -> Trace:
    """Let the runs go on together until each is finished or parked."""
    outside, trace = Outside(), Trace()
    records = cast("Records", None)  # nodes that ask for records are tested with a store
    Lockstep(plan, Context(outside, outside, outside, records), list(runs), trace).advance()
    return trace


def stored_and_read(plan: Plan, run: RunState) -> RunState:
    """The run as it comes back from storage, with what it waited for there."""
    edges = {edge: number for number, edge in enumerate(plan.edge_ids)}
    again = RunState(run.id, RunScope(id=run.id, globals={}, nodes={}), run.started_at)
    thaw(again, freeze(run, plan.node_ids, plan.edge_ids, 1 << 24), plan.index, edges, None)
    again.stack, again.parked = again.parked[::-1], []
    return again
