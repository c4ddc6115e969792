"""The one place where the Python face meets the composition root: open, run once, publish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from towpath.model.result import Result
from towpath.model.workflow import WorkflowDefinition
from towpath.ports.store import Store
from towpath.ports.time import Clock

StoreLike: TypeAlias = Store | str | Path | None


class Published(Protocol):
    """What publishing made."""

    @property
    def workflow(self) -> str:
        """The workflow's id."""
        ...

    @property
    def version(self) -> int:
        """1, 2, ..."""
        ...


class _App(Protocol):
    def run_once(
        self, definition: WorkflowDefinition, items: Sequence[Mapping[str, Any]] | None, trigger: str | None
    ) -> Result: ...

    def publish(self, definition: WorkflowDefinition) -> Published: ...

    def close(self) -> None: ...


def run_definition(
    definition: WorkflowDefinition,
    items: Sequence[Mapping[str, Any]] | None,
    *,
    trigger: str | None,
    store: StoreLike,
    mocks: Mapping[str, Any] | None,
    clock: Clock | None,
) -> Result:
    """Run a definition once on a store."""
    app = _open(store, clock=clock, mocks=mocks)
    try:
        return app.run_once(definition, items, trigger)
    finally:
        app.close()


def publish_definition(definition: WorkflowDefinition, store: StoreLike) -> Published:
    """Publish a definition in a store."""
    app = _open(store)
    try:
        return app.publish(definition)
    finally:
        app.close()


def _open(store: StoreLike, **surroundings: Any) -> _App:
    app: _App = import_module("towpath.app").open_app(store, **surroundings)
    return app
