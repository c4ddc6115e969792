"""Durable intake: what starts runs and what wakes them, before a worker has taken it up.

One event may start many runs (a bulk change of 1,000 records is one row); the runs' ids follow from the
event's, so a batch that is tried again makes the same runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

BULK_RANK = 1_000_000  # added to the rank in the intake of what bulk jobs have started
BULK_BAND = BULK_RANK - 1_000  # from this rank on it is theirs, whatever the priority of the workflow


class Start(msgspec.Struct, array_like=True):
    """One run to be made: of a record, or of items that came from outside."""

    run: str
    record: str | None = None
    items: list[dict[str, Any]] | None = None
    old: dict[str, Any] | None = None  # the changed fields as they were, where the workflow asks for $old
    chain: tuple[tuple[str, str], ...] = ()
    parent: tuple[str, str] | None = None
    depth: int = 0
    variables: dict[str, Any] | None = None
    files: list[dict[str, Any] | None] | None = None  # references of what each item carries


class Answered(msgspec.Struct, array_like=True):
    """An answer for one parked token: the key it waited for, and what came."""

    run: str
    token: int
    key: str
    answer: Any = None


@dataclass(slots=True)
class Event:
    """A row of intake: runs to start at one trigger of one version, or answers for its parked runs."""

    id: str
    kind: Literal["start", "wake"]
    version: int = 0
    trigger: str | None = None  # node id where the runs begin; None = every node without input
    object: str | None = None
    bulk: bool = False
    starts: list[Start] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)


class Notice(msgspec.Struct):
    """Something people should see: an alert on a time limit, a skipped loop, a line that a node logs."""

    at: int
    kind: str
    text: str
    version: int | None = None
    run: str | None = None
    node: str | None = None
    data: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a run says to the web call that started it; the first one counts. ``file`` is a kept file's reference."""

    run: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    file: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """An intended external effect; becomes a row of the outbox with the batch."""

    id: str
    run: str
    node: str
    token: int
    item: int
    version: int
    kind: str
    request: dict[str, Any]
    keyed: bool
    attempt: int
    at: int
    effect_key: str

    def values(self) -> tuple[Any, ...]:
        """The row's values; due at once; the idempotency key is the same at every attempt."""
        return (
            self.id, self.run, self.node, self.token, self.item, self.version, self.kind, self.request,
            self.effect_key, self.keyed, "new", self.attempt, self.at, self.at, self.at,
        )  # fmt: skip
