"""Time, identity and chance as ports. The core reads no clock and rolls no dice of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

SECOND = 1_000_000  # times inside the engine are whole microseconds since 1970 UTC


class Clock(Protocol):
    """The one clock."""

    def now(self) -> int:
        """Microseconds since 1970-01-01 UTC; never goes backwards within one process."""
        ...


class Ids(Protocol):
    """Makes identifiers."""

    def new(self) -> str:
        """A new UUIDv7 in 26 characters of Crockford's base 32: sortable by time of making."""
        ...

    def many(self, count: int) -> Sequence[str]:
        """``count`` new ids in ascending order."""
        ...


class Chance(Protocol):
    """Randomness for jitter and random splits."""

    def random(self) -> float:
        """A number in [0, 1)."""
        ...
