"""``towpath objects``: the kinds of records, and your own."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.tree import new_app
from towpath.crm.define import label_of
from towpath.errors import SchemaError, Where
from towpath.model.schema import NAME_PATTERN, FieldSchema, ObjectSchema
from towpath.service.records import count
from towpath.service.schema import add_object as add_custom_object
from towpath.service.schema import list_objects as objects_of
from towpath.service.schema import show_object as object_of

app = new_app("List and show kinds of records, and add your own.")
ObjectName = Annotated[str, typer.Argument(metavar="OBJECT", help="Kind of record, such as Lead.")]


@app.command("list")
def list_objects(context: typer.Context) -> None:
    """List the kinds of records and how many of each there are."""
    session = Session.of(context)
    with session.platform() as platform:
        found = [(schema, count(platform, schema.name)) for schema in objects_of(platform)]
    if session.json:
        emit(
            [
                {"name": s.name, "label": s.label, "custom": s.custom, "fields": len(s.fields), "records": n}
                for s, n in found
            ]
        )
        return
    rows = [(schema.name, schema.label, schema.custom, len(schema.fields), number) for schema, number in found]
    table(session, ("name", "label", "custom", "fields", "records"), rows, numbers=("fields", "records"))
    next_step(session, f"towpath objects show {found[0][0].name}")


@app.command("show")
def show_object(context: typer.Context, name: ObjectName) -> None:
    """Show the fields of a kind of record."""
    session = Session.of(context)
    with session.platform() as platform:
        schema = object_of(platform, name)
    if session.json:
        emit(schema.model_dump(mode="json"))
        return
    table(
        session, ("field", "type", "label", "required", "unique", "choices"), [_row(field) for field in schema.fields]
    )


@app.command("add")
def add_object(
    context: typer.Context,
    name: ObjectName,
    label: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    plural: Annotated[str | None, typer.Option(help="What people call many of it.")] = None,
) -> None:
    """Add a kind of record of your own; it begins with a name field."""
    session = Session.of(context)
    checked_name(name, Where(object=name))
    shown = label or label_of(name)
    fields = (FieldSchema(name="name", label="Name", required=True, max_length=255),)
    schema = ObjectSchema(name=name, label=shown, plural=plural or f"{shown}s", fields=fields)
    with session.platform(make=True) as platform:
        made = add_custom_object(platform, schema)
    if session.json:
        emit(made.model_dump(mode="json"))
        return
    line(session, session.say("{object} is added.", object=name))
    next_step(session, f"towpath fields add {name} amount money", f"towpath load {name} file.csv")


def checked_name(name: str, where: Where) -> str:
    """The name, if objects and fields can be called so."""
    if not re.match(NAME_PATTERN, name):
        raise SchemaError(
            f"{name!r} cannot be a name.", code="schema.bad_name",
            hint="Begin with a letter; then letters, digits and _ up to 63 in all.", where=where, params={"name": name},
        )  # fmt: skip
    return name


def _row(field: FieldSchema) -> tuple[object, ...]:
    kind = f"{field.type} -> {field.reference}" if field.reference else field.type
    return (field.name, kind, field.label, field.required or "", field.unique or "", ", ".join(field.choices))
