"""How many runs the next batch may have: large batches are cheap, but whoever wants to write waits for one to end."""

from __future__ import annotations

ALONE = 0.1  # seconds that a batch may take while nothing arrives
ATTENTIVE = 0.02  # seconds that it may take while callers wait to be told that their event is on disk
REST = 0.02  # seconds between two batches meanwhile, so that the disk is the callers' and the next batch is larger
LEAST = 100  # runs; smaller batches save hardly any time, since what a transaction costs by itself remains
_GROWTH = 2.0  # at most from one batch to the next, since one quick batch says little


class Pace:
    """Learns from each batch how long a run takes here."""

    def __init__(self, most: int) -> None:
        self.limit = most
        self._most = most

    def took(self, runs: int, seconds: float, *, attentive: bool) -> None:
        """A batch of so many runs took so long; the next has as many as fit into the time allowed."""
        if not runs:
            return
        fitting = (ATTENTIVE if attentive else ALONE) * runs / max(seconds, 1e-6)
        self.limit = min(self._most, max(LEAST, min(int(fitting), int(self.limit * _GROWTH))))
