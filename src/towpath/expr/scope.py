"""What an expression can see: one Scope per item, sharing one RunScope per run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from towpath.model.item import Item


class RunScope(msgspec.Struct, kw_only=True, eq=False):
    """The part of the surroundings that all items of one run share.

    ``nodes`` and ``input`` hold the plain JSON of each item (no ``{"json": ...}`` around it): the output
    of every node that has run, by node name, and the items that entered the present node.
    ``workflow`` has ``id`` and ``name``; ``id`` is the run's id; ``now`` is an aware time in the workflow's zone.
    ``env`` is the part of the environment that the administrator allows; ``about`` describes the node that
    evaluates: ``parameter``, ``parameters`` (of nodes that it names), ``prevNode``, ``nodeId``, ``nodeVersion``.
    """

    record: Mapping[str, Any] | None = None
    old: dict[str, Any] | None = None
    globals: dict[str, Any] = {}
    nodes: dict[str, list[Any]] = {}
    input: Sequence[Any] = ()
    vars: Mapping[str, Any] = {}
    now: datetime | None = None
    id: str | None = None
    workflow: Mapping[str, Any] = {}
    run_index: int = 0
    contexts: dict[str, dict[str, Any]] = {}  # what loops say of their progress, by node name
    links: Mapping[str, str] = {}  # the run's own web addresses, by n8n's names for them
    env: Mapping[str, str] = {}
    about: Mapping[str, Any] = {}
    page: Mapping[str, Any] = {}  # of an answer that is read in pages: response, request, pageCount


class Scope(msgspec.Struct, eq=False):
    """What one item sees: its JSON, its place among the items, its run, and the item itself where there is one.

    ``answers`` holds what a sandbox has said, by the text of the expression, while a template is being evaluated;
    False while it has not been asked about a value that the native evaluator would not give exactly.
    """

    json: Any
    run: RunScope
    index: int = 0
    item: Item | None = None
    answers: dict[str, Any] | Literal[False] | None = None
