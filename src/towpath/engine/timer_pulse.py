"""Tells late from missed: remembers when timers were last looked after, and so the times that nobody was there for."""

from __future__ import annotations

from dataclasses import dataclass

from towpath.engine.tables import META
from towpath.ports.store import Reader, Transaction
from towpath.ports.time import SECOND

BEAT = 60 * SECOND  # how often a look is noted while nothing fires
GRACE = 300 * SECOND  # a pause this short is a busy worker or a restart, not a system that was down
_KEY = "timers.pulse"


@dataclass(frozen=True, slots=True)
class Pulse:
    """The last look that was noted, and the look that ended the last long pause."""

    seen: int
    since: int

    def look(self, now: int) -> Pulse:
        """The pulse after a look at ``now``; the same object when there is nothing to note."""
        if now - self.seen > GRACE:
            return Pulse(now, now)
        return Pulse(now, self.since) if now - self.seen >= BEAT else self

    @property
    def missed_before(self) -> int:
        """Times before this one fell due while nothing was running. A delay within the grace does not count."""
        return self.since - GRACE


def read_pulse(tx: Reader) -> Pulse | None:
    """The pulse as stored; None before the first look."""
    rows = tx.get(META, [_KEY], ("value",))
    return Pulse(*rows[0][0]) if rows else None


def note_pulse(tx: Transaction, now: int) -> Pulse:
    """Add a look at ``now`` to the stored pulse, and give it."""
    stored = read_pulse(tx)
    if stored is None:
        tx.insert(META, ("key", "value"), [(_KEY, [now, now])])
        return Pulse(now, now)
    pulse = stored.look(now)
    if pulse is not stored:
        tx.update(META, ("value",), [([pulse.seen, pulse.since], _KEY)])
    return pulse
