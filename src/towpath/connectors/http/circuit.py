"""When a host may be called: not while it is down, and not before the time it asked for."""

from __future__ import annotations

FAILURES = 5  # calls without an answer, one after another, that open the circuit
FIRST_PAUSE, LONGEST_PAUSE = 10.0, 300.0  # seconds before one call tries again whether the host is back


class Circuit:
    """One host's circuit breaker. Times are seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._closed_until = 0.0
        self._trying = False  # one call is finding out whether the host is back

    def wait(self, now: float) -> float:
        """Seconds until the host may be called; 0 now, which is this caller's turn to try when it was down."""
        if now < self._closed_until:
            return self._closed_until - now
        if self._failures >= FAILURES:
            self._closed_until, self._trying = now + self._pause, True  # the others wait for what this call finds
        return 0.0

    def answered(self) -> None:
        """The host is there."""
        if self._failures >= FAILURES:
            self._closed_until = 0.0
        self._failures, self._pause, self._trying = 0, FIRST_PAUSE, False

    def failed(self, now: float) -> None:
        """A call had no answer."""
        self._failures += 1
        if self._trying:
            self._pause, self._trying = min(self._pause * 2, LONGEST_PAUSE), False
            self._closed_until = now + self._pause
        elif self._failures == FAILURES:  # what else was under way when the host went down adds nothing
            self._closed_until = now + self._pause

    def hold(self, now: float, seconds: float) -> None:
        """The host has asked to be left alone for a while."""
        self._closed_until = max(self._closed_until, now + seconds)
