"""Publishing a blueprint: checked against the schema, kept as a version, and the records that it holds found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from towpath.crm.alarms import write_alarms
from towpath.crm.blueprints.compiled import ReadyBlueprint, named_fields, ready
from towpath.crm.blueprints.standing import ALARM_KIND, Standing, schedule
from towpath.crm.blueprints.tables import MOVE, STANDING, VERSION
from towpath.crm.catalogue import Catalogue
from towpath.crm.problems import unknown_field
from towpath.crm.tables import NOT_DELETED
from towpath.errors import SchemaError, Where, did_you_mean
from towpath.model.blueprint import Blueprint
from towpath.model.business_time import BusinessTime
from towpath.model.condition import All, Comparison, Field
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction
from towpath.ports.time import Ids

PAGE = 1000


def check_blueprint(catalogue: Catalogue, blueprint: Blueprint) -> None:
    """What a blueprint says of objects, fields and values must be true of the schema. Raises SchemaError."""
    schema = catalogue.schema(blueprint.object)
    for name in sorted(named_fields(blueprint)):
        if schema.field(name.partition(".")[0]) is None:
            raise unknown_field(schema, name)
    field = schema.field(blueprint.field)
    if field is None or field.type != "choice":
        raise _wrong(blueprint, f"{blueprint.field!r} is no choice field", "A blueprint guards a choice field.")
    for state in blueprint.states:
        if state.name not in field.choices:
            hint = did_you_mean(state.name, field.choices)
            raise _wrong(blueprint, f"{state.name!r} is no choice of {blueprint.field!r}", hint)
    lost = blueprint.unreachable()
    if lost:
        raise _wrong(blueprint, f"no record can get to {', '.join(lost)}", "Add a transition, or name it in 'initial'.")


def keep_version(tx: Transaction, blueprint: Blueprint, at: int, actor: str) -> int:
    """Keep the blueprint as its next version; one that is as the latest makes none. The version's number."""
    document = blueprint.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    same = Comparison(Field("name"), "==", blueprint.name)
    latest = tx.select(VERSION, ("version", "document"), same, order=(Order("version", descending=True),), limit=1)
    if latest and latest[0][1] == document:
        return int(latest[0][0])
    number = latest[0][0] + 1 if latest else 1
    tx.insert(VERSION, VERSION.names, [(blueprint.name, number, document, at, actor)])
    return int(number)


def map_records(
    tx: Transaction, catalogue: Catalogue, blueprint: Blueprint, now: int, ids: Ids, actor: str, time: BusinessTime
) -> int:
    """Map records by the value of their state: who stands in a state that is gone leaves, who fits comes in."""
    held = ready(blueprint)
    _let_go(tx, held, now, ids, actor)
    if not blueprint.active:
        return 0
    return sum(_take_in(tx, held, page, now, time) for page in _pages(tx, catalogue, held))


def _let_go(tx: Transaction, held: ReadyBlueprint, now: int, ids: Ids, actor: str) -> None:
    states = tuple(state.name for state in held.blueprint.states) if held.blueprint.active else ()
    mine = Comparison(Field("blueprint"), "==", held.blueprint.name)
    gone = All((mine, Comparison(Field("state"), "not_in", states))) if states else mine
    rows = tx.select(STANDING, ("record", "state"), gone)
    if rows:
        tx.delete(STANDING, [record for record, _ in rows])
        moves = [
            (ids.new(), held.blueprint.name, record, state, None, None, "version", False, actor, now, None, None)
            for record, state in rows
        ]
        tx.insert(MOVE, MOVE.names, moves)
        write_alarms(tx, {(ALARM_KIND, record): None for record, _ in rows})


def _take_in(tx: Transaction, held: ReadyBlueprint, page: list[dict[str, Any]], now: int, time: BusinessTime) -> int:
    standing = {row[0] for row in tx.get(STANDING, [record["id"] for record in page], ("record",))}
    coming = [record for record in page if record["id"] not in standing and held.holds(record)]
    name, field = held.blueprint.object, held.field
    rows = [Standing(record["id"], name, held.blueprint.name, record[field], now, 0) for record in coming]
    if rows:
        tx.insert(STANDING, STANDING.names, rows)
        first = {row.record: schedule(held, row, lambda: time)[:1] for row in rows}
        write_alarms(tx, {(ALARM_KIND, record): due[0][0] for record, due in first.items() if due})
    return len(rows)


def _pages(tx: Reader, catalogue: Catalogue, held: ReadyBlueprint) -> Iterator[list[dict[str, Any]]]:
    plan, last = catalogue.plan(held.blueprint.object), ""
    while True:
        where = All((NOT_DELETED, Comparison(Field("id"), ">", last)))
        rows = tx.select(plan.table, where=where, order=(Order("id"),), limit=PAGE)
        if rows:
            yield [dict(zip(plan.names, row, strict=True)) for row in rows]
        if len(rows) < PAGE:
            return
        last = rows[-1][0]


def _wrong(blueprint: Blueprint, text: str, hint: str | None) -> SchemaError:
    where = Where(object=blueprint.object, field=blueprint.field)
    return SchemaError(
        f"blueprint {blueprint.name!r}: {text}", code="blueprint.schema", hint=hint, where=where,
        params={"name": blueprint.name},
    )  # fmt: skip
