"""What a caller who runs a workflow by hand gets to see of every step: its items, in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Files = Mapping[str, Any]  # references of an item's files, by their names in the item


@dataclass(slots=True)
class TraceStep:
    """One step of one run with its data; times are microseconds UTC."""

    run: str
    node: str
    attempt: int
    enabled_at: int
    started_at: int
    ended_at: int
    actor: str
    outcome: str
    inputs: list[list[dict[str, Any]]]
    outputs: dict[str, list[dict[str, Any]]]
    error: dict[str, Any] | None = None
    files: dict[str, list[Files]] = field(default_factory=dict)


@dataclass(slots=True)
class Trace:
    """Collects steps; kept in memory only, for tests, previews and ``towpath run``."""

    steps: list[TraceStep] = field(default_factory=list)
