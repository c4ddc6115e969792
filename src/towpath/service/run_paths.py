"""Counts runs by the way that they took through a workflow, from the step log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from towpath.engine.plan import Plan
from towpath.engine.segment import decode_segment
from towpath.engine.tables import RUN, SEGMENT
from towpath.model.condition import Comparison, Field
from towpath.model.table import Order
from towpath.ports.store import Reader

OPEN = "…"  # the end of a way that is not at its end
_PLUMBING = ("trigger.", "logic.", "data.", "crm.get", "crm.find")


def count_paths(tx: Reader, plan: Plan) -> dict[str, int]:
    """Runs of a version by the names of the steps that did something, joined by arrows; the most frequent first."""
    ways = _Ways(plan)
    of_version = Comparison(Field("version"), "==", plan.number)
    for (data,) in tx.select(SEGMENT, ("data",), of_version, order=(Order("ended_at"),)):
        segment = decode_segment(data)
        for visit in segment.visits:
            if visit.outcome == "ok":
                runs = segment.runs if visit.runs is None else [segment.runs[place] for place in visit.runs]
                ways.go_on(visit.node, runs)
    counts: Counter[str] = Counter()
    for run, status in tx.select(RUN, ("id", "status"), of_version):
        counts[ways.text(run, status)] += 1
    return dict(counts.most_common())


class _Ways:
    """The way of each run as one number: ways that begin alike share their beginning."""

    def __init__(self, plan: Plan) -> None:
        shown = {node: spec for node, spec in plan.definition.nodes.items() if not spec.type.startswith(_PLUMBING)}
        self._names = {node: plan.definition.node_name(node) for node in shown}
        self._next: dict[tuple[int, str], int] = {}
        self._steps: list[tuple[str, ...]] = [()]
        self._of: dict[str, int] = {}

    def go_on(self, node: str, runs: Sequence[str]) -> None:
        """These runs have done this step."""
        if node not in self._names:
            return
        for run in runs:
            way = self._of.get(run, 0)
            following = self._next.get((way, node))
            if following is None:
                following = self._next[way, node] = len(self._steps)
                self._steps.append((*self._steps[way], self._names[node]))
            self._of[run] = following

    def text(self, run: str, status: str) -> str:
        """The way of a run, with what is special about its end."""
        steps = self._steps[self._of.get(run, 0)]
        ending = {"waiting": (OPEN,), "failed": ("failed",), "cancelled": ("cancelled",)}.get(status, ())
        return " → ".join((*steps, *ending)) or "nothing to do"
