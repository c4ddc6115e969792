"""CSV files over HTTP: look at one, try it, load it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query
from starlette.requests import Request

from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.records import ImportAnswer, PreviewAnswer
from towpath.service import import_csv
from towpath.service.access import require_object
from towpath.service.load import LoadOptions

routes = Routes("record", "Import")
PATH = "/api/records/{object}/import"
CSV = {"text/csv": {"schema": {"type": "string"}, "example": "Last name,E-mail\nLovelace,ada@example.com\n"}}


async def whole_body(request: Request) -> bytes:
    """The body as it came; the door has counted it."""
    return await request.body()


TheFile = Annotated[bytes, Depends(whole_body)]


@routes.post(f"{PATH}/preview", "read", response_model=PreviewAnswer, consumes=CSV)
def preview_import(platform: ThePlatform, object: str, file: TheFile) -> Any:
    """Look at a CSV file.

    Its columns, the field that each would go to, and its first rows; nothing is loaded.
    """
    return import_csv.preview_csv(platform, object, file)


@routes.post(PATH, "create", response_model=ImportAnswer, consumes=CSV)
def import_records(
    platform: ThePlatform,
    actor: TheActor,
    object: str,
    file: TheFile,
    column: Annotated[
        list[str] | None, Query(description="COLUMN=FIELD, over what the names suggest.", examples=[["E-mail=email"]])
    ] = None,
    ignore: Annotated[list[str] | None, Query(description="Columns to leave out.")] = None,
    key: Annotated[str | None, Query(description="Update the record with the same value of this field.")] = None,
    dry_run: Annotated[bool, Query(description="Check every row and keep nothing.")] = False,
) -> Any:
    """Load a CSV file.

    A row with a fault is left out and told; the others are kept, a thousand in a transaction.
    """
    require_object(actor, object)
    pairs = (text.rpartition("=") for text in column or ())
    columns = {name: field for name, _, field in pairs}
    options = LoadOptions(columns, tuple(ignore or ()), key, actor=actor.id, dry_run=dry_run)
    report = import_csv.import_csv(platform, object, file, options)
    return {
        "rows": report.rows, "created": report.created, "updated": report.updated, "unchanged": report.unchanged,
        "left_out": len(report.refused), "refused": import_csv.refused_rows(report),
        "columns": {name: target.field for name, target in report.mapping.targets.items()},
    }  # fmt: skip
