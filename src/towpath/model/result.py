"""What became of running a workflow, for programs and tests: status, steps in order, items, changes, log, metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from towpath.errors import NodeError, TowpathError, Where

SHOWN = 10  # items that print shows


@dataclass(frozen=True, slots=True)
class StepResult:
    """One execution of one node. Times are microseconds UTC; ``outputs`` has the items by output port.

    ``files`` has, for ports whose items carry any, what each of these items carries: references by name.
    """

    node: str
    name: str
    outcome: str
    attempt: int = 1
    outputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    enabled_at: int | None = None
    started_at: int | None = None
    ended_at: int | None = None
    actor: str = "engine"
    error: dict[str, Any] | None = None
    files: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)

    @property
    def items(self) -> list[dict[str, Any]]:
        """All items that went out, whatever the port."""
        return [item for items in self.outputs.values() for item in items]

    def __repr__(self) -> str:
        counts = ", ".join(f"{port}: {len(items)}" for port, items in self.outputs.items())
        again = f" attempt {self.attempt}" if self.attempt > 1 else ""
        return f"<{self.name!r} {self.outcome}{again}{f' ({counts})' if counts else ''}>"


@dataclass(frozen=True, slots=True)
class RecordChange:
    """The change of one record: what it was and what it is; None before its creation and after its deletion."""

    kind: str
    object: str
    id: str
    old: dict[str, Any] | None = None
    new: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return f"<{self.object} {self.id} {self.kind}>"


@dataclass(frozen=True, slots=True)
class Result:
    """One run, or several: then ``status`` is the worst of them and ``runs`` has each.

    ``items`` are those that the last nodes gave, ``changes`` the records changed in order, ``log`` what nodes logged,
    ``metrics`` the figures of the run by name, ``error`` the first error as JSON, ``files`` what was kept beside the
    items (id, name, media_type, bytes): ``towpath runs file`` gives the bytes.
    """

    id: str
    workflow: str
    status: str
    steps: tuple[StepResult, ...] = ()
    items: list[dict[str, Any]] = field(default_factory=list)
    changes: tuple[RecordChange, ...] = ()
    log: tuple[str, ...] = ()
    metrics: dict[str, Any] = field(default_factory=dict)
    error: dict[str, Any] | None = None
    runs: tuple[Result, ...] = ()
    files: tuple[Mapping[str, Any], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing failed; a run that waits is well too."""
        return self.status in ("completed", "waiting")

    def step(self, node: str) -> StepResult:
        """The last execution of a node, by id or name; KeyError when it did not run."""
        for step in reversed(self.steps):
            if node in (step.node, step.name):
                return step
        raise KeyError(
            f"{node!r} did not run; these did: {', '.join(dict.fromkeys(s.name for s in self.steps)) or 'none'}"
        )

    def raise_for_status(self) -> Result:
        """Itself, so that calls can be chained; raises the error of a run that failed or was cancelled."""
        if self.ok:
            return self
        if self.error is None:
            raise TowpathError(
                f"the run is {self.status}", code="run.not_completed", where=Where(workflow=self.workflow)
            )
        known = {"file", "line", "column", "workflow", "node", "object", "record", "field"}
        place = {key: value for key, value in (self.error.get("where") or {}).items() if key in known}
        raise NodeError(
            str(self.error.get("message", self.status)),
            code=self.error.get("code"),
            hint=self.error.get("hint"),
            where=Where(**{"workflow": self.workflow, **place}),
            params=self.error.get("params"),
        )

    def __repr__(self) -> str:
        path = " -> ".join(dict.fromkeys(step.name for step in self.steps))
        parts = [f"{len(self.items)} items", f"{len(self.changes)} changes"]
        if self.runs:
            parts.insert(0, f"{len(self.runs)} runs")
        if self.error:
            parts.append(f"error {self.error.get('code')}: {self.error.get('message')}")
        return f"<Result {self.workflow!r} {self.status}: {path or 'no steps'}; {', '.join(parts)}>"

    def __str__(self) -> str:
        """What print shows: the run, and below it the first of its items, with what has a value."""
        first = [
            ", ".join(f"{key}: {value}" for key, value in item.items() if value is not None)
            for item in self.items[:SHOWN]
        ]
        more = [f"and {len(self.items) - SHOWN} items more"] if len(self.items) > SHOWN else []
        return "\n  ".join([repr(self), *first, *more])
