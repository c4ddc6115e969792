"""``towpath query``: find records by a written condition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.times import moment_text
from towpath.cli.tree import new_app
from towpath.errors import InputError, SchemaError, Where, did_you_mean
from towpath.expr import parse_condition
from towpath.model.moment import from_text
from towpath.model.schema import ObjectSchema
from towpath.model.table import Order
from towpath.service.platform import Platform
from towpath.service.records import count as count_records
from towpath.service.records import find

app = new_app()
COLUMNS = 8  # of a table, where none are asked for
FIRST = ("id", "firstName", "lastName", "name", "subject", "company", "status", "stage", "score", "amount")


@app.command()
def query(
    context: typer.Context,
    object_name: Annotated[str, typer.Argument(metavar="OBJECT", help="Kind of record, such as Lead.")],
    where: Annotated[
        str | None, typer.Option("--where", "-w", help='Condition, such as: score > 50 and status == "New"')
    ] = None,
    fields: Annotated[
        str | None, typer.Option("--fields", "-f", help="Fields to show, with commas; * for all.")
    ] = None,
    order: Annotated[
        str | None, typer.Option("--order", "-o", help="Fields to sort by, with commas; -score for the highest first.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")] = 50,
    offset: Annotated[int, typer.Option(min=0, help="How many to pass over.")] = 0,
    count: Annotated[bool, typer.Option("--count", help="Only how many there are.")] = False,
) -> None:
    """Find records."""
    session = Session.of(context)
    condition = None if where is None else parse_condition(where)
    with session.platform() as platform:
        if count:
            total = count_records(platform, object_name, condition)
            _show_count(session, object_name, total)
            return
        records = find(platform, object_name, condition, order=_orders(order), limit=limit, offset=offset)
        schema, now = platform.catalogue.schema(object_name), platform.clock.now()
        shown = _fields(schema, fields, records, whole=session.json)
        total = _total(platform, object_name, condition, records, limit, offset)
    if session.json:
        emit([{name: record.get(name) for name in shown} for record in records])
        return
    _show(session, schema, shown, records, now)
    _show_end(session, object_name, len(records), total)


def _show(session: Session, schema: ObjectSchema, shown: Sequence[str], records: Sequence[Any], now: int) -> None:
    times = {field.name for field in schema.fields if field.type == "datetime"}
    numbers = [field.name for field in schema.fields if field.type in ("number", "integer", "money")]

    def cell(name: str, value: Any) -> Any:
        return moment_text(session, from_text(value), now) if name in times and value else value

    rows = [[cell(name, record.get(name)) for name in shown] for record in records]
    if rows:
        table(session, shown, rows, numbers=numbers)


def _show_count(session: Session, object_name: str, total: int) -> None:
    if session.json:
        emit({"object": object_name, "count": total})
    else:
        line(session, f"{total:,}")


def _show_end(session: Session, object_name: str, shown: int, total: int) -> None:
    if not total:
        line(session, session.say("No {object} found.", object=object_name))
        next_step(session, f"towpath load {object_name} file.csv", f"towpath objects show {object_name}")
    elif shown < total:
        text = "{shown} of {total}; --limit and --offset show others."
        line(session, session.say(text, shown=f"{shown:,}", total=f"{total:,}"))


def _total(
    platform: Platform, object_name: str, condition: Any, records: Sequence[Any], limit: int, offset: int
) -> int:
    if len(records) < limit and (records or not offset):
        return offset + len(records)
    return count_records(platform, object_name, condition)


def _orders(text: str | None) -> list[Order]:
    names = [name.strip() for name in (text or "").split(",") if name.strip()]
    return [_order(name) for name in names]


def _order(text: str) -> Order:
    name, _, direction = text.partition(" ")
    if direction.lower() not in ("", "asc", "desc"):
        raise InputError(
            f"{direction!r} is no direction", code="input.order", hint="Write score, -score or 'score desc'.",
            params={"value": direction},
        )  # fmt: skip
    return Order(name.lstrip("-+"), descending=name.startswith("-") or direction.lower() == "desc")


def _fields(schema: ObjectSchema, text: str | None, records: Sequence[Any], *, whole: bool) -> list[str]:
    """The fields asked for; else all for programs, and for people the telling ones that have values."""
    if text is None and not whole:
        return _telling(schema, records)
    if text is None or text.strip() == "*":
        return schema.field_names
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if schema.field(name) is None:
            raise SchemaError(
                f"{schema.name} has no field {name!r}.", code="schema.unknown_field",
                hint=did_you_mean(name, schema.field_names), where=Where(object=schema.name, field=name),
            )  # fmt: skip
    return names


def _telling(schema: ObjectSchema, records: Sequence[Any]) -> list[str]:
    hidden = {"id", "createdAt", "updatedAt", "deletedAt"}
    ranked = dict.fromkeys([*FIRST, schema.name_field, *(n for n in schema.field_names if n not in hidden)])
    known = [name for name in ranked if schema.field(name)]
    filled = [name for name in known if any(record.get(name) not in (None, "", False) for record in records)]
    return (filled or known)[:COLUMNS]
