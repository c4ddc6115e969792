"""The one place where the Python face meets the composition root: open a store, run once, publish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from towpath.app import open_platform
from towpath.errors import InputError, did_you_mean
from towpath.model.result import Result
from towpath.model.workflow import WorkflowDefinition
from towpath.ports.store import Store
from towpath.ports.time import Clock
from towpath.service import trial, workflows
from towpath.service.drive import Settable
from towpath.service.platform import Platform
from towpath.service.workflows import PublishedVersion

StoreLike: TypeAlias = Store | str | Path | None
MEMORY = ":memory:"


def run_definition(
    definition: WorkflowDefinition,
    items: Sequence[Mapping[str, Any]] | None,
    *,
    trigger: str | None,
    store: StoreLike,
    mocks: Mapping[str, Any] | None,
    clock: Clock | None,
) -> Result:
    """Run a definition once. Without a store, a test (one with mocks or a clock of its own) runs in memory."""
    _check_items(items)
    _check_mocks(definition, mocks or {})
    if store is None and (mocks is not None or clock is not None):
        store = MEMORY
    with _opened(store, clock=clock, mocks=mocks) as platform:
        movable: Settable | None = clock if hasattr(clock, "set") else None  # type: ignore[assignment]
        return trial.run_definition(platform, definition, items, trigger=trigger, clock=movable)


def _check_items(items: object) -> None:
    if items is None:
        return
    if isinstance(items, Sequence) and all(isinstance(item, Mapping) for item in items):
        return
    message, hint = "the items are not a list of objects", 'Give a list of dicts, like [{"lastName": "Doe"}].'
    raise InputError(message, code="run.items", hint=hint)


def _check_mocks(definition: WorkflowDefinition, mocks: Mapping[str, Any]) -> None:
    """A mock for a node that is not there would silently replace nothing."""
    nodes = definition.nodes
    known = {*nodes, *(node.type for node in nodes.values()), *map(definition.node_name, nodes)}
    for name in mocks:
        if name not in known:
            raise InputError(
                f"{definition.name!r} has no node {name!r} to replace",
                code="run.unknown_mock",
                hint=did_you_mean(name, known),
            )


def publish_definition(definition: WorkflowDefinition, store: StoreLike) -> PublishedVersion:
    """Publish a definition in a store."""
    with _opened(store) as platform:
        return workflows.publish(platform, definition)


@contextmanager
def _opened(store: StoreLike, **surroundings: Any) -> Iterator[Platform]:
    """A platform on a folder, in memory, or on a store that stays open afterwards."""
    if store is not None and not isinstance(store, str | Path):
        yield open_platform(store=store, **surroundings)
        return
    platform = open_platform(memory=True, **surroundings) if store == MEMORY else open_platform(store, **surroundings)
    try:
        yield platform
    finally:
        platform.close()
