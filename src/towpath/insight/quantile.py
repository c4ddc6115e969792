"""Quantiles by linear interpolation between the closest ranks (R's type 7, numpy's default)."""

from __future__ import annotations

from collections.abc import Sequence


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The value below which ``share`` (0..1) of an ascending sample lies; ``None`` for an empty one."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = int(place)
    part = place - below
    if not part:
        return ordered[below]
    return ordered[below] + part * (ordered[below + 1] - ordered[below])
