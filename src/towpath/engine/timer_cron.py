"""The times of a cron expression in a time zone, and which of them a schedule still owes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Literal, TypeAlias

from cronsim import CronSim

from towpath.model.moment import to_datetime
from towpath.model.offset import to_microseconds
from towpath.ports.time import SECOND

Missed: TypeAlias = Literal["all", "last", "none"]
_DAY = 86_400 * SECOND
_WINDOWS = (_DAY // 24, _DAY, 31 * _DAY, 366 * _DAY, 50 * 366 * _DAY)  # short ones first: most crons are crowded


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cron expression with five fields, read in a time zone.

    As in Debian's cron, a set local time that a clock change skips comes right after the gap, and one that a
    change repeats comes once; times with a ``*`` in minute or hour go by real hours.
    """

    cron: str
    zone: tzinfo

    def times(self, after: int) -> Iterator[int]:
        """The times later than ``after``, each later than the one before, microseconds."""
        last = after
        for local in CronSim(self.cron, to_datetime(after).astimezone(self.zone)):
            time = to_microseconds(local.astimezone(UTC))
            # In a repeated hour the expression's local times begin again before ``after``.
            if time > last:
                yield time
                last = time

    def next(self, after: int) -> int | None:
        """The first time later than ``after``; None where no such day comes in 50 years."""
        return next(self.times(after), None)

    def last(self, first: int, before: int) -> int | None:
        """The last time from ``first`` on and before ``before``, found from the end."""
        for window in _WINDOWS:
            start = max(first, before - window)
            found = None
            for time in self.times(start - 1):
                if time >= before:
                    break
                found = time
            if found is not None or start == first:
                return found
        return None


def owed(
    schedule: Schedule, due: int, now: int, missed_before: int, missed: Missed, most: int
) -> tuple[list[int], int | None]:
    """The times to start at now, at most ``most``, and the time after them (None: there is none).

    ``due`` is the first time that was not started; those before ``missed_before`` fell due while nothing was
    running and are made up for as ``missed`` says.
    """
    ready: list[int] = []
    for time in _owed(schedule, due, missed_before, missed):
        if time > now or len(ready) == most:
            return ready, time
        ready.append(time)
    return ready, None


def _owed(schedule: Schedule, due: int, missed_before: int, missed: Missed) -> Iterator[int]:
    if missed != "all" and due < missed_before:
        last = schedule.last(due, missed_before) if missed == "last" else None
        if last is not None:
            yield last
        due = missed_before
    yield from schedule.times(due - 1)
