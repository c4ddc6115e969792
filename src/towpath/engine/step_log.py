"""The log of one step of a batch: visits that differ in nothing but the run become one entry."""

from __future__ import annotations

from towpath.engine.plan import PlanNode
from towpath.engine.segment import SegmentBuilder, VisitKey


class StepLog:
    """Collects the visits of one node that went together, until they are written to the segment."""

    __slots__ = ("_groups", "_names", "ended", "node", "plain", "started")

    def __init__(self, node: PlanNode, started: int, ended: int) -> None:
        self.node = node
        self.started = started
        self.ended = ended
        # Of visits that went well, by the engine, from ``started`` to ``ended``: attempt, when it was enabled,
        # items in, items out and the port they left by, if any, with the positions of the runs.
        self.plain: dict[tuple[int, int, int, int, int | None], list[int]] = {}
        self._groups: dict[VisitKey, list[int]] = {}
        self._names = [port.name for port in node.outputs] if len(node.outputs) > 1 else None

    def add(self, key: VisitKey, position: int) -> None:
        """Any other visit, described in full."""
        self._groups.setdefault(key, []).append(position)

    def write(self, segment: SegmentBuilder) -> None:
        """Everything collected, as entries of the segment."""
        node, spec = self.node, self.node.spec
        for (attempt, enabled, count_in, count_out, port), runs in self.plain.items():
            name = self._names[port] if self._names and port is not None else None
            head = (node.id, attempt, enabled, self.started, self.ended, "engine", "ok", spec.units, spec.cost)
            segment.add((*head, count_in, count_out, name, None), runs)
        for key, runs in self._groups.items():
            segment.add(key, runs)
