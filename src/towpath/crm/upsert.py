"""Update the record that has a key value, or create it: rows with one key value meet one record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.crm import problems
from towpath.crm.cause import each
from towpath.crm.plan import ObjectPlan
from towpath.errors import TowpathError
from towpath.model.change import Cause
from towpath.ports.records import Causes, Outcome, Record, Records

Rows = Sequence[Mapping[str, Any]]


def upsert(records: Records, plan: ObjectPlan, key: str, rows: Rows, causes: Causes) -> list[Outcome]:
    """One outcome per row. A row without a key value creates; an id that is not known is an error."""
    if key not in plan.forms or plan.table.column(key).kind == "json":
        raise problems.unknown_field(plan.schema, key)
    name = plan.schema.name
    causes = each(causes, len(rows))
    values = [plan.stored_form(key, row.get(key)) for row in rows]
    found = records.find_by(name, key, list(dict.fromkeys(value for value in values if value is not None)))
    ids = {value: matches[0]["id"] for value, matches in found.items() if matches}
    outcomes: dict[int, Outcome] = {}
    if key == "id":
        rows = [{field: value for field, value in row.items() if field != "id"} for row in rows]
        outcomes = {i: problems.no_record(plan.schema, value) for i, value in enumerate(values) if _lost(value, ids)}
    _create_missing(records, name, rows, causes, values, ids, outcomes)
    rest = [i for i in range(len(rows)) if i not in outcomes]
    targets = [ids[values[i]] for i in rest]
    done = records.update(name, targets, [rows[i] for i in rest], [causes[i] for i in rest])
    outcomes.update(zip(rest, done, strict=True))
    return [outcomes[i] for i in range(len(rows))]


def _lost(value: Any, ids: Mapping[Any, str]) -> bool:
    return value is not None and value not in ids


def _create_missing(
    records: Records,
    name: str,
    rows: Rows,
    causes: Sequence[Cause],
    values: Sequence[Any],
    ids: dict[Any, str],
    outcomes: dict[int, Outcome],
) -> None:
    """Create a record for each key value that has none, from its first row that can be created."""
    waiting = [i for i, value in enumerate(values) if value not in ids and i not in outcomes]
    while waiting:
        makers = _first_of_each(waiting, values)
        made = records.create(name, [rows[i] for i in makers], [causes[i] for i in makers])
        for i, outcome in zip(makers, made, strict=True):
            outcomes[i] = outcome
            if not isinstance(outcome, TowpathError) and values[i] is not None:
                ids[values[i]] = _id_of(outcome)
        waiting = [i for i in waiting if i not in outcomes and values[i] not in ids]


def _first_of_each(waiting: Sequence[int], values: Sequence[Any]) -> list[int]:
    first: dict[Any, int] = {}
    without_key = [i for i in waiting if values[i] is None]
    for i in waiting:
        if values[i] is not None:
            first.setdefault(values[i], i)
    return sorted([*without_key, *first.values()])


def _id_of(record: Record) -> str:
    return str(record["id"])
