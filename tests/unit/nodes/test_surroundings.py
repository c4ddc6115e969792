"""What the expressions of a running node see around their item: the clock's zone, the environment, nodes, rounds."""

from __future__ import annotations

from typing import Any, cast

from tests.unit.nodes.running import START, Outside, new_run
from towpath.engine.context import Context
from towpath.engine.lockstep import Lockstep
from towpath.engine.plan import Plan, compile_plan
from towpath.engine.trace import Trace
from towpath.model.workflow import WorkflowDefinition
from towpath.nodes import registry
from towpath.ports.records import Records
from towpath.sandbox.pool import SandboxPool


def plan_of_node(kind: str, params: dict[str, Any], **settings: Any) -> Plan:
    """A workflow of one node behind a node called First that takes items as they are."""
    nodes = {
        "a": {"type": "data.set", "name": "First", "params": {"fields": {"x": "{{ $json.n }}"}}},
        "b": {"type": kind, "name": "Look", "params": params},
    }
    edges = {"e": {"source": "a", "target": "b", "source_port": "out", "target_port": "in"}}
    document = {"id": "test", "name": "Test", "settings": settings, "nodes": nodes, "edges": edges}
    return compile_plan(WorkflowDefinition.model_validate(document), registry())


def context_of(sandbox: SandboxPool) -> Context:
    """A world where time stands still, and REGION is the only variable of the environment."""
    outside = Outside()
    return Context(outside, outside, outside, cast("Records", None), environment={"REGION": "EU"}, sandbox=sandbox)


def seen(expressions: dict[str, str], **settings: Any) -> dict[str, Any]:
    """What each expression gives in a node that follows a node called First."""
    plan = plan_of_node("data.set", {"fields": expressions}, **settings)
    sandbox = SandboxPool()
    context = context_of(sandbox)
    run = new_run(plan, [{"n": 1}, {"n": 2}])
    run.scope.env = context.environment
    try:
        Lockstep(plan, context, [run], Trace()).advance()
    finally:
        sandbox.close()
    assert run.error is None, run.error
    (first, *_) = run.result
    return first.json


def test_now_and_today_are_in_the_zone_of_the_workflow() -> None:
    found = seen({"now": "{{ $now }}", "zone": "{{ $now.zoneName }}", "day": "{{ $today }}"}, timezone="Asia/Shanghai")
    assert START == 1_000_000_000_000_000  # 2001-09-09 01:46:40 UTC
    assert found["now"] == "2001-09-09T09:46:40.000+08:00"
    assert found["zone"] == "Asia/Shanghai"
    assert found["day"] == "2001-09-09T00:00:00.000+08:00"


def test_a_node_sees_itself_and_the_one_before_it() -> None:
    expressions = {
        "own": "{{ $parameter.fields.own.length > 5 }}",
        "before": "{{ $prevNode.name }}",
        "params": "{{ $('First').params.fields.x }}",
        "id": "{{ $nodeId }}",
        "items": "{{ $items().length }}",
        "first": "{{ $item(0).$json.x }}",
    }
    assert seen(expressions) == {
        "x": 1, "n": 1, "own": True, "before": "First", "params": "{{ $json.n }}", "id": "b", "items": 2, "first": 1,
    }  # fmt: skip


def test_the_environment_has_only_what_is_allowed() -> None:
    expressions = {"region": "{{ $env.REGION }}", "path": "{{ $env.PATH }}", "all": "{{ Object.keys($env).join() }}"}
    found = seen(expressions)
    assert (found["region"], found["path"], found["all"]) == ("EU", None, "REGION")
