"""Checks of the graph as a whole: where runs begin, what they can reach, what could go round for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from towpath.engine.check_nodes import CheckedNode
from towpath.engine.cycles import cycles, reachable
from towpath.model.problem import Problem
from towpath.model.workflow import Edge, WorkflowDefinition

LOOP_PORT = "loop"  # of node types that bound a cycle: the way round; by any other port a new count begins


def graph_problems(definition: WorkflowDefinition, nodes: Mapping[str, CheckedNode]) -> Iterator[Problem]:
    """All problems of the graph."""
    if not nodes:
        yield Problem("workflow.empty", "the workflow has no nodes", field="nodes", hint="Begin with a trigger.")
        return
    edges = [edge for edge in definition.edges.values() if edge.source in nodes and edge.target in nodes]
    yield from _reach_problems(nodes, edges, breadth=definition.settings.order == "breadth")
    yield from _cycle_problems(nodes, edges)
    yield from _join_problems(nodes, edges)


def successors(nodes: Iterable[str], edges: Iterable[Edge]) -> dict[str, list[str]]:
    """For every node the nodes that its edges lead to."""
    following: dict[str, list[str]] = {node_id: [] for node_id in nodes}
    for edge in edges:
        following[edge.source].append(edge.target)
    return following


def _reach_problems(nodes: Mapping[str, CheckedNode], edges: list[Edge], *, breadth: bool) -> Iterator[Problem]:
    """Runs begin at triggers; a workflow without any begins at its nodes without input.

    Breadth first, a merge makes nodes without input run that lead to it.
    """
    triggers = [node.id for node in nodes.values() if node.type is not None and node.type.trigger]
    fed = {edge.target for edge in edges}
    unsure = [node.id for node in nodes.values() if node.type is None and node.id not in fed]  # may be triggers
    roots = [node_id for node_id in nodes if node_id not in fed]
    entries = [*triggers, *unsure] if triggers else roots
    following = successors(nodes, edges)
    if breadth and triggers:
        joins = {node.id for node in nodes.values() if node.type is not None and node.type.joins}
        entries += [root for root in roots if joins & set(reachable(following, [root]))]
    if not entries:
        message = "no run can begin: there is no trigger, and every node has an input"
        yield Problem("workflow.no_entry", message, hint="Add a trigger, for example trigger.manual.")
        return
    reached = reachable(following, entries)
    for node in nodes.values():
        if node.id not in reached:
            hint = "Connect it to what comes before, or remove it."
            yield Problem("workflow.unreachable", f"no run can reach {node.name!r}", node.id, hint=hint)


def _cycle_problems(nodes: Mapping[str, CheckedNode], edges: list[Edge]) -> Iterator[Problem]:
    unbounded = [edge for edge in edges if edge.limit is None and not _bounds(nodes[edge.source], edge)]
    for members in cycles(successors(nodes, unbounded)):
        names = " -> ".join(repr(nodes[node_id].name) for node_id in [*members, members[0]][:8])
        hint = "Set 'limit' on one of its edges, or let it run through logic.loop."
        yield Problem("workflow.unbounded_cycle", f"nothing ends the cycle {names}", members[0], hint=hint)


def _bounds(node: CheckedNode, edge: Edge) -> bool:
    if node.type is None:
        return True  # unknown, and reported as such
    if not node.type.loops or node.spec.disabled:
        return False
    ports = [port.name for port in node.outputs or ()]
    return edge.source_port == LOOP_PORT or LOOP_PORT not in ports


def _join_problems(nodes: Mapping[str, CheckedNode], edges: list[Edge]) -> Iterator[Problem]:
    for node in nodes.values():
        arriving = sum(edge.target == node.id for edge in edges) if node.type and node.type.joins else 2
        if arriving < 2:
            message = f"{node.name!r} joins branches but has {arriving or 'no'} input"
            hint = "Draw an edge from each branch to one of its inputs, or remove it."
            yield Problem("workflow.join_one_input", message, node.id, hint=hint, severity="warning")
