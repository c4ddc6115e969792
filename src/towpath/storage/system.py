"""The world's clock, ids and chance, and their counterparts for tests and the virtual clock."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Sequence

from towpath.ports.time import SECOND

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_TAIL = 20  # bits of an id that count within one prefix: four characters


class SystemClock:
    """The computer's clock; if it is set back, time stands still here until it has caught up."""

    def __init__(self) -> None:
        self._last = 0

    def now(self) -> int:
        """Microseconds since 1970 UTC."""
        moment = time.time_ns() // 1000
        if moment < self._last:
            return self._last
        self._last = moment
        return moment


class VirtualClock:
    """A clock that moves only when it is told to."""

    def __init__(self, start: int = 1_767_225_600 * SECOND) -> None:  # 2026-01-01 00:00 UTC
        self._now = start

    def now(self) -> int:
        """Microseconds since 1970 UTC."""
        return self._now

    def set(self, moment: int) -> None:
        """Move to a moment; never backwards."""
        self._now = max(self._now, moment)

    def advance(self, seconds: float) -> None:
        """Move forward."""
        self._now += round(seconds * SECOND)


class Uuid7Ids:
    """UUIDv7 in 26 characters: 48 bits of time, then random bits of which the last 20 count upwards.

    Within one process ids ascend strictly. The counter makes an id cost two table look-ups.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._prefix = ""
        self._left = 0
        self._next = 0
        self._time = 0

    def new(self) -> str:
        """A new id."""
        return self.many(1)[0]

    def many(self, count: int) -> Sequence[str]:
        """``count`` ids in ascending order."""
        made: list[str] = []
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._time:
                self._begin(now)
            while count > len(made):
                if self._next >> _TAIL:
                    self._begin(self._time + 1)
                first = self._next
                last = min(first + count - len(made), 1 << _TAIL)
                prefix = self._prefix
                made += [prefix + _PAIRS[n >> 10] + _PAIRS[n & 1023] for n in range(first, last)]
                self._next = last
        return made

    def _begin(self, moment: int) -> None:
        """A new prefix: version 7 and variant 2 as RFC 9562 has them, the rest random."""
        self._time = moment
        value = moment << 80 | int.from_bytes(os.urandom(10))
        value = value & ~(0xF << 76) | 7 << 76
        value = value & ~(0x3 << 62) | 2 << 62
        head = value >> _TAIL
        pairs = []
        for shift in range(100, -1, -10):
            pairs.append(_PAIRS[head >> shift & 1023])
        self._prefix = "".join(pairs)
        self._next = 0


class SequenceIds:
    """Ids that count from one; for tests."""

    def __init__(self) -> None:
        self._last = 0

    def new(self) -> str:
        """The next id."""
        self._last += 1
        return f"{self._last:026d}"

    def many(self, count: int) -> Sequence[str]:
        """The next ids."""
        return [self.new() for _ in range(count)]


class SystemChance:
    """The computer's randomness."""

    def random(self) -> float:
        """A number in [0, 1)."""
        return random.random()


class SeededChance:
    """The same numbers every time; for tests and simulation."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)

    def random(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()
