"""Working against waiting: how much of the elapsed time something was being done."""

from __future__ import annotations

from dataclasses import dataclass

from towpath.insight.figure import Figure
from towpath.ports.time import SECOND

NO_TIME = "no time elapsed"


@dataclass(frozen=True, slots=True)
class Flow(Figure):
    """``value`` = touch/T, with ``waiting`` = T - touch; seconds. Touch counts parallel service once."""

    value: float | None
    touch: float
    elapsed: float
    waiting: float
    reason: str | None


def flow_of(touch: int, elapsed: int) -> Flow:
    """Flow efficiency of ``touch`` and ``elapsed`` microseconds."""
    return Flow(
        value=touch / elapsed if elapsed else None,
        touch=touch / SECOND,
        elapsed=elapsed / SECOND,
        waiting=(elapsed - touch) / SECOND,
        reason=None if elapsed else NO_TIME,
    )
