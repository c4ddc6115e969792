"""The nodes and connections of an n8n document for a definition."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from towpath.formats.n8n.dialect import MISSHAPEN, Given, Mapped, UnmappedError
from towpath.formats.n8n.generic import CALL, TRIGGER, service_params
from towpath.formats.n8n.own import OWN, PORTS
from towpath.formats.n8n.texts import theirs
from towpath.formats.n8n.types import WRITERS
from towpath.formats.n8n.wiring import MAIN
from towpath.model.workflow import Node, WorkflowDefinition

_ON_ERROR = {"continue": "continueRegularOutput", "branch": "continueErrorOutput"}
_ERROR = "error"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A node for n8n, its AI parts and their lines, and its ports in n8n's order."""

    id: str
    name: str
    node: dict[str, Any]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    parts: tuple[dict[str, Any], ...] = ()
    lines: tuple[tuple[str, str, str], ...] = ()  # (name of the part, kind, name of what it is part of)
    foreign: bool = False


def draw(definition: WorkflowDefinition, names: Mapping[str, str], own: Collection[str]) -> list[Drawn]:
    """Every node; those in ``own`` as nodes of ours."""
    used = _ports_used(definition)
    taken = set(names.values())
    drawn = []
    for node_id, node in _plain_nodes(definition).items():
        made = None if node_id in own else _service(node_id, names[node_id], node, taken) or _as_theirs(node)
        if isinstance(made, Drawn):
            drawn.append(made)
            continue
        foreign = made is None
        n8n_type, version, params, mapped = made or _as_ours(node, *used[node_id])
        outputs = (*mapped.outputs, _ERROR) if node.on_error == "branch" else mapped.outputs
        whole = _node(node_id, names[node_id], node, n8n_type, version, params)
        drawn.append(Drawn(node_id, names[node_id], whole, mapped.inputs, outputs, foreign=foreign))
    return drawn


def connections_of(definition: WorkflowDefinition, drawn: Collection[Drawn]) -> dict[str, Any]:
    """The lines by source name, kind and output number; ports that n8n's node lacks are left out."""
    by_id = {each.id: each for each in drawn}
    found: dict[str, Any] = {}
    for edge in definition.edges.values():
        source, target = by_id.get(edge.source), by_id.get(edge.target)
        if source is None or target is None:
            continue
        if edge.source_port in source.outputs and edge.target_port in target.inputs:
            line = {"node": target.name, "type": MAIN, "index": target.inputs.index(edge.target_port)}
            _add(found, source.name, MAIN, source.outputs.index(edge.source_port), line)
    for each in drawn:
        for part, kind, owner in each.lines:
            _add(found, part, kind, 0, {"node": owner, "type": kind, "index": 0})
    return found


def _add(found: dict[str, Any], source: str, kind: str, output: int, line: dict[str, Any]) -> None:
    outputs: list[list[dict[str, Any]]] = found.setdefault(source, {}).setdefault(kind, [])
    while len(outputs) <= output:
        outputs.append([])
    outputs[output].append(line)


def _as_theirs(node: Node) -> tuple[str, float, dict[str, Any], Mapped] | None:
    """The node in n8n's words, if its dialect reads them back the same."""
    dialect = WRITERS.get(node.type)
    if dialect is None or dialect.write is None:
        return None
    try:
        params = dialect.write(node.params)
        if params is None:
            return None
        whole = {**dialect.default_params(dialect.writes), **params}
        mapped = dialect.read(Given(node.name or "", dialect.type, dialect.writes, whole))
    except (UnmappedError, *MISSHAPEN):  # a draft's parameters may be anything
        return None
    return dialect.type, dialect.writes, dict(params), mapped


def _as_ours(node: Node, inputs: list[str], outputs: list[str]) -> tuple[str, float, dict[str, Any], Mapped]:
    ports = {name: used for name, used, usual in (("in", inputs, ["in"]), ("out", outputs, ["out"])) if used != usual}
    params = {**node.params, PORTS: ports} if ports else dict(node.params)
    return f"{OWN}{node.type}", 1, params, Mapped(node.type, {}, tuple(inputs), tuple(outputs))


def _ports_used(definition: WorkflowDefinition) -> dict[str, tuple[list[str], list[str]]]:
    """The port names that edges use, by node: without the node types, the only ones that are known."""
    found: dict[str, tuple[list[str], list[str]]] = {node_id: ([], []) for node_id in definition.nodes}
    for edge in definition.edges.values():
        if edge.target in found:
            _once(found[edge.target][0], edge.target_port)
        if edge.source in found and (edge.source_port != _ERROR or definition.nodes[edge.source].on_error != "branch"):
            _once(found[edge.source][1], edge.source_port)
    return {node_id: (inputs or ["in"], outputs or ["out"]) for node_id, (inputs, outputs) in found.items()}


def _once(names: list[str], name: str) -> None:
    if name not in names:
        names.append(name)


def _node(
    node_id: str, name: str, node: Node, n8n_type: str, version: float, params: Mapping[str, Any]
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": node_id,
        "name": name,
        "type": n8n_type,
        "typeVersion": int(version) if version == int(version) else version,
        "position": [node.position.x, node.position.y],
        "parameters": params,
    }
    if node.on_error in _ON_ERROR:
        made["onError"] = _ON_ERROR[node.on_error]
    if node.disabled:
        made["disabled"] = True
    if node.once:
        made["executeOnce"] = True
    if node.always_output:
        made["alwaysOutputData"] = True
    if node.notes:
        made["notes"] = node.notes
    if node.retry is not None:
        made |= {"retryOnFail": True, "maxTries": node.retry.attempts, "waitBetweenTries": node.retry.delay * 1000}
    if node.connections:
        made["credentials"] = {f"connection{n}": {"name": each} for n, each in enumerate(node.connections, 1)}
    return made


def _service(node_id: str, name: str, node: Node, taken: set[str]) -> Drawn | None:
    """A node that came from n8n whole goes back whole."""
    service = node.params.get("service")
    if node.type not in (CALL, TRIGGER) or not isinstance(service, str):
        return None
    version = node.params.get("service_version", 1)
    whole = _node(node_id, name, node, service, version, service_params(node.params))
    parts, lines = [], []
    for part, kind, owner in _parts(node.params.get("attached") or (), name, taken):
        parts.append(part)
        lines.append((part["name"], kind, owner))
    outputs = ("out", _ERROR) if node.on_error == "branch" else ("out",)
    inputs = () if node.type == TRIGGER else ("in",)
    return Drawn(node_id, name, whole, inputs, outputs, tuple(parts), tuple(lines))


def _parts(attached: Collection[Any], owner: str, taken: set[str]) -> Iterator[tuple[dict[str, Any], str, str]]:
    for part in attached:
        if not isinstance(part, Mapping) or part.get("name") in taken:
            continue
        name = str(part.get("name"))
        taken.add(name)
        yield (
            {"name": name, "type": part.get("type"), "typeVersion": part.get("version", 1), "position": [0, 0],
             "parameters": theirs(part.get("parameters") or {})},
            str(part.get("kind")),
            owner,
        )  # fmt: skip
        yield from _parts(part.get("attached") or (), name, taken)


def _plain_nodes(definition: WorkflowDefinition) -> dict[str, Node]:
    """The nodes as their JSON says them: lists for tuples inside parameters."""
    return {node_id: Node.model_validate(node.model_dump(mode="json")) for node_id, node in definition.nodes.items()}
