"""Who gets the next record: round robin, by weights, or to the least loaded, among those who may take it.

Pure: a list of members as they stand, changed with every choice, so that a whole batch is given in one pass in the
order of its input. semantics.md §1.9 is the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from towpath.crm.assignment.pool import Strategy
from towpath.ports.records import Nobody

Record = Mapping[str, Any]


@dataclass(slots=True)
class Standing:
    """One member now. ``back`` is when an absent one or one out of shift can take records again (microseconds)."""

    user: str
    share: float = 1.0
    capacity: float | None = None
    load: float = 0.0
    assigned: float = 0.0
    last: int = 0  # when, or in which order, the member last got one
    away: str | None = None  # absent, out_of_shift
    back: int | None = None
    takes: Callable[[Record], bool] | None = None

    def has_room(self, weight: float) -> bool:
        """Whether one more record fits."""
        return self.capacity is None or self.load + weight <= self.capacity


class Chooser:
    """Chooses members one after another; ``pointer`` is the user who was given the last record."""

    def __init__(self, strategy: Strategy, members: Sequence[Standing], weight: float, pointer: str | None) -> None:
        self.members = list(members)
        self.weight = weight
        self.pointer = pointer
        self.total = sum(member.assigned for member in members)
        self._shares = sum(member.share for member in members) or 1.0
        self._turn = max((member.last for member in members), default=0)
        self._places = {member.user: place for place, member in enumerate(members)}
        self._choose = {"round_robin": self._next, "weighted": self._owed, "least_loaded": self._freest}[strategy]

    def choose(self, record: Record, preferred: str | None = None) -> Standing | Nobody:
        """The member for the record, who has it from now on; ``preferred`` goes first if eligible."""
        first = self.member(preferred)
        if first is not None and self._eligible(first, record):
            return self._give(first, moves=False)
        chosen = self._choose(record)
        return self._give(chosen, moves=True) if chosen is not None else self._why_nobody(record)

    def member(self, user: str | None) -> Standing | None:
        """The member of that id, if there is one."""
        place = self._places.get(user or "")
        return None if place is None else self.members[place]

    def _eligible(self, member: Standing, record: Record) -> bool:
        return member.away is None and member.has_room(self.weight) and (member.takes is None or member.takes(record))

    def _give(self, member: Standing, *, moves: bool) -> Standing:
        self._turn += 1
        member.last = self._turn
        member.load += self.weight
        member.assigned += 1
        self.total += 1
        if moves:
            self.pointer = member.user
        return member

    def _next(self, record: Record) -> Standing | None:
        """The next after the pointer in stable order: who is passed over keeps the place."""
        count = len(self.members)
        start = self._places.get(self.pointer or "", -1) + 1
        for step in range(count):
            member = self.members[(start + step) % count]
            if self._eligible(member, record):
                return member
        return None

    def _owed(self, record: Record) -> Standing | None:
        """The one with the largest share x assigned in all - assigned so far."""
        best, most = None, 0.0
        for member in self.members:
            if self._eligible(member, record):
                owed = member.share / self._shares * (self.total + 1) - member.assigned
                if best is None or owed > most:
                    best, most = member, owed
        return best

    def _freest(self, record: Record) -> Standing | None:
        """The least load for the capacity; then who has waited longest, then the id."""
        able = [member for member in self.members if self._eligible(member, record)]
        return min(able, key=lambda m: (m.load / m.capacity if m.capacity else m.load, m.last, m.user), default=None)

    def _why_nobody(self, record: Record) -> Nobody:
        fitting = [member for member in self.members if member.takes is None or member.takes(record)]
        if not fitting:
            return Nobody("no_member_fits")
        backs = [member.back for member in fitting if member.away is not None and member.back is not None]
        if any(member.away is None for member in fitting):
            return Nobody("full", min(backs, default=None))
        return Nobody("nobody_there", min(backs, default=None))
