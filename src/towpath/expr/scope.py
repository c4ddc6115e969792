"""What an expression can see: one Scope per item, sharing one RunScope per run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from towpath.model.item import Item


class RunScope:
    """The part of the surroundings that all items of one run share.

    ``nodes`` and ``input`` hold the plain JSON of each item (no ``{"json": ...}`` around it): the output
    of every node that has run, by node name, and the items that entered the present node.
    ``workflow`` has ``id`` and ``name``; ``id`` is the run's id; ``now`` is an aware time in the workflow's zone.
    ``env`` is the part of the environment that the administrator allows; ``about`` describes the node that
    evaluates: ``parameter``, ``parameters`` (of nodes that it names), ``prevNode``, ``nodeId``, ``nodeVersion``.
    """

    __slots__ = (
        "about",
        "env",
        "globals",
        "id",
        "input",
        "links",
        "nodes",
        "now",
        "old",
        "record",
        "run_index",
        "vars",
        "workflow",
    )

    def __init__(
        self,
        *,
        record: Mapping[str, Any] | None = None,
        old: dict[str, Any] | None = None,
        globals: dict[str, Any] | None = None,
        nodes: dict[str, list[Any]] | None = None,
        input: Sequence[Any] = (),
        vars: Mapping[str, Any] | None = None,
        now: datetime | None = None,
        id: str | None = None,
        workflow: Mapping[str, Any] | None = None,
        run_index: int = 0,
        env: Mapping[str, str] | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        self.record = record
        self.old = old
        self.globals: dict[str, Any] = {} if globals is None else globals
        self.nodes: dict[str, list[Any]] = {} if nodes is None else nodes
        self.input = input
        self.vars: Mapping[str, Any] = {} if vars is None else vars
        self.now = now
        self.id = id
        self.workflow: Mapping[str, Any] = {} if workflow is None else workflow
        self.run_index = run_index
        self.links: Mapping[str, str] = {}  # the run's own web addresses, by n8n's names for them
        self.env: Mapping[str, str] = {} if env is None else env
        self.about: Mapping[str, Any] = {} if about is None else about


class Scope:
    """What one item sees: its JSON, its place among the items, its run, and the item itself where there is one.

    ``answers`` holds what a sandbox has said, by the text of the expression, while a template is being evaluated;
    False while it has not been asked about a value that the native evaluator would not give exactly.
    """

    __slots__ = ("answers", "index", "item", "json", "run")

    def __init__(self, json: Any, run: RunScope, index: int = 0, item: Item | None = None) -> None:
        self.json = json
        self.run = run
        self.index = index
        self.item = item
        self.answers: dict[str, Any] | Literal[False] | None = None
