"""How wrong sign-ins slow further ones down, per account and per address: nobody is locked out for good."""

from __future__ import annotations

from dataclasses import dataclass

from towpath.ports.time import SECOND

FORGOTTEN = 15 * 60 * SECOND  # after so long without a wrong one, all is forgotten
LONGEST = 5 * 60 * SECOND


@dataclass(frozen=True, slots=True)
class Failures:
    """Wrong sign-ins in a row under one key, and when the last one was (microseconds)."""

    count: int = 0
    last: int = 0


def after_failure(before: Failures, now: int) -> Failures:
    """One more, or the first again after a quiet time."""
    return Failures(1 if now - before.last > FORGOTTEN else before.count + 1, now)


def wait_until(failures: Failures, free: int) -> int:
    """When the next try is taken: at once for the first ``free`` wrong ones, then after 2, 4, 8 ... seconds."""
    over = failures.count - free
    if over < 0:
        return failures.last
    return failures.last + min(LONGEST, (2 * SECOND) << min(over, 20))
