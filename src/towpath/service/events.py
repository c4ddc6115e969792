"""Named events from outside, for runs that wait for them: many in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from towpath.engine.journal import write_events
from towpath.ports.store import Transaction
from towpath.service.platform import Platform
from towpath.service.signals import signal


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """An event, the correlation key that runs wait with, and what they are told."""

    name: str
    key: str
    payload: Any = None


def send_events(platform: Platform, events: Sequence[NamedEvent]) -> list[int]:
    """How many runs each event wakes, in order; on disk when this returns.

    Of two with one name and key in one transaction the first is told, as a run waits only once.
    """

    def work(tx: Transaction) -> list[int]:
        answers = {f"event:{event.name}:{event.key}": event.payload for event in reversed(events)}
        woken: dict[str, int] = {}
        made = signal(tx, answers, platform.ids)
        for answer in (answer for each in made for answer in each.answers):
            woken[answer.key] = woken.get(answer.key, 0) + 1
        write_events(tx, made, {}, platform.clock.now())
        return [woken.get(f"event:{event.name}:{event.key}", 0) for event in events]

    return platform.store.write(work)
