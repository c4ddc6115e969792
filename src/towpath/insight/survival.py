"""Kaplan and Meier's median: how long half of the runs take, when some have not ended yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

# The survival curve is a product of fractions; a half reached exactly must not be missed by its last bit.
_HALF = 0.5 + 1e-9


def kaplan_meier_median(ended: Iterable[float], censored: Iterable[float] = ()) -> float | None:
    """The first time by which at most half would still be going on, in the unit of the durations.

    ``ended`` are full durations; ``censored`` are durations so far, of which only a lower bound is known.
    ``None`` when the curve never comes down to a half (too many are still open).
    """
    ends, censorings = Counter(ended), Counter(censored)
    left = ends.total() + censorings.total()
    surviving = 1.0
    for moment in sorted(ends.keys() | censorings.keys()):
        # What is censored at the moment of an end was still at risk then.
        if moment in ends:
            surviving *= 1 - ends[moment] / left
            if surviving <= _HALF:
                return moment
        left -= ends[moment] + censorings[moment]
    return None
