"""Committed changes of records: the one feed that triggers, timers, history and audit read."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

ChangeKind = Literal["created", "updated", "deleted", "undeleted"]


class Cause(msgspec.Struct, frozen=True):
    """Why a change happens.

    ``actor`` is a user id or ``"engine"``; ``run`` the run that writes, if any; ``chain`` the
    (workflow id, record id) pairs that led here, oldest first; ``bulk`` marks a declared bulk job.
    """

    actor: str
    run: str | None = None
    chain: tuple[tuple[str, str], ...] = ()
    bulk: bool = False


class Change(msgspec.Struct):
    """The net change of one record in one transaction.

    ``old`` and ``new`` are whole records (``None`` before creation, after deletion); ``fields`` names what differs.
    """

    kind: ChangeKind
    object: str
    id: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    fields: tuple[str, ...]
    cause: Cause
