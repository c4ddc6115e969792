"""The chain of the audit log: each entry's hash covers its content and the hash before it.

So no entry can be altered, left out or put in without every later one telling.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

BEGIN = "0" * 64  # the hash before the first entry


@dataclass(frozen=True, slots=True)
class Entry:
    """Who (an account's id, or "system") did what (``resource:verb``) to whom or what, and the particulars."""

    sequence: int
    at: int
    actor: str
    action: str
    target: str
    detail: Mapping[str, Any]
    previous: str
    hash: str


def entry_hash(previous: str, sequence: int, at: int, actor: str, action: str, target: str, detail: Any) -> str:
    """The hash of an entry, over its canonical JSON: keys sorted, no spaces."""
    content = [previous, sequence, at, actor, action, target, detail]
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()


def first_broken(entries: Iterable[Entry]) -> int | None:
    """The sequence number of the first entry that does not follow from those before; None for a whole chain.

    Entries come in order from the first. A number that is missing is told by the one after it.
    """
    previous = BEGIN
    for number, entry in enumerate(entries, 1):
        made = entry_hash(previous, entry.sequence, entry.at, entry.actor, entry.action, entry.target, entry.detail)
        if entry.sequence != number or entry.previous != previous or entry.hash != made:
            return entry.sequence
        previous = entry.hash
    return None
