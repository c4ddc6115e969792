"""Checks of single edges and of the ways out of a node: ends that exist, ports that exist, branches told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from towpath.engine.check_nodes import CheckedNode
from towpath.engine.node import ERROR, Port
from towpath.errors import did_you_mean
from towpath.model.problem import Problem
from towpath.model.workflow import Edge, WorkflowDefinition


def edge_problems(definition: WorkflowDefinition, nodes: Mapping[str, CheckedNode]) -> Iterator[Problem]:
    """All problems of edges."""
    for edge_id, edge in definition.edges.items():
        dangling = list(_dangling(edge_id, edge, nodes))
        yield from dangling
        if not dangling:
            yield from _source_port(edge_id, edge, nodes[edge.source])
            yield from _target_port(edge_id, edge, nodes[edge.target])
    yield from _doubled(definition)
    leaving: dict[str, list[tuple[str, Edge]]] = {node_id: [] for node_id in nodes}
    for edge_id, edge in definition.edges.items():
        leaving.get(edge.source, []).append((edge_id, edge))
    for node_id, node in nodes.items():
        yield from _branches(node, leaving[node_id])
        yield from _error_branch(node, leaving[node_id])


def _dangling(edge_id: str, edge: Edge, nodes: Mapping[str, CheckedNode]) -> Iterator[Problem]:
    for end, node_id in (("source", edge.source), ("target", edge.target)):
        if node_id not in nodes:
            message = f"the edge's {end} {node_id!r} is not a node"
            yield Problem("workflow.dangling_edge", message, edge=edge_id, field=end, hint=did_you_mean(node_id, nodes))


def _source_port(edge_id: str, edge: Edge, node: CheckedNode) -> Iterator[Problem]:
    ports = node.outputs
    if ports is None or _has(ports, edge.source_port):
        return
    name, field = edge.source_port, "source_port"
    if name == ERROR.name:
        message, hint = f"{node.name!r} has no error branch", "Set on_error: branch on the node."
        yield Problem("workflow.error_edge", message, node.id, field, edge_id, hint)
    elif name == "out" and len(ports) > 1:
        words = ", ".join(port.name for port in ports)
        message = f"the edge does not say which way it leaves {node.name!r}"
        yield Problem(
            "workflow.unlabelled_branch", message, node.id, field, edge_id, f"Set source_port to one of: {words}."
        )
    else:
        message = f"{node.name!r} has no output {name!r}"
        hint = did_you_mean(name, [port.name for port in ports]) or "Nothing goes out of this node."
        yield Problem("workflow.unknown_port", message, node.id, field, edge_id, hint)


def _target_port(edge_id: str, edge: Edge, node: CheckedNode) -> Iterator[Problem]:
    ports = node.inputs
    if ports is None or _has(ports, edge.target_port):
        return
    if not ports:
        message = f"{node.name!r} is a trigger and has no input"
        hint: str | None = "Let the edge lead to the node after it."
    else:
        message = f"{node.name!r} has no input {edge.target_port!r}"
        hint = did_you_mean(edge.target_port, [port.name for port in ports])
    yield Problem("workflow.unknown_port", message, node.id, "target_port", edge_id, hint)


def _doubled(definition: WorkflowDefinition) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str, str], str] = {}
    for edge_id, edge in definition.edges.items():
        ends = (edge.source, edge.source_port, edge.target, edge.target_port)
        first = seen.setdefault(ends, edge_id)
        if first != edge_id:
            message, hint = f"the edge joins the same ports as {first!r}", "Remove one: every item would arrive twice."
            yield Problem("workflow.double_edge", message, edge=edge_id, hint=hint, severity="warning")


def _branches(node: CheckedNode, leaving: list[tuple[str, Edge]]) -> Iterator[Problem]:
    """A decision whose one port leads to several places reads as a choice but is a split: labels must say which."""
    own = [port for port in node.outputs or () if port is not ERROR]
    if len(own) < 2:
        return
    by_port = sorted(leaving, key=lambda pair: pair[1].source_port)
    for port, group in groupby(by_port, key=lambda pair: pair[1].source_port):
        edges = list(group)
        unlabelled = [edge_id for edge_id, edge in edges if not edge.label]
        if len(edges) > 1 and unlabelled and _has(tuple(own), port):
            message = f"{len(edges)} edges leave {node.name!r} by {port!r}, and items take all of them"
            hint = "Label each edge, or split with logic.split."
            yield Problem("workflow.unlabelled_branch", message, node.id, None, unlabelled[0], hint, "warning")


def _error_branch(node: CheckedNode, leaving: list[tuple[str, Edge]]) -> Iterator[Problem]:
    if node.spec.on_error == "branch" and all(edge.source_port != ERROR.name for _, edge in leaving):
        message, hint = "no edge leaves by the error branch: failures go unseen", "Draw one, or set on_error: stop."
        yield Problem("workflow.error_unhandled", message, node.id, "on_error", hint=hint, severity="warning")


def _has(ports: tuple[Port, ...], name: str) -> bool:
    return any(port.name == name for port in ports)
