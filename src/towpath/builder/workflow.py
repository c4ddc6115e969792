"""A workflow written as a program: lists of nodes and edges, or steps joined by ``>>``; checked, run, published."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Self, Unpack

from towpath.builder.checking import check_document
from towpath.builder.drawing import Drawing
from towpath.builder.layout import layout
from towpath.builder.names import unused
from towpath.builder.options import WorkflowOptions
from towpath.builder.running import publish_definition, run_definition
from towpath.builder.shortcuts import Shortcuts
from towpath.errors import InputError
from towpath.formats import read_workflow
from towpath.formats.chapter import edge_from_chapter, node_from_chapter
from towpath.formats.native.yaml_writing import to_yaml
from towpath.model.problem import Problem
from towpath.model.result import Result
from towpath.model.workflow import WorkflowDefinition

if TYPE_CHECKING:
    from towpath.builder.running import StoreLike
    from towpath.ports.time import Clock
    from towpath.service.workflows import PublishedVersion


class Workflow(Shortcuts):
    """A workflow under construction.

    Nodes come from lists (``.nodes([...]).edges([...])``), or from steps, which have one method for each node type
    (``wf.crm.update(...)`` is a node of the type ``crm.update``) and are joined with ``>>``. Both may be mixed.
    """

    def __init__(
        self,
        name: str,
        *,
        id: str | None = None,
        description: str | None = None,
        **settings: Unpack[WorkflowOptions],
    ) -> None:
        self._drawing = Drawing()
        self._head = {"id": id, "name": name, "description": description}
        self._settings: dict[str, Any] = dict(settings)

    @property
    def name(self) -> str:
        """The name shown to people."""
        return str(self._head["name"])

    def nodes(self, nodes: Iterable[Mapping[str, Any]]) -> Self:
        """Add nodes, each an object with id, type, name and params (or options)."""
        for node in nodes:
            made = node_from_chapter(node)
            self._add("node", self._drawing.nodes, made.pop("id", None), made)
        return self

    def edges(self, edges: Iterable[Mapping[str, Any]]) -> Self:
        """Add edges, each an object with source, target and, for named ways out, source_port."""
        for edge in edges:
            made = edge_from_chapter(edge)
            edge_id = made.pop("id", None) or unused(f"{made.get('source')}-{made.get('target')}", self._drawing.edges)
            self._add("edge", self._drawing.edges, edge_id, made)
        return self

    def lane(
        self, id: str, name: str | None = None, *, kind: Literal["engine", "user", "team", "role"] = "team",
        assignee: str | None = None,
    ) -> Self:  # fmt: skip
        """Add a lane: who does the work of the nodes in it."""
        self._drawing.lanes[id] = {"name": name or id, "kind": kind, "assignee": assignee}
        return self

    @property
    def definition(self) -> WorkflowDefinition:
        """The workflow as frozen data. Raises WorkflowError with every fault of its shape."""
        return read_workflow(self._document())

    def check(self) -> list[Problem]:
        """Every problem, errors first; an empty list means that it can run."""
        return check_document(self._document())

    def to_yaml(self) -> str:
        """The workflow as readable YAML."""
        return to_yaml(self.definition)

    def to_json(self, *, indent: int | None = None) -> str:
        """The workflow as JSON: canonical (sorted, without spaces), or indented."""
        if indent is None:
            return self.definition.canonical().decode()
        return json.dumps(self.definition.as_json(), indent=indent, ensure_ascii=False)

    def run(
        self,
        items: Sequence[Mapping[str, Any]] | None = None,
        *,
        trigger: str | None = None,
        store: StoreLike = None,
        mocks: Mapping[str, Any] | None = None,
        clock: Clock | None = None,
    ) -> Result:
        """Run it once with these items, from the named trigger or from every beginning, until it ends or waits.

        ``store`` is a data folder, an open store, or None for the default folder. ``mocks`` has what nodes give
        instead of running, by name. On a virtual clock waits pass at once. Raises WorkflowError where it cannot run.
        """
        return run_definition(self.definition, items, trigger=trigger, store=store, mocks=mocks, clock=clock)

    def publish(self, store: StoreLike = None) -> PublishedVersion:
        """Make it the active version of its workflow in a store; its triggers start runs from now on."""
        return publish_definition(self.definition, store)

    @classmethod
    def from_definition(cls, definition: WorkflowDefinition) -> Self:
        """A workflow to go on building with."""
        document = definition.as_json()
        made = cls(
            definition.name, id=definition.id, description=definition.description, **document.get("settings", {})
        )
        made._drawing.nodes = document.get("nodes", {})
        made._drawing.edges = document.get("edges", {})
        made._drawing.lanes = document.get("lanes", {})
        return made

    def _add(self, kind: str, into: dict[str, dict[str, Any]], given: object, value: dict[str, Any]) -> None:
        if given is None or given == "":
            raise InputError(f"the {kind} {value!r} has no id", code="builder.missing_id", hint="Give it an 'id'.")
        if str(given) in into:
            raise InputError(f"there is a {kind} with the id {given!r} already", code="builder.duplicate_id")
        into[str(given)] = value

    def _document(self) -> dict[str, Any]:
        drawing = self._drawing
        head = {key: value for key, value in self._head.items() if value is not None}
        return {
            **head,
            "settings": self._settings,
            "lanes": drawing.lanes,
            "nodes": self._placed(),
            "edges": drawing.edges,
        }

    def _placed(self) -> dict[str, dict[str, Any]]:
        """The nodes with places on the canvas, made up where the program gave none."""
        nodes, edges = self._drawing.nodes, self._drawing.edges.values()
        if any("position" in node for node in nodes.values()):
            return nodes
        places = layout(nodes, [(str(edge.get("source")), str(edge.get("target"))) for edge in edges])
        in_order = sorted(nodes, key=lambda node_id: places[node_id])
        return {n: {**nodes[n], "position": {"x": places[n][0], "y": places[n][1]}} for n in in_order}

    def __repr__(self) -> str:
        return f"<Workflow {self.name!r}: {len(self._drawing.nodes)} nodes, {len(self._drawing.edges)} edges>"
