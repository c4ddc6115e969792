"""Make a calendar file: one event for each item."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.files import keep_file
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.errors import NodeError, TowpathError, Where
from towpath.formats.calendar_text import write_event
from towpath.model.item import Item
from towpath.model.offset import local_moment

_NAME = re.compile(r"[A-Za-z][A-Za-z-]*")


class Params(NodeParams):
    """What happens, and when."""

    title: Dynamic[Text] = Field(description="What happens.")
    start: Dynamic[Text] = Field(description="When it begins: a date or a moment; without a zone, of the workflow's.")
    end: Dynamic[Text | None] = Field(
        None, validate_default=True, description="When it ends; an hour after it began, or a day, when nothing is said."
    )
    all_day: bool = Field(False, description="It lasts whole days, the last one not counted.")
    details: Dynamic[dict[str, Text]] = Field(
        {}, validate_default=True, description="More of it, such as description, location or url."
    )
    file_name: Dynamic[Text] = Field("event.ics", validate_default=True, description="The file's name.")
    into: str = Field("data", min_length=1, description="The name that the item carries the file under.")


def run(batch: Batch[Params]) -> None:
    """One file out for each item."""
    params = batch.params
    values = batch.resolve(params.title, params.start, params.end, params.details, params.file_name)
    for position, title, start, end, details, name in values:
        try:
            text = _calendar(batch, title, start, end, details)
        except TowpathError as error:
            batch.fail(position, error.located(field="start"))
            continue
        kept = keep_file(batch, position, (text.encode(),), name, "text/calendar")
        if kept is not None:
            batch.emit(position, Item(batch.items[position].json, batch.index(position), {params.into: kept}))


def _calendar(batch: Batch[Params], title: str, start: str, end: str | None, details: Mapping[str, str]) -> str:
    zone, whole = batch.node.zone, batch.params.all_day
    begin = local_moment(start, zone)
    until = local_moment(end, zone) if end else begin + (timedelta(days=1) if whole else timedelta(hours=1))
    if until < begin:
        raise NodeError("the event ends before it begins", code="file.event_time", where=Where(field="end"))
    wrong = next((name for name in details if not _NAME.fullmatch(name)), None)
    if wrong is not None:
        raise NodeError(f"{wrong[:80]!r} is no name of a property", code="file.event", where=Where(field="details"))
    stamp, uid = datetime.fromtimestamp(batch.now / 1_000_000, zone), batch.context.ids.new()
    if whole:
        days = begin.astimezone(zone).date(), until.astimezone(zone).date()
        return write_event(title, *days, uid=uid, stamp=stamp, more=details)
    return write_event(title, begin, until, uid=uid, stamp=stamp, more=details)


node_type = NodeType(
    name="file.event",
    title="Make a calendar event",
    description="Makes a calendar file (ics) of one event for each item, to send or to import.",
    icon="calendar-plus",
    group="file",
    params=Params,
    run=run,
    examples=(
        {"title": "{{ $json.subject }}", "start": "{{ $json.start }}", "end": "{{ $json.end }}"},
        {"title": "Renewal of {{ $json.name }}", "start": "{{ $json.renewalDate }}", "all_day": True,
         "details": {"location": "Online"}},
    ),
)  # fmt: skip
