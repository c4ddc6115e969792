"""Drafts: what people edit before it is published. A draft may be incomplete; saving one carries its revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from towpath.engine.tables import DRAFT
from towpath.errors import ConflictError, NotFoundError
from towpath.formats.native.decode import decode
from towpath.ports.store import Reader, Transaction
from towpath.service.platform import Platform


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as stored; the time is in microseconds UTC."""

    workflow: str
    revision: int
    definition: dict[str, Any]
    updated_at: int
    updated_by: str


def get_draft(platform: Platform, workflow: str) -> Draft:
    """The draft of a workflow, by the workflow's id. NotFoundError when there is none."""
    return platform.store.read(lambda tx: _require(tx, workflow))


def has_draft(platform: Platform, workflow: str) -> bool:
    """Whether a workflow, by its id, has a draft."""
    return bool(platform.store.read(lambda tx: tx.get(DRAFT, [workflow], ("workflow",))))


def save_draft(
    platform: Platform, workflow: str, definition: Mapping[str, Any], *, revision: int, actor: str = "system"
) -> Draft:
    """Save the draft that was made from ``revision`` (0: from none). ConflictError when it has moved on since."""
    document = decode(definition)

    def work(tx: Transaction) -> Draft:
        stored = _stored(tx, workflow)
        _require_revision(workflow, stored, revision)
        draft = Draft(workflow, revision + 1, document, platform.clock.now(), actor)
        if stored is None:
            tx.insert(DRAFT, DRAFT.names, [_row(draft)])
        else:
            tx.update(DRAFT, DRAFT.names[1:], [(*_row(draft)[1:], workflow)])
        return draft

    return platform.store.write(work)


def discard_draft(platform: Platform, workflow: str, *, revision: int) -> None:
    """Take a draft away, if it is still at this revision."""

    def work(tx: Transaction) -> None:
        _require_revision(workflow, _require(tx, workflow), revision)
        tx.delete(DRAFT, [workflow])

    platform.store.write(work)


def _require_revision(workflow: str, stored: Draft | None, revision: int) -> None:
    present = stored.revision if stored else 0
    if present != revision:
        by = f" by {stored.updated_by}" if stored else ""
        raise ConflictError(
            f"the draft of {workflow!r} is at revision {present}{by}, not at {revision}",
            code="draft.conflict",
            hint="Read it again and join your changes with it.",
            params={"revision": present, "yours": revision},
        )


def _require(tx: Reader, workflow: str) -> Draft:
    draft = _stored(tx, workflow)
    if draft is None:
        raise NotFoundError(f"{workflow!r} has no draft", code="draft.not_found", hint="Save one first.")
    return draft


def _stored(tx: Reader, workflow: str) -> Draft | None:
    rows = tx.get(DRAFT, [workflow], DRAFT.names)
    return Draft(*rows[0]) if rows else None


def _row(draft: Draft) -> tuple[Any, ...]:
    return draft.workflow, draft.revision, draft.definition, draft.updated_at, draft.updated_by
