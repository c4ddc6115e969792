"""Make a file of items: CSV, JSON, HTML, a spreadsheet, text."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json as json_text
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Literal, NamedTuple

from pydantic import Field, model_validator

from towpath.engine.batch import Batch
from towpath.engine.files import keep_file, media_type_of
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.engine.paths import MISSING, look
from towpath.errors import NodeError, TowpathError, did_you_mean
from towpath.expr.values import to_text
from towpath.formats.spreadsheet import write_sheet
from towpath.model.item import Item

Json = dict[str, Any]
Format = Literal["csv", "json", "html", "xlsx", "text", "base64"]
ROWS = ("csv", "html", "xlsx")
_ROW_CHUNK = 1_000


class Params(NodeParams):
    """The format, the file's name, and what goes into it."""

    format: Format = Field(
        "csv",
        description="csv, html and xlsx: a row for each item. json: all items, or one file each. "
        "text: a field's text. base64: the bytes that a field spells.",
    )
    file_name: Dynamic[Text] | None = Field(
        None, description="The file's name; file.csv and so on when nothing is said."
    )
    into: str = Field("data", min_length=1, description="The name that the item carries the file under.")
    each: bool = Field(False, description="With json: a file for each item; otherwise one for all.")
    field: str | None = Field(None, min_length=1, description="With text, base64, json with each: the field; else all.")
    header: bool = Field(True, description="With csv, html, xlsx: the first row has the names of the fields.")
    delimiter: str = Field(",", min_length=1, max_length=1, description="With csv.")
    mark: bool = Field(False, description="With csv: begin with a byte order mark, so that Excel reads UTF-8.")
    indent: bool = Field(False, description="With json: written over several lines.")
    sheet: str = Field("Sheet", min_length=1, max_length=31, description="With xlsx: the name of the sheet.")
    media_type: str | None = Field(None, description="What kind of file it is; told by its name when nothing is said.")

    @model_validator(mode="after")
    def _complete(self) -> Params:
        if self.format in ("text", "base64") and self.field is None:
            raise ValueError(f"name the field that becomes the file in 'field' when format is {self.format}")
        return self


class _Kind(NamedTuple):
    extension: str
    media_type: str


_KINDS: Mapping[Format, _Kind] = {
    "csv": _Kind("csv", "text/csv"), "json": _Kind("json", "application/json"), "html": _Kind("html", "text/html"),
    "xlsx": _Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "text": _Kind("txt", "text/plain"),
    "base64": _Kind("bin", "application/octet-stream"),
}  # fmt: skip


def run(batch: Batch[Params]) -> None:
    """One file for each run where rows are collected, else one for each item."""
    names: Sequence[Any] = batch.evaluate(batch.params.file_name) if batch.params.file_name is not None else ()
    if batch.params.format in ROWS or (batch.params.format == "json" and not batch.params.each):
        for _, positions in batch.by_visit():
            if positions:
                _collected(batch, positions, names)
        return
    for position in batch.live():
        try:
            chunks = _alone(batch, position)
        except TowpathError as error:
            batch.fail(position, error)
        else:
            _give(batch, [position], chunks, names)


def _collected(batch: Batch[Params], positions: list[int], names: Sequence[Any]) -> None:
    params, rows = batch.params, [batch.items[position].json for position in positions]
    try:
        chunks = _rows(params, rows) if params.format in ROWS else (_json(params, rows),)
        _give(batch, positions, chunks, names)
    except TowpathError as error:
        batch.fail_visit(batch.owners[positions[0]], error)


def _give(batch: Batch[Params], positions: list[int], chunks: Iterable[bytes], names: Sequence[Any]) -> None:
    first, params, kind = positions[0], batch.params, _KINDS[batch.params.format]
    name = (names[first] if names else None) or f"file.{kind.extension}"
    media_type = params.media_type or (media_type_of(name) if params.format == "base64" else kind.media_type)
    kept = keep_file(batch, first, chunks, name, media_type)
    if kept is not None:
        pair = (
            tuple((0, batch.places[position]) for position in positions) if len(positions) > 1 else batch.index(first)
        )
        batch.emit(first, Item({}, pair, {params.into: kept}))


def _rows(params: Params, rows: list[Json]) -> Iterable[bytes]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = ([_cell(row.get(name)) for name in names] for row in rows)
    header = names if params.header else None
    if params.format == "xlsx":
        return (write_sheet(header, cells, sheet=params.sheet),)
    return _csv(params, header, cells) if params.format == "csv" else _html(header, cells)


def _cell(value: Any) -> Any:
    return to_text(value) if isinstance(value, dict) else json_text.dumps(value) if isinstance(value, list) else value


def _csv(params: Params, header: list[str] | None, rows: Iterable[list[Any]]) -> Iterator[bytes]:
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=params.delimiter, lineterminator="\n")
    if header is not None:
        writer.writerow([_guarded(name) for name in header])
    yield b"\xef\xbb\xbf" if params.mark else b""
    for number, row in enumerate(rows, 1):
        writer.writerow(["true" if v is True else "false" if v is False else _guarded(v) for v in row])
        if number % _ROW_CHUNK == 0:
            yield made.getvalue().encode()
            made.seek(0)
            made.truncate()
    yield made.getvalue().encode()


def _guarded(value: Any) -> Any:
    """Text that a spreadsheet program would take for a formula is written with a sign that stops it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _html(header: list[str] | None, rows: Iterable[list[Any]]) -> Iterator[bytes]:
    yield b'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><table>'
    if header is not None:
        yield f"<thead><tr>{''.join(f'<th>{escape(name)}</th>' for name in header)}</tr></thead>".encode()
    yield b"<tbody>"
    for row in rows:
        cells = "".join(f"<td>{escape('' if v is None else to_text(v))}</td>" for v in row)
        yield f"<tr>{cells}</tr>".encode()
    yield b"</tbody></table></body></html>"


def _json(params: Params, value: Any) -> bytes:
    return json_text.dumps(value, ensure_ascii=False, indent=2 if params.indent else None).encode()


def _alone(batch: Batch[Params], position: int) -> Iterable[bytes]:
    params, json = batch.params, batch.items[position].json
    value = look(json, params.field) if params.field is not None else json
    if value is MISSING:
        hint = did_you_mean(params.field or "", json)
        raise NodeError(f"the item has no field {params.field!r}", code="node.missing_field", hint=hint)
    if params.format == "json":
        return (_json(params, value),)
    if params.format == "text":
        return (to_text(value).encode() if not isinstance(value, dict | list) else _json(params, value),)
    try:
        return (base64.b64decode(to_text(value), validate=True),)
    except (binascii.Error, ValueError):
        raise NodeError(f"the field {params.field!r} is not written in base 64", code="file.base64") from None


node_type = NodeType(
    name="file.convert",
    title="Make a file",
    description="Makes a file of the items: CSV, JSON, HTML, an Excel sheet, or a field's text.",
    icon="file-output",
    group="file",
    params=Params,
    run=run,
    examples=(
        {"format": "csv", "file_name": "leads.csv"},
        {"format": "xlsx", "file_name": "{{ $json.month }}.xlsx", "sheet": "Deals"},
        {"format": "text", "field": "body", "file_name": "letter.txt"},
    ),
)
