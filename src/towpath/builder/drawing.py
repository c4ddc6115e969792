"""The graph under construction: nodes and edges as the document has them, with ids, names and ports looked after."""

from __future__ import annotations

from typing import Any

from towpath.builder.catalogue import given, input_ports, node_types, output_ports
from towpath.builder.names import id_of, unused


class Drawing:
    """Nodes and edges by id; steps of the fluent builder draw here."""

    def __init__(self) -> None:
        self.nodes: dict[str, dict[str, Any]] = {}
        self.edges: dict[str, dict[str, Any]] = {}
        self.lanes: dict[str, dict[str, Any]] = {}

    def add(self, kind: str, params: dict[str, Any], name: str | None) -> str:
        """A new node; its id is made of its name, its name of its type's title."""
        if name is None:
            node_type = node_types().get(kind)
            name = unused(node_type.title if node_type else kind, self.names(), joint=" ")
        node_id = unused(id_of(name), self.nodes)
        self.nodes[node_id] = {"type": kind, "name": name, "params": given(kind, params)}
        return node_id

    def names(self) -> set[str]:
        """All names of nodes."""
        return {node.get("name") or node_id for node_id, node in self.nodes.items()}

    def connect(self, source: str, port: str, target: str) -> None:
        """An edge to the first free input of the target, or to its last one."""
        ports = self.inputs(target) or ("in",)
        used = {edge.get("target_port", "in") for edge in self.edges.values() if edge["target"] == target}
        into = next((name for name in ports if name not in used), ports[-1])
        edge = {"source": source, "target": target}
        if port != "out":
            edge["source_port"] = port
        if into != "in":
            edge["target_port"] = into
        if edge not in self.edges.values():
            self.edges[unused(f"{source}-{target}", self.edges)] = edge

    def inputs(self, node_id: str) -> tuple[str, ...]:
        """The names of a node's inputs."""
        node = self.nodes[node_id]
        return input_ports(node["type"], node["params"])

    def outputs(self, node_id: str) -> tuple[str, ...]:
        """The names of a node's outputs, the main one first."""
        node = self.nodes[node_id]
        return output_ports(node["type"], node["params"])
