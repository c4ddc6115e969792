"""``towpath fields``: fields of your own on any kind of record."""

from __future__ import annotations

import re
from typing import Annotated, get_args

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step
from towpath.cli.tree import new_app
from towpath.crm.define import label_of
from towpath.errors import SchemaError, Where, did_you_mean
from towpath.model.schema import NAME_PATTERN, FieldSchema, FieldType
from towpath.service.schema import add_fields

app = new_app("Add fields of your own to a kind of record.")
TYPES: tuple[str, ...] = get_args(FieldType)


@app.callback()
def fields() -> None:
    """Add fields of your own to a kind of record."""


@app.command("add")
def add_field(
    context: typer.Context,
    object_name: Annotated[str, typer.Argument(metavar="OBJECT", help="Kind of record, such as Lead.")],
    name: Annotated[str, typer.Argument(metavar="FIELD", help="Name of the field.")],
    kind: Annotated[
        str, typer.Argument(metavar="TYPE", help="text, number, money, date, choice, reference, ...")
    ] = "text",
    label: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    choices: Annotated[str | None, typer.Option(help="The choices of a choice field, with commas.")] = None,
    reference: Annotated[
        str | None, typer.Option(metavar="OBJECT", help="The kind of record that a reference points to.")
    ] = None,
    required: Annotated[bool, typer.Option("--required", help="It must have a value.")] = False,
    unique: Annotated[bool, typer.Option("--unique", help="No two records have the same value.")] = False,
    indexed: Annotated[bool, typer.Option("--indexed", help="It is searched often.")] = False,
) -> None:
    """Add a field to a kind of record; records that there are get no value in it."""
    session = Session.of(context)
    listed = tuple(each.strip() for each in (choices or "").split(",") if each.strip())
    field = FieldSchema.model_validate(
        {
            "name": _checked(object_name, name, kind),
            "type": kind,
            "label": label or label_of(name),
            "choices": listed,
            "reference": reference,
            "required": required,
            "unique": unique,
            "indexed": indexed,
        }
    )
    with session.platform() as platform:
        made = add_fields(platform, object_name, [field])
    if session.json:
        emit(made.model_dump(mode="json"))
        return
    line(session, session.say("{object}.{field} is added.", object=object_name, field=name))
    next_step(session, f"towpath objects show {object_name}")


def _checked(object_name: str, name: str, kind: str) -> str:
    where = Where(object=object_name, field=name)
    if kind not in TYPES:
        hint = did_you_mean(kind, TYPES) or f"Known: {', '.join(TYPES)}."
        raise SchemaError(
            f"{kind!r} is no type of field.", code="schema.unknown_type", hint=hint, where=where, params={"type": kind}
        )
    if not re.match(NAME_PATTERN, name):
        hint = "Begin with a letter; then letters, digits and _ up to 63 in all."
        raise SchemaError(
            f"{name!r} cannot be a name.", code="schema.bad_name", hint=hint, where=where, params={"name": name}
        )
    return name
