"""The step log: one columnar segment per batch instead of one row per step.

Runs that pass a node together share its times, actor and outcome, so a segment stores each such *visit* once
with the positions of its runs in the segment's list of runs. (engine.md measured 20 bytes of log a run this
way against 388 with rows; decision record "step log in segments".)
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

import msgspec

PART = "part"  # the outcome of what one of several people did for a step: the visit that ends the step comes after it


class SegmentVisit(msgspec.Struct, array_like=True, omit_defaults=True):
    """One node executed by several runs at the same times with the same outcome; times are microseconds UTC."""

    node: str
    attempt: int
    enabled_at: int
    started_at: int
    ended_at: int
    actor: str
    outcome: str  # ok | failed | skipped | cancelled | part
    units: float
    money: float
    items_in: int
    items_out: int
    port: str | None = None  # the one output taken, where the node has several
    error: str | None = None  # its code
    runs: list[int] | None = None  # positions in Segment.runs; None = all of them


# The fields of a visit without its runs: node, attempt, enabled, started, ended, actor, outcome, units, money,
# items in, items out, port, error.
VisitKey = tuple[str, int, int, int, int, str, str, float, float, int, int, str | None, str | None]


class Segment(msgspec.Struct, array_like=True):
    """All steps of one batch, in the order they were executed."""

    runs: list[str]
    visits: list[SegmentVisit]


class SegmentBuilder:
    """Collects the visits of one batch while it runs."""

    __slots__ = ("_visits", "runs")

    def __init__(self, runs: list[str]) -> None:
        self.runs = runs
        self._visits: list[SegmentVisit] = []

    def add(self, key: VisitKey, runs: list[int]) -> None:
        """One group of equal visits, with the positions of their runs."""
        every = len(runs) == len(self.runs) == len(set(runs))  # a run whose items go apart may be there several times
        self._visits.append(SegmentVisit(*key, None if every else runs))

    @property
    def empty(self) -> bool:
        """Whether nothing was executed."""
        return not self._visits

    @property
    def span(self) -> tuple[int, int]:
        """When the first visit started and the last one ended."""
        return min(v.started_at for v in self._visits), max(v.ended_at for v in self._visits)

    def encode(self) -> bytes:
        """The segment's bytes."""
        return _encoder.encode(Segment(self.runs, self._visits))


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Segment)


def decode_segment(data: bytes) -> Segment:
    """A segment from its bytes."""
    return _decoder.decode(data)


def steps_of(segment: Segment, run_id: str) -> Iterator[SegmentVisit]:
    """The visits of one run, in order."""
    position = segment.runs.index(run_id)
    for visit in segment.visits:
        yield from repeat(visit, 1 if visit.runs is None else visit.runs.count(position))
