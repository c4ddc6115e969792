"""A workflow version compiled for running: nodes by position, edges by port, what each expression needs.

Positions are a topological order (cycles broken where a depth-first walk meets them), so that always running
the lowest position first lets stragglers catch up with the rest of their batch.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from towpath.engine.node import ERROR, NodeType, Port, Registry
from towpath.engine.params import NodeParams, dynamics, parameter_error
from towpath.errors import TowpathError, WorkflowError
from towpath.model.business_time import BusinessTime, Calendars
from towpath.model.span import Span, after
from towpath.model.workflow import Edge, Lane, Node, Settings, WorkflowDefinition

NOWHERE = -1
Feeds = list[list[tuple[int, int, int]]]  # by position: (input port, the node before, its output port)
_NODE_NAMES = frozenset({"$", "$node", "$items"})
_NODE_CALL = re.compile(r"(?<![\w$])[$_]\(|[$_](?:node|items)\b")  # in JavaScript and in Python
_RUN_INDEX = re.compile(r"[$_]runIndex\b")
_INPUT_NAMES = frozenset({"$input", "$items", "$item"})
_ABOUT = re.compile(r"[$_](?:parameter|rawParameter|prevNode|nodeId|nodeVersion)\b|\.(?:params|parameter)\b")


@dataclass(frozen=True, slots=True)
class Target:
    """Where an edge leads: a node and one of its inputs, by position."""

    node: int
    port: int
    edge: int
    limit: int | None


@dataclass(slots=True)
class PlanNode:
    """One node, ready to run."""

    id: str
    position: int
    name: str
    spec: Node
    type: NodeType[Any]
    params: NodeParams
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    targets: list[list[Target]] = field(default_factory=list)  # per output port, in the order branches run
    fed: tuple[int, ...] = ()  # input ports that have an edge
    reaches: frozenset[int] = frozenset()
    kept: tuple[str, ...] = ()  # what later expressions call this node, by name or id, to ask for its items
    uses_input: bool = False  # an expression of its own asks for $input
    counted: bool = False  # it asks for $runIndex
    foreign: frozenset[str] = frozenset()  # its expressions that need the sandbox
    about: Mapping[str, Any] | None = None  # what its expressions and code see of itself and of other nodes
    straight: list[int | None] = field(default_factory=list)  # per port: the one node it leads to, NOWHERE, or None
    error_port: int | None = None
    lane: Lane | None = None
    settings: Settings = field(default_factory=lambda: Settings.model_validate({}))  # of the workflow
    zone: tzinfo = UTC  # of the workflow
    calendars: Calendars = field(default_factory=Calendars)  # in force now

    def after(self, moment: int, span: Span) -> int:
        """The moment at which a length of time is over that begins at ``moment``; business time by the calendar."""
        return after(moment, span, self.business_time)

    def business_time(self) -> BusinessTime:
        """The workflow's calendar. NotFoundError where it is no more."""
        return self.calendars.of(self.settings.calendar)

    @property
    def place(self) -> tuple[float, float]:
        """Where it stands, as branches are ordered: from top to bottom, then from left to right."""
        return self.spec.position.y, self.spec.position.x


@dataclass(slots=True)
class Plan:
    """One published version."""

    number: int
    workflow: str
    definition: WorkflowDefinition
    nodes: list[PlanNode]
    node_ids: list[str]  # by position
    index: dict[str, int]
    edge_ids: list[str]
    entries: list[int]  # where a run begins when no trigger is named: the first trigger, else all nodes without input
    uses_old: bool
    tracks: bool  # some expression asks which item of an earlier node an item comes from
    breadth: bool  # branches run side by side, as settings.order says
    links: bool  # some expression asks for the run's own addresses
    answers: PlanNode | None  # the trigger whose callers wait for what comes of their call
    feeds: Feeds
    object: str | None  # of the record that the runs are about

    def triggers(self, kind: str) -> list[PlanNode]:
        """The triggers of one kind, disabled ones left out."""
        return [node for node in self.nodes if node.type.trigger == kind and not node.spec.disabled]


