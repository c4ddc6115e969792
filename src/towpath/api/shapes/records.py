"""Records and their queries on the wire."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from towpath.api.shapes.base import Answer, Body, Json, Moment, example

MOST_ROWS = 10_000
MOST_PAGE = 1_000
Record = Annotated[Json, Field(examples=[{"id": "01kaqe8v0q3s8t6xv2m9d4c7ba", "name": "Ada Lovelace", "score": 70}])]
Where = str | Json | list[Json] | None


class QueryBody(Body):
    """A condition (as text, or in its JSON form), an order, and a page of the records that match.

    A name in ``order`` with ``-`` before it sorts downwards. ``count`` asks for the number of all that match.
    """

    model_config = {
        **Body.model_config,
        **example(
            {
                "where": {"all": [{"field": "score", "operator": ">", "value": 50}]},
                "order": ["-score", "name"],
                "fields": ["name", "score"],
                "limit": 100,
                "count": True,
            }
        ),
    }

    where: Where = None
    order: list[str] = Field([], max_length=10)
    fields: list[str] | None = Field(None, min_length=1, max_length=500)
    limit: int = Field(50, ge=0, le=MOST_PAGE)
    offset: int = Field(0, ge=0)
    count: bool = False


class QueryAnswer(Answer):
    """A page of records; ``total`` where it was asked for."""

    records: list[Record]
    total: int | None = None


class FieldChangeRow(Answer):
    """One field got another value."""

    at: Moment
    kind: str
    field: str
    old: Any
    new: Any
    cause: Json


class BulkBody(Body):
    """Rows to create, or with ``key`` to update where a record has the row's value of that field, else to create."""

    model_config = {
        **Body.model_config,
        **example({"rows": [{"lastName": "Lovelace", "email": "ada@example.com"}], "key": "email"}),
    }

    rows: list[Json] = Field(max_length=MOST_ROWS)
    key: str | None = None
    dry_run: bool = False


class RowError(Answer):
    """A row that was left out, counted from 0."""

    row: int
    error: Json


class BulkAnswer(Answer):
    """What became of the rows; a bad row is left out and told, the others are saved."""

    saved: int
    errors: list[RowError]


class ConvertBody(Body):
    """How a lead becomes account, contact and deal."""

    model_config = {**Body.model_config, **example({"options": {"deal": True}})}

    options: Json = {}


class PreviewAnswer(Answer):
    """What a CSV file holds: its columns, the field that each would go to, its first rows."""

    header: list[str]
    columns: dict[str, str | None]
    sample: list[list[str]]
    encoding: str
    delimiter: str


class RefusedRow(Answer):
    """A row that was left out: the line where it begins, its cells, and every reason."""

    line: int
    cells: list[str]
    errors: list[Json]


class ImportAnswer(Answer):
    """What became of a CSV file; ``refused`` has the first of the rows that were left out."""

    rows: int
    created: int
    updated: int
    unchanged: int
    left_out: int
    refused: list[RefusedRow]
    columns: dict[str, str]


class ErasedFiles(Answer):
    """How many files were erased."""

    files: int
