"""Checks of what expressions refer to: nodes by name, which must exist, be told apart, and run before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from towpath.engine.check_graph import successors
from towpath.engine.check_nodes import CheckedNode, as_problem
from towpath.engine.cycles import reachable
from towpath.engine.params import dynamics
from towpath.errors import TowpathError, did_you_mean
from towpath.expr import compile_template
from towpath.model.problem import Problem
from towpath.model.workflow import WorkflowDefinition


def expression_problems(definition: WorkflowDefinition, nodes: Mapping[str, CheckedNode]) -> Iterator[Problem]:
    """All problems of names and of references by name."""
    yield from _name_problems(nodes)
    yield from _lane_problems(definition)
    by_name = {node.name: node.id for node in nodes.values()} | {node_id: node_id for node_id in nodes}
    edges = [edge for edge in definition.edges.values() if edge.source in nodes and edge.target in nodes]
    following = successors(nodes, edges)
    behind: dict[str, set[str]] = {}
    for node, path, name in _references(nodes):
        referred = by_name.get(name)
        if referred is None:
            hint = did_you_mean(name, [other.name for other in nodes.values()])
            yield Problem(
                "expression.unknown_node", f"the expression refers to a node {name!r}", node.id, path, hint=hint
            )
            continue
        if referred not in behind:
            behind[referred] = reachable(following, following[referred])
        if node.id not in behind[referred]:
            message = f"the expression refers to {name!r}, which never runs before this node"
            hint = "It would always be empty. Refer to a node on the way here."
            yield Problem("expression.node_not_before", message, node.id, path, hint=hint, severity="warning")


def _references(nodes: Mapping[str, CheckedNode]) -> Iterator[tuple[CheckedNode, str, str]]:
    for node in nodes.values():
        for path, value in dynamics(node.params) if node.params is not None else ():
            if value.template is not None:
                for name in sorted(value.template.node_refs):
                    yield node, path, name


def _name_problems(nodes: Mapping[str, CheckedNode]) -> Iterator[Problem]:
    """Two nodes with one name; a node named as another's id is as ambiguous."""
    shown = Counter(node.name for node in nodes.values())
    for node in nodes.values():
        other_id = node.name != node.id and node.name in nodes
        if shown[node.name] > 1 or other_id:
            message = f"the name {node.name!r} is used by more than one node"
            hint = "Give each its own: expressions refer to nodes by name."
            yield Problem("workflow.duplicate_name", message, node.id, "name", hint=hint)


def _lane_problems(definition: WorkflowDefinition) -> Iterator[Problem]:
    for lane_id, lane in definition.lanes.items():
        try:
            compile_template(lane.assignee)
        except TowpathError as error:
            yield as_problem(error, None, f"lanes.{lane_id}.assignee")
