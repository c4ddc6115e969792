"""What a batch may use of the world: the clock, ids, chance, the CRM inside the transaction, other workflows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from towpath.engine.events import Event, Notice, OutboxRow, Reply
from towpath.model.change import Cause
from towpath.ports.files import Files
from towpath.ports.records import Records
from towpath.ports.sandbox import Sandbox
from towpath.ports.time import Chance, Clock, Ids


@dataclass(slots=True)
class Context:
    """One batch's surroundings. ``events`` and ``notices`` leave with the batch's transaction."""

    clock: Clock
    ids: Ids
    chance: Chance
    records: Records
    variables: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    find_workflow: Callable[[str], int | None] = lambda _: None  # id or name -> number of the published version
    links: Callable[[str], Mapping[str, str]] = lambda _: {}  # run id -> its own web addresses
    mocks: Mapping[str, Any] = field(default_factory=dict)
    connections: Mapping[str, Any] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    outbox: list[OutboxRow] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    actor: str = "engine"
    bulk: bool = False
    sandbox: Sandbox | None = None  # for what is not native; None refuses it
    files: Files | None = None  # None refuses them
    services: frozenset[str] = frozenset()  # kinds of effects that somebody here can send

    def cause(self, run_id: str, chain: tuple[tuple[str, str], ...]) -> Cause:
        """The cause of what a run writes."""
        return Cause(self.actor, run_id, chain, self.bulk)
