"""What every use case is given: the store, the schema, the node types, the clock and the doors for effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from towpath.crm.catalogue import Catalogue
from towpath.crm.warm import WarmRecords
from towpath.engine.node import Registry
from towpath.engine.triggers import Brake
from towpath.ports.effects import Sender
from towpath.ports.mail import Inbox
from towpath.ports.sandbox import Sandbox
from towpath.ports.store import Store
from towpath.ports.time import Chance, Clock, Ids
from towpath.ports.tracing import NO_TRACING, Tracing
from towpath.service.published import Published
from towpath.service.saving import Saving


@dataclass(slots=True)
class Platform:
    """One open Towpath: a tenant's store with everything that works on it. Made by ``towpath.app``."""

    store: Store
    clock: Clock
    ids: Ids
    chance: Chance
    registry: Registry
    catalogue: Catalogue
    published: Published
    senders: Mapping[str, Sender]
    folder: Path | None = None
    shared: bool = False  # other processes may work on the same store at the same time
    sandbox: Sandbox | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    mocks: Mapping[str, Any] = field(default_factory=dict)
    inboxes: Sequence[Inbox] = ()  # mailboxes that the worker reads
    base_url: str | None = None  # where people reach this server; links in mails begin with it
    keep_runs: float | None = None  # seconds that ended runs keep what they carry; for ever where it is not said
    link_secret: bytes | None = field(default=None, repr=False)  # read from the store when it is first needed
    tracing: Tracing = NO_TRACING
    brake: Brake = field(default_factory=Brake)
    saving: Saving = field(default_factory=Saving)
    warm: WarmRecords = field(default_factory=WarmRecords)
    batch_size: int = 1000
    next_size: int = 1000  # shrinks while batches break, and grows again with each that does not
    on_close: list[Callable[[], None]] = field(default_factory=list)

    def close(self) -> None:
        """Let go of the store and everything opened with it."""
        for call in reversed(self.on_close):
            call()
        self.store.close()