def compile_plan(
    definition: WorkflowDefinition, registry: Registry, *, number: int = 0, calendars: Calendars | None = None
) -> Plan:
    """Compile a definition that ``check`` found good. Raises WorkflowError where it is not."""
    order = _order(definition)
    index = {node_id: position for position, node_id in enumerate(order)}
    nodes = [_plan_node(node_id, index[node_id], definition, registry) for node_id in order]
    edge_ids = list(definition.edges)
    _join(nodes, index, edge_ids, definition)
    for node in nodes:
        node.calendars = calendars or node.calendars
    feeds = _feeds(nodes)
    uses_old = _mark_uses(nodes, feeds)
    breadth = definition.settings.order == "breadth"
    if breadth:
        for node in nodes:
            node.straight = [None for _ in node.straight]
    roots = [node for node in nodes if not node.fed and not (node.spec.disabled and node.type.trigger)]
    triggers = [node.position for node in roots if node.type.trigger is not None]
    entries = triggers[:1] or [node.position for node in roots]
    about = next(
        (
            getattr(node.params, "object", None)
            for node in nodes
            if node.type.trigger in ("record", "date_field", "schedule")
        ),
        None,
    )
    workflow = definition.id or definition.name
    tracks = any(node.kept for node in nodes)
    links = any(_asks_for_links(node) for node in nodes)
    answers = next((node for node in nodes if getattr(node.params, "answer", "at_once") != "at_once"), None)
    return Plan(
        number,
        workflow,
        definition,
        nodes,
        order,
        index,
        edge_ids,
        entries,
        uses_old,
        tracks,
        breadth,
        links,
        answers,
        feeds,
        about,
    )


def _feeds(nodes: list[PlanNode]) -> Feeds:
    """What leads to each node."""
    found: Feeds = [[] for _ in nodes]
    for node in nodes:
        for port, targets in enumerate(node.targets):
            for target in targets:
                found[target.node].append((target.port, node.position, port))
    return found


def _asks_for_links(node: PlanNode) -> bool:
    if node.type.code is not None and "execution" in node.type.code(node.params):
        return True
    return any(
        value.template is not None and "$execution" in value.template.names for _, value in dynamics(node.params)
    )


def _mark_uses(nodes: list[PlanNode], feeds: Feeds) -> bool:
    """Mark what expressions and code ask for beyond their own item; whether any asks for $old."""
    names = {node.name: node for node in nodes} | {node.id: node for node in nodes}
    uses_old = False
    for node in nodes:
        for _, value in dynamics(node.params):
            if value.template is not None:
                asked = value.template.names
                node.foreign |= value.template.foreign
                uses_old = uses_old or "$old" in asked
                node.uses_input = node.uses_input or bool(asked & _INPUT_NAMES)
                if any(_ABOUT.search(text) for text in value.template.texts):
                    node.about = _about(node, nodes, feeds)
                node.counted = node.counted or "$runIndex" in asked
                _keep(names, value.template.node_refs, any_node=bool(asked & _NODE_NAMES))
        if node.type.code is not None:
            code = node.type.code(node.params)
            node.counted = node.counted or _RUN_INDEX.search(code) is not None
            if _ABOUT.search(code):
                node.about = _about(node, nodes, feeds)
            if _NODE_CALL.search(code):
                quoted = [name for name in names if any(f"{q}{name}{q}" in code for q in "'\"`")]
                _keep(names, quoted, any_node=True)
    return uses_old


def _about(node: PlanNode, nodes: list[PlanNode], feeds: Feeds) -> dict[str, Any]:
    """What a node sees of itself, of the one before it (the first, where there are several), and of all parameters."""
    seen: dict[str, Any] = {
        "nodeId": node.id,
        "nodeVersion": node.spec.version,
        "parameter": node.spec.params,
        "parameters": {name: other.spec.params for other in nodes for name in (other.id, other.name)},
    }
    if feeds[node.position]:
        _, before, port = feeds[node.position][0]
        seen["prevNode"] = {"name": nodes[before].name, "outputIndex": port, "runIndex": 0}
    return seen


def _keep(names: Mapping[str, PlanNode], named: Collection[str], *, any_node: bool) -> None:
    """Remember what these nodes give; all of them where nodes are asked for by names that are worked out."""
    everything = [node.name for node in names.values()] if any_node else []
    for name in named or everything:
        if name in names and name not in names[name].kept:
            names[name].kept += (name,)


def read_params(node_id: str, node: Node, node_type: NodeType[Any]) -> NodeParams:
    """The node's parameters as its type's model. Raises WorkflowError with one problem per field."""
    try:
        params: NodeParams = node_type.params.model_validate(node.params)
    except ValidationError as error:
        problems = parameter_error(error, node_id)
        raise WorkflowError(str(problems[0]), code="workflow.parameter", problems=problems) from None
    except TowpathError as error:
        raise WorkflowError(str(error.located(node=node_id)), code=error.code, problems=[error]) from None
    return params


