"""How many runs reached each node, and where they stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from towpath.insight.events import RunFact, Version
from towpath.insight.facts import Facts
from towpath.insight.figure import Figure
from towpath.insight.window import ALWAYS, Window


@dataclass(frozen=True, slots=True)
class NodeFunnel(Figure):
    """Runs at one node. Of those whose last step was here: ``finished`` completed, ``dropped`` failed or were
    cancelled, ``standing`` are open. ``drop_off`` is the share of ``reached`` that dropped out here."""

    node: str
    reached: int
    finished: int
    dropped: int
    standing: int
    drop_off: float


def funnel(facts: Facts, version: Version | None = None, window: Window = ALWAYS) -> Mapping[str, NodeFunnel]:
    """By node, for the runs of a version (``None``: all) that began in the window.

    Skipped steps do not count as reached. The last step of a run is the one that started last, or that waits to be
    claimed; where branches run in parallel only one of them is the last.
    """
    of_version = facts.run_by_id.keys() if version is None else facts.ids_of(version) or ()
    last, reached = _journeys(facts, {run for run in of_version if facts.run_by_id[run].started_at in window})
    stopped = Counter((node, _state(facts.run_by_id[run])) for run, node in last.items())
    return {node: _funnel(node, reached[node], stopped) for node in reached}


def _journeys(facts: Facts, members: Collection[str]) -> tuple[dict[str, str], dict[str, int]]:
    """The last node of each run, and how many different runs reached each node."""
    last: dict[str, str] = {}
    reached: dict[str, set[str]] = {}
    for visit in facts.visits:
        if visit.outcome != "skipped":
            runs = [run for run in visit.runs if run in members]
            if runs:
                last.update(dict.fromkeys(runs, visit.node))
                reached.setdefault(visit.node, set()).update(runs)
    return last, {node: len(reached[node]) for node in sorted(reached)}


def _state(run: RunFact) -> str:
    if run.ended_at is None:
        return "standing"
    return "finished" if run.outcome == "completed" else "dropped"


def _funnel(node: str, reached: int, stopped: Mapping[tuple[str, str], int]) -> NodeFunnel:
    finished, dropped, standing = (stopped.get((node, state), 0) for state in ("finished", "dropped", "standing"))
    return NodeFunnel(node, reached, finished, dropped, standing, dropped / reached)
