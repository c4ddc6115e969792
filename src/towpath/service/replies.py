"""Fetches what runs say to the web calls that started them."""

from __future__ import annotations

from collections.abc import Sequence

from towpath.engine.events import Reply
from towpath.engine.tables import REPLY
from towpath.service.platform import Platform

_COLUMNS = ("run", "status", "headers", "body", "file")


def fetch_replies(platform: Platform, runs: Sequence[str]) -> dict[str, Reply]:
    """What these runs have said so far, in one statement."""
    rows = platform.store.read(lambda tx: tx.get(REPLY, runs, _COLUMNS)) if runs else []
    return {row[0]: Reply(row[0], row[1], row[2], bytes(row[3] or b""), row[4]) for row in rows}


def forget_reply(platform: Platform, run: str) -> None:
    """It has been passed on."""
    platform.store.write(lambda tx: tx.delete(REPLY, [run]))
