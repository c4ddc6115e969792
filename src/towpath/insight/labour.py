"""Labour: the time of people. Claims of one person that overlap share the clock, so nobody works 25 hours a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from towpath.insight.events import ENGINE, Visit
from towpath.insight.window import ALWAYS, Window

# A change in what a person holds: when, how many claims more or fewer, and by which visit.
_Edge = tuple[int, int, int]


def labour_shares(visits: Sequence[Visit], now: int | None, window: Window = ALWAYS) -> list[float]:
    """For each visit the labour of *each* of its runs inside the window, in microseconds; engine visits have 0.

    While a person holds k claims at once (a visit of n runs is n claims), each gets 1/k of the time: the
    shares of a person add up to the union of the claims. Open visits last until ``now``.
    """
    shares = [0.0] * len(visits)
    held: dict[str, list[_Edge]] = defaultdict(list)
    for index, visit in enumerate(visits):
        if visit.actor != ENGINE:
            held[visit.actor] += _edges(visit, index, now, window)
    for edges in held.values():
        _share_out(edges, shares)
    return shares


def _edges(visit: Visit, index: int, now: int | None, window: Window) -> tuple[_Edge, ...]:
    end = visit.ended_at if visit.ended_at is not None else now
    if visit.started_at is None or end is None or not visit.runs:
        return ()
    start, end = window.clip(visit.started_at, end)
    return ((start, len(visit.runs), index), (end, -len(visit.runs), index)) if start < end else ()


def _share_out(edges: list[_Edge], shares: list[float]) -> None:
    # ``clock`` is what one claim held since the beginning would have got; a claim gets its rise from start to end.
    clock, claims, last = 0.0, 0, 0
    for moment, change, index in sorted(edges):
        if claims:
            clock += (moment - last) / claims
        claims += change
        last = moment
        shares[index] += clock if change < 0 else -clock
