"""What one run did, step by step: the step log held together with the data that was kept, and where the run stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from towpath.engine.plan import Plan
from towpath.engine.segment import PART, SegmentVisit, decode_segment, steps_of
from towpath.engine.state import FrozenRun, FrozenToken, fat
from towpath.engine.tables import SEGMENT
from towpath.ports.store import Reader

Json = dict[str, Any]
MOST_SHOWN = 100  # items of a place where a run stands


@dataclass(frozen=True, slots=True)
class StepView:
    """One executed step; times are microseconds. Its data are there where the workflow's settings keep them."""

    node: str
    name: str
    attempt: int
    enabled_at: int
    started_at: int
    ended_at: int
    actor: str
    outcome: str
    port: str | None
    items_in: int
    items_out: int
    error: str | None
    data: Json | None = None  # inputs by port, outputs by port, the whole error


def steps_with_data(
    tx: Reader, plan: Plan, run_id: str, segments: Sequence[str], kept: Sequence[Json]
) -> list[StepView]:
    """The steps in order, each with what was kept of it."""
    found = dict(tx.get(SEGMENT, list(segments), ("id", "data")))
    logged = [decode_segment(found[segment]) for segment in segments if segment in found]
    rest = list(kept)
    return [_step(plan, visit, _taken(rest, visit)) for segment in logged for visit in steps_of(segment, run_id)]


def _taken(rest: list[Json], visit: SegmentVisit) -> Json | None:
    """The first row of the node that ended as the visit did: both are in the order in which they happened."""
    if visit.outcome == PART:  # of a step whose data go with the whole of it
        return None
    for place, row in enumerate(rest):
        error = row["data"].get("error") or {}
        if row["node"] == visit.node and error.get("code") == visit.error:
            return rest.pop(place)["data"]  # type: ignore[no-any-return]
    return None


def _step(plan: Plan, visit: SegmentVisit, data: Json | None) -> StepView:
    return StepView(
        visit.node, plan.definition.node_name(visit.node), visit.attempt, visit.enabled_at, visit.started_at,
        visit.ended_at, visit.actor, visit.outcome, visit.port, visit.items_in, visit.items_out, visit.error,
        _named(plan, visit.node, data) if data else None,
    )  # fmt: skip


def _named(plan: Plan, node_id: str, data: Json) -> Json:
    node = plan.nodes[plan.index[node_id]]
    ins, outs = ([port.name for port in ports] for ports in (node.inputs, node.outputs))
    return {
        "inputs": {_name(ins, place): items for place, items in enumerate(data["in"])},
        "outputs": {_name(outs, int(place)): items for place, items in data["out"].items()},
        "error": data.get("error"),
    }


def _name(ports: Sequence[str], place: int) -> str:
    return ports[place] if place < len(ports) else str(place)


def standing_at(plan: Plan, state: FrozenRun, record: Json | None) -> list[Json]:
    """Where the run stands: each node, since when, until when, for what, and with which items."""
    return [_standing(plan, token, state.nodes, record) for token in state.tokens]


def _standing(plan: Plan, token: FrozenToken, known: Mapping[str, list[Any]], record: Json | None) -> Json:
    items = [item.json for port in token.inputs for item in fat(port, record, dict(known))]
    return {
        "node": token.node,
        "name": plan.definition.node_name(token.node),
        "since": token.enabled_at,
        "due": token.due,
        "for": sorted(token.pending),
        "items": items[:MOST_SHOWN],
        "count": len(items),
    }
