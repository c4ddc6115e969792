"""The before-save rules that come with the built-in objects: stages of deals, and times that follow from a status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from towpath.crm.saving import SaveBatch, SaveRule, SaveRules
from towpath.crm.stages import DEFAULT_STAGES, DealStage


def deal_rule(stages: Iterable[DealStage] = DEFAULT_STAGES) -> SaveRule:
    """A deal that enters a stage gets its probability (unless one is given with it), open or closed, and the time."""
    by_name = {stage.name: stage for stage in stages}

    def rule(batch: SaveBatch) -> None:
        for i in range(len(batch)):
            if batch.changes(i, "stage"):
                batch.set(i, _of_stage(by_name.get(batch.new(i)["stage"]), batch.values[i], batch.now))

    return rule


def _of_stage(stage: DealStage | None, given: Mapping[str, Any], now: str) -> dict[str, Any]:
    values: dict[str, Any] = {"stageChangedAt": now}
    if stage is not None:
        values |= {"closed": stage.kind != "open", "won": stage.kind == "won", "probability": stage.probability}
    return {name: value for name, value in values.items() if name not in given}


def stamp_rule(**statuses: frozenset[str]) -> SaveRule:
    """Each named time field is set when the record enters one of its statuses, unless it has a value already."""

    def rule(batch: SaveBatch) -> None:
        for i in range(len(batch)):
            if batch.changes(i, "status"):
                new = batch.new(i)
                empty = [name for name, entered in statuses.items() if new["status"] in entered and new[name] is None]
                if empty:
                    batch.set(i, dict.fromkeys(empty, batch.now))

    return rule


BUILT_IN_RULES: SaveRules = {
    "Deal": (deal_rule(),),
    "Case": (stamp_rule(solvedAt=frozenset({"Solved", "Closed"}), closedAt=frozenset({"Closed"})),),
    "Task": (stamp_rule(claimedAt=frozenset({"Claimed"}), completedAt=frozenset({"Completed"})),),
}
"""The rules that a composition usually gives to every session; it may add its own to the tuples."""
