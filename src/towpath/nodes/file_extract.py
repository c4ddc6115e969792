"""Read a file: what is in an item's file becomes items, or a field."""

from __future__ import annotations

import base64
import json as json_text
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Literal

from pydantic import Field
from selectolax.lexbor import LexborHTMLParser

from towpath.engine.batch import Batch
from towpath.engine.files import file_bytes
from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams
from towpath.engine.paths import write
from towpath.errors import FormatError, LimitError, TowpathError
from towpath.formats.calendar_text import read_events
from towpath.formats.csv_text.reading import read_csv
from towpath.formats.spreadsheet import read_sheet
from towpath.formats.xml_json import xml_to_json

Json = dict[str, Any]
Format = Literal["csv", "json", "spreadsheet", "html", "calendar", "xml", "text", "base64"]


class Params(NodeParams):
    """Which file, how it is read, and where it goes."""

    file: str = Field("data", min_length=1, description="The name of the file in the item.")
    format: Format = Field(
        "csv",
        description="csv, spreadsheet (xlsx, xls, ods) and html (the first table) become an item for each row, "
        "calendar (ics) one for each event; json, xml, text and base64 a field.",
    )
    into: str | None = Field(
        "data",
        min_length=1,
        description="With json, xml, text, base64: the field it is put into; null: it is the item.",
    )
    keep: bool = Field(False, description="The item's own fields stay beside what was read.")
    keep_file: bool = Field(False, description="The item's files stay.")
    header: bool = Field(True, description="With rows: the first one has the names; otherwise fields are 0, 1, 2.")
    sheet: str | None = Field(None, description="With spreadsheet: the sheet; the first one when nothing is said.")
    delimiter: str | None = Field(
        None, min_length=1, max_length=1, description="With csv: found out when nothing is said."
    )
    encoding: str | None = Field(None, description="With csv, text: found out, or UTF-8, when nothing is said.")
    skip: int = Field(0, ge=0, description="With rows: how many at the beginning are left out, the header not counted.")
    most: int | None = Field(None, ge=0, description="With rows: how many are read at most.")


def run(batch: Batch[Params]) -> None:
    """What is in the files, in the order of the items."""
    params = batch.params
    for position in batch.live():
        data = file_bytes(batch, position, params.file)
        if data is None:
            continue
        try:
            found = list(islice(_READERS[params.format](params, data), batch.node.settings.limits.items + 1))
        except TowpathError as error:
            batch.fail(position, error)
            continue
        if len(found) > batch.node.settings.limits.items:
            batch.fail(position, _too_many(batch.node.settings.limits.items))
            continue
        own = batch.items[position]
        for json in found:
            merged = {**own.json, **json} if params.keep else json
            batch.derive(position, merged, binary=own.binary if params.keep_file else None)


def _csv(params: Params, data: bytes) -> Iterator[Json]:
    opened = read_csv(data, encoding=params.encoding, delimiter=params.delimiter)
    rows: Iterable[list[str]] = (row.cells for row in opened.rows)
    if params.header:
        return (dict(zip(opened.header, row, strict=False)) for row in _part(params, rows))
    return (_numbered(row) for row in _part(params, chain((list(opened.header),), rows)))


def _spreadsheet(params: Params, data: bytes) -> Iterator[Json]:
    return _named(params, read_sheet(data, params.sheet))


def _named(params: Params, rows: Iterator[list[Any]]) -> Iterator[Json]:
    """Rows under the names of the first one; cells without a value are left out."""
    if not params.header:
        return (_numbered(row) for row in _part(params, rows))
    names = _unique(next(rows, []))
    return (
        {name: value for name, value in zip(names, row, strict=False) if value is not None}
        for row in _part(params, rows)
        if any(value is not None for value in row)
    )


def _unique(header: list[Any]) -> list[str]:
    names: list[str] = []
    for number, cell in enumerate(header):
        name = str(cell) if cell not in (None, "") else f"column{number + 1}"
        again = sum(each == name or each.startswith(f"{name}_") for each in names)
        names.append(f"{name}_{again}" if name in names else name)
    return names


def _numbered(row: list[Any]) -> Json:
    return {str(number): value for number, value in enumerate(row)}


def _part(params: Params, rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
    return islice(iter(rows), params.skip, None if params.most is None else params.skip + params.most)


def _html(params: Params, data: bytes) -> Iterator[Json]:
    table = LexborHTMLParser(data.decode("utf-8", "replace")).css_first("table")
    if table is None:
        raise FormatError("the HTML has no table", code="format.html")
    rows = ([cell.text(strip=True) for cell in row.css("th, td")] for row in table.css("tr"))
    return _named(params, rows)


def _calendar(_: Params, data: bytes) -> Iterator[Json]:
    return iter(read_events(data.decode("utf-8-sig", "replace")))


def _json(params: Params, data: bytes) -> Iterator[Json]:
    try:
        value = json_text.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"this is no JSON: {error}"[:300], code="format.json") from None
    yield from _placed(params, value)


def _placed(params: Params, value: Any) -> Iterator[Json]:
    """The value in its field; where there is none, as the item, or as an item for each part of a list."""
    if params.into is not None:
        yield write({}, params.into, value)
        return
    for part in value if isinstance(value, list) else [value]:
        yield part if isinstance(part, dict) else {"data": part}


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _xml(params: Params, data: bytes) -> Iterator[Json]:
    yield from _placed(params, xml_to_json(data))


def _text(params: Params, data: bytes) -> Iterator[Json]:
    try:
        text = data.decode(params.encoding or "utf-8-sig", "strict" if params.encoding else "replace")
    except (LookupError, UnicodeError) as error:
        raise FormatError(f"the file is not written in {params.encoding}: {error}"[:300], code="format.text") from None
    yield from _placed(params, text)


def _base64(params: Params, data: bytes) -> Iterator[Json]:
    yield from _placed(params, base64.b64encode(data).decode())


_READERS: Mapping[Format, Callable[[Params, bytes], Iterator[Json]]] = {
    "csv": _csv, "json": _json, "spreadsheet": _spreadsheet, "html": _html, "calendar": _calendar, "xml": _xml,
    "text": _text, "base64": _base64,
}  # fmt: skip


def _too_many(limit: int) -> LimitError:
    return LimitError(
        f"the file has more than {limit:,} rows",
        code="limit.items",
        hint="Read a part with 'skip' and 'most', or raise settings.limits.items of the workflow.",
        params={"limit": limit},
    )


node_type = NodeType(
    name="file.extract",
    title="Read a file",
    description="Reads a file that an item carries: CSV, spreadsheets, JSON, HTML tables, calendars, XML, text.",
    icon="file-input",
    group="file",
    params=Params,
    run=run,
    examples=({"format": "csv"}, {"format": "spreadsheet", "sheet": "Leads"}, {"format": "text", "into": "content"}),
)