def _plan_node(node_id: str, position: int, definition: WorkflowDefinition, registry: Registry) -> PlanNode:
    node = definition.nodes[node_id]
    node_type = registry.get(node.type)
    if node_type is None:
        raise WorkflowError(f"unknown node type {node.type!r}", code="workflow.unknown_type")
    params = read_params(node_id, node, node_type)
    outputs = node_type.output_ports(params)
    planned = PlanNode(
        node_id, position, node.name or node_id, node, node_type, params, node_type.input_ports(params), outputs
    )
    planned.lane = definition.lanes.get(node.lane) if node.lane else None
    planned.settings, planned.zone = definition.settings, time_zone(definition.settings.timezone)
    if node.on_error == "branch":
        planned.error_port = len(outputs)
        planned.outputs = (*outputs, ERROR)
    planned.targets = [[] for _ in planned.outputs] or [[]]  # an end may be mocked, disabled, or go on with an error
    return planned


def time_zone(name: str) -> tzinfo:
    """The time zone of that name. Raises WorkflowError ``workflow.unknown_zone``."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise WorkflowError(
            f"there is no time zone {name!r}",
            code="workflow.unknown_zone",
            hint="Write a name such as 'Europe/Berlin', 'Asia/Shanghai' or 'UTC' in settings.timezone.",
        ) from None


def _join(nodes: list[PlanNode], index: dict[str, int], edge_ids: list[str], definition: WorkflowDefinition) -> None:
    fed: list[set[int]] = [set() for _ in nodes]
    for number, edge_id in enumerate(edge_ids):
        edge = definition.edges[edge_id]
        source, target = nodes[index[edge.source]], nodes[index[edge.target]]
        port = port_number(source.outputs, edge.source_port)
        into = port_number(target.inputs, edge.target_port)
        if port is None or into is None:
            raise WorkflowError(f"edge {edge_id!r} uses a port that does not exist", code="workflow.unknown_port")
        source.targets[port].append(Target(target.position, into, number, edge.limit))
        fed[target.position].add(into)
    for node in nodes:
        node.fed = tuple(sorted(fed[node.position]))
        for targets in node.targets:
            if definition.settings.order == "breadth":
                targets.sort(key=lambda target: target.edge)
            else:
                targets.sort(key=lambda target: _place(nodes[target.node], target))
        node.straight = [_straight(nodes, targets) for targets in node.targets]
    for node, reached in zip(nodes, _reach(nodes), strict=True):
        node.reaches = reached


def _straight(nodes: list[PlanNode], targets: list[Target]) -> int | None:
    """The one ordinary node that a port leads to, or NOWHERE; None where there is a split, a limit or a join."""
    if not targets:
        return NOWHERE
    if len(targets) == 1 and targets[0].limit is None and not nodes[targets[0].node].type.joins:
        return targets[0].node
    return None


def _place(node: PlanNode, target: Target) -> tuple[float, float, int]:
    return (*node.place, target.edge)


def port_number(ports: tuple[Port, ...], name: str) -> int | None:
    """The position of a port by name."""
    return next((number for number, port in enumerate(ports) if port.name == name), None)


def _order(definition: WorkflowDefinition) -> list[str]:
    """Reverse post-order of a depth-first walk from the nodes without input: topological apart from back edges."""
    following: dict[str, list[str]] = {node_id: [] for node_id in definition.nodes}
    has_input: set[str] = set()
    for edge in definition.edges.values():
        if edge.source in following and edge.target in following:
            following[edge.source].append(edge.target)
            has_input.add(edge.target)
    seen: set[str] = set()
    finished: list[str] = []
    roots = [node_id for node_id in definition.nodes if node_id not in has_input]
    for root in [*roots, *definition.nodes]:
        if root in seen:
            continue
        seen.add(root)
        walk = [(root, iter(following[root]))]
        while walk:
            node_id, rest = walk[-1]
            step = next((n for n in rest if n not in seen), None)
            if step is None:
                finished.append(node_id)
                walk.pop()
            else:
                seen.add(step)
                walk.append((step, iter(following[step])))
    return finished[::-1]


def _reach(nodes: list[PlanNode]) -> list[frozenset[int]]:
    """For every node the nodes that its items can get to. Bit sets, iterated to a fixed point."""
    bits = [0] * len(nodes)
    direct = [[target.node for targets in node.targets for target in targets] for node in nodes]
    changed = True
    while changed:
        changed = False
        for position in reversed(range(len(nodes))):
            reached = bits[position]
            for target in direct[position]:
                reached |= bits[target] | (1 << target)
            if reached != bits[position]:
                bits[position] = reached
                changed = True
    return [frozenset(n for n in range(len(nodes)) if mask >> n & 1) for mask in bits]


def edges_of(definition: WorkflowDefinition, node_id: str) -> list[tuple[str, Edge]]:
    """The edges that leave a node."""
    return [(edge_id, edge) for edge_id, edge in definition.edges.items() if edge.source == node_id]
