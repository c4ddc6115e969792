"""Records over HTTP: query, create, read, change, delete, bring back, history, convert, bulk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Body, Query
from fastapi.responses import StreamingResponse

from towpath.api.conditions import Limit, Offset, condition, orders
from towpath.api.files import download
from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.records import (
    BulkAnswer,
    BulkBody,
    ConvertBody,
    ErasedFiles,
    FieldChangeRow,
    QueryAnswer,
    QueryBody,
    Record,
)
from towpath.api.shapes.runs import RunFile
from towpath.errors import NotFoundError, SchemaError, Where, did_you_mean
from towpath.service import blueprints, record_files, records
from towpath.service.access import Permission, require, require_object

routes = Routes("record", "Records")
PATH = "/api/records/{object}"
ONE = PATH + "/{record}"
Values = Annotated[Record, Body(description="Fields and their values.")]


@routes.get(PATH, response_model=QueryAnswer)
def list_records(
    platform: ThePlatform,
    object: str,
    where: Annotated[str | None, Query(examples=["score > 50 and status == 'New'"])] = None,
    order: Annotated[str, Query(description="Fields with commas; - before one sorts downwards.")] = "",
    fields: Annotated[str | None, Query(description="Fields with commas; all when left out.")] = None,
    limit: Limit = 50,
    offset: Offset = 0,
    count: Annotated[bool, Query(description="Also the number of all that match.")] = False,
) -> Any:
    """Records that match a written condition."""
    shown, keys = _split(fields) if fields else None, _split(order)[:10]
    asked = QueryBody(where=where, order=keys, fields=shown, limit=limit, offset=offset, count=count)
    return _page(platform, object, asked)


@routes.post(PATH + "/query", "read", response_model=QueryAnswer)
def query_records(platform: ThePlatform, object: str, body: QueryBody) -> Any:
    """Records that match a structured condition."""
    return _page(platform, object, body)


@routes.post(PATH + "/bulk", "create", response_model=BulkAnswer)
def save_many(platform: ThePlatform, actor: TheActor, object: str, body: BulkBody) -> Any:
    """Create or upsert many records.

    A declared bulk job: each thousand rows are one transaction, a bad row is left out and told.
    """
    require_object(actor, object)
    numbered = enumerate(body.rows)
    loaded = records.load_rows(platform, object, numbered, key=body.key, actor=actor.id, dry_run=body.dry_run)
    errors = [{"row": row, "error": error.as_json()} for row, error in loaded.errors]
    return {"saved": loaded.created + loaded.updated, "errors": errors}


@routes.post(PATH, "create", status=201, response_model=Record)
def create_record(
    platform: ThePlatform,
    actor: TheActor,
    object: str,
    values: Values,
    confirm: Annotated[str | None, Query(description="The token of a warning about duplicates.")] = None,
) -> Any:
    """Create a record.

    409 for one that is there already; where that is only a warning, its `confirm` lets it through.
    """
    require_object(actor, object, creates=True)
    return records.create(platform, object, values, actor=actor.id, confirm=confirm)


@routes.get(ONE, response_model=Record)
def get_record(platform: ThePlatform, object: str, record: str) -> Any:
    """A record."""
    found = records.get(platform, object, record)
    if found is None:
        raise NotFoundError(
            f"there is no {object} {record!r}", code="record.not_found", where=Where(object=object, record=record)
        )
    return found


@routes.route("PATCH", ONE, "update", response_model=Record)
def update_record(
    platform: ThePlatform,
    actor: TheActor,
    object: str,
    record: str,
    values: Values,
    bypass: Annotated[bool, Query(description="Past the blueprint that holds it; kept as a deviation.")] = False,
) -> Any:
    """Change fields of a record.

    Fields that are not named stay as they are; the whole record comes back. 409 for a field that a blueprint guards,
    unless the caller may go past it and says so.
    """
    require_object(actor, object)
    if bypass:
        require(actor, Permission("blueprint", "update"))
        return blueprints.write_round(platform, object, record, values, actor=actor.id)
    return records.update(platform, object, record, values, actor=actor.id)


@routes.route("DELETE", ONE, "delete", response_model=Record)
def delete_record(platform: ThePlatform, actor: TheActor, object: str, record: str) -> Any:
    """Delete a record.

    It can be brought back; the record as it was comes back.
    """
    require_object(actor, object)
    return records.delete(platform, object, record, actor=actor.id)


@routes.post(ONE + "/restore", "update", response_model=Record)
def restore_record(platform: ThePlatform, actor: TheActor, object: str, record: str) -> Any:
    """Bring a deleted record back."""
    require_object(actor, object)
    return records.undelete(platform, object, record, actor=actor.id)


@routes.get(ONE + "/files", response_model=list[RunFile])
def list_files(platform: ThePlatform, object: str, record: str) -> Any:
    """The files of a record, oldest first.

    Those of the mails about it.
    """
    return record_files.list_files(platform, object, record)


@routes.get(ONE + "/files/{file}", response_class=StreamingResponse)
def get_file(platform: ThePlatform, object: str, record: str, file: str) -> Any:
    """The bytes of a file of the record.

    As an attachment under its name.
    """
    return download(record_files.open_record_file(platform, object, record, file))


@routes.route("DELETE", ONE + "/files", "delete", response_model=ErasedFiles)
def erase_files(platform: ThePlatform, actor: TheActor, object: str, record: str) -> Any:
    """Erase all files of a record.

    For good; what its activities say of them stays.
    """
    require_object(actor, object)
    return {"files": record_files.erase_record_files(platform, object, record)}


@routes.get(ONE + "/history", response_model=list[FieldChangeRow])
def get_history(platform: ThePlatform, object: str, record: str) -> Any:
    """Every change of its fields, oldest first."""
    get_record(platform, object, record)
    return [
        {"at": change.at, "kind": change.kind, "field": change.field, "old": change.old, "new": change.new,
         "cause": {"actor": change.cause.actor, "run": change.cause.run, "bulk": change.cause.bulk}}
        for change in records.history(platform, record)
    ]  # fmt: skip


@routes.post("/api/leads/{record}/convert", "update", response_model=Record)
def convert_lead(platform: ThePlatform, actor: TheActor, record: str, body: ConvertBody | None = None) -> Any:
    """Turn a lead into account, contact and deal."""
    return records.convert_lead(platform, record, (body or ConvertBody()).options, actor=actor.id)


def _page(platform: ThePlatform, object_name: str, asked: QueryBody) -> dict[str, Any]:
    where = condition(asked.where)
    shown = None if asked.fields is None else _known_fields(platform, object_name, asked.fields)
    found = records.find(
        platform, object_name, where, order=orders(asked.order), limit=asked.limit, offset=asked.offset
    )
    if shown is not None:
        found = [{name: record.get(name) for name in shown} for record in found]
    return {"records": found, "total": records.count(platform, object_name, where) if asked.count else None}


def _known_fields(platform: ThePlatform, object_name: str, names: Sequence[str]) -> list[str]:
    schema = platform.catalogue.schema(object_name)
    for name in names:
        if schema.field(name) is None:
            raise SchemaError(
                f"{object_name} has no field {name!r}", code="schema.unknown_field",
                hint=did_you_mean(name, schema.field_names), where=Where(object=object_name, field=name),
            )  # fmt: skip
    return list(dict.fromkeys(["id", *names]))


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
