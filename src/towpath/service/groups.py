"""Records counted by the values of a field, with the sums of their numbers: what a board shows above its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from towpath.crm.conditions import search_condition
from towpath.crm.plan import ObjectPlan
from towpath.crm.problems import unknown_field
from towpath.errors import InputError, Where
from towpath.model.condition import Condition
from towpath.service.platform import Platform
from towpath.service.snapshot import Snapshot, in_snapshot

NUMBERS = ("money", "number", "integer")
SINGLE = ("choice", "checkbox", "reference", "text")  # types whose values make groups of a useful number


def group_records(
    platform: Platform, object_name: str, by: str, where: Condition | None = None, sums: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """For each value of the field ``by`` that records have: how many match, and the sums, None where there is none."""

    def work(state: Snapshot) -> list[dict[str, Any]]:
        plan = state.catalogue.plan(object_name)
        _require(plan, by, SINGLE)
        for name in sums:
            _require(plan, name, NUMBERS)
        rows = state.tx.count(plan.table, search_condition(plan, where), by=(by,), sums=sums)
        return [
            {"value": value, "count": count, "sums": dict(zip(sums, figures, strict=True))}
            for value, count, *figures in rows
        ]

    return in_snapshot(platform, work)


def _require(plan: ObjectPlan, name: str, types: Sequence[str]) -> None:
    field = plan.schema.field(name)
    if field is None:
        raise unknown_field(plan.schema, name)
    if field.type not in types:
        raise InputError(
            f"{name} is of type {field.type}, not {', '.join(types)}", code="group.type",
            hint="Group by a choice; sum numbers and money.", where=Where(object=plan.schema.name, field=name),
            params={"object": plan.schema.name, "field": name, "type": field.type},
        )  # fmt: skip
