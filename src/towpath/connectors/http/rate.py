"""How many calls a second a host is sent at most; what is too much is told when its turn will be."""

from __future__ import annotations

from collections import deque

TOLERANCE = 1e-6  # seconds; who comes back when told must not be sent away by a rounding error


class Rate:
    """A host's rate: within any second not one call more. Times are seconds of a clock that never goes back."""

    def __init__(self, per_second: float) -> None:
        self._most = max(1, int(per_second))
        self._window = self._most / per_second  # seconds; a second, or more where a rate is no whole number
        self._made: deque[float] = deque(maxlen=self._most)
        self._promised = 0.0  # the turn of the last call that was put off

    def wait(self, now: float) -> float:
        """0 for a call that may be made now, which counts; else the seconds until its turn, later for each."""
        if len(self._made) < self._most or now - self._made[0] >= self._window - TOLERANCE:
            self._made.append(now)
            return 0.0
        soonest = self._made[0] + self._window
        self._promised = max(soonest, self._promised + self._window / self._most)
        return self._promised - now
