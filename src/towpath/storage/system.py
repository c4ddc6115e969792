"""The world's clock, ids and chance, and their counterparts for tests and the virtual clock."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from threading import Lock

from towpath.ports.time import SECOND

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_BLOCK = len(_PAIRS)  # ids that share all but their last two characters
_START = 1_767_225_600 * SECOND  # 2026-01-01 00:00 UTC


class SystemClock:
    """The computer's clock; if that is set back, time stands still here until it has caught up."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = Lock()

    def now(self) -> int:
        """Microseconds since 1970 UTC."""
        with self._lock:
            self._last = max(self._last, time.time_ns() // 1000)
            return self._last


class VirtualClock:
    """A clock that moves only when it is told to, from 2026 on unless told otherwise."""

    def __init__(self, start: int = _START) -> None:
        self._now = start

    def now(self) -> int:
        """Microseconds since 1970 UTC."""
        return self._now

    def set(self, moment: int) -> None:
        """Move to a moment (microseconds since 1970 UTC); one that has passed leaves the clock where it is."""
        self._now = max(self._now, moment)

    def advance(self, seconds: float) -> None:
        """Move forward."""
        self.set(self._now + round(seconds * SECOND))


class Uuid7Ids:
    """UUIDv7 in 26 characters, ascending within the process even when the clock is set back.

    A new millisecond begins at random bits; within it ids count upwards. All but the last two characters are
    encoded once for 1,024 ids.
    """

    def __init__(
        self, nanoseconds: Callable[[], int] = time.time_ns, chance: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._nanoseconds = nanoseconds
        self._chance = chance
        self._lock = Lock()
        self._time = -1  # milliseconds
        self._head = 0  # all bits but the last ten
        self._prefix = ""
        self._next = _BLOCK  # the last ten bits of the next id

    def new(self) -> str:
        """A new id."""
        with self._lock:
            self._begin_if_later()
            if self._next == _BLOCK:
                self._set_head(self._head + 1)
            self._next += 1
            return self._prefix + _PAIRS[self._next - 1]

    def many(self, count: int) -> Sequence[str]:
        """``count`` ids in ascending order."""
        made: list[str] = []
        with self._lock:
            self._begin_if_later()
            while len(made) < count:
                if self._next == _BLOCK:
                    self._set_head(self._head + 1)
                prefix, end = self._prefix, min(_BLOCK, self._next + count - len(made))
                made += [prefix + pair for pair in _PAIRS[self._next : end]]
                self._next = end
        return made

    def _begin_if_later(self) -> None:
        now = self._nanoseconds() // 1_000_000
        if now > self._time:
            self._time = now
            value = now << 80 | int.from_bytes(self._chance(10), "big")
            value = value & ~(0xF << 76) | 7 << 76  # the version
            value = value & ~(7 << 61) | 4 << 61  # the variant, and one zero that leaves 2**61 ids to count
            self._set_head(value >> 10)

    def _set_head(self, head: int) -> None:
        self._head = head
        self._prefix = "".join([_PAIRS[head >> shift & 1023] for shift in range(110, -1, -10)])
        self._next = 0


class SequenceIds(Uuid7Ids):
    """Ids of the same form that are the same every time: they count up, from elsewhere for another seed."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(nanoseconds=lambda: 0, chance=lambda count: (seed << 20).to_bytes(count, "big"))


class SystemChance:
    """The computer's randomness."""

    def __init__(self) -> None:
        self._random = random.Random()  # noqa: S311 - jitter and random splits are no secrets

    def random(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()


class SeededChance:
    """The same numbers every time; for tests and simulation."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311 - it is meant to be predictable

    def random(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()
