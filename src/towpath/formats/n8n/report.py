"""What an import says about each node: how it will run, and what to do where it will not run as it did."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from towpath.model.workflow import WorkflowDefinition

Status = Literal["native", "generic", "refused"]


@dataclass(frozen=True, slots=True)
class NodeReport:
    """One n8n node. ``node`` is its id in the definition, None where it was left out; ``reason`` is why not native."""

    name: str
    type: str
    version: float
    status: Status
    node: str | None
    towpath: str | None = None
    reason: str = ""
    hint: str = ""
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The finding as a JSON object without empty parts."""
        return {key: value for key, value in asdict(self).items() if value not in (None, "", ())}


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection that nodes ask for: its name, and n8n's kind of credential."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Imported:
    """A workflow read from n8n, with what became of it."""

    definition: WorkflowDefinition
    nodes: tuple[NodeReport, ...]
    connections: tuple[Connection, ...] = ()
    warnings: tuple[str, ...] = ()
