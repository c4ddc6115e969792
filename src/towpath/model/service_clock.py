"""The clock of a promise: how much of its business time is used, when it is due, with pauses that do not count.

An SLA clock keeps its segments, running or paused, each with the status that began it; semantics.md §1.8. All times
are microseconds since 1970 UTC, ``target`` is business time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from towpath.errors import ConflictError
from towpath.model.business_time import BusinessTime

State: TypeAlias = Literal["running", "paused", "stopped"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch in which the clock ran, stood still, or had come to its end; ``cause`` is the status that began it."""

    state: State
    start: int
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceClock:
    """One clock. Each segment ends where the next begins; the last one is still going on."""

    target: int
    segments: tuple[Segment, ...]

    @classmethod
    def begin(cls, target: int, at: int, cause: str | None = None) -> ServiceClock:
        """A clock that runs from ``at`` on."""
        return cls(target, (Segment("running", at, cause),))

    @property
    def state(self) -> State:
        """Whether it runs now."""
        return self.segments[-1].state

    def turn(self, state: State, at: int, cause: str | None = None) -> ServiceClock:
        """Let it run, pause or stop from ``at`` on; in that state already, it stays as it is.

        ConflictError ``clock.order`` for a moment before the last turn, ``clock.stopped`` after the end.
        """
        last = self.segments[-1]
        if last.state == state:
            return self
        if last.state == "stopped":
            raise ConflictError("the clock has stopped and does not run again", code="clock.stopped")
        if at < last.start:
            raise ConflictError("a clock is turned in the order of time", code="clock.order")
        return replace(self, segments=(*self.segments, Segment(state, at, cause)))

    def retarget(self, target: int, at: int, *, restart: bool = False, cause: str | None = None) -> ServiceClock:
        """Another promise, as after a change of priority: what is used counts on, or (``restart``) all begins anew."""
        if not restart:
            return replace(self, target=target)
        return ServiceClock(target, (Segment(self.state, at, cause),))

    def used(self, time: BusinessTime, now: int) -> int:
        """The business time in which it ran, until ``now``."""
        return sum(time.between(start, min(end, now)) for start, end in self._in("running", now) if start < now)

    def paused(self, time: BusinessTime, now: int) -> int:
        """The business time in which it stood still, until ``now``."""
        return sum(time.between(start, min(end, now)) for start, end in self._in("paused", now) if start < now)

    def reaches(self, time: BusinessTime, share: float = 1.0) -> int | None:
        """When this share of the target is used, if it runs on; None where it stands still before that.

        The whole of it is due at ``add(start, target + business time paused until then)``.
        """
        left = round(self.target * share)
        for index, segment in enumerate(self.segments):
            if segment.state != "running":
                continue
            if index == len(self.segments) - 1:
                return time.add(segment.start, left)
            length = time.between(segment.start, self.segments[index + 1].start)
            if left <= length:
                return time.add(segment.start, left)
            left -= length
        return None

    def due(self, time: BusinessTime) -> int | None:
        """When the target is used up; None while it stands still with time left."""
        return self.reaches(time)

    def is_breached(self, time: BusinessTime, now: int) -> bool:
        """Whether more than the target is used."""
        return self.used(time, now) > self.target

    def as_json(self) -> dict[str, Any]:
        """The clock as a document."""
        return {"target": self.target, "segments": [[s.state, s.start, s.cause] for s in self.segments]}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> ServiceClock:
        """The clock of a document that ``as_json`` made."""
        return cls(document["target"], tuple(Segment(*segment) for segment in document["segments"]))

    def _in(self, state: State, now: int) -> list[tuple[int, int]]:
        ends = [*(segment.start for segment in self.segments[1:]), max(now, self.segments[-1].start)]
        return [(s.start, end) for s, end in zip(self.segments, ends, strict=True) if s.state == state]
